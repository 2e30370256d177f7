"""Near-duplicates among 50,000 texts: speed, memory, and how many of the true neighbours are found.

The texts are paragraphs of human sentences about laptops and televisions (RNNLG); two in five are another one with
words, a sentence or the name changed, so that every overlap between none and all occurs. True neighbours are found
by comparing each query with every text. Bound: a query ≤ 10 ms.

    python -m benchmarks.duplicates [TEXTS]
"""

import random
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash

from benchmarks.common import machine_ms, report, shared_data, wilson
from benchmarks.grounding_rnnlg import Row, read
from retrieval.duplicates import TextIndex
from retrieval.near_duplicates import words_of
from retrieval.sketches import shingles_of

TEXTS, QUERIES, ASKED = 50_000, 300, 50
SETTINGS = ((32, 2), (21, 3), (32, 3), (42, 3), (32, 4))
OVERLAPS = ((0.3, 0.5), (0.5, 0.6), (0.6, 0.8), (0.8, 1.01))


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and what its product is called."""

    key: str
    text: str
    names: tuple[str, ...]


def samples(count: int, rng: random.Random) -> list[Sample]:
    """Paragraphs, and changed copies of them."""
    rows = [
        row
        for path in sorted((shared_data() / "rnnlg").glob("*_train.csv.gz"))
        for row in read(path)
        if row.slots.get("name")
    ]
    vocabulary = sorted({word for row in rows[:4000] for word in row.text.split()})
    names = sorted({row.slots["name"] for row in rows})
    found: list[Sample] = []
    for number in range(count):
        if number % 5 < 3 or not found:
            found.append(paragraph(str(number), rng.choices(rows, k=rng.randint(3, 6)), rng.choice(names)))
        else:
            found.append(changed(str(number), rng.choice(found), rng, vocabulary, names))
    return found


def paragraph(key: str, rows: Sequence[Row], name: str) -> Sample:
    """Sentences of several products, said of one."""
    return Sample(key, " ".join(row.text.replace(row.slots["name"], name) for row in rows), (name,))


def changed(
    key: str, of: Sample, rng: random.Random, vocabulary: Sequence[str], names: Sequence[str]
) -> Sample:
    """The text with another name, a share of its words changed, and sometimes a sentence left out."""
    name = rng.choice(names)
    sentences = of.text.replace(of.names[0], name).split(" . ")
    if len(sentences) > 2 and rng.random() < 0.4:
        sentences.pop(rng.randrange(len(sentences)))
    share = rng.choice((0, 0.02, 0.05, 0.1, 0.15, 0.2))
    words = " . ".join(sentences).split()
    return Sample(
        key, " ".join(rng.choice(vocabulary) if rng.random() < share else word for word in words), (name,)
    )


class BruteForce:
    """The overlap of a query with every text, by comparing all."""

    def __init__(self, texts: Sequence[Sample]) -> None:
        each = [shingles_of(words_of(text.text), text.names) for text in texts]
        self.sizes = np.array([len(one) for one in each])
        self.hashes = np.concatenate(each)
        self.owners = np.repeat(np.arange(len(each)), self.sizes)

    def overlaps(self, query: Sample) -> np.ndarray:
        """One for each text, in their order."""
        own = shingles_of(words_of(query.text), query.names)
        shared = np.bincount(self.owners[np.isin(self.hashes, own)], minlength=len(self.sizes))
        return shared / (len(own) + self.sizes - shared)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS
    rng = random.Random(20261124)  # noqa: S311 - draws test cases
    texts = samples(count, rng)
    queries = [
        changed(f"q{i}", rng.choice(texts), rng, ["sturdy", "silver", "portable"], ["Meridian 40"])
        for i in range(QUERIES)
    ]
    index = TextIndex()
    index.upsert("warm", "imports what it needs")
    index.remove("warm")
    started = time.process_time()
    for text in texts:
        index.upsert(text.key, text.text, names=text.names)
    build = time.process_time() - started
    times, answers = [], []
    for query in queries:
        started = time.process_time()
        answers.append(index.nearest(query.text, ASKED, names=query.names))
        times.append((time.process_time() - started) * 1000)
    unnamed = [index.nearest(query.text, ASKED) for query in queries]
    report(
        benchmark="duplicates",
        texts=count,
        words_median=statistics.median(len(words_of(text.text)) for text in texts[:2000]),
        p50_ms=round(statistics.median(times), 3),
        p99_ms=round(statistics.quantiles(times, n=100)[-1], 3),
        bound_ms=10,
        machine_ms=round(machine_ms(), 3),
        build_texts_per_s=round(count / build),
        bytes_a_text=round(index.nbytes / len(index)),
    )
    brute = BruteForce(texts)
    exact = [brute.overlaps(query) for query in queries]
    for name, found in (("names_known", answers), ("names_unknown", unnamed)):
        report(
            benchmark="duplicates_recall",
            queries=len(queries),
            names=name,
            **dict(recalls(exact, found, texts)),
        )
    for bands, rows in SETTINGS:
        report(benchmark="duplicates_bands", **bands_compared(bands, rows, texts, queries, exact))


def recalls(
    exact: Sequence[np.ndarray], found: Sequence[Sequence[object]], texts: Sequence[Sample]
) -> Iterator[tuple[str, object]]:
    """Of the texts with so much overlap, the share that was among the answers; of the queries, that of the nearest."""
    for low, high in OVERLAPS:
        hits = of = 0
        for overlaps, answer in zip(exact, found, strict=True):
            keys = {neighbour.key for neighbour in answer}  # type: ignore[attr-defined]
            true = np.flatnonzero((overlaps >= low) & (overlaps < high))
            hits += sum(texts[row].key in keys for row in true)
            of += len(true)
        yield (
            f"{low}-{min(high, 1.0)}",
            {"of": of, "found": round(hits / of, 4), "interval": wilson(hits, of)},
        )


def bands_compared(
    bands: int,
    rows: int,
    texts: Sequence[Sample],
    queries: Sequence[Sample],
    exact: Sequence[np.ndarray],
) -> Mapping[str, object]:
    """What another number of hash values would find, and how many candidates it would bring in a sample of texts."""
    empty = MinHash(bands * rows, seed=1, hashfunc=int, scheme="affine32")

    def signature(sample: Sample) -> np.ndarray:
        minhash = empty.copy()
        minhash.update_batch(
            (shingles_of(words_of(sample.text), sample.names) & np.uint64(0xFFFFFFFF)).tolist()
        )
        return minhash.hashvalues.reshape(bands, rows)

    rng = random.Random(7)  # noqa: S311 - draws a sample
    crowd = np.stack([signature(texts[i]) for i in rng.sample(range(len(texts)), min(2000, len(texts)))])
    hits = of = near = 0
    for query, overlaps in zip(queries, exact, strict=True):
        own = signature(query)
        near += int((crowd == own).all(axis=2).any(axis=1).sum())
        for row in np.flatnonzero(overlaps >= 0.5):
            hits += bool((signature(texts[row]) == own).all(axis=1).any())
            of += 1
    return {
        "bands": bands,
        "rows": rows,
        "hash_values": bands * rows,
        "found_at_half": round(hits / of, 4),
        "interval": wilson(hits, of),
        "candidates_a_query": round(near / len(queries) / len(crowd) * len(texts), 1),
        "band_bytes_a_text": bands * 12,
    }


if __name__ == "__main__":
    main()
