"""Measures what published copy adds to an import that changes 1,000 of 20,000 products; the bound is 1.3 times.

Every product has one published text; 50 of them are written by the template writer, the others are the same words over
their own products, whose facts have the same ids. The import reads all 20,000 rows, of which 1,000 have another value
in a column that their texts rest on. Both catalogs are prepared once; each round starts from a copy of their files, the
two in turn. `--products N`, `--rounds N`.
"""

import argparse
import asyncio
import csv
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.copywriting.copy import Copy
from app.copywriting.life.publications import Place, Publication
from app.copywriting.life.repository import LifeRepository
from app.copywriting.repository import CopyRepository
from app.copywriting.request import CopyRequest
from app.services import open_services
from app.settings import Settings
from benchmarks.common import report

PATTERNS = 50
MATERIALS = ("organic cotton", "merino wool", "linen", "bamboo", "hemp")
FITS = ("regular", "relaxed", "slim", "boxy", "cropped")
CARES = ("Machine wash", "Hand wash")
EVERY = 20  # one product in so many changes
BATCH = 500


def rows(products: int, *, changed: bool) -> list[dict[str, str]]:
    return [
        {
            "sku": f"P-{i:06}",
            "title": f"Meadow Tee {i % PATTERNS}",
            "brand": "Fernweh",
            "category": "Clothing > T-Shirts",
            "description": "<p>A tee for every day.</p>",
            "material": MATERIALS[i % 5],
            "fit": FITS[i // 5 % 5],
            "care": "Dry clean only" if changed and i % EVERY == 0 else CARES[i // 25 % 2],
            "price": f"{20 + i % 30}.00 EUR",
        }
        for i in range(products)
    ]


def write(path: Path, products: int, *, changed: bool) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = rows(products, changed=changed)
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, embedding_model="off", _env_file=None)


async def prepare(folder: Path, file: Path, products: int, *, with_copy: bool) -> None:
    async with open_services(settings(folder)) as services:
        await services.catalog.import_file(file, filename=file.name)
        if not with_copy:
            return
        written = []
        for i in range(PATTERNS):
            (copy,) = await services.copy.write(CopyRequest(sku=f"P-{i:06}"), "bench")
            written.append(copy)
        now = datetime.now(UTC)
        for start in range(0, products, BATCH):
            async with services.database.transaction() as session:
                texts = [
                    replace(
                        written[i % PATTERNS],
                        id=f"cp_{i:09}",
                        sku=f"P-{i:06}",
                        status="published",
                        created_at=now,
                    )
                    for i in range(start, min(start + BATCH, products))
                ]
                await CopyRepository(session).add(texts)
                life = LifeRepository(session)
                for text in texts:
                    await life.publish(published(text, now))


def published(copy: Copy, now: datetime) -> Publication:
    return Publication(
        id=f"pb_{copy.id}",
        sku=copy.sku,
        place=Place.of(copy).key,
        copy_id=copy.id,
        version=copy.version,
        starts_at=now,
        published_by="bench",
        published_at=now,
    )


async def measured(folder: Path, file: Path) -> tuple[float, int]:
    async with open_services(settings(folder)) as services:
        started = time.perf_counter()
        done = await services.catalog.import_file(file, filename=file.name)
        return time.perf_counter() - started, done.copy_stale


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        before = write(base / "before.csv", given.products, changed=False)
        after = write(base / "after.csv", given.products, changed=True)
        for kind in ("without", "with"):
            asyncio.run(prepare(base / kind, before, given.products, with_copy=kind == "with"))
        seconds: dict[str, list[float]] = {"without": [], "with": []}
        stale = 0
        for round_number in range(given.rounds):
            for kind, times in seconds.items():
                folder = base / f"{kind}-{round_number}"
                shutil.copytree(base / kind, folder)
                took, marked = asyncio.run(measured(folder, after))
                times.append(took)
                stale = max(stale, marked)
                shutil.rmtree(folder)
        medians = {kind: statistics.median(times) for kind, times in seconds.items()}
        report(
            benchmark="staleness",
            products=given.products,
            copies_turned_stale=stale,
            rounds=given.rounds,
            seconds_without_copy=round(medians["without"], 3),
            seconds_with_copy=round(medians["with"], 3),
            ratio_of_medians=round(medians["with"] / medians["without"], 3),
            ratio_of_least=round(min(seconds["with"]) / min(seconds["without"]), 3),
            bound=1.3,
        )


if __name__ == "__main__":
    main()
