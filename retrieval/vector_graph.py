"""Nearest rows to a query by faiss: exactly over an array, or by an HNSW graph that never changes once it is made.

HNSW: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using hierarchical navigable
small world graphs" (2018). faiss is imported at the first search, and held to one thread in each that calls it: its
setting counts for the calling thread alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from retrieval.embedding_values import Vectors

LINKS: Final = 32  # M: neighbours of a node in each layer; 256 bytes a row
BUILD_BREADTH: Final = 80  # efConstruction
SEARCH_BREADTH: Final = 64  # efSearch, at least
SLICE: Final = 500  # rows that are added between two looks at `stopped`: some 0.2 s


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Row numbers, best first, with their inner products."""

    rows: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]


def nearest_rows(matrix: Vectors, query: Vectors, count: int) -> Ranked:
    """The `count` rows of the largest inner product, exactly; fewer where there are fewer."""
    count = min(count, len(matrix))
    if count <= 0:
        return Ranked(np.empty(0, np.int64), np.empty(0, np.float32))
    scores, rows = _faiss().knn(query[np.newaxis], matrix, count, metric=0)  # 0: METRIC_INNER_PRODUCT
    return Ranked(rows[0], scores[0])


class Graph:
    """A graph over rows 0 to `len`. Frozen: `grown` gives another one; searches of several threads may overlap."""

    def __init__(self, index: Any) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def vectors(self) -> Vectors:
        """The rows themselves, seen in the graph's own memory; hold the graph while you read them."""
        faiss = _faiss()
        index = self._index
        storage = faiss.downcast_index(index.storage)
        flat = faiss.rev_swig_ptr(storage.get_xb(), index.ntotal * index.d)
        rows: Vectors = flat.reshape(index.ntotal, index.d)
        return rows

    def nearest(self, query: Vectors, count: int) -> Ranked:
        """Nearly always the `count` rows of the largest inner product; it may find fewer."""
        parameters = _faiss().SearchParametersHNSW(efSearch=max(SEARCH_BREADTH, 2 * count))
        scores, rows = self._index.search(query[np.newaxis], min(count, len(self)), params=parameters)
        found = rows[0] >= 0
        return Ranked(rows[0][found], scores[0][found])


def links_of(graph: Graph) -> bytes:
    """The graph as bytes, without its vectors: 271 a row."""
    faiss = _faiss()
    return bytes(faiss.serialize_index(graph._index, faiss.IO_FLAG_SKIP_STORAGE))  # noqa: SLF001 - its own kind


def graph_of(links: bytes, vectors: Vectors) -> Graph | None:
    """The graph whose links these are over the first of these vectors; None where they do not fit together."""
    faiss = _faiss()
    try:
        index = faiss.deserialize_index(np.frombuffer(links, np.uint8))
    except RuntimeError:  # whatever faiss finds wrong
        return None
    if not isinstance(index, faiss.IndexHNSWFlat):
        return None
    rows = index.ntotal
    if index.d != vectors.shape[1] or rows > len(vectors) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
        return None
    storage = faiss.IndexFlat(index.d, faiss.METRIC_INNER_PRODUCT)
    storage.add(np.ascontiguousarray(vectors[:rows]))
    storage.this.disown()  # the graph frees it
    index.storage, index.own_fields = storage, True
    return Graph(index)


def grown(graph: Graph | None, more: Vectors, stopped: Callable[[], bool]) -> Graph | None:
    """A graph of the old one's rows and `more`, after them; None where `stopped` said so meanwhile.

    Takes 0.3 ms a row of `more`, and for a while the memory of both graphs.
    """
    faiss = _faiss()
    if graph is None:
        index = faiss.IndexHNSWFlat(more.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = BUILD_BREADTH
    else:
        index = faiss.clone_index(graph._index)  # noqa: SLF001 - its own kind
    for start in range(0, len(more), SLICE):
        if stopped():
            return None
        index.add(more[start : start + SLICE])
    return Graph(index)


def _faiss() -> Any:
    import faiss  # noqa: PLC0415 - 0.4 s: only where vectors are searched

    faiss.omp_set_num_threads(1)
    return faiss
