"""The search index beside the catalog: what it costs an import, how soon a change is found, what a restart takes.

Bounds: an import with the index following it takes at most 1.2 times as long as one without, measured in turns in the
same run; one product of 20,000 that is changed is found within a second. `python -m benchmarks.index_life [ROWS]`.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from app.services import Services, open_services
from app.settings import Settings
from benchmarks.common import report
from benchmarks.import_rows import write_rows

ROWS = 20_000
TURNS = 3
CHANGES = 20


def main() -> None:
    """Measure, and print a line for each figure."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), rows))


async def measure(folder: Path, rows: int) -> None:
    """An import without and with, in turns; then, on the last catalog of words alone, changes and restarts."""
    file = folder / "products.csv"
    write_rows(file, rows)
    alone, beside, with_vectors, level_after = [], [], [], []
    for turn in range(TURNS):
        async with open_services(settings(folder / f"alone{turn}")) as services:
            alone.append(await import_seconds(services, file))
        async with open_services(settings(folder / f"beside{turn}")) as services, services.index.running():
            beside.append(await import_seconds(services, file))
            level_after.append(await seconds_until_level(services, rows))
        dense = Settings(data_dir=folder / f"dense{turn}")
        async with open_services(dense) as services, services.index.running():
            with_vectors.append(await import_seconds(services, file))
    report(
        benchmark="index_life",
        what="import with the index following / without",
        rows=rows,
        seconds_without=[round(s, 2) for s in alone],
        seconds_with=[round(s, 2) for s in beside],
        seconds_with_vectors=[round(s, 2) for s in with_vectors],
        ratio=round(sum(beside) / sum(alone), 3),
        ratio_with_vectors=round(sum(with_vectors) / sum(alone), 3),
        bound=1.2,
        level_seconds_after=[round(s, 2) for s in level_after],
    )
    last = settings(folder / f"beside{TURNS - 1}")
    async with open_services(last) as services, services.index.running():
        await seconds_until_level(services, rows)
        times = [await change_seconds(services, number) for number in range(CHANGES)]
    report(
        benchmark="index_life",
        what="a product changed until it is found",
        products=rows,
        median_s=round(statistics.median(times), 4),
        worst_s=round(max(times), 4),
        bound_s=1.0,
    )
    await restarts(last, rows)


async def restarts(saved: Settings, rows: int) -> None:
    """Open the saved index, and build one from the database alone: processor seconds, and their ratio."""
    used = {}
    for name in ("saved", "rebuilt"):
        if name == "rebuilt":
            (saved.data_dir / "index" / "about.json").unlink()
            for part in sorted((saved.data_dir / "index" / "shelves").rglob("*"), reverse=True):
                part.unlink() if part.is_file() else part.rmdir()
            (saved.data_dir / "index" / "shelves").rmdir()
        async with open_services(saved) as services:
            started = time.process_time()
            await services.index.catch_up()
            used[name] = time.process_time() - started
            assert services.search.status().products == rows, "every product is in the index"
    report(
        benchmark="index_life",
        what="start with a saved index / building it",
        products=rows,
        cpu_seconds_saved=round(used["saved"], 2),
        cpu_seconds_rebuilt=round(used["rebuilt"], 2),
        ratio=round(used["saved"] / used["rebuilt"], 3),
    )


def settings(folder: Path) -> Settings:
    """By words alone: vectors follow when nothing else is to do, and most of this is about what must not wait."""
    return Settings(data_dir=folder, embedding_model="off")


async def import_seconds(services: Services, file: Path) -> float:
    """How long the caller of an import waits."""
    started = time.perf_counter()
    await services.catalog.import_file(file, filename=file.name)
    return time.perf_counter() - started


async def seconds_until_level(services: Services, rows: int) -> float:
    """How long until the index has every product."""
    started = time.perf_counter()
    while (now := services.search.status()).products != rows or now.behind:  # noqa: ASYNC110 - as a caller would ask
        await asyncio.sleep(0.02)
    return time.perf_counter() - started


async def change_seconds(services: Services, number: int) -> float:
    """From the answer to a change of one product until a search for its new word finds it."""
    sku, word = f"P-{number * 37:06}", f"zyzzyva{number}"
    product = (await services.catalog.get_product(sku)).product
    await services.catalog.put_product(sku, replace(product, title=f"{product.title} {word}"))
    started = time.perf_counter()
    while not (await services.search.search(word)).hits:  # noqa: ASYNC110 - as a caller would ask
        await asyncio.sleep(0.002)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
