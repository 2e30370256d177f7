"""The vectors of an index on disk: rows in chunks, whose keys they are, and the links of the graph over them.

Rows never change once they are there, so a chunk that is full is written once, as is a graph: a save after one change
writes the last chunk alone. Only when dead rows are cleared away is everything written anew.
"""

import json
import weakref
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrieval.dense_rows import Rows
from retrieval.embedding_values import Vectors
from retrieval.index_files import Content, Entry, IndexDamaged, read_file
from retrieval.vector_graph import Graph, graph_of, links_of

CHUNK: Final = 4_096  # rows; 6 MB at 384 dimensions
KEYS, GRAPH = "keys.json", "graph.faiss"


_DEAD = "\0"
"""In the place of a dead row's key: no item's key."""


class OnDisk:
    """What this process knows to stand in a folder: files by name, and of which rows and graph they are.

    Holds none of the vectors and no graph, which would live on in it.
    """

    def __init__(self, folder: Path, rows: Rows, files: Mapping[str, Entry]) -> None:
        self._folder = folder
        self._keys, self._count = rows.keys, rows.count
        self._graph = weakref.ref(rows.graph) if rows.graph is not None else None
        self._files = files

    def chunk(self, folder: Path, rows: Rows, start: int) -> Entry | None:
        """The file of the whole chunk that begins at this row, if it holds these rows."""
        same = self._keys is rows.keys and start + CHUNK <= self._count
        return self._standing(folder, _chunk(start)) if same else None

    def graph(self, folder: Path, graph: Graph) -> Entry | None:
        """The file of this graph."""
        same = self._graph is not None and self._graph() is graph
        return self._standing(folder, GRAPH) if same else None

    def _standing(self, folder: Path, name: str) -> Entry | None:
        entry = self._files.get(name)
        return entry if entry and folder == self._folder and entry.stands_in(folder) else None


def vector_files(folder: Path, rows: Rows, before: OnDisk | None) -> dict[str, Content]:
    """The files of these rows; for those that the save before left as they are to be, their entries."""
    keys = [key if rows.live.get(key) == row else None for row, key in enumerate(rows.keys[: rows.count])]
    files: dict[str, Content] = {KEYS: json.dumps(keys).encode()}
    for start in range(0, rows.count, CHUNK):
        known = before.chunk(folder, rows, start) if before else None
        files[_chunk(start)] = known or partial(_floats, rows, start)
    if rows.graph is not None:
        known = before.graph(folder, rows.graph) if before else None
        files[GRAPH] = known or partial(links_of, rows.graph)
    return files


def read_vectors(folder: Path, manifest: Mapping[str, Any]) -> Rows | None:
    """The rows that were written; None where there were none. A graph that is damaged is left out: it can be built.

    Raises IndexDamaged, ValueError, KeyError or TypeError.
    """
    dimension = manifest["dimension"]
    if dimension is None:
        return None
    keys = json.loads(read_file(folder, manifest, KEYS))
    vectors = np.empty((len(keys), dimension), np.float32)
    for start in range(0, len(keys), CHUNK):
        rows = min(CHUNK, len(keys) - start)
        content = read_file(folder, manifest, _chunk(start))
        vectors[start : start + rows] = np.frombuffer(content, "<f4").reshape(rows, dimension)
    graph = _graph(folder, manifest, vectors) if GRAPH in manifest["files"] else None
    live = {key: row for row, key in enumerate(keys) if key is not None}
    names = [_DEAD if key is None else key for key in keys]
    tail = vectors if graph is None else vectors[len(graph) :].copy()
    return Rows(dimension, tail, len(keys), graph, names, live)


def _graph(folder: Path, manifest: Mapping[str, Any], vectors: Vectors) -> Graph | None:
    try:
        return graph_of(read_file(folder, manifest, GRAPH), vectors)
    except IndexDamaged:
        return None


def _floats(rows: Rows, start: int) -> bytes:
    at = range(start, min(start + CHUNK, rows.count))
    return np.ascontiguousarray(rows.vectors(at), "<f4").tobytes()


def _chunk(start: int) -> str:
    return f"vectors-{start // CHUNK:06}.f32"
