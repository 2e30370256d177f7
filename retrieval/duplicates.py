"""Which texts are nearly this one? MinHash and LSH find the candidates, their shared runs of words decide."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.lsh import BandTable
from retrieval.sketches import BANDS, Sketch, names_in, shingles_of, sketch_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Vector = NDArray[np.float32]

_CANDIDATES = 64  # candidates that are compared exactly, or four times the limit if that is more
# Dead rows are cleared away when they are more than this, and than this share of the living.
_MOST_DEAD, _DEAD_SHARE = 1_000, 0.25
_PER_ROW = 400  # bytes of Python objects around a text's arrays: key, names, slots in two tables


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text that resembles another.

    `overlap`: Broder's resemblance, the share of the runs of three words of both texts that stand in both (the
    Jaccard coefficient), 0–1, names and numbers masked. `similarity`: the cosine of their embeddings, None where
    not both texts came with one.
    """

    key: str
    overlap: float
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    names: tuple[str, ...]
    shingles: "Hashes"
    vector: "Vector | None"


class TextIndex:
    """Texts by their keys, in memory, and the nearest ones of any text.

    The method is A. Broder's ("On the resemblance and containment of documents", 1997). Candidates are the texts that share a band of MinHash values; the best 64 of them are compared exactly. A text
    that shares half its runs is found in 98.6 of 100 cases, one that shares 70 % nearly always. Threads may read
    and write at once.
    """

    def __init__(self) -> None:
        import numpy as np  # noqa: PLC0415 - not before the first text is compared

        self._lock = threading.Lock()
        self._table = BandTable(BANDS)
        self._rows: list[_Row | None] = []
        self._alive = np.zeros(1024, dtype=np.bool_)
        self._row_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, key: object) -> bool:
        return key in self._row_of

    @property
    def nbytes(self) -> int:
        """About how many bytes the texts take."""
        with self._lock:
            arrays = sum(row.shingles.nbytes + 112 for row in self._rows if row is not None)
            vectors = sum(row.vector.nbytes + 112 for row in self._rows if row and row.vector is not None)
            return self._table.nbytes + self._alive.nbytes + arrays + vectors + _PER_ROW * len(self._row_of)

    def upsert(
        self, key: str, text: str, *, names: Sequence[str] = (), vector: "Vector | None" = None
    ) -> None:
        """Put a text in, in the place of the one that had its key. One without any word is not kept.

        `names`: what the product is called (title, brand); they are masked. `vector`: its embedding, of length 1.
        """
        sketch = sketch_of(text, tuple(names))
        with self._lock:
            self._remove(key)
            if sketch.words:
                self._add(_Row(key, tuple(names), sketch.shingles, vector), sketch.bands)

    def remove(self, key: str) -> bool:
        """Take a text out; whether there was one."""
        with self._lock:
            return self._remove(key)

    def nearest(
        self,
        text: str,
        limit: int = 10,
        exclude: Collection[str] = (),
        *,
        names: Sequence[str] = (),
        vector: "Vector | None" = None,
    ) -> tuple[Neighbour, ...]:
        """The texts that share most with this one, best first, save those with a key in `exclude`.

        A text that shares no run is no neighbour. Names of the other text are masked in this one too, so that a
        text whose product nobody knows (`names` empty) still meets its copy.
        """
        sketch = sketch_of(text, tuple(names))
        if not sketch.words or limit < 1:
            return ()
        most = max(_CANDIDATES, 4 * limit)
        with self._lock:
            left_out = [self._row_of[key] for key in exclude if key in self._row_of]
            self._alive[left_out] = False
            found = self._table.candidates(sketch.bands, self._alive, most)
            self._alive[left_out] = True
            rows = [row for number in found.tolist() if (row := self._rows[number]) is not None]
        near = [
            Neighbour(row.key, overlap, cosine(vector, row.vector))
            for row, overlap in zip(rows, _overlaps(sketch, tuple(names), rows), strict=True)
            if overlap > 0
        ]
        return tuple(sorted(near, key=lambda one: (-one.overlap, one.key))[:limit])

    def _add(self, row: _Row, bands: "Hashes") -> None:
        import numpy as np  # noqa: PLC0415

        number = len(self._rows)
        if number == len(self._alive):
            self._alive = np.concatenate((self._alive, np.zeros(number, dtype=np.bool_)))
        self._rows.append(row)
        self._alive[number] = True
        self._row_of[row.key] = number
        self._table.add(number, bands)

    def _remove(self, key: str) -> bool:
        number = self._row_of.pop(key, None)
        if number is None:
            return False
        self._rows[number] = None
        self._alive[number] = False
        if len(self._rows) - len(self._row_of) > max(_MOST_DEAD, _DEAD_SHARE * len(self._row_of)):
            self._clear_away()
        return True

    def _clear_away(self) -> None:
        """Number the rows anew without the dead, which the table of bands would else keep for ever."""
        import numpy as np  # noqa: PLC0415

        alive = self._alive[: len(self._rows)]
        self._table.renumber(np.where(alive, np.cumsum(alive) - 1, -1))
        self._rows = [row for row in self._rows if row is not None]
        self._row_of = {row.key: number for number, row in enumerate(self._rows) if row}
        self._alive = np.arange(max(1024, len(self._rows))) < len(self._rows)


def _overlaps(sketch: Sketch, names: tuple[str, ...], rows: Sequence[_Row]) -> list[float]:
    """The share of the runs of both texts that they share, for each row."""
    import numpy as np  # noqa: PLC0415

    found = []
    for row in rows:
        own = sketch.shingles
        others = tuple(name for name in row.names if name not in names)
        if others and names_in(sketch.words, others):
            own = shingles_of(sketch.words, (*names, *others))
        shared = len(np.intersect1d(own, row.shingles, assume_unique=True))
        found.append(shared / (len(own) + len(row.shingles) - shared))
    return found


def cosine(a: "Vector | None", b: "Vector | None") -> float | None:
    """The cosine of two vectors of length 1; None where one is missing."""
    return None if a is None or b is None else float(min(1.0, max(-1.0, float(a @ b))))
