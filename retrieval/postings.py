"""Which documents hold which term, and how often in each field: compact arrays with a small part that grows.

The bulk lies sorted by term in three arrays (compressed sparse rows). New documents go into per-term buffers beside it;
when these have grown to a quarter of the bulk, both are merged into new arrays. So adding one document costs its own
terms only, and reading a term is one slice and one buffer.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Slots = NDArray[np.int32]
Counts = NDArray[np.uint8]

HEAD = 3
"""Letters that `Postings.begins` looks at."""
_SMALLEST_MERGE = 200_000
_MERGE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Posting:
    """The documents of one term (slots, in the order of their coming) and its counts, one row a document."""

    slots: Slots
    counts: Counts


class Postings:
    """Term → documents with counts in each of `fields` fields. Not locked: whoever holds it is."""

    def __init__(self, fields: int) -> None:
        self._fields = fields
        self._ids: dict[str, int] = {}
        self._heads: set[str] = set()
        self._offsets: NDArray[np.int64] = np.zeros(1, np.int64)
        self._slots: Slots = np.zeros(0, np.int32)
        self._counts: Counts = np.zeros((0, fields), np.uint8)
        self._fresh: dict[int, tuple[array[int], bytearray]] = {}
        self._fresh_size = 0

    def __contains__(self, term: str) -> bool:
        return term in self._ids

    def __len__(self) -> int:
        return len(self._slots) + self._fresh_size

    def begins(self, head: str) -> bool:
        """Whether a term begins with these `HEAD` letters, or is as short as they are and equal."""
        return head in self._heads

    def add(self, slot: int, counts: Mapping[str, bytes]) -> None:
        """Add a document: term → one byte a field. A slot is added once."""
        for term, row in counts.items():
            number = self._ids.get(term, -1)
            if number < 0:
                number = self._ids[term] = len(self._ids)
                self._heads.add(term[:HEAD])
            slots, rows = self._fresh.setdefault(number, (array("i"), bytearray()))
            slots.append(slot)
            rows += row
        self._fresh_size += len(counts)

    def get(self, term: str) -> Posting | None:
        """Give the documents of a term; None for one that was never added."""
        number = self._ids.get(term)
        if number is None:
            return None
        slots, counts = self._slots[:0], self._counts[:0]
        if number + 1 < len(self._offsets):
            start, end = self._offsets[number], self._offsets[number + 1]
            slots, counts = self._slots[start:end], self._counts[start:end]
        fresh = self._fresh.get(number)
        if fresh is None:
            return Posting(slots, counts)
        new = np.array(fresh[0], dtype=np.int32)
        rows = np.frombuffer(bytes(fresh[1]), np.uint8).reshape(-1, self._fields)
        return Posting(np.concatenate([slots, new]), np.concatenate([counts, rows]))

    @property
    def wants_merge(self) -> bool:
        """Whether the growing part has become so large that it should be merged."""
        return self._fresh_size > max(_SMALLEST_MERGE, _MERGE_SHARE * len(self._slots))

    def merged(self, renumbered: NDArray[np.int32] | None = None) -> "Postings":
        """Give the same postings in one piece; this object stays as it is.

        `renumbered` gives each slot its new number, -1 to drop it; terms without documents are dropped with them.
        """
        terms = np.repeat(np.arange(len(self._offsets) - 1, dtype=np.int64), np.diff(self._offsets))
        slots, counts = self._slots, self._counts
        if self._fresh:
            order = sorted(self._fresh)
            sizes = [len(self._fresh[number][0]) for number in order]
            terms = np.concatenate([terms, np.repeat(np.array(order, np.int64), sizes)])
            slots = np.concatenate([slots, *(np.array(self._fresh[number][0], np.int32) for number in order)])
            rows = b"".join(bytes(self._fresh[number][1]) for number in order)
            counts = np.concatenate([counts, np.frombuffer(rows, np.uint8).reshape(-1, self._fields)])
            by_term = np.argsort(terms, kind="stable")  # two sorted runs: close to linear
            terms, slots, counts = terms[by_term], slots[by_term], counts[by_term]
        if renumbered is not None:
            kept = renumbered[slots] >= 0
            terms, slots, counts = terms[kept], renumbered[slots[kept]], counts[kept]
        return self._of_rows(terms, slots, counts)

    def _of_rows(self, terms: NDArray[np.int64], slots: Slots, counts: Counts) -> "Postings":
        sizes = np.bincount(terms, minlength=len(self._ids))
        names = list(self._ids)
        used = np.flatnonzero(sizes)
        made = Postings(self._fields)
        made._name({names[number]: place for place, number in enumerate(used)})
        made._offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[used])])
        made._slots, made._counts = slots, counts
        return made

    def _name(self, ids: dict[str, int]) -> None:
        self._ids, self._heads = ids, {term[:HEAD] for term in ids}

    def terms(self) -> Iterable[str]:
        """Give all terms, in the order of `to_arrays`."""
        return self._ids

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Give the arrays of merged postings, to be saved with `terms`."""
        if self._fresh:
            return self.merged().to_arrays()
        return {"offsets": self._offsets, "slots": self._slots, "counts": self._counts}

    @classmethod
    def of_arrays(
        cls, terms: list[str], offsets: NDArray[np.int64], slots: Slots, counts: Counts
    ) -> "Postings":
        """Make postings of saved arrays. Raises ValueError where they do not fit together."""
        if len(offsets) != len(terms) + 1 or offsets[-1] != len(slots) or len(counts) != len(slots):
            raise ValueError("terms, offsets and postings differ in length")
        made = cls(counts.shape[1])
        made._name({term: number for number, term in enumerate(terms)})
        made._offsets, made._slots, made._counts = offsets, slots, counts
        return made
