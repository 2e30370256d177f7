"""The search index in Milvus: the same words and vectors as the embedded one, for catalogs that outgrow a process.

Both halves are the server's: BM25 by its function over a text column, nearest vectors by its graph. What they put forward
is blended here by the same rule as in `retrieval.index`. Many processes may search one collection; one should feed it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import ANALYZER_ID
from retrieval.bm25 import Tuning
from retrieval.embedders import Embedder
from retrieval.embedding_values import Vectors
from retrieval.fusion import DEPTH, Blend, Candidates, fused
from retrieval.items import Hit, Item, Pending, SearchResult, named
from retrieval.milvus_connection import Call, IndexUnreachable, MilvusConnection
from retrieval.milvus_places import MilvusPlace, milvus_place
from retrieval.milvus_rows import (
    LAYOUT,
    READ_BACK,
    WRITTEN,
    Kept,
    code_filter,
    filter_of,
    query_terms,
    row_of,
)
from retrieval.milvus_scores import hashed, lexical_scores, parsed
from retrieval.query import clean

__all__ = ["IndexUnreachable", "MilvusIndex", "MilvusPlace", "milvus_place"]

_BATCH = 256  # rows in one call
_PAGE = 1_000  # rows of a listing in one call
_MOST_EXACT = 100  # products that share one code and are shown for it


class MilvusIndex:
    """Hybrid search over items in one collection. Safe to use from several threads.

    The interface of `retrieval.Index`, but for `save` and `load`: the server keeps what it was given. `name` is told apart
    by analyzer and `model` (which made the vectors): items analysed or embedded by another one are in another
    collection. Raises IndexUnreachable from every method while Milvus is away, within `timeout_s` seconds.
    """

    def __init__(  # noqa: PLR0913 - each is a word of the index's name or of its tuning
        self,
        place: MilvusPlace,
        name: str,
        *,
        dimension: int,
        model: str = "",
        embedder: Embedder | None = None,
        timeout_s: float = 5.0,
        tuning: Tuning | None = None,
        blend: Blend | None = None,
    ) -> None:
        self._embedder = embedder
        self._dimension = dimension
        self._tuning, self._blend = tuning or Tuning(), blend or Blend()
        kind = f"{LAYOUT} {ANALYZER_ID} {model} {dimension} {self._tuning}"
        self.collection = f"{name}_{hashed(kind)[:12]}"
        self._connection = MilvusConnection(place, self.collection, dimension, timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next call opens a new one."""
        self._connection.close()

    def drop(self) -> None:
        """Remove the collection with everything in it."""
        with self._connection.calls() as call:
            call.client.drop_collection(self.collection, timeout=call.left())
        self.close()

    def __len__(self) -> int:
        return self._count("")

    def upsert(self, items: Iterable[Item]) -> None:
        """Put items in, each in place of the one with its key. A vector stays while the text it is of does.

        Raises ValueError for an empty key, and one that is longer than Milvus can hold.
        """
        latest = {item.key: named(item) for item in items}
        for keys in _pieces(list(latest)):
            kept = self._kept(keys)
            rows = [row_of(latest[key], self._dimension, kept.get(key), self._tuning) for key in keys]
            with self._connection.calls() as call:
                call.client.upsert(self.collection, rows, timeout=call.left())

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out; keys that are not there are passed over."""
        for piece in _pieces(list(keys)):
            with self._connection.calls() as call:
                call.client.delete(self.collection, ids=piece, timeout=call.left())

    def versions(self) -> Mapping[str, str]:
        """Give key → version of all items."""
        return {row["key"]: row["version"] for row in self._listed(["key", "version"])}

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` items whose text has no vector yet."""
        with self._connection.calls() as call:
            rows = call.client.query(
                self.collection,
                filter="embedded == false",
                limit=limit,
                output_fields=["key", "text", "text_hash"],
                timeout=call.left(),
            )
        return [Pending(row["key"], row["text"], row["text_hash"]) for row in rows]

    def pending_count(self) -> int:
        """Give the number of items whose text has no vector yet."""
        return self._count("embedded == false")

    def set_vectors(self, pending: Sequence[Pending], vectors: Vectors) -> None:
        """Give items their vectors, row by row; an item whose text has changed meanwhile keeps waiting.

        Raises ValueError where the numbers of rows differ, or the vectors are of another dimension than those here.
        """
        if len(pending) != len(vectors):
            raise ValueError(f"{len(pending)} texts but {len(vectors)} vectors")
        if len(pending) and vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of {vectors.shape[1]} numbers in an index of {self._dimension}")
        vector_of = {one.key: (one.text_hash, vector) for one, vector in zip(pending, vectors, strict=True)}
        for keys in _pieces(list(vector_of)):
            rows = [
                {**row, "embedded": True, "vector": vector_of[row["key"]][1].tolist()}
                for row in self._rows(keys, WRITTEN)
                if row["text_hash"] == vector_of[row["key"]][0]
            ]
            if rows:
                with self._connection.calls() as call:
                    call.client.upsert(self.collection, rows, timeout=call.left())

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        vector: Vectors | None = None,
    ) -> SearchResult:
        """Find items: those whose code the query is, then by words and meaning; see `retrieval.Index.search`."""
        if limit < 1:
            raise ValueError(f"limit: {limit} is less than 1")
        text = clean(query)
        if not any(letter.isalnum() for letter in text):
            return SearchResult((), dense=False)
        if vector is None and self._embedder:
            vector = self._embedder.embed([text])[0]
        allowed, depth = filter_of(category, brand), max(DEPTH, limit)
        found = self._found(text, allowed, depth, vector)
        return self._blended(found, vector, limit)

    # -- what is asked of the server ----------------------------------------------------------------------------------

    def _found(self, text: str, allowed: str, depth: int, vector: Vectors | None) -> "_Found":
        code = " and ".join(part for part in (code_filter(text), allowed) if part)
        words = query_terms(text)
        with self._connection.calls() as call:
            exact = call.client.query(
                self.collection,
                filter=code,
                limit=_MOST_EXACT,
                output_fields=READ_BACK,
                timeout=call.left(),
            )
            worded: list[dict[str, Any]] = []
            if words:
                sought = " ".join(
                    dict.fromkeys(term for word in words for term in (*word.parts, word.whole) if term)
                )
                worded = self._nearest(call, "sparse", sought, allowed, depth)
            near: list[dict[str, Any]] = []
            if vector is not None:
                embedded = " and ".join(part for part in ("embedded == true", allowed) if part)
                near = self._nearest(call, "vector", np.asarray(vector, np.float32).tolist(), embedded, depth)
        fielded = [parsed(row["counts"]) for row in worded]
        scores = lexical_scores(words, fielded, [row["score"] for row in worded], self._tuning)
        best = np.argsort(-scores, kind="stable")
        return _Found(
            exact=sorted(exact, key=lambda row: str(row["key"])),
            words=[{**worded[place], "score": float(scores[place])} for place in best],
            near=near,
        )

    def _nearest(
        self, call: Call, column: str, sought: str | list[float], allowed: str, depth: int
    ) -> list[dict[str, Any]]:
        (hits,) = call.client.search(
            self.collection,
            data=[sought],
            anns_field=column,
            limit=depth,
            filter=allowed,
            output_fields=[*READ_BACK, "counts"] if column == "sparse" else READ_BACK,
            timeout=call.left(),
        )
        # The in-process edition gives BM25 as a distance below zero, the server as a score above.
        return [{**hit["entity"], "score": abs(hit["distance"])} for hit in hits]

    def _blended(self, found: "_Found", vector: Vectors | None, limit: int) -> SearchResult:
        rows = {row["key"]: row for row in (*found.words, *found.near, *found.exact)}
        keys = list(rows)
        by_words = {row["key"]: row["score"] for row in found.words}
        scores: NDArray[np.float32] = np.array([by_words.get(key, 0.0) for key in keys], np.float32)
        if found.near and vector is not None:
            vectors = np.array([rows[key]["vector"] for key in keys], np.float32)
            embedded = np.array([rows[key]["embedded"] for key in keys], np.bool_)
            scores = fused(
                Candidates(keys, scores, vectors, embedded), np.asarray(vector, np.float32), self._blend
            )
        first = {row["key"] for row in found.exact}
        word_ranks = {row["key"]: rank for rank, row in enumerate(found.words, 1)}
        near_ranks = {row["key"]: rank for rank, row in enumerate(found.near, 1)}
        best = sorted(
            zip(keys, scores.tolist(), strict=True), key=lambda one: (one[0] not in first, -one[1], one[0])
        )
        hits = (
            Hit(key, rows[key]["title"], score, word_ranks.get(key), near_ranks.get(key), key in first)
            for key, score in best[:limit]
        )
        return SearchResult(tuple(hits), dense=bool(found.near))

    def _kept(self, keys: Sequence[str]) -> dict[str, Kept]:
        """The text hash of rows, and their vector where they have one."""
        rows = self._rows(keys, ["key", "text_hash", "embedded", "vector"])
        return {row["key"]: Kept(row["text_hash"], row["vector"] if row["embedded"] else ()) for row in rows}

    def _rows(self, keys: Sequence[str], columns: list[str]) -> list[dict[str, Any]]:
        with self._connection.calls() as call:
            found: list[dict[str, Any]] = call.client.get(
                self.collection, ids=list(keys), output_fields=columns, timeout=call.left()
            )
        return found

    def _count(self, which: str) -> int:
        with self._connection.calls() as call:
            rows = call.client.query(
                self.collection, filter=which, output_fields=["count(*)"], timeout=call.left()
            )
        return int(rows[0]["count(*)"])

    def _listed(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        with self._connection.calls() as call:
            pages = call.client.query_iterator(
                self.collection, batch_size=_PAGE, filter="", output_fields=columns, timeout=call.left()
            )
            try:
                while page := pages.next():
                    yield from page
            finally:
                pages.close()


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows that the server put forward, best first."""

    exact: Sequence[Mapping[str, Any]]
    words: Sequence[Mapping[str, Any]]
    near: Sequence[Mapping[str, Any]]


def _pieces(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
