"""Search quality and speed: nDCG@10 by cross-validation, and what a search, an update and a catalog cost.

Bounds: nDCG ≥ 0.84 and above the plain fusion (95 % limit of the paired bootstrap > 0); beyond the query's embedding p50
≤ 15 ms at 20,000 products, p99 ≤ 3 × p50, with misspelt and senseless queries among them too; an updated product is found within 1 s. Times are of the searching thread's
processor, so that other work on the machine does not count. The lexical engines are compared by
`benchmarks.lexical`, sizes by `benchmarks.search_sizes`.
"""

import itertools
import random
import string
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from benchmarks.common import report
from benchmarks.icecat import CUT, Embedded, Rated, copies, embedded, ndcg, rated, torch_embedder
from retrieval.bm25 import Document, LexicalIndex, Tuning, prepare
from retrieval.dense import DenseIndex
from retrieval.fusion import DEPTH, Blend, Candidates, fused
from retrieval.index import Index
from retrieval.items import Item
from retrieval.query import clean, read

FOLDS, REPEATS, RESAMPLES = 10, 20, 10_000
PLAIN_RRF, PLAIN_DEPTH = 60, 100
SIZE, ROUNDS = 20_000, 20

LEVELS = {
    "description": (2.0, 3.0, 4.0),
    "attributes": (0.25, 0.5, 1.0),
    "saturation": (0.6, 0.9, 1.2, 1.8),
    "words": (0.5, 0.6, 0.7),
    "feedback": (0.0, 0.4, 0.7, 1.0),
    "assumed": (3, 5, 8),
}
TUNINGS = [
    Tuning(weights=(4.0, 4.0, description, attributes), saturation=saturation)
    for description, attributes, saturation in itertools.product(*list(LEVELS.values())[:3])
]
BLENDS = [
    Blend(words, feedback, int(assumed))
    for words, feedback, assumed in itertools.product(*list(LEVELS.values())[3:])
]

Quality = NDArray[np.float64]


def main() -> None:
    data = rated()
    vectors = embedded(data, torch_embedder())
    quality(data, vectors)
    costs(data, vectors)


# -- quality ----------------------------------------------------------------------------------------------------------


def quality(data: Rated, vectors: Embedded) -> None:
    """NDCG of the yardsticks, of the defaults, and of the whole method by nested cross-validation."""
    yardsticks = plain_rankings(data, vectors)
    for name, ranking in yardsticks.items():
        report(measure="ndcg", of=name, **both_gains(ranking, data))
    index = Index()
    index.upsert(data.items)
    report(measure="ndcg", of="lexical half", **both_gains(ranked_by(index, data, None), data))
    give_vectors(index, data, vectors)
    ours = ranked_by(index, data, vectors)
    report(measure="ndcg", of="hybrid, defaults", **both_gains(ours, data))
    table = qualities(data, vectors)
    plain = scores(yardsticks["plain fusion"], data)
    for name, rule in {"best": highest, "main effects": main_effects}.items():
        validated = nested(table.values, rule)
        report(
            measure="ndcg, nested cross-validation", chosen_by=name, folds=FOLDS, repeats=REPEATS,
            settings=len(table.settings), ndcg=round(float(validated.mean()), 4), bound=0.84,
            chosen_on_all=str(table.settings[rule(table.values.mean(axis=0))]),
        )  # fmt: skip
        report(
            measure="cross-validated against plain fusion",
            chosen_by=name,
            **bootstrap(validated - plain),
            bound="low > 0",
        )
    means = table.values.mean(axis=0)
    report(
        measure="ndcg over all settings", settings=len(means), best=round(float(means.max()), 4),
        median=round(float(np.median(means)), 4), worst=round(float(means.min()), 4),
    )  # fmt: skip
    report(measure="ndcg by level", **levels(means))
    report(measure="defaults against plain fusion", **bootstrap(scores(ours, data) - plain), bound="low > 0")
    for name, change in steps().items():
        values = one_setting(data, vectors, *change)
        report(measure="without a step", step=name, **bootstrap(scores(ours, data) - values))


