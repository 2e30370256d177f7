"""The lexical half against bm25s and tantivy at 4,000 and 20,000 products: queries/s, one update, memory, nDCG.

Bound: at least half of bm25s' queries/s in the same run, and incremental. Each engine runs in a process of its own, so
that its memory is its own. bm25s and tantivy are needed for development only.
"""

import gc
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import report
from benchmarks.icecat import CUT, copies, ndcg, rated
from retrieval.items import Item

SIZES = (4_000, 20_000)
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Engine:
    """What is measured of an engine. `search` gives keys, best first; `update` puts one item in.

    `batch` searches for queries that were analysed before, where an engine can do that faster.
    """

    search: Callable[[str], list[str]]
    update: Callable[[Item], None]
    incremental: bool
    batch: Callable[[list[str]], object] | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one engine at one size."""

    queries_a_second: float
    batch_a_second: float
    build_s: float
    update_ms: float
    bytes_a_product: int
    ndcg: float | None


def main() -> None:
    for size in SIZES:
        with ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
        ) as apart:
            measured = {name: apart.submit(measure, name, size).result() for name in MAKERS}
        for name, one in measured.items():
            report(
                measure="lexical", engine=name, products=size,
                queries_a_second=round(one.queries_a_second), build_s=round(one.build_s, 2),
                update_ms=round(one.update_ms, 2), bytes_a_product=one.bytes_a_product,
                ndcg=one.ndcg and round(one.ndcg, 4),
                of_bm25s=round(one.queries_a_second / measured["bm25s"].queries_a_second, 2),
                batch_a_second=round(one.batch_a_second),
                of_bm25s_with_tokens_ready=round(one.queries_a_second / measured["bm25s"].batch_a_second, 2),
                bound="of_bm25s ≥ 0.5" if name == "own" else None,
            )  # fmt: skip


def measure(name: str, size: int) -> Measured:
    data = rated()
    items = list(data.items) if size == len(data.items) else copies(data.items, size)
    warm = MAKERS[name](items[:50])  # libraries loaded, tables read
    warm.search("usb cable")
    del warm
    gc.collect()
    before = resident_bytes()
    started = time.process_time()
    engine = MAKERS[name](items)
    build = time.process_time() - started
    gc.collect()
    memory = resident_bytes() - before
    batch = 0.0
    rate = statistics.median(searched(engine, data.queries) for _ in range(ROUNDS))
    found = [ndcg(engine.search(query), data.ratings[query]) for query in data.queries]
    update = statistics.median(
        updated(engine, items[number]) for number in range(20 if engine.incremental else 2)
    )
    if engine.batch:
        engine.batch(data.queries)
        batch = statistics.median(batched(engine.batch, data.queries) for _ in range(ROUNDS))
    return Measured(
        rate,
        max(batch, rate),
        build,
        update,
        memory // size,
        statistics.mean(found) if size == len(data.items) else None,
    )


def searched(engine: Engine, queries: list[str]) -> float:
    started = time.perf_counter()
    for query in queries:
        engine.search(query)
    return len(queries) / (time.perf_counter() - started)


def batched(search: Callable[[list[str]], object], queries: list[str]) -> float:
    started = time.perf_counter()
    search(queries)
    return len(queries) / (time.perf_counter() - started)


def updated(engine: Engine, item: Item) -> float:
    started = time.perf_counter()
    engine.update(item)
    engine.search("usb cable")
    return (time.perf_counter() - started) * 1000


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def text_of(item: Item) -> str:
    return " ".join((item.title, item.brand, item.description))


def own(items: list[Item]) -> Engine:
    from retrieval.bm25 import LexicalIndex, prepare  # noqa: PLC0415 - each engine in its own process
    from retrieval.query import clean, read  # noqa: PLC0415

    index, keys, slots = LexicalIndex(), [], {}

    def put(item: Item) -> None:
        if item.key in slots:
            index.remove(slots[item.key])
        slots[item.key] = index.add(prepare(item))
        keys.append(item.key)

    for item in items:
        put(item)
        if index.wants_merge:
            index.swap(index.postings.merged())
    index.swap(index.postings.merged())

    def search(query: str) -> list[str]:
        found = index.search(read(clean(query), index.known, index.begins), CUT)
        return [keys[slot] for slot in found.slots]

    return Engine(search, put, incremental=True)


def with_bm25s(items: list[Item]) -> Engine:
    import bm25s  # noqa: PLC0415
    import Stemmer  # noqa: PLC0415

    stemmer = Stemmer.Stemmer("english")
    held = list(items)

    def build() -> "bm25s.BM25":
        engine = bm25s.BM25()
        tokens = bm25s.tokenize([text_of(item) for item in held], stemmer=stemmer, show_progress=False)
        engine.index(tokens, show_progress=False)
        return engine

    engines = [build()]

    def search(query: str) -> list[str]:
        tokens = bm25s.tokenize(query, stemmer=stemmer, show_progress=False, return_ids=False)
        rows, _ = engines[0].retrieve(tokens, k=CUT, show_progress=False)
        return [held[row].key for row in rows[0]]

    def update(item: Item) -> None:
        held[0] = item
        engines[0] = build()  # there is no other way

    ready: list[object] = []

    def batch(queries: list[str]) -> object:
        if not ready:
            ready.append(bm25s.tokenize(queries, stemmer=stemmer, show_progress=False, return_ids=False))
        return engines[0].retrieve(ready[0], k=CUT, show_progress=False)

    return Engine(search, update, incremental=False, batch=batch)


def with_tantivy(items: list[Item]) -> Engine:
    import tantivy  # noqa: PLC0415

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("key", stored=True, tokenizer_name="raw")
    for field in ("title", "description", "attributes"):
        schema.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer(50_000_000, 1)

    def put(item: Item) -> None:
        writer.delete_documents("key", item.key)
        values = "\n".join(value for _, value in item.attributes)
        fields = {
            "title": f"{item.title} {item.brand}",
            "description": item.description,
            "attributes": values,
        }
        writer.add_document(tantivy.Document(key=item.key, **fields))

    for item in items:
        put(item)
    writer.commit()
    index.reload()
    weights = {"title": 4.0, "description": 4.0, "attributes": 0.5}

    def search(query: str) -> list[str]:
        searcher = index.searcher()
        parsed, _ = index.parse_query_lenient(query, list(weights), field_boosts=weights)
        return [searcher.doc(address)["key"][0] for _, address in searcher.search(parsed, CUT).hits]

    def update(item: Item) -> None:
        put(item)
        writer.commit()
        index.reload()

    return Engine(search, update, incremental=True)


MAKERS: dict[str, Callable[[list[Item]], Engine]] = {"bm25s": with_bm25s, "tantivy": with_tantivy, "own": own}


if __name__ == "__main__":
    sys.exit(main())
