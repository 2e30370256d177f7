"""Vectors by key, and the nearest of them to a query: exact while they are few, by an HNSW graph beyond.

Rows are only ever added; a key that comes again gets a new row, and its old one is dead. Readers take one picture of
the rows and skip dead ones, so they wait for nobody. Where rows are many, a thread puts them into a graph (a copy of
the last one, grown) and swaps it in; rows that are not in it yet are searched exactly beside it.
"""

import heapq
import math
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrieval.dense_rows import Rows, cleared, no_rows, with_graph, with_more
from retrieval.embedding_values import Vectors
from retrieval.vector_graph import grown, nearest_rows

# Exact search costs 0.1 µs a row on one thread (5 ms at 50,000), the graph 0.2 to 0.5 ms (measured to 50,000).
FLAT_LIMIT: Final = 50_000
TAIL_LIMIT: Final = 10_000  # so many rows may stand beside the graph (1 ms a search) before it takes them in
DEAD_SHARE: Final = 0.25  # more dead rows than this are cleared away,
FEW_DEAD: Final = 1_000  # unless they are so few
FEW_ALLOWED: Final = 2_000  # so few allowed keys are answered from their own vectors alone
WIDER: Final = 4  # how much farther the second and the third try look where a filter took too many


@dataclass(frozen=True, slots=True)
class Near:
    """A key near to the query; `score` is the cosine."""

    key: str
    score: float


