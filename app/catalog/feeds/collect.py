"""From rows to records, for every format whose rows are products or variants by themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import Entry
from app.catalog.feeds.grouping import grouped
from app.catalog.feeds.records import Item, ProductRecord, Rejected, SourceRow
from app.catalog.feeds.source import Source
from app.catalog.feeds.spool import Group, Spool, spool_in
from retrieval.quick_values import quick

Rows = Iterator[SourceRow | Rejected]
READING_SHARE = 0.5  # of the progress, where a file is read once and its spool once


@quick
@dataclass(frozen=True, slots=True)
class Reading:
    """One row read: the entry and which fields the row has a place for."""

    entry: Entry
    present: frozenset[str]


ReadRow = Callable[[SourceRow], Reading]
"""A row's entry; raises `RowError`."""


def one_by_one(source: Source, rows: Rows, read_row: ReadRow) -> Iterator[Item]:
    """Each row is a product of its own. One pass; a product number that came before is rejected."""
    with spool_in(source.folder) as spool:
        for row in rows:
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                reading = read_row(row)
            except RowError as error:
                yield Rejected(row.line, error.sku, str(error))
                continue
            sku = reading.entry.product.sku
            if (before := spool.claim(sku, row.line)) is not None:
                yield duplicate(sku, before, row.line)
                continue
            yield ProductRecord(reading.entry.product, (row,), reading.present)
            yield from noted(reading.entry, row.line)


def by_parent(source: Source, rows: Rows, read_row: ReadRow) -> Iterator[Item]:
    """Rows that name a parent become its variants, wherever they and it stand. Two passes over a spool."""
    with spool_in(source.folder) as spool:
        for row in rows:
            if isinstance(row, Rejected):
                spool.reject(row)
                continue
            try:
                entry = read_row(row).entry
            except RowError as error:
                spool.reject(Rejected(row.line, error.sku, str(error)))
                continue
            sku = entry.product.sku
            if (before := spool.claim(sku, row.line)) is not None:
                spool.reject(duplicate(sku, before, row.line))
            else:
                spool.add(entry.group or sku, row)
        yield from emit(source, spool, lambda group: _records(group, read_row))


def emit(source: Source, spool: Spool, records: Callable[[Group], Iterator[Item]]) -> Iterator[Item]:
    """The second pass: the records of each group and what was rejected, while progress goes on."""
    done = 0
    source.progress.follow(lambda: done / max(spool.rows, 1), start=READING_SHARE, share=1 - READING_SHARE)
    for group in spool.groups():
        yield from group.rejected
        if group.rows:
            yield from records(group)
        done += len(group.rows) + len(group.rejected)
    source.progress.reached(1.0)


def _records(group: Group, read_row: ReadRow) -> Iterator[Item]:
    readings = [(row, read_row(row)) for _, row in group.rows]
    present = frozenset[str]().union(*(reading.present for _, reading in readings))
    members = [r.entry for _, r in readings if _is_variant(r.entry, group.key)]
    parent = next(
        (r.entry for _, r in readings if r.entry.product.sku == group.key and r.entry not in members), None
    )
    rows = tuple(row for row, _ in readings)
    if members:
        product = grouped(group.key, parent, members)
        present |= {"variants"}
    elif parent is not None:
        product = parent.product
    else:
        return
    yield ProductRecord(product, rows, present)
    for row, reading in readings:
        yield from noted(reading.entry, row.line)


def _is_variant(entry: Entry, key: str) -> bool:
    """A row that names its parent; one that names itself is a variant only if it says which (its size, colour, …)."""
    if entry.group is None or entry.product.sku != key:
        return entry.group is not None
    return any(fold(name) in vocabulary().options for name in entry.product.attributes)


def noted(entry: Entry, line: int) -> Iterator[Rejected]:
    """What was refused of a row that went in."""
    for note in entry.notes:
        yield Rejected(line, entry.product.sku, note, kept=True)


def duplicate(sku: str, first: int, line: int) -> Rejected:
    """The rejection of a product number that another line has already."""
    return Rejected(line, sku, f"product number {sku!r} is already on line {first}; line {line} was left out")