def plain_rankings(data: Rated, vectors: Embedded) -> Mapping[str, list[list[str]]]:
    """The yardsticks: BM25 over all text, over the main fields with stems, vectors alone, and a plain fusion."""
    everything = [
        " ".join((item.title, item.brand, item.description, *(f"{n} {v}" for n, v in item.attributes)))
        for item in data.items
    ]
    main_fields = [f"{item.title} {item.brand} {item.description}" for item in data.items]
    stemmed = bm25_ranking(main_fields, data, Stemmer.Stemmer("english"))
    dense = [dense_ranking(vector, data, vectors) for vector in vectors.queries]
    return {
        "bm25s, all text": bm25_ranking(everything, data, None),
        "bm25s, title brand description, stems": stemmed,
        "vectors": dense,
        "plain fusion": [rrf(*lists) for lists in zip(stemmed, dense, strict=True)],
    }


def bm25_ranking(texts: Sequence[str], data: Rated, stemmer: object) -> list[list[str]]:
    engine = bm25s.BM25()
    engine.index(bm25s.tokenize(list(texts), stemmer=stemmer, show_progress=False), show_progress=False)
    rankings = []
    for query in data.queries:
        tokens = bm25s.tokenize(query, stemmer=stemmer, show_progress=False, return_ids=False)
        rows, values = engine.retrieve(tokens, k=PLAIN_DEPTH, show_progress=False)
        rankings.append(
            [data.items[row].key for row, value in zip(rows[0], values[0], strict=True) if value > 0]
        )
    return rankings


def dense_ranking(vector: NDArray[np.float32], data: Rated, vectors: Embedded) -> list[str]:
    order = np.argsort(-(vectors.items @ vector), kind="stable")[:PLAIN_DEPTH]
    return [data.items[row].key for row in order]


def rrf(*rankings: list[str]) -> list[str]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
    totals: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            totals[key] = totals.get(key, 0.0) + 1 / (PLAIN_RRF + rank)
    return sorted(totals, key=lambda key: -totals[key])


def give_vectors(index: Index, data: Rated, vectors: Embedded) -> None:
    """Give the rated products, all of them in the index, their vectors."""
    pending = index.pending(len(data.items))
    row = {item.key: place for place, item in enumerate(data.items)}
    index.set_vectors(pending, vectors.items[[row[one.key] for one in pending]])


def ranked_by(index: Index, data: Rated, vectors: Embedded | None) -> list[list[str]]:
    rows = vectors.queries if vectors else [None] * len(data.queries)
    pairs = zip(data.queries, rows, strict=True)
    return [
        [hit.key for hit in index.search(query, limit=CUT, vector=vector).hits] for query, vector in pairs
    ]


def scores(rankings: list[list[str]], data: Rated, *, exponential: bool = True) -> Quality:
    pairs = zip(rankings, data.queries, strict=True)
    return np.array([ndcg(ranking, data.ratings[query], exponential=exponential) for ranking, query in pairs])


def both_gains(rankings: list[list[str]], data: Rated) -> dict[str, float]:
    return {
        "ndcg": round(float(scores(rankings, data).mean()), 4),
        "ndcg_linear_gain": round(float(scores(rankings, data, exponential=False).mean()), 4),
    }


@dataclass(frozen=True, slots=True)
class Table:
    """nDCG of each query (rows) under each setting (columns)."""

    values: Quality
    settings: list[tuple[Tuning, Blend]]


def qualities(data: Rated, vectors: Embedded) -> Table:
    documents = [prepare(item) for item in data.items]
    columns, settings = [], []
    for tuning in TUNINGS:
        found = Halves(data, vectors, documents, tuning)
        for blend in BLENDS:
            columns.append(found.quality(blend))
            settings.append((tuning, blend))
    return Table(np.array(columns).T, settings)


