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

    def renumber(self, numbers: "NDArray[np.int64]") -> None:
        """Give each row, by its number until now, another number, in the same order; below 0 drops it."""
        import numpy as np  # noqa: PLC0415

        self._merge()
        now = numbers[self._rows]
        kept = now >= 0
        self._hashes, self._rows = self._hashes[kept], now[kept].astype(np.uint32)
        self._make_room()

    def _merge(self) -> None:
        """Bring the tail into the sorted rows: only the tail is sorted, so that a large table stands still briefly."""
        import numpy as np  # noqa: PLC0415

        fresh = self._tail[: self._waiting].ravel()
        order = np.argsort(fresh, kind="stable")
        fresh, fresh_rows = fresh[order], np.repeat(self._tail_rows[: self._waiting], self._bands)[order]
        size = len(self._rows) + len(fresh)
        places = np.searchsorted(self._hashes, fresh, side="right") + np.arange(len(fresh))
        old = np.ones(size, dtype=np.bool_)
        old[places] = False
        hashes, rows = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint32)
        hashes[places], rows[places] = fresh, fresh_rows
        hashes[old], rows[old] = self._hashes, self._rows
        self._hashes, self._rows = hashes, rows
        self._make_room()

    def _make_room(self) -> None:
        import numpy as np  # noqa: PLC0415

        size = max(_TAIL, len(self._rows) // self._bands // _SHARE)
        self._tail = np.empty((size, self._bands), dtype=np.uint64)
        self._tail_rows = np.empty(size, dtype=np.uint32)
        self._waiting = 0
