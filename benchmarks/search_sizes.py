"""What a catalog costs the embedded index at 2,000, 20,000 and 200,000 products: memory, build, save, load, latency.

Products are copies of the Icecat ones with a model number of their own, vectors random around 4,000 centres (real ones
would take hours to compute and cost a search the same). Each size runs in a process of its own. `python -m
benchmarks.search_sizes 2000` measures one size.
"""

import gc
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.common import report
from benchmarks.icecat import copies, rated
from benchmarks.lexical import resident_bytes
from retrieval.embedding_values import Vectors
from retrieval.index import Index

SIZES = (2_000, 20_000, 200_000)
DIMENSION = 384
CHUNK = 2_000
ROUNDS = 10


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
            report(**apart.submit(measure, size).result())


def measure(size: int) -> dict[str, object]:
    data = rated()
    random = np.random.default_rng(0)
    centres = unit(random.normal(size=(4_000, DIMENSION)))
    index = Index()
    index.upsert(copies(data.items, 100))
    index.remove(list(index.versions()))
    gc.collect()
    before = resident_bytes()
    started = time.process_time()
    for start in range(0, size, CHUNK):
        index.upsert(copies(data.items, min(CHUNK, size - start), start))
    words_s = time.process_time() - started
    gc.collect()
    with_texts = resident_bytes() - before
    started = time.process_time()
    for start in range(0, size, CHUNK):
        pending = index.pending(CHUNK)
        rows = centres[np.arange(start, start + len(pending)) % len(centres)]
        index.set_vectors(pending, unit(rows + random.normal(0, 0.02, rows.shape)))
    index.settle()
    vectors_s = time.process_time() - started
    gc.collect()
    return {
        "measure": "size", "products": size,
        "words_build_s": round(words_s, 1), "words_build_ms_a_product": round(words_s / size * 1000, 2),
        "words_and_waiting_texts_bytes_a_product": with_texts // size,
        "vectors_build_s": round(vectors_s, 1),
        "all_bytes_a_product": (resident_bytes() - before) // size,
        **latency(index, data.queries, centres),
        **on_disk(index, size),
    }  # fmt: skip


def unit(rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def on_disk(index: Index, size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        index.save(Path(folder))
        saved = time.perf_counter() - started
        taken = sum(file.stat().st_size for file in Path(folder).iterdir())
        started = time.perf_counter()
        Index.load(Path(folder))
        loaded = time.perf_counter() - started
    return {"save_s": round(saved, 2), "load_s": round(loaded, 2), "disk_bytes_a_product": taken // size}


def latency(index: Index, queries: list[str], centres: Vectors) -> dict[str, object]:
    times: dict[str, list[float]] = {"words": [], "hybrid": []}
    for _ in range(ROUNDS):
        for number, query in enumerate(queries):
            for name, vector in {"words": None, "hybrid": centres[number]}.items():
                started = time.thread_time()
                index.search(query, vector=vector)
                times[name].append((time.thread_time() - started) * 1000)
    return {
        f"{name}_p{cut}_ms": round(float(np.percentile(values, cut)), 2)
        for name, values in times.items()
        for cut in (50, 99)
    }


if __name__ == "__main__":
    main()
