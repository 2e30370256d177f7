"""Real processes: one that is killed while it saves, one that imports beside the one that searches."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from app.storage.database import Database
from tests.app.catalog.search.conftest import Shop, opened
from tests.builders import a_product, csv_file

SAVES_FOR_EVER = """
import asyncio, pathlib, sys
from app.catalog.search.folder_holding import FolderHolding
from app.catalog.search.keeper import Keeper
from app.catalog.search.vectors import WordsOnly
from app.storage.database import Database

async def main():
    async with Database(sys.argv[1]) as database:
        quiet = lambda news: None
        holding = FolderHolding(pathlib.Path(sys.argv[2]), tell=quiet)
        keeper = Keeper(database, holding, WordsOnly("by words alone"), tell=quiet)
        await keeper.keep()
        await keeper.catch_up()
        print("saving", flush=True)
        while True:
            keeper._holding.touch()
            await keeper.save()

asyncio.run(main())
"""


async def test_a_process_killed_while_it_saves_leaves_an_index_that_can_be_read(
    database: Database, database_url: str, folder: Path
) -> None:
    shop = Shop(database, folder)
    for i in range(150):
        await shop.catalog.put_product(f"P-{i}", a_product(f"P-{i}", f"Lantern {i}"))
    for moment in (0.1, 0.17, 0.31):  # somewhere within one of many savings
        killed = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-c", SAVES_FOR_EVER, database_url, str(folder)],
            stdout=subprocess.PIPE,
        )
        assert killed.stdout is not None
        assert await asyncio.to_thread(killed.stdout.readline) == b"saving\n"
        await asyncio.sleep(moment)
        killed.send_signal(signal.SIGKILL)
        await asyncio.to_thread(killed.wait)
        killed.stdout.close()
        again = Shop(database, folder)
        async with again.keeper:
            await again.keeper.keep()  # the lock went with its holder
            read: list[int] = []
            await again.keeper.catch_up(lambda _done, total: read.append(total))  # noqa: B023 - used at once
            assert again.keeper.status().rebuilds == 0
            assert read == []
            assert len(await again.found("lantern", limit=200)) == 150


async def test_an_import_in_another_process_is_followed(
    database: Database, database_url: str, folder: Path, tmp_path: Path
) -> None:
    rows = [{"sku": f"P-{i}", "title": f"Lantern number {i}", "price": "9.00 EUR"} for i in range(60)]
    file = csv_file(tmp_path / "feed.csv", rows)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHELFTALKER_")}
    env = kept | {
        "SHELFTALKER_DATA_DIR": str(tmp_path / "data"),
        "SHELFTALKER_DATABASE_URL": database_url,
    }
    async with opened(database, folder) as shop:
        await shop.ready()
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "app", "import", str(file)],
            env=env,
            capture_output=True,
            check=True,
        )
        assert b"60 products" in done.stdout
        await shop.finds("lantern", [f"P-{i}" for i in range(60)], within=2, limit=100)
    # A command that does not search leaves no index behind.
    assert not (tmp_path / "data" / "index").exists()
