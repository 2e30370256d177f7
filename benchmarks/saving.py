"""What an index of 60,000 products costs to save and to load: all of it, after one change, and until the graph answers.

Products are copies of the Icecat ones, vectors random around 4,000 centres. Times by the clock and by the processor (all
threads), bytes as they are written. `python -m benchmarks.saving 200000` measures another size.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.common import report
from benchmarks.icecat import copies, rated
from benchmarks.search_sizes import CHUNK, DIMENSION, unit
from retrieval.index import Index
from retrieval.items import Item

SIZE = 60_000
CENTRES = 4_000


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    items = copies(rated().items, size)
    random = np.random.default_rng(0)
    centres = unit(random.normal(size=(CENTRES, DIMENSION)))
    index = Index()
    for start in range(0, size, CHUNK):
        index.upsert(items[start : start + CHUNK])
    while pending := index.pending(CHUNK):
        rows = centres[random.integers(0, CENTRES, len(pending))]
        index.set_vectors(pending, unit(rows + random.normal(0, 0.02, rows.shape)))
    index.settle()
    query = items[0].title
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        report(
            benchmark="saving",
            products=size,
            step="first save",
            **timed(lambda: index.save(folder)),
            **written(folder, set()),
        )
        for step in ("save after one change", "the same again"):
            before = names(folder)
            change(index, items[size // 2], centres)
            report(
                benchmark="saving",
                products=size,
                step=step,
                **timed(lambda: index.save(folder)),
                **written(folder, before),
            )
        found = [Index()]

        def load() -> None:
            found[0] = Index.load(folder)

        report(benchmark="saving", products=size, step="load", **timed(load))
        report(
            benchmark="saving",
            products=size,
            step="from there until the graph answers",
            **timed(found[0].settle),
        )
        report(
            benchmark="saving",
            products=size,
            step="first search",
            **timed(lambda: found[0].search(query, vector=centres[0])),
        )
        before = names(folder)
        change(found[0], items[size // 3], centres)
        report(
            benchmark="saving",
            products=size,
            step="loaded, saved after one change",
            **timed(lambda: found[0].save(folder)),
            **written(folder, before),
        )


def change(index: Index, item: Item, centres: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> None:
    """Change one product's text, and give it another vector."""
    index.upsert(
        [
            Item(
                item.key,
                item.title,
                item.brand,
                item.category,
                "",
                f"{item.description} Changed {time.monotonic_ns()}.",
            )
        ]
    )
    pending = index.pending(1)
    index.set_vectors(pending, centres[len(item.key)][np.newaxis])


def timed(work: Callable[[], object]) -> dict[str, float]:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - clock, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
    }


def names(folder: Path) -> set[tuple[str, int]]:
    return {(file.name, file.stat().st_mtime_ns) for file in folder.iterdir()}


def written(folder: Path, before: set[tuple[str, int]]) -> dict[str, float]:
    """How many megabytes of files are new since then."""
    new = names(folder) - before
    return {"written_mb": round(sum((folder / name).stat().st_size for name, _ in new) / 1e6, 1)}


if __name__ == "__main__":
    main()
