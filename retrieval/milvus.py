"""The search index in Milvus: the same words and vectors as the embedded one, for catalogs that outgrow a process.

Both halves are the server's: BM25 by its function over a text column, nearest vectors by its graph. What they put forward
is blended here by the same rule as in `retrieval.index`. Many processes may search one collection; one should feed it.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

from retrieval.analyzer import ANALYZER_ID
from retrieval.bm25 import Tuning
from retrieval.embedders import Embedder
from retrieval.embedding_values import Vectors
from retrieval.fusion import DEPTH, Blend, Candidates, fused
from retrieval.items import Hit, Item, Pending, SearchResult
from retrieval.milvus_rows import (
    READ_BACK,
    Kept,
    code_filter,
    create_collection,
    filter_of,
    hashed,
    query_terms,
    row_of,
)
from retrieval.query import clean

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_BATCH = 256  # rows in one call
_PAGE = 1_000  # rows of a listing in one call
_MOST_EXACT = 100  # products that share one code and are shown for it


class IndexUnreachable(ConnectionError):  # noqa: N818 - read as a word at every raise
    """Milvus does not answer, or refuses; the message has its own words."""


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Where a collection lives: what `milvus://user:password@host:port/database?tls=true` says."""

    uri: str
    user: str = ""
    password: str = ""
    database: str = ""


