"""Import of 50,000 generic rows against reading the CSV and bulk-inserting the raw rows in the same run.

Bounds: at most 25 times the baseline, memory growth at most 200 MB.
"""

import asyncio
import csv
import itertools
import multiprocessing
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, Text, insert
from sqlalchemy.schema import CreateTable

from app.catalog.reading import LARGE_BATCH
from app.services import open_services
from app.settings import Settings
from app.storage.database import Database
from benchmarks.common import report

ROWS = 50_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "products.csv"
        # In a process of its own, so that its memory does not hide the import's.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as beside:
            baseline = beside.submit(prepare, file, rows).result()
        asyncio.run(measure(file, Path(folder), baseline, rows))


def prepare(file: Path, rows: int) -> float:
    """Write the file and time the baseline: the median of three, in seconds."""
    write_rows(file, rows)
    return statistics.median(raw_seconds(file, file.with_name(f"raw{i}.db")) for i in range(3))


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
    through_stack = await stack_seconds(file, folder / "stack.db")
    async with open_services(Settings(data_dir=folder / "data")) as services:
        before = tree_mb()
        peak, done = [before], asyncio.Event()
        watching = asyncio.create_task(watch(peak, done))
        earlier = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        started, used = time.perf_counter(), time.process_time()
        first = await services.catalog.import_file(file, filename=file.name)
        seconds, used = time.perf_counter() - started, time.process_time() - used
        done.set()
        await watching
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
            same_stack_seconds=round(through_stack, 3),
            same_stack_ratio=round(seconds / through_stack, 1),
            own_cpu_seconds=round(used, 2),
            helpers_cpu_seconds=round(sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - earlier, 2),
            memory_growth_mb=round(peak[0] - before),
            memory_bound_mb=200,
            again_seconds=round(time.perf_counter() - started, 2),
            again_unchanged=again.unchanged,
        )


async def stack_seconds(file: Path, path: Path) -> float:
    """The raw rows read as dictionaries and inserted in bulk through the service's own database, as durably.

    The plain baseline writes one transaction with the driver alone; this one commits to disk as often as
    the import of such a file does (`LARGE_BATCH`), as one must that can be killed, through the same SQLAlchemy engine.
    """
    async with Database(f"sqlite:///{path}") as database:
        started = time.perf_counter()
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            raw = Table("raw", MetaData(), *(Column(name, Text) for name in reader.fieldnames or ()))
            async with database.transaction() as session:
                await session.execute(CreateTable(raw))
            while rows := list(itertools.islice(reader, LARGE_BATCH)):
                async with database.transaction() as session:
                    await session.execute(insert(raw), rows)
        return time.perf_counter() - started


async def watch(peak: list[float], done: asyncio.Event) -> None:
    """Keep the highest memory of the process and its helpers in `peak`, looked at ten times a second."""
    while not done.is_set():
        peak[0] = max(peak[0], tree_mb())
        await asyncio.sleep(0.1)


def tree_mb() -> float:
    """Resident memory of this process and its children, in MiB (Linux)."""
    total, waiting = 0, [os.getpid()]
    while waiting:
        folder = Path("/proc") / str(waiting.pop())
        try:
            total += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for children in folder.glob("task/*/children"):
                waiting += [int(child) for child in children.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
    return total / 2**20


if __name__ == "__main__":
    main()
