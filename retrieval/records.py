"""What the index knows of each item beside its words: name, version, codes, brand, category, and the text to embed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import fold
from retrieval.columns import Column
from retrieval.items import Item, pending_of

Mask = NDArray[np.bool_]

_MOST_FILTERS = 64  # whose answers are kept until the next change
_NOBODY, _NOBODYS = -1, -2  # the number of an empty slot, and that of a name that no record ever had
_CODE_MARKS = re.compile(r"[\s\-‐‑]+")


@dataclass(slots=True)
class Record:
    """An item without its words. `text` waits for its vector and is None once that is there."""

    key: str
    title: str
    version: str
    brand: str
    category: tuple[str, ...]
    codes: tuple[str, ...]
    text_hash: str
    text: str | None
    slot: int = -1


@dataclass(frozen=True, slots=True)
class Passing:
    """What a filter lets through, as a mask over slots and as keys."""

    mask: Mask
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Swept:
    """Records in slots without gaps."""

    records: list[Record | None]
    brands: Column
    categories: Column


def record_of(item: Item) -> Record:
    """Give the record of an item, its codes and names as they are compared."""
    waiting = pending_of(item)
    codes = dict.fromkeys(plain_code(code) for code in (item.key, *item.codes))
    return Record(
        key=item.key,
        title=item.title,
        version=item.version,
        brand=fold(item.brand),
        category=tuple(fold(part) for part in item.category),
        codes=tuple(code for code in codes if code),
        text_hash=waiting.text_hash,
        text=waiting.text,
    )


def plain_code(text: str) -> str:
    """Give a code as codes are compared: without case, blanks and hyphens, a number without its leading zeros."""
    plain = _CODE_MARKS.sub("", fold(text))
    return (plain.lstrip("0") or "0") if plain.isdigit() else plain


class Records:
    """Records by key, by slot and by code, with the answers of filters. Not locked: `Index` is."""

    def __init__(self) -> None:
        self._by_key: dict[str, Record] = {}
        self._by_slot: list[Record | None] = []
        self._codes: dict[str, tuple[str, ...]] = {}
        self._names = _Names(), _Names()
        self._columns = Column(np.int32), Column(np.int32)
        self._passing: dict[tuple[tuple[str, ...], str], Passing] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Record]:
        """Go through the records in the order of their slots."""
        return (record for record in self._by_slot if record is not None)

    def get(self, key: str) -> Record | None:
        """Give the record of a key."""
        return self._by_key.get(key)

    def at(self, slot: int) -> Record:
        """Give the record of a living slot."""
        record = self._by_slot[slot]
        if record is None:
            raise KeyError(f"slot {slot} is empty")
        return record

    def add(self, record: Record, slot: int) -> None:
        """Put a record in; its key is not in yet and its slot is the next one."""
        self._passing.clear()
        record.slot = slot
        self._by_key[record.key] = record
        self._by_slot.append(record)
        self._columns[0].append(self._names[0].number(record.brand))
        self._columns[1].append(self._names[1].number(record.category))
        for code in record.codes:
            self._codes[code] = (*self._codes.get(code, ()), record.key)

    def remove(self, key: str) -> Record | None:
        """Take a record out; None where there is none."""
        record = self._by_key.pop(key, None)
        if record is None:
            return None
        self._passing.clear()
        self._by_slot[record.slot] = None
        for column in self._columns:
            column.values[record.slot] = _NOBODY
        for code in record.codes:
            rest = tuple(other for other in self._codes[code] if other != key)
            if rest:
                self._codes[code] = rest
            else:
                del self._codes[code]
        return record

    def snapshot(self) -> list[Record | None]:
        """Give the records by slot as they stand now, None for empty slots: a quick copy, to be read without lock."""
        return self._by_slot.copy()

    def swept(self) -> Swept:
        """Number the slots anew, without the empty ones, aside: this object stays as it is."""
        kept = np.array([record is not None for record in self._by_slot], np.bool_)
        return Swept(list(self), self._columns[0].taken(kept), self._columns[1].taken(kept))

    def swap(self, swept: Swept) -> None:
        """Take slots that were numbered anew, when nothing was written meanwhile. `renumber` belongs to it."""
        self._passing.clear()
        self._by_slot = swept.records
        self._columns = swept.brands, swept.categories

    def renumber(self) -> None:
        """Tell the records their slots after a swap. Only writers ask for them, so readers need not wait."""
        for slot, record in enumerate(self):
            record.slot = slot

    def with_code(self, text: str) -> list[Record]:
        """Give the records of which the text is a code, in the order of their keys."""
        return [self._by_key[key] for key in sorted(self._codes.get(plain_code(text), ()))]

    def passing(self, category: Sequence[str] | None, brand: str | None) -> Passing | None:
        """Say what a filter lets through: a category path's beginning, a brand; None where there is no filter."""
        path, name = tuple(fold(part) for part in category or ()), fold(brand or "")
        if not path and not name:
            return None
        known = self._passing.get((path, name))
        if known is None:
            if len(self._passing) >= _MOST_FILTERS:
                self._passing.clear()
            mask = self._mask(path, name)
            keys = frozenset(self.at(slot).key for slot in np.flatnonzero(mask).tolist())
            known = self._passing[path, name] = Passing(mask, keys)
        return known

    def _mask(self, path: tuple[str, ...], name: str) -> Mask:
        mask: Mask = self._columns[0].values != _NOBODY
        if name:
            mask &= self._columns[0].values == self._names[0].get(name)
        if path:
            begins = [number for value, number in self._names[1].items() if value[: len(path)] == path]
            mask &= np.isin(self._columns[1].values, begins)
        return mask


class _Names:
    """Numbers for values that many records share."""

    def __init__(self) -> None:
        self._numbers: dict[str | tuple[str, ...], int] = {}

    def number(self, value: str | tuple[str, ...]) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def get(self, value: str | tuple[str, ...]) -> int:
        return self._numbers.get(value, _NOBODYS)

    def items(self) -> Iterator[tuple[tuple[str, ...], int]]:
        return ((value, number) for value, number in self._numbers.items() if isinstance(value, tuple))
