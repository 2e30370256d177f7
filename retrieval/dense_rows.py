"""The rows behind a `DenseIndex`: one immutable picture for readers, and how the next one is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from retrieval.embedding_values import Vectors
from retrieval.vector_graph import Graph, Ranked, nearest_rows

FIRST_CAPACITY: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Vectors by row, each with its key: the first ones in a graph, if there is one, the others in `tail`.

    `tail` has room for more, `count` says how many rows there are in all. `keys` (row to key) and `live` (key to its
    row) are shared with later pictures: rows are only added to the one, and the other changes, so that a removal
    holds for readers of old pictures too.
    """

    dimension: int
    tail: Vectors
    count: int = 0
    graph: Graph | None = None
    keys: list[str] = field(default_factory=list)
    live: dict[str, int] = field(default_factory=dict)

    @property
    def in_graph(self) -> int:
        """How many rows the graph holds."""
        return len(self.graph) if self.graph is not None else 0

    @property
    def in_tail(self) -> int:
        """How many rows stand beside the graph."""
        return self.count - self.in_graph

    @property
    def dead(self) -> int:
        """How many rows belong to no key any more."""
        return self.count - len(self.live)

    def is_live(self, row: int) -> bool:
        """Whether the row is its key's own; also where the key's newer row is too new for this picture."""
        current = self.live.get(self.keys[row], -1)
        return current == row or current >= self.count

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """A copy of these rows' vectors, in their order."""
        at = np.asarray(rows, np.int64)
        found = np.empty((len(at), self.dimension), np.float32)
        border = self.in_graph
        inside = at < border
        if self.graph is not None:
            found[inside] = self.graph.vectors[at[inside]]
        found[~inside] = self.tail[at[~inside] - border]
        return found

    def nearest(self, query: Vectors, count: int, *, exactly: bool) -> Ranked:
        """The `count` nearest rows, dead ones among them; the graph is asked unless `exactly`."""
        border = self.in_graph
        beside = nearest_rows(self.tail[: self.in_tail], query, count)
        if self.graph is None:
            return beside
        inside = (
            nearest_rows(self.graph.vectors, query, count) if exactly else self.graph.nearest(query, count)
        )
        rows = np.concatenate([inside.rows, beside.rows + border])
        scores = np.concatenate([inside.scores, beside.scores])
        best = np.argsort(-scores, kind="stable")[:count]
        return Ranked(rows[best], scores[best])


def no_rows(dimension: int) -> Rows:
    """The first picture."""
    return Rows(dimension, np.empty((FIRST_CAPACITY, dimension), np.float32))


def with_more(rows: Rows, keys: Sequence[str], vectors: Vectors) -> Rows:
    """The next picture with these rows at its end; they are not live yet."""
    used, needed = rows.in_tail, rows.in_tail + len(keys)
    tail = rows.tail
    if needed > len(tail):
        tail = np.empty((max(needed, 2 * used, FIRST_CAPACITY), rows.dimension), np.float32)
        tail[:used] = rows.tail[:used]
    tail[used:needed] = vectors  # behind what any reader of an older picture looks at
    rows.keys.extend(keys)
    return replace(rows, tail=tail, count=rows.count + len(keys))


def with_graph(rows: Rows, graph: Graph) -> Rows:
    """The next picture, in which the graph has taken its rows from the tail."""
    return replace(rows, graph=graph, tail=rows.tail[len(graph) - rows.in_graph : rows.in_tail].copy())


def cleared(rows: Rows, kept: Sequence[int], graph: Graph | None, since: int) -> Rows:
    """The next picture without dead rows: `kept` ones first (in `graph`, if given), then those from `since` on.

    A row of `kept` that has died meanwhile stays as a dead one.
    """
    later = [row for row in range(since, rows.count) if rows.live.get(rows.keys[row]) == row]
    order = [*kept, *later]
    keys = [rows.keys[row] for row in order]
    live = {
        key: at for at, (key, row) in enumerate(zip(keys, order, strict=True)) if rows.live.get(key) == row
    }
    tail = rows.vectors(later if graph is not None else order)
    return Rows(rows.dimension, tail, len(order), graph, keys, live)
