"""Export of 20,000 products with published copy, against the same rows by sqlite3, json and csv alone in the same run.

Bounds: at least 0.15 of that rate; memory does not grow with the catalog (growth at 2,000 and at 20,000 products).
"""

import asyncio
import csv
import io
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.copywriting.copy import Copy
from app.copywriting.life.publications import Place, Publication
from app.copywriting.repository import CopyRepository
from app.copywriting.request import CopyRequest
from app.exporting.order import ExportOrder
from app.services import Services, open_services
from app.settings import Settings
from app.storage.tables import publications
from benchmarks.common import report
from benchmarks.import_rows import tree_mb, watch

PRODUCTS = 20_000
SMALL = 2_000
HEADER = (
    *(
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Type",
        "Tags",
        "Option1 Name",
        "Option1 Value",
        "Variant SKU",
    ),
    *(
        "Variant Price",
        "Variant Inventory Qty",
        "Image Src",
        "Image Alt Text",
        "SEO Title",
        "SEO Description",
        "Fabric",
    ),
)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    products = int(sys.argv[1]) if len(sys.argv) > 1 else PRODUCTS
    spawn = multiprocessing.get_context("spawn")
    figures = {}
    for count in (SMALL, products):
        # Each in a process of its own, so that one's memory does not hide the other's.
        with ProcessPoolExecutor(1, mp_context=spawn) as beside:
            figures[count] = beside.submit(measured, count).result()
    small, large = figures[SMALL], figures[products]
    report(
        benchmark="export",
        **large,
        bound=0.15,
        memory_growth_mb_at_2000=small["memory_growth_mb"],
    )


def measured(products: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(products, Path(folder)))


async def measure(products: int, folder: Path) -> dict[str, Any]:
    feed = folder / "shop.csv"
    write_feed(feed, products)
    settings = Settings(data_dir=folder / "data", embedding_model="off")
    async with open_services(settings) as services:
        await services.catalog.import_file(feed, filename=feed.name)
        await shelve(services, products)
        database = folder / "data" / "shelftalker.db"
        baseline = statistics.median(plain_seconds(database) for _ in range(3))
        before = tree_mb()
        peak, done = [before], asyncio.Event()
        watching = asyncio.create_task(watch(peak, done))
        first, size = await export_seconds(services)
        again = [(await export_seconds(services))[0] for _ in range(3)]
        done.set()
        await watching
        given = folder / "given.csv"
        with given.open("wb") as out:
            async with services.exports.open(ExportOrder()) as opened:
                async for chunk in opened.read():
                    out.write(chunk)
        started = time.perf_counter()
        back = await services.catalog.import_file(given, filename=given.name)
        seconds = statistics.median(again)
        return {
            "products": products,
            "rows": products * 2,
            "megabytes": round(size / 2**20, 1),
            "seconds": round(seconds, 2),
            "first_seconds": round(first, 2),
            "baseline_seconds": round(baseline, 3),
            "rate_ratio": round(baseline / seconds, 3),
            "first_rate_ratio": round(baseline / first, 3),
            "memory_growth_mb": round(peak[0] - before),
            "back_seconds": round(time.perf_counter() - started, 2),
            "back_unchanged": back.unchanged,
        }


async def export_seconds(services: Services) -> tuple[float, int]:
    started, size = time.perf_counter(), 0
    async with services.exports.open(ExportOrder()) as opened:
        async for chunk in opened.read():
            size += len(chunk)
    return time.perf_counter() - started, size


def write_feed(path: Path, products: int) -> None:
    """Two rows a product, the second a variant."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for n in range(products):
            body = f"<p>Field jacket {n} of wool with two pockets.</p><p>Ribbed cuffs, a high collar.</p>"
            url = f"https://shop.example/{n}.jpg"
            writer.writerow(
                [
                    f"jacket-{n:06}",
                    f"Field Jacket {n}",
                    body,
                    f"Brand {n % 40}",
                    "Jackets",
                    "outdoor, wool",
                    "Size",
                    "S",
                    f"J-{n}-S",
                    "49.00",
                    5,
                    url,
                    "",
                    "",
                    "",
                    "wool",
                ]
            )
            writer.writerow([f"jacket-{n:06}", *[""] * 6, "M", f"J-{n}-M", "49.00", 3, *[""] * 5])


async def shelve(services: Services, products: int) -> None:
    """One text as the writer makes it, on the shelf for every product under words of its own."""
    (model,) = await services.copy.write(CopyRequest("jacket-000000"), "benchmark")
    for start in range(0, products, 1000):
        copies = [copy_for(model, n) for n in range(start, min(start + 1000, products))]
        rows = [
            Publication(f"pb_{c.id}", c.sku, Place.of(c).key, c.id, 1, MOMENT, "benchmark", MOMENT)
            for c in copies
        ]
        async with services.database.transaction() as session:
            await CopyRepository(session).add(copies)
            names = Publication.__dataclass_fields__
            await session.execute(
                insert(publications), [{name: getattr(row, name) for name in names} for row in rows]
            )


def copy_for(model: Copy, n: int) -> Copy:
    fields = {
        **model.fields,
        "description_html": f"{model.fields['description_html']}<p>Number {n}.</p>",
        "alt": {f"https://shop.example/{n}.jpg": f"Field Jacket {n} from the front"},
    }
    return replace(model, id=f"cp_{n:08}", sku=f"jacket-{n:06}", status="published", fields=fields)


def plain_seconds(database: Path) -> float:
    """Read every source row and every copy with sqlite3 and json, and write the filled rows with csv."""
    started = time.perf_counter()
    connection = sqlite3.connect(database)
    found = connection.execute("SELECT sku, data FROM copies WHERE status = 'published' ORDER BY sku")
    fields = {sku: json.loads(data)["fields"] for sku, data in found}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for sku, cells in connection.execute("SELECT sku, cells FROM source_rows ORDER BY line"):
        row = json.loads(cells)
        if row[1] and sku in fields:
            row[2], row[13], row[14] = (
                fields[sku][name] for name in ("description_html", "meta_title", "meta_description")
            )
            row[12] = fields[sku]["alt"].get(row[11], row[12])
        writer.writerow(row)
    out.getvalue().encode()
    connection.close()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
