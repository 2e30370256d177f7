"""The embedded search index: words and vectors of a catalog in one process, saved to a folder and loaded again."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval.bm25 import Document, LexicalIndex, Scored, Tuning, prepare
from retrieval.dense import DenseIndex, Near
from retrieval.embedders import Embedder
from retrieval.embedding_values import Vectors
from retrieval.fusion import DEPTH, Blend, Candidates, fused
from retrieval.index_store import Parts, read_index, write_index
from retrieval.index_vectors import OnDisk
from retrieval.items import Hit, Item, Pending, SearchResult, named
from retrieval.query import clean, read
from retrieval.records import Record, Records, record_of

__all__ = ["Index", "Vectors"]

# Documents that are put in while searches wait: some milliseconds' worth.
_BATCH = 64


class Index:
    """Hybrid search over items. Safe to use from several threads.

    `embedder` embeds queries that come without a vector; without one, and until items have vectors, search is
    lexical and says so. Vectors of items are always the caller's to compute: `pending` says for which texts.
    Writers wait for each other; searches wait for a batch of documents at most, never for analysis, merging or saving.
    """

    def __init__(
        self, embedder: Embedder | None = None, *, tuning: Tuning | None = None, blend: Blend | None = None
    ) -> None:
        self._embedder = embedder
        self._embedder_id = embedder.id if embedder else None
        self._blend = blend or Blend()
        self._writing = threading.RLock()
        self._lock = threading.RLock()
        self._lexical = LexicalIndex(tuning)
        self._records = Records()
        self._vectors: DenseIndex | None = None
        self._on_disk: OnDisk | None = None
        self._waiting: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._records)

    def upsert(self, items: Iterable[Item]) -> None:
        """Put items in, each in place of the one with its key. Found by the next search.

        Raises ValueError for an empty key; items before it may be in by then.
        """
        with self._writing:
            batch: list[Document] = []
            for item in items:
                batch.append(prepare(named(item)))
                if len(batch) == _BATCH:
                    self._put(batch)
                    batch = []
            self._put(batch)
            self._tidy()

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out; keys that are not there are passed over."""
        with self._writing:
            for key in keys:
                with self._lock:
                    self._drop(key)
            self._tidy()

    def versions(self) -> Mapping[str, str]:
        """Give key → version of all items."""
        return {record.key: record.version for record in self._snapshot()}

    def text_hashes(self) -> frozenset[str]:
        """Give the hashes of all items' texts: whose vectors are worth keeping."""
        return frozenset(record.text_hash for record in self._snapshot())

    def pending(self, limit: int) -> list[Pending]:
        """Give up to `limit` items whose text has no vector yet, those that wait longest first."""
        with self._lock:
            waiting = [self._records.get(key) for key, _ in zip(self._waiting, range(limit), strict=False)]
            return [Pending(one.key, one.text or "", one.text_hash) for one in waiting if one]

    def pending_count(self) -> int:
        """Give the number of items whose text has no vector yet."""
        return len(self._waiting)

    def set_vectors(self, pending: Sequence[Pending], vectors: Vectors) -> None:
        """Give items their vectors, row by row; an item whose text has changed meanwhile keeps waiting.

        Raises ValueError where the numbers of rows differ, or the vectors are of another dimension than those here.
        """
        if len(pending) != len(vectors):
            raise ValueError(f"{len(pending)} texts but {len(vectors)} vectors")
        with self._writing:
            for start in range(0, len(pending), _BATCH):
                with self._lock:
                    self._set(pending[start : start + _BATCH], vectors[start : start + _BATCH])

    def settle(self, timeout_s: float | None = None) -> bool:
        """Wait until all vectors stand where they are found fastest; False where that took longer.

        Above 50,000 vectors a thread puts new ones into a graph; until then they are found too, only more slowly.
        """
        return self._vectors is None or self._vectors.settle(timeout_s)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        vector: Vectors | None = None,
    ) -> SearchResult:
        """Find items: those whose code the query is, then by words and meaning.

        `category` keeps items whose path starts so, `brand` those of the brand (both in any case and accent). `vector`
        is the query's embedding, where the caller has it. A query without a letter or digit finds nothing; of one that
        is longer than a shopper's, the first 1,000 characters and 48 words are read. Raises ValueError for a limit
        below 1.
        """
        if limit < 1:
            raise ValueError(f"limit: {limit} is less than 1")
        text = clean(query)
        if not any(letter.isalnum() for letter in text):
            return SearchResult((), dense=False)
        if vector is None and self._embedder and self._vectors:
            vector = self._embedder.embed([text])[0]
        words = read(text, self._known, self._lexical.begins)
        with self._lock:
            allowed = self._records.passing(category, brand)
            by_code = self._records.with_code(text)
            exact = {one.key: one.title for one in by_code if allowed is None or one.key in allowed.keys}
            scored = self._lexical.search(words, max(DEPTH, limit), allowed.mask if allowed else None)
            worded = [self._records.at(slot).key for slot in scored.slots.tolist()]
        keys = allowed.keys if allowed else None
        near = self._near(vector, max(DEPTH, limit), keys)
        scores = self._scores(worded, scored, near, vector)
        return self._result(exact, worded, near, scores, limit)

    def save(self, folder: Path) -> None:
        """Write the index to a folder; a reader sees the old one or the new one, never half. Raises OSError.

        Vectors, and the graph over them, that stand there from the save before or the load are not written again.
        """
        with self._writing:
            self._sweep()
            parts = Parts(self._lexical, self._records, self._vectors, self._embedder_id, self._on_disk)
            self._on_disk = write_index(folder, parts)

    @classmethod
    def load(cls, folder: Path, embedder: Embedder | None = None) -> "Index":
        """Read an index from its folder.

        Raises IndexDamaged where a file is not what was written and IndexOutdated where analyzer, layout or the
        embedder (if one is given) are others than those that made it.
        """
        parts = read_index(folder, embedder.id if embedder else None)
        index = cls(embedder)
        index._embedder_id = parts.embedder_id or index._embedder_id
        index._lexical, index._records, index._vectors = parts.lexical, parts.records, parts.vectors
        index._on_disk = parts.on_disk
        index._waiting = {record.key: None for record in parts.records if record.text is not None}
        return index

    # -- writing ------------------------------------------------------------------------------------------------------

    def _put(self, batch: list[Document]) -> None:
        with self._lock:
            for document in batch:
                record = record_of(document.item)
                before = self._drop(record.key, keep_vector=record.text_hash)
                if before and before.text_hash == record.text_hash and before.text is None:
                    record.text = None
                else:
                    self._waiting[record.key] = None
                self._records.add(record, self._lexical.add(document))

    def _drop(self, key: str, keep_vector: str | None = None) -> Record | None:
        record = self._records.remove(key)
        if record:
            self._lexical.remove(record.slot)
            if record.text_hash != keep_vector:
                if self._vectors is not None:
                    self._vectors.remove([key])
                self._waiting.pop(key, None)
        return record

    def _set(self, pending: Sequence[Pending], vectors: Vectors) -> None:
        wanted = [row for row, one in enumerate(pending) if self._wants(one)]
        if not wanted:
            return
        if self._vectors is None:
            self._vectors = DenseIndex(vectors.shape[1])
        keys = [pending[row].key for row in wanted]
        self._vectors.upsert(keys, vectors[wanted])
        for key in keys:
            record = self._records.get(key)
            if record:
                record.text = None
            self._waiting.pop(key, None)

    def _wants(self, one: Pending) -> bool:
        record = self._records.get(one.key)
        return record is not None and record.text_hash == one.text_hash

    def _tidy(self) -> None:
        """Merge and sweep where it is due: the long part aside, while searches go on with the old arrays."""
        if self._lexical.wants_sweep:
            self._sweep()
        elif self._lexical.wants_merge:
            merged = self._lexical.postings.merged()
            with self._lock:
                self._lexical.swap(merged)

    def _sweep(self) -> None:
        numbers = self._lexical.swept_numbers()
        merged, records = self._lexical.postings.merged(numbers), self._records.swept()
        with self._lock:
            self._lexical.swap(merged, numbers)
            self._records.swap(records)
        self._records.renumber()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _snapshot(self) -> Iterator[Record]:
        """All records at this moment; key, version and hash of one never change, so searches need not wait."""
        with self._lock:
            records = self._records.snapshot()
        return (record for record in records if record is not None)

    def _known(self, term: str) -> int:
        """How many items have a term. Most spellings that are tried stand nowhere, and cost no lock."""
        if not self._lexical.has(term):
            return 0
        with self._lock:
            return self._lexical.known(term)

    def _near(self, vector: Vectors | None, depth: int, keys: frozenset[str] | None) -> list[Near]:
        if vector is None or self._vectors is None:
            return []
        return self._vectors.search(vector, depth, keys)

    def _scores(
        self, worded: list[str], scored: Scored, near: list[Near], vector: Vectors | None
    ) -> dict[str, float]:
        """Score all that words or meaning found."""
        keys = list(dict.fromkeys((*worded, *(one.key for one in near))))
        lexical = np.zeros(len(keys), np.float32)
        lexical[: len(worded)] = scored.scores
        if not near or vector is None or self._vectors is None:
            return dict(zip(keys, lexical.tolist(), strict=True))
        matrix = self._vectors.vectors(keys)
        embedded = np.asarray((matrix != 0).any(axis=1), np.bool_)
        candidates = Candidates(keys, lexical, matrix, embedded)
        blended = fused(candidates, np.asarray(vector, np.float32), self._blend)
        return dict(zip(keys, blended.tolist(), strict=True))

    def _result(
        self,
        exact: Mapping[str, str],
        worded: list[str],
        near: list[Near],
        scores: dict[str, float],
        limit: int,
    ) -> SearchResult:
        word_ranks = {key: rank for rank, key in enumerate(worded, 1)}
        near_ranks = {one.key: rank for rank, one in enumerate(near, 1)}
        scores = {**dict.fromkeys(exact, 0.0), **scores}
        ranked = sorted(scores, key=lambda key: (key not in exact, -scores[key], key))
        with self._lock:  # what was removed in the meantime is passed over
            records = [self._records.get(key) for key in ranked[: limit + _BATCH]]
        hits = (
            Hit(
                one.key,
                one.title,
                scores[one.key],
                word_ranks.get(one.key),
                near_ranks.get(one.key),
                one.key in exact,
            )
            for one in records
            if one
        )
        return SearchResult(tuple(hits)[:limit], dense=bool(near))
