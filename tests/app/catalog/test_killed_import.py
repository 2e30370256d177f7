"""`kill -9` in the middle of an import: whole products or the old state, and the same import finishes the work."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.catalog.service import CatalogService, ProductQuery
from app.storage.database import Database
from tests.builders import csv_file

PROGRAM = """
import asyncio, sys
from pathlib import Path
from app.catalog.service import CatalogService
from app.storage.database import Database

async def main():
    async with Database(sys.argv[1]) as database:
        catalog = CatalogService(database)
        tell = lambda step: print(step.products, flush=True)
        await catalog.import_file(Path(sys.argv[2]), filename="feed.csv", progress=tell)

asyncio.run(main())
"""
COUNT = 2500


def rows(material: str) -> list[dict[str, str]]:
    return [
        {"sku": f"P{i:05}", "title": f"Mug {i}", "material": material, "size": material} for i in range(COUNT)
    ]


def killed(database_url: str, feed: Path, delay_s: float) -> int:
    """Start the import, kill it some time after its first batch; how many products it had told of."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database_url, str(feed)], stdout=subprocess.PIPE, text=True
    ) as work:
        assert work.stdout is not None
        acknowledged = int(work.stdout.readline())
        time.sleep(delay_s)  # somewhere in a batch, not only between two
        os.kill(work.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, work.stdout.read().split())])
    assert work.returncode == -signal.SIGKILL
    return acknowledged


@pytest.mark.parametrize("delay_s", [0.0, 0.03])
async def test_killed_in_the_middle(database_url: str, tmp_path: Path, delay_s: float) -> None:
    async with Database(database_url) as database:
        catalog = CatalogService(database)
        await catalog.import_file(csv_file(tmp_path / "old.csv", rows("steel")), filename="old.csv")
    feed = csv_file(tmp_path / "new.csv", rows("clay"))
    acknowledged = killed(database_url, feed, delay_s)

    async with Database(database_url) as database:
        catalog = CatalogService(database)
        materials = []
        cursor = None
        while True:
            page = await catalog.list_products(ProductQuery(), 1000, cursor)
            for stored in page.items:
                values = {stored.product.attributes["material"], stored.product.attributes["size"]}
                facts = {fact.value for fact in stored.facts if fact.name in {"material", "size"}}
                assert len(values) == 1  # a whole product, of one state or the other
                assert facts == values
                materials += values
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(materials) == COUNT
        assert acknowledged <= materials.count("clay") < COUNT  # what was told as done is done
        assert (await catalog.list_imports(1)).items[0].status == "running"

        report = await catalog.import_file(feed, filename="new.csv")
        assert (report.updated, report.unchanged) == (materials.count("steel"), materials.count("clay"))
        newest, first = (await catalog.list_imports(2)).items
        assert (newest.status, first.status) == ("done", "interrupted")


async def test_a_killed_import_shows_at_the_next_one_of_any_file(database_url: str, tmp_path: Path) -> None:
    feed = csv_file(tmp_path / "killed.csv", rows("clay"))
    killed(database_url, feed, 0.0)
    other = csv_file(tmp_path / "other.csv", [{"sku": "X", "title": "Bowl"}])
    async with Database(database_url) as database:
        catalog = CatalogService(database)
        await catalog.import_file(other, filename="other.csv")
        newest, first = (await catalog.list_imports(2)).items
        assert (newest.status, first.status) == ("done", "interrupted")
        assert first.detail == "the process ended; import it again to do the rest"


async def test_an_import_that_still_runs_is_not_taken_for_a_killed_one(
    database_url: str, tmp_path: Path
) -> None:
    feed = csv_file(tmp_path / "long.csv", rows("clay"))
    other = csv_file(tmp_path / "other.csv", [{"sku": "X", "title": "Bowl"}])
    async with Database(database_url) as database:
        catalog = CatalogService(database)
        begun = asyncio.Event()
        long = asyncio.create_task(
            catalog.import_file(feed, filename="long.csv", progress=lambda _: begun.set())
        )
        await begun.wait()
        await catalog.import_file(other, filename="other.csv")
        statuses = {seen.filename: seen.status for seen in (await catalog.list_imports(2)).items}
        assert statuses.keys() == {"long.csv", "other.csv"}
        assert "interrupted" not in statuses.values()
        assert (await long).status == "done"
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".lock")]  # noqa: PTH208 - quick
