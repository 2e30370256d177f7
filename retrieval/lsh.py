"""Locality-sensitive hashing (Indyk and Motwani 1998): the texts that share a band with one.

Sorted arrays instead of a dictionary for each band: 12 bytes for each band of a text, where a dictionary of sets
takes some hundreds. New rows wait in a short unsorted tail, which is merged when it has grown.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Rows = NDArray[np.uint32]

_TAIL = 2048  # rows that are looked through one by one before they are merged
_SHARE = 16  # … or this share of all, if that is more


class BandTable:
    """Rows by their bands. A row is a number that the caller chose; what it stands for is the caller's."""

    def __init__(self, bands: int) -> None:
        import numpy as np  # noqa: PLC0415 - not before the first text is compared

        self._bands = bands
        self._hashes: Hashes = np.empty(0, dtype=np.uint64)
        self._rows: Rows = np.empty(0, dtype=np.uint32)
        self._tail: Hashes = np.empty((_TAIL, bands), dtype=np.uint64)
        self._tail_rows: Rows = np.empty(_TAIL, dtype=np.uint32)
        self._waiting = 0

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return self._hashes.nbytes + self._rows.nbytes + self._tail.nbytes + self._tail_rows.nbytes

    def add(self, row: int, bands: "Hashes") -> None:
        """Take in a row that was never in here before."""
        if self._waiting == len(self._tail):
            self._merge()
        self._tail[self._waiting] = bands
        self._tail_rows[self._waiting] = row
        self._waiting += 1

    def candidates(self, bands: "Hashes", alive: "NDArray[np.bool_]", most: int) -> "Rows":
        """Living rows that share a band, those that share most of them first; at most `most`."""
        import numpy as np  # noqa: PLC0415

        starts = np.searchsorted(self._hashes, bands, side="left")
        ends = np.searchsorted(self._hashes, bands, side="right")
        found = [self._rows[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
        shared = (self._tail[: self._waiting] == bands).sum(axis=1)
        near = np.flatnonzero(shared)
        found.append(np.repeat(self._tail_rows[near], shared[near]))
        rows, counts = np.unique(np.concatenate(found), return_counts=True)
        counts, rows = counts[alive[rows]], rows[alive[rows]]
        best: Rows = rows[np.argsort(-counts, kind="stable")[:most]]
        return best

    def _merge(self) -> None:
        import numpy as np  # noqa: PLC0415

        hashes = np.concatenate((self._hashes, self._tail.ravel()))
        rows = np.concatenate((self._rows, np.repeat(self._tail_rows, self._bands)))
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._rows = hashes[order], rows[order]
        size = max(_TAIL, len(self._rows) // self._bands // _SHARE)
        self._tail = np.empty((size, self._bands), dtype=np.uint64)
        self._tail_rows = np.empty(size, dtype=np.uint32)
        self._waiting = 0