class Halves:
    """What the two halves find for each query, so that many blends of it are quick."""

    def __init__(self, data: Rated, vectors: Embedded, documents: Sequence[Document], tuning: Tuning) -> None:
        self._data, self._queries = data, vectors.queries
        lexical = LexicalIndex(tuning)
        for document in documents:
            lexical.add(document)
        dense = DenseIndex(vectors.items.shape[1])
        keys = [item.key for item in data.items]
        dense.upsert(keys, vectors.items)
        self._candidates = []
        for query, vector in zip(data.queries, vectors.queries, strict=True):
            scored = lexical.search(read(clean(query), lexical.known, lexical.begins), DEPTH)
            worded = [keys[slot] for slot in scored.slots]
            both = list(dict.fromkeys((*worded, *(near.key for near in dense.search(vector, DEPTH)))))
            words = np.zeros(len(both), np.float32)
            words[: len(worded)] = scored.scores
            everything = np.ones(len(both), np.bool_)
            self._candidates.append(Candidates(both, words, dense.vectors(both), everything))

    def quality(self, blend: Blend) -> Quality:
        """NDCG of each query under a blend."""
        rankings = []
        for candidates, vector in zip(self._candidates, self._queries, strict=True):
            values = fused(candidates, vector, blend)
            order = sorted(range(len(values)), key=lambda row: (-values[row], candidates.keys[row]))
            rankings.append([candidates.keys[row] for row in order[:CUT]])
        return scores(rankings, self._data)


def nested(values: Quality, rule: Callable[[Quality], int]) -> Quality:
    """NDCG by query, each under the setting that the queries of the other folds chose; a mean of repeats."""
    queries = len(values)
    total = np.zeros(queries)
    for seed in range(REPEATS):
        order = np.random.default_rng(seed).permutation(queries)
        for fold in range(FOLDS):
            held = order[fold::FOLDS]
            total[held] += values[held, rule(np.delete(values, held, axis=0).mean(axis=0))]
    return total / REPEATS


def highest(means: Quality) -> int:
    """The setting with the highest mean: of 1,296 the luckiest."""
    return int(means.argmax())


def main_effects(means: Quality) -> int:
    """Each number at the level that is best on average over all others: 20 averages instead of 1,296 candidates."""
    cube = means.reshape([len(level) for level in LEVELS.values()])
    return int(np.ravel_multi_index([int(one.argmax()) for one in averages(cube)], cube.shape))


def levels(means: Quality) -> dict[str, dict[str, float]]:
    """The average nDCG at each level of each number."""
    cube = means.reshape([len(level) for level in LEVELS.values()])
    return {
        name: {str(level): round(float(mean), 4) for level, mean in zip(LEVELS[name], row, strict=True)}
        for name, row in zip(LEVELS, averages(cube), strict=True)
    }


def averages(cube: Quality) -> list[Quality]:
    axes = range(cube.ndim)
    return [cube.mean(axis=tuple(axis for axis in axes if axis != one)) for one in axes]


