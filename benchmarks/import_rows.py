"""Import of 50,000 generic rows against reading the CSV and bulk-inserting the raw rows in the same run.

Bounds: at most 25 times the baseline, memory growth at most 200 MB.
"""

import asyncio
import csv
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from app.services import open_services
from app.settings import Settings
from benchmarks.common import report

ROWS = 50_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "products.csv"
        write_rows(file, rows)
        baseline = raw_seconds(file, Path(folder) / "raw.db")
        asyncio.run(measure(file, Path(folder), baseline, rows))


def write_rows(file: Path, rows: int) -> None:
    colors, materials = ("black", "blue", "green", "red", "white"), ("cotton", "wool", "linen", "polyester")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            [
                "sku",
                "title",
                "description",
                "brand",
                "category",
                "price",
                "color",
                "material",
                "weight_kg",
                "care",
            ]
        )
        for i in range(rows):
            color, material = colors[i % 5], materials[i % 4]
            writer.writerow(
                [
                    f"P-{i:06}",
                    f"Field Jacket {i}",
                    f"<p>A {material} jacket with two pockets. Ribbed cuffs.</p>",
                    f"Brand {i % 40}",
                    f"Clothing > Jackets > Line {i % 12}",
                    f"{20 + i % 80}.00 EUR",
                    color,
                    material,
                    f"{0.4 + i % 9 / 10:.1f}",
                    "Machine wash",
                ]
            )


def raw_seconds(file: Path, database: Path) -> float:
    started = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE raw (" + ", ".join(f"c{i} TEXT" for i in range(len(rows[0]))) + ")")
    connection.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608  only marks
    connection.commit()
    connection.close()
    return time.perf_counter() - started


async def measure(file: Path, folder: Path, baseline: float, rows: int) -> None:
    async with open_services(Settings(data_dir=folder / "data")) as services:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        first = await services.catalog.import_file(file, filename=file.name)
        seconds = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        started = time.perf_counter()
        again = await services.catalog.import_file(file, filename=file.name)
        report(
            benchmark="import_rows",
            rows=rows,
            created=first.created,
            seconds=round(seconds, 2),
            baseline_seconds=round(baseline, 3),
            ratio=round(seconds / baseline, 1),
            bound=25,
            memory_growth_mb=round(grown),
            memory_bound_mb=200,
            again_seconds=round(time.perf_counter() - started, 2),
            again_unchanged=again.unchanged,
        )


if __name__ == "__main__":
    main()