def milvus_place(url: str) -> MilvusPlace:
    """Read a `milvus://` URL; `milvus:///folder/file.db` is the in-process edition's file.

    Raises ValueError for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme != "milvus":
        raise ValueError(f"{parts.scheme or url!r}: an index in Milvus is named by milvus://host:port")
    if not parts.hostname:
        if not parts.path.endswith(".db"):
            raise ValueError("milvus:///…: the file of the in-process edition ends with .db")
        return MilvusPlace(unquote(parts.path))
    tls = parse_qs(parts.query).get("tls", ["false"])[-1].lower() in {"1", "true", "yes"}
    return MilvusPlace(
        uri=f"{'https' if tls else 'http'}://{parts.hostname}:{parts.port or 19530}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.strip("/"),
    )


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
        self._place, self._timeout = place, timeout_s
        self._embedder = embedder
        self._dimension = dimension
        self._tuning, self._blend = tuning or Tuning(), blend or Blend()
        self.collection = f"{name}_{hashed(f'{ANALYZER_ID} {model} {dimension} {self._tuning}')[:12]}"
        self._connecting = threading.Lock()
        self._connected: MilvusClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next call opens a new one."""
        with self._connecting:
            if self._connected is not None:
                self._connected.close()
            self._connected = None

    def drop(self) -> None:
        """Remove the collection with everything in it."""
        with self._client() as client:
            client.drop_collection(self.collection, timeout=self._timeout)
        self.close()

    def __len__(self) -> int:
        return self._count("")

    def upsert(self, items: Iterable[Item]) -> None:
        """Put items in, each in place of the one with its key. A vector stays while the text it is of does.

        Raises ValueError for a key that is longer than Milvus can hold.
        """
        latest = {item.key: item for item in items}
        for keys in _pieces(list(latest)):
            kept = self._kept(keys)
            rows = [row_of(latest[key], self._dimension, kept.get(key), self._tuning) for key in keys]
            with self._client() as client:
                client.upsert(self.collection, rows, timeout=self._timeout)

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out; keys that are not there are passed over."""
        for piece in _pieces(list(keys)):
            with self._client() as client:
                client.delete(self.collection, ids=piece, timeout=self._timeout)

    def versions(self) -> Mapping[str, str]:
        """Give key → version of all items."""
        return {row["key"]: row["version"] for row in self._listed(["key", "version"])}

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` items whose text has no vector yet."""
        with self._client() as client:
            rows = client.query(
                self.collection,
                filter="embedded == false",
                limit=limit,
                output_fields=["key", "text", "text_hash"],
                timeout=self._timeout,
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
            there = self._kept(keys)
            rows = [
                {"key": key, "embedded": True, "vector": vector_of[key][1].tolist()}
                for key in keys
                if key in there and there[key].text_hash == vector_of[key][0]
            ]
            if rows:
                with self._client() as client:
                    client.upsert(self.collection, rows, partial_update=True, timeout=self._timeout)

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
        return _blended(found, vector, self._blend, limit)

    # -- what is asked of the server ----------------------------------------------------------------------------------

    def _found(self, text: str, allowed: str, depth: int, vector: Vectors | None) -> "_Found":
        code = " and ".join(part for part in (code_filter(text), allowed) if part)
        terms = query_terms(text)
        with self._client() as client:
            exact = client.query(
                self.collection,
                filter=code,
                limit=_MOST_EXACT,
                output_fields=READ_BACK,
                timeout=self._timeout,
            )
            words = self._nearest(client, "sparse", terms, allowed, depth) if terms else []
            near: list[dict[str, Any]] = []
            if vector is not None:
                embedded = " and ".join(part for part in ("embedded == true", allowed) if part)
                near = self._nearest(client, "vector", [float(number) for number in vector], embedded, depth)
        return _Found(sorted(exact, key=lambda row: str(row["key"])), words, near)

    def _nearest(
        self, client: "MilvusClient", column: str, sought: str | list[float], allowed: str, depth: int
    ) -> list[dict[str, Any]]:
        (hits,) = client.search(
            self.collection,
            data=[sought],
            anns_field=column,
            limit=depth,
            filter=allowed,
            output_fields=READ_BACK,
            timeout=self._timeout,
        )
        # The in-process edition gives BM25 as a distance below zero, the server as a score above.
        return [{**hit["entity"], "score": abs(hit["distance"])} for hit in hits]

    def _kept(self, keys: Sequence[str]) -> dict[str, Kept]:
        """The text hash of rows, and their vector where they have one."""
        with self._client() as client:
            rows = client.get(
                self.collection,
                ids=list(keys),
                output_fields=["key", "text_hash", "embedded", "vector"],
                timeout=self._timeout,
            )
        return {row["key"]: Kept(row["text_hash"], row["vector"] if row["embedded"] else ()) for row in rows}

    def _count(self, which: str) -> int:
        with self._client() as client:
            rows = client.query(
                self.collection, filter=which, output_fields=["count(*)"], timeout=self._timeout
            )
        return int(rows[0]["count(*)"])

    def _listed(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        with self._client() as client:
            pages = client.query_iterator(
                self.collection, batch_size=_PAGE, filter="", output_fields=columns, timeout=self._timeout
            )
            try:
                while page := pages.next():
                    yield from page
            finally:
                pages.close()

    @contextmanager
    def _client(self) -> "Iterator[MilvusClient]":
        """The connection, opened the first time, with the driver's errors as our own."""
        try:
            from pymilvus import MilvusException  # noqa: PLC0415 - only where Milvus is used
        except ImportError as error:
            raise IndexUnreachable("pymilvus is not installed: pip install 'shelftalker[milvus]'") from error
        try:
            yield self._open()
        except (MilvusException, OSError) as error:
            self.close()
            raise IndexUnreachable(f"Milvus at {self._place.uri}: {error}") from error

    def _open(self) -> "MilvusClient":
        from pymilvus import MilvusClient  # noqa: PLC0415 - only where Milvus is used

        with self._connecting:
            if self._connected is None:
                client = MilvusClient(
                    self._place.uri,
                    user=self._place.user,
                    password=self._place.password,
                    db_name=self._place.database,
                    timeout=self._timeout,
                )
                if not client.has_collection(self.collection, timeout=self._timeout):
                    create_collection(client, self.collection, self._dimension)
                client.load_collection(self.collection, timeout=self._timeout)
                self._connected = client
            return self._connected


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows that the server put forward, best first."""

    exact: Sequence[Mapping[str, Any]]
    words: Sequence[Mapping[str, Any]]
    near: Sequence[Mapping[str, Any]]


def _blended(found: _Found, vector: Vectors | None, blend: Blend, limit: int) -> SearchResult:
    rows = {row["key"]: row for row in (*found.words, *found.near, *found.exact)}
    keys = list(rows)
    by_words = {row["key"]: row["score"] for row in found.words}
    scores = np.array([by_words.get(key, 0.0) for key in keys], np.float32)
    if found.near and vector is not None:
        vectors = np.array([rows[key]["vector"] for key in keys], np.float32)
        embedded = np.array([rows[key]["embedded"] for key in keys], np.bool_)
        candidates = Candidates(keys, scores, vectors, embedded)
        scores = fused(candidates, np.asarray(vector, np.float32), blend)
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


def _pieces(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
