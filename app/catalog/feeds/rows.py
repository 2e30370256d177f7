"""The rows of a delimited table with the physical line each starts on, surviving quotes that never close."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from app.catalog.feeds.records import Rejected, SourceRow
from app.catalog.feeds.source import Dialect, Source

MAX_CELL_CHARS = 1024**2
# What may be read twice while looking for the end of cells that never close; then cells end with their line.
_REREAD_CHARS = 64 * 1024**2


def read_rows(source: Source, share: float = 1.0) -> Iterator[SourceRow | Rejected]:
    """Every row after the header, blank ones left out. `share` is the part of progress that this reading is.

    Rejected are: rows with more cells than the header has names, rows with bytes that are wrong in the file's
    encoding, and the line on which a quoted cell opens that never closes; reading goes on with the next line.
    """
    return source.in_own_words(_rows(source, share))


def _rows(source: Source, share: float) -> Iterator[SourceRow | Rejected]:
    width = len(source.header) + len(source.added)
    with source.path.open("rb") as raw, source.open_text(raw) as stream:
        total = max(source.progress.total, 1)
        source.progress.follow(lambda: 0 if raw.closed else raw.tell() / total, share=share)
        lines = iter(stream)
        for _ in range(source.skip):
            next(lines, None)
        for row in split_rows(lines, source.dialect, source.skip):
            if isinstance(row, Rejected):
                yield row
            elif any(row.cells):
                yield _checked(row, width, damaged=source.damaged)
        source.progress.reached(share)


def _checked(row: SourceRow, width: int, *, damaged: bool) -> SourceRow | Rejected:
    if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
        detail = (
            f"{len(row.cells)} cells where the header names {width}; a delimiter or quote is out of place"
        )
        return Rejected(row.line, None, detail)
    if damaged and (reason := damage(row.cells)):
        return Rejected(row.line, None, reason)
    return row


def damage(cells: Sequence[str]) -> str:
    """What is wrong with the bytes that these cells were read from; "" where nothing is."""
    for cell in cells:
        if "\x00" in cell:
            return "NUL bytes; the row is damaged"
        if not cell.isascii() and any("\udc80" <= c <= "\udcff" for c in cell):
            return "bytes that are not valid in the encoding of the file"
    return ""


_ASTRAY = "a quoted cell opens on this line and does not close where it should"
_TOO_LONG = f"a cell is longer than {MAX_CELL_CHARS // 1024**2} MB"


def _is_long(taken: Sequence[str], dialect: Dialect) -> bool:
    """Whether one line alone holds the cell that broke the limit."""
    return len(taken) == 1 and max(map(len, taken[0].split(dialect.delimiter))) > MAX_CELL_CHARS


def split_rows(lines: Iterator[str], dialect: Dialect, before: int = 0) -> Iterator[SourceRow | Rejected]:
    """Rows of any iterator of physical lines, numbered after `before`.

    Strict first: a quoted cell must end before a delimiter. One line that breaks this (`"15" screen",9`) is read
    as leniently as the csv module can. Where several lines broke it, the quote on the first was never meant to
    open there: that line is rejected and the lines that it swallowed are read again.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL_CHARS))
    budget = _REREAD_CHARS
    pending: list[str] = []
    taken: list[str] = []
    line = before + 1

    def feed() -> Iterator[str]:
        while (text := pending.pop() if pending else next(lines, None)) is not None:
            taken.append(text)
            yield text

    while True:
        single = [next(feed(), "")] if budget <= 0 else []
        if budget <= 0 and not taken:
            return
        try:
            for cells in _reader(single or feed(), dialect, strict=True):
                if cells:
                    yield SourceRow(line, tuple(cells))
                line += len(taken)
                taken.clear()
            if budget > 0:
                return
        except csv.Error as error:
            cells = _lenient(taken, dialect) if len(taken) == 1 and "end of data" not in str(error) else []
            if cells:
                yield SourceRow(line, tuple(cells))
            else:
                yield Rejected(line, None, _TOO_LONG if _is_long(taken, dialect) else _ASTRAY)
                budget -= sum(map(len, taken))
                pending.extend(reversed(taken[1:]))
            line += 1
            taken.clear()


def _lenient(taken: list[str], dialect: Dialect) -> list[str]:
    """The cells of one line as well as they can be told; none where even that fails."""
    try:
        return next(_reader(taken, dialect, strict=False), [])
    except csv.Error:
        return []


def _reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
        doublequote=dialect.escapechar is None,
        strict=strict,
    )