class DenseIndex:
    """Vectors of one embedder by key. Safe for any number of threads; readers do not wait for writers."""

    def __init__(self, dimension: int, *, flat_limit: int = FLAT_LIMIT, tail_limit: int = TAIL_LIMIT) -> None:
        self.dimension = dimension
        self._flat_limit = flat_limit
        self._tail_limit = tail_limit
        self._rows = no_rows(dimension)
        self._writing = threading.Lock()
        self._tidying: threading.Thread | None = None
        self._closed = threading.Event()

    @classmethod
    def of(cls, rows: Rows, *, flat_limit: int = FLAT_LIMIT, tail_limit: int = TAIL_LIMIT) -> "DenseIndex":
        """An index of these rows, which become its own. A graph that they should have and have not is built."""
        index = cls(rows.dimension, flat_limit=flat_limit, tail_limit=tail_limit)
        index._rows = rows
        with index._writing:
            index._tidy()
        return index

    @property
    def rows(self) -> Rows:
        """The rows at this moment, dead ones among them. `live` and `keys` in it go on changing while somebody writes."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows.live)

    def __contains__(self, key: str) -> bool:
        return key in self._rows.live

    def upsert(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Set the keys' vectors, a row each; found by the next search. Where a key stands twice, the last counts.

        Vectors are brought to length 1. Raises ValueError for another shape, and for a vector without a direction
        (zero, or not finite), naming its key; nothing is set then.
        """
        lengthened = self._unit(keys, vectors)
        if not len(keys):
            return
        with self._writing:
            first = self._rows.count
            self._rows = with_more(self._rows, keys, lengthened)
            live = self._rows.live
            for row, key in enumerate(keys, first):
                live[key] = row
            self._tidy()

    def remove(self, keys: Iterable[str]) -> None:
        """Take keys out; unknown ones are no error."""
        with self._writing:
            for key in keys:
                self._rows.live.pop(key, None)
            self._tidy()

    def vector(self, key: str) -> Vectors | None:
        """A key's vector; None for an unknown key."""
        rows = self._rows
        row = rows.live.get(key, -1)
        if row >= rows.count:  # written since the picture was taken
            with self._writing:
                rows = self._rows
                row = rows.live.get(key, -1)
        return rows.vectors([row])[0] if row >= 0 else None

    def vectors(self, keys: Sequence[str]) -> Vectors:
        """The keys' vectors, row by row; zeros for an unknown key."""
        rows = self._rows
        at = [rows.live.get(key, -1) for key in keys]
        if any(row >= rows.count for row in at):  # written since the picture was taken
            with self._writing:
                rows = self._rows
                at = [rows.live.get(key, -1) for key in keys]
        found = np.zeros((len(keys), self.dimension), np.float32)
        known = [place for place, row in enumerate(at) if row >= 0]
        found[known] = rows.vectors([at[place] for place in known])
        return found

    def search(self, vector: Vectors, k: int, allowed: Collection[str] | None = None) -> list[Near]:
        """The `k` nearest keys, best first (equal ones by key); fewer only where there are fewer.

        With `allowed` only those keys are answered, however few of the nearest they are: pass a set. Raises
        ValueError for a vector of another dimension, or without a direction.
        """
        query = self._unit(("query",), np.asarray(vector, np.float32)[np.newaxis])[0]
        rows = self._rows
        passing = len(rows.live) if allowed is None else min(len(allowed), len(rows.live))
        if k <= 0 or passing == 0:
            return []
        wanted = math.ceil(1.2 * k * rows.count / passing) + 8
        if allowed is not None and passing <= max(FEW_ALLOWED, 4 * wanted):
            return self._among(query, k, allowed)
        for look in (wanted, wanted * WIDER, wanted * WIDER**2):
            found = self._answer(rows, query, k, look, allowed)
            if len(found) == k or (rows.graph is None and look >= rows.count):
                return found
        if allowed is not None:
            return self._among(query, k, allowed)
        return self._answer(rows, query, k, rows.count, None, exactly=True)

    def settle(self, timeout_s: float | None = None) -> bool:
        """Wait until all rows are where they belong: in the graph, dead ones cleared. False where it took longer."""
        thread = self._tidying
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def close(self) -> None:
        """Stop work on the graph; the index can still be read."""
        self._closed.set()
        self.settle()

    def _unit(self, keys: Sequence[str], vectors: Vectors) -> Vectors:
        """The vectors at length 1. Raises ValueError."""
        given = np.asarray(vectors, np.float32)
        if given.shape != (len(keys), self.dimension):
            raise ValueError(f"vectors of shape {given.shape}, not {(len(keys), self.dimension)}")
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(given, axis=1, keepdims=True)
        bad = ~(np.isfinite(lengths) & (lengths > 0))
        if bad.any():
            raise ValueError(f"the vector of {keys[int(np.argmax(bad))]!r} has no direction")
        return np.ascontiguousarray(given / lengths, np.float32)

    @staticmethod
    def _answer(
        rows: Rows,
        query: Vectors,
        k: int,
        look: int,
        allowed: Collection[str] | None,
        *,
        exactly: bool = False,
    ) -> list[Near]:
        """Of the `look` nearest rows the first `k` that are live and allowed."""
        ranked = rows.nearest(query, look, exactly=exactly)
        best: dict[str, float] = {}
        for row, score in zip(ranked.rows.tolist(), ranked.scores.tolist(), strict=True):
            key = rows.keys[row]
            if key not in best and (allowed is None or key in allowed) and rows.is_live(row):
                best[key] = score
        return _first(best, k)

    def _among(self, query: Vectors, k: int, allowed: Collection[str]) -> list[Near]:
        """The nearest of the allowed keys by their own vectors: exact."""
        while True:
            rows = self._rows
            at = {key: row for key in allowed if (row := rows.live.get(key, -1)) >= 0}
            if all(row < rows.count for row in at.values()):
                break  # else one was written since this picture was taken: the next one has it
        keys = list(at)
        ranked = nearest_rows(rows.vectors(list(at.values())), query, len(keys))
        scores = dict(zip((keys[i] for i in ranked.rows.tolist()), ranked.scores.tolist(), strict=True))
        return _first(scores, k)

    def _tidy(self) -> None:
        """Begin what is due; the caller holds the lock. Few rows are cleared at once, many beside the readers."""
        rows = self._rows
        if not self._due(rows):
            return
        if len(rows.live) <= self._flat_limit:
            self._rows = cleared(rows, sorted(rows.live.values()), None, rows.count)
        elif self._tidying is None and not self._closed.is_set():
            self._tidying = threading.Thread(target=self._work, name="dense-index", daemon=True)
            self._tidying.start()

    def _due(self, rows: Rows) -> bool:
        too_dead = rows.dead > max(FEW_DEAD, DEAD_SHARE * rows.count)
        waiting = self._tail_limit if rows.graph is not None else self._flat_limit
        return too_dead or (len(rows.live) > self._flat_limit and rows.in_tail > waiting)

    def _work(self) -> None:
        """Bring rows into the graph until none are due; on the index's own thread."""
        try:
            while self._work_once():
                pass
        finally:
            # Still set only where it failed, for want of memory perhaps: the next write tries again.
            if self._tidying is threading.current_thread():
                self._tidying = None

    def _work_once(self) -> bool:
        """One step of it; False where nothing is left to do."""
        with self._writing:
            rows = self._rows
            many = len(rows.live) > self._flat_limit
            if self._closed.is_set() or not (many and self._due(rows)):
                self._tidying = None
                return False
            anew = rows.dead > max(FEW_DEAD, DEAD_SHARE * rows.count)
            kept = sorted(rows.live.values()) if anew else []
        more = rows.vectors(kept) if anew else rows.tail[: rows.in_tail]
        graph = grown(None if anew else rows.graph, more, self._closed.is_set)
        with self._writing:
            now = self._rows
            if graph is not None and now.keys is rows.keys:  # else closed, or cleared meanwhile
                self._rows = cleared(now, kept, graph, rows.count) if anew else with_graph(now, graph)
        return True


def _first(scores: dict[str, float], k: int) -> list[Near]:
    best = heapq.nsmallest(k, scores.items(), key=lambda item: (-item[1], item[0]))
    return [Near(key, score) for key, score in best]