def bootstrap(differences: Quality) -> dict[str, object]:
    """Mean of paired differences with its 95 % interval by bootstrap over queries (percentiles)."""
    picks = np.random.default_rng(0).integers(0, len(differences), (RESAMPLES, len(differences)))
    means = differences[picks].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {
        "difference": round(float(differences.mean()), 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
        "better": int((differences > 1e-9).sum()),
        "worse": int((differences < -1e-9).sum()),
    }


def steps() -> Mapping[str, tuple[Tuning, Blend]]:
    """The defaults without one step each."""
    default = Tuning()
    flat = (*default.weights[:3], default.weights[0])
    return {
        "coverage": (Tuning(coverage=False), Blend()),
        "field weights": (Tuning(weights=flat), Blend()),
        "attributes": (Tuning(weights=(*default.weights[:3], 0.0)), Blend()),
        "feedback": (Tuning(), Blend(feedback=0.0)),
        "vectors": (Tuning(), Blend(words=1.0, feedback=0.0)),
        "words in the blend": (Tuning(), Blend(words=0.0)),
    }


def one_setting(data: Rated, vectors: Embedded, tuning: Tuning, blend: Blend) -> Quality:
    return Halves(data, vectors, [prepare(item) for item in data.items], tuning).quality(blend)


# -- costs ------------------------------------------------------------------------------------------------------------


def costs(data: Rated, vectors: Embedded) -> None:
    """Latency and update at 20,000 products: copies of the rated ones, their vectors with some noise."""
    items = copies(data.items, SIZE)
    index = Index()
    started = time.process_time()
    index.upsert(items)
    built = time.process_time() - started
    noise = np.random.default_rng(0).normal(0, 0.02, (SIZE, vectors.items.shape[1])).astype(np.float32)
    near = np.resize(vectors.items, noise.shape) + noise
    index.set_vectors(index.pending(SIZE), near / np.linalg.norm(near, axis=1, keepdims=True))
    report(
        measure="build", products=SIZE, seconds=round(built, 2), ms_a_product=round(built / SIZE * 1000, 3)
    )
    queries = list(zip(data.queries, vectors.queries, strict=True))
    index.search(*queries[0][:1], vector=queries[0][1])
    filtered: dict[str, dict[str, object]] = {
        "all": {},
        "one brand": {"brand": "HP"},
        "category": {"category": ("HP",)},
    }
    for name, filters in filtered.items():
        report(measure="search", of=name, products=SIZE, **latency(index, queries, filters), bound="p50 ≤ 15")
    report(
        measure="search", of="all, every third query misspelt, every twelfth senseless", products=SIZE,
        **latency(index, mixed(queries * ROUNDS), {}, rounds=1), bound="p50 ≤ 15, p99_by_p50 ≤ 3",
    )  # fmt: skip
    report(measure="search while products change", products=SIZE, **changing(index, queries, items))
    report(measure="update to found", products=SIZE, **updates(index, items), bound="≤ 1000 ms")


def latency(
    index: Index,
    queries: list[tuple[str, NDArray[np.float32]]],
    filters: Mapping[str, object],
    rounds: int = ROUNDS,
) -> dict[str, object]:
    times = []
    for _ in range(rounds):
        for query, vector in queries:
            started = time.thread_time()
            index.search(query, vector=vector, **filters)  # type: ignore[arg-type]
            times.append((time.thread_time() - started) * 1000)
    return spread(times)


def mixed(queries: list[tuple[str, NDArray[np.float32]]]) -> list[tuple[str, NDArray[np.float32]]]:
    """Queries as people type them: every third with a letter of its longest word exchanged, some of letters only."""
    letters = random.Random(0)  # noqa: S311 - draws test cases

    def typed(number: int, query: str) -> str:
        if number % 12 == 11:
            return " ".join("".join(letters.choices(string.ascii_lowercase, k=10)) for _ in range(6))
        return misspelt(query, letters) if number % 3 == 0 else query

    return [(typed(number, query), vector) for number, (query, vector) in enumerate(queries)]


def misspelt(query: str, letters: random.Random) -> str:
    """A query with one letter of its longest word another one."""
    word = max(query.split(), key=len)
    place = letters.randrange(len(word))
    return query.replace(word, word[:place] + letters.choice(string.ascii_lowercase) + word[place + 1 :], 1)


def changing(
    index: Index, queries: list[tuple[str, NDArray[np.float32]]], items: list[Item]
) -> dict[str, object]:
    """One product changes before each search, so nothing that the lexical half keeps is of use."""
    times = []
    for round_, (query, vector) in enumerate(queries * 5):
        index.upsert([items[round_]])
        started = time.thread_time()
        index.search(query, vector=vector)
        times.append((time.thread_time() - started) * 1000)
    return spread(times)


def updates(index: Index, items: list[Item]) -> dict[str, object]:
    times = []
    for number in range(200):
        name = f"zebrafish{number}"
        started = time.thread_time()
        index.upsert([Item(items[number].key, f"{items[number].title} {name}", items[number].brand)])
        found = index.search(name).hits
        times.append((time.thread_time() - started) * 1000)
        assert found[0].key == items[number].key
    return spread(times)


def spread(times: list[float]) -> dict[str, object]:
    p50, p99 = np.percentile(times, [50, 99])
    return {
        "p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2), "p99_by_p50": round(float(p99 / p50), 2),
        "max_ms": round(max(times), 2),
    }  # fmt: skip


if __name__ == "__main__":
    main()
