"""The embedded search index: words and vectors of a catalog in one process, saved to a folder and loaded again."""

import json
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import ANALYZER_ID, terms_of
from retrieval.bm25 import LexicalIndex
from retrieval.index_files import IndexDamaged, IndexOutdated, read_file, read_manifest, write_files
from retrieval.items import Hit, Item, Pending, SearchResult, pending_of

Vectors = NDArray[np.float32]
_LAYOUT = 1
_RRF = 60  # Cormack et al. 2009
_DEPTH = 100
_LONGEST_QUERY = 1_000


class Embedder(Protocol):
    """Texts to vectors of length 1. `id` names model, backend and weights: vectors of two ids never mix."""

    @property
    def id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...


class Index:
    """Hybrid search over items. Safe to use from several threads.

    `embedder` embeds queries that come without a vector; without one, and until items have vectors, search is
    lexical and says so. Vectors of items are always the caller's to compute: `pending` says for which texts.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder
        self._embedder_id = embedder.id if embedder else None
        self._lock = threading.RLock()
        self._items: dict[str, Item] = {}
        self._vectors: dict[str, tuple[str, Vectors]] = {}
        self._lexical = LexicalIndex()

    def __len__(self) -> int:
        return len(self._items)

    def upsert(self, items: Iterable[Item]) -> None:
        """Put items in, each in place of the one with its key. Found by the next search."""
        for item in items:
            with self._lock:
                self._items[item.key] = item
                self._lexical.upsert(item)
                known = self._vectors.get(item.key)
                if known and known[0] != pending_of(item).text_hash:
                    del self._vectors[item.key]

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out; keys that are not there are passed over."""
        for key in keys:
            with self._lock:
                if self._items.pop(key, None):
                    self._lexical.remove(key)
                    self._vectors.pop(key, None)

    def versions(self) -> Mapping[str, str]:
        """Give key → version of all items."""
        with self._lock:
            return {key: item.version for key, item in self._items.items()}

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` items whose text has no vector yet."""
        with self._lock:
            waiting = [item for key, item in self._items.items() if key not in self._vectors][:limit]
        return [pending_of(item) for item in waiting]

    def pending_count(self) -> int:
        """How many items have no vector."""
        with self._lock:
            return len(self._items) - len(self._vectors)

    def set_vectors(self, pending: Sequence[Pending], vectors: Vectors) -> None:
        """Give items their vectors, row by row; an item whose text has changed meanwhile keeps waiting.

        Raises ValueError where the numbers of rows differ.
        """
        if len(pending) != len(vectors):
            raise ValueError(f"{len(pending)} texts but {len(vectors)} vectors")
        for one, vector in zip(pending, vectors, strict=True):
            with self._lock:
                item = self._items.get(one.key)
                if item and pending_of(item).text_hash == one.text_hash:
                    self._vectors[one.key] = (one.text_hash, np.asarray(vector, dtype=np.float32))

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        vector: Vectors | None = None,
    ) -> SearchResult:
        """Find items: those whose code the query is, then by words and meaning, fused by reciprocal rank.

        `category` keeps items whose path starts so, `brand` those of the brand (both in any case). `vector` is the
        query's embedding, where the caller has it.
        """
        query = query[:_LONGEST_QUERY]
        with self._lock:
            if vector is None and self._embedder and self._vectors and terms_of(query):
                vector = self._embedder.embed([query])[0]
            allowed = self._allowed(category, brand)
            exact = [key for key in self._exact(query) if allowed is None or key in allowed]
            words = [key for key, _ in self._lexical.search(query, _DEPTH, allowed)]
            nearest = self._nearest(vector, allowed)
            return self._result(exact, words, nearest, limit)

    def _allowed(self, category: Sequence[str] | None, brand: str | None) -> set[str] | None:
        if not category and not brand:
            return None
        path = tuple(part.casefold() for part in category or ())
        return {
            key
            for key, item in self._items.items()
            if (not brand or item.brand.casefold() == brand.casefold())
            and tuple(part.casefold() for part in item.category[: len(path)]) == path
        }

    def _exact(self, query: str) -> list[str]:
        code = _plain_code(query)
        if not code:
            return []
        return [k for k, i in self._items.items() if code in {_plain_code(c) for c in (k, *i.codes)}]

    def _nearest(self, vector: Vectors | None, allowed: set[str] | None) -> list[str]:
        keys = [key for key in self._vectors if allowed is None or key in allowed]
        if vector is None or not keys:
            return []
        scores = np.stack([self._vectors[key][1] for key in keys]) @ np.asarray(vector, dtype=np.float32)
        return [keys[i] for i in np.argsort(-scores, kind="stable")[:_DEPTH]]

    def _result(self, exact: list[str], words: list[str], nearest: list[str], limit: int) -> SearchResult:
        word_ranks = {key: rank for rank, key in enumerate(words, 1)}
        near_ranks = {key: rank for rank, key in enumerate(nearest, 1)}
        scores = {
            key: sum(1 / (_RRF + ranks[key]) for ranks in (word_ranks, near_ranks) if key in ranks)
            + (key in exact)
            for key in (*exact, *words, *nearest)
        }
        best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
        hits = (
            Hit(k, self._items[k].title, scores[k], word_ranks.get(k), near_ranks.get(k), k in exact)
            for k in best
        )
        return SearchResult(tuple(hits), dense=bool(nearest))

    def save(self, folder: Path) -> None:
        """Write the index to a folder; a reader sees the old one or the new one, never half."""
        with self._lock:
            items = json.dumps([asdict(item) for item in self._items.values()]).encode()
            keys = {key: text_hash for key, (text_hash, _) in self._vectors.items()}
            rows = [vector for _, vector in self._vectors.values()]
        matrix = np.stack(rows) if rows else np.zeros((0, 0), np.float32)
        files = {
            "items.json": items,
            "vector_keys.json": json.dumps([keys, list(matrix.shape)]).encode(),
            "vectors.f32": matrix.tobytes(),
        }
        about = {"layout": _LAYOUT, "analyzer": ANALYZER_ID, "embedder": self._embedder_id}
        write_files(folder, files, about)

    @classmethod
    def load(cls, folder: Path, embedder: Embedder | None = None) -> "Index":
        """Read an index from its folder.

        Raises IndexDamaged where a file is not what was written and IndexOutdated where analyzer, layout or the
        embedder (if one is given) are others than those that made it.
        """
        manifest = read_manifest(folder)
        if (manifest.get("layout"), manifest.get("analyzer")) != (_LAYOUT, ANALYZER_ID):
            raise IndexOutdated(f"made by analyzer {manifest.get('analyzer')}, this is {ANALYZER_ID}")
        if embedder and manifest.get("embedder") not in (None, embedder.id):
            raise IndexOutdated(f"vectors of {manifest.get('embedder')}, not {embedder.id}")
        index = cls(embedder)
        index._embedder_id = manifest.get("embedder") or index._embedder_id
        try:
            rows = json.loads(read_file(folder, manifest, "items.json"))
            keys, shape = json.loads(read_file(folder, manifest, "vector_keys.json"))
            vectors = np.frombuffer(read_file(folder, manifest, "vectors.f32"), np.float32).reshape(shape)
            index.upsert(_item(row) for row in rows)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(f"files do not fit together: {error}") from error
        index._vectors = {k: (h, v) for (k, h), v in zip(keys.items(), vectors, strict=True)}
        return index


def _item(row: dict[str, object]) -> Item:
    made = Item(**row)  # type: ignore[arg-type]  # written by asdict, checksummed
    attributes = tuple((name, value) for name, value in made.attributes)
    return Item(
        **{**row, "category": tuple(made.category), "codes": tuple(made.codes), "attributes": attributes}
    )  # type: ignore[arg-type]


def _plain_code(text: str) -> str:
    """A code without case, spaces, hyphens and a number's leading zeros."""
    plain = re.sub(r"[\s\-]+", "", text).casefold()
    return plain.lstrip("0") if plain.isdigit() else plain
