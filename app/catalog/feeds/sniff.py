"""What a text file is: its format by its content, and the dialect and header of a table."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.json_array import is_array
from app.catalog.feeds.layout import Layout, is_known, layout
from app.catalog.feeds.measures import measures_mark
from app.catalog.feeds.prices import Mark, currency_in, decimal_mark
from app.catalog.feeds.rows import split_rows
from app.catalog.feeds.source import Dialect
from app.errors import Invalid

FORMATS = ("shopify", "magento", "google", "csv", "jsonl")
_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 10  # rows: exports may open with a line or two about themselves
_SAMPLE_ROWS = 200
_XML_ROOT = re.compile(r"<(?![?!])(?:\w+:)?([\w.\-]+)")


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written and where its data starts: after `skip` physical lines."""

    format: str
    dialect: Dialect
    header: tuple[str, ...]
    skip: int
    mark: Mark | None
    measures: Mark | None
    currency: Mapping[str, str]


def text_kind(sample: str) -> str:
    """`xml`, `jsonl` or `table`. Raises `Invalid` for text that is another thing and for JSON not one a line."""
    start = sample.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _xml_kind(start)
    if start.startswith(("{", "[")):
        return _json_kind(start)
    return "table"


def _xml_kind(start: str) -> str:
    without_comments = re.sub(r"<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", "", start, flags=re.DOTALL)
    root = _XML_ROOT.search(without_comments)
    name = root[1].lower() if root else ""
    if name in {"rss", "feed", "rdf"}:
        return "xml"
    if name in {"html", "head", "body", "div"} or "<!doctype html" in start[:200].lower():
        raise Invalid(
            "The file is a web page (HTML), not a product feed. Perhaps a login page was saved instead of it."
        )
    if not name:
        raise Invalid("The file begins like XML and then is not.")
    raise Invalid(
        f"The XML is no product feed: its root is <{root[1] if root else ''}>, expected <rss> or <feed>."
    )


def _json_kind(start: str) -> str:
    if is_array(start):
        return "jsonl"
    lines = [line for line in io.StringIO(start, newline="") if line.strip()]
    # The last line of a sample may be cut.
    for line in lines[:20]:
        try:
            if isinstance(orjson.loads(line), dict):
                return "jsonl"
        except ValueError:
            continue
    if len(lines) == 1 and start.startswith("{") and not start.rstrip().endswith("}"):
        return "jsonl"  # one long object, cut by the sample
    raise Invalid(
        "The file is JSON, but neither JSON Lines (one product object on each line) nor one array of objects. "
        "`jq -c '.products[]' file.json > file.jsonl` makes lines of an array inside it."
    )


def table(sample: str, *, complete: bool, wanted: str | None = None) -> Table:
    """Dialect, header and format of a delimited table. `complete`: the sample is the whole file.

    Raises `Invalid` where no line names the columns, where the product number has no column, where nothing
    follows the header, and where the header does not fit the format `wanted`.
    """
    lines = list(io.StringIO(sample, newline=""))
    if not complete and len(lines) > 1:
        lines.pop()
    declared = re.fullmatch(r"sep=(.)", lines[0].strip("\ufeff\r\n ")) if lines else None
    start = 1 if declared else 0
    best: tuple[float, Dialect, int, list[tuple[int, tuple[str, ...]]]] | None = None
    for delimiter in declared[1] if declared else _DELIMITERS:
        dialect = Dialect(delimiter, escapechar=_escape(sample))
        rows = _rows(lines[start:], dialect, start)
        score, at = _score(rows)
        if best is None or score > best[0]:
            best = (score, dialect, at, rows)
    if best is None or best[0] <= 0:
        raise Invalid(_no_header(lines))
    _, dialect, at, rows = best
    header = tuple(cell.strip("\ufeff \r\n\t") for cell in rows[at][1])
    body = [cells for _, cells in rows[at + 1 :] if any(cell.strip() for cell in cells)]
    skip = _lines_through(lines, rows, at)
    if complete and not any(line.strip(f'{_DELIMITERS}" \r\n') for line in lines[skip:]):
        raise Invalid("The file has a header and nothing below it: no product to import.")
    name = _format(header, wanted)
    place = layout(header, getattr(vocabulary(), "generic" if name == "csv" else name))
    _require(name, place, header, rows[at][0])
    mark = _mark(name, place, body)
    return Table(
        name,
        Dialect(
            dialect.delimiter,
            dialect.quotechar,
            dialect.escapechar,
            newline=_newline(lines),
            quoting=_quoting(lines[rows[at][0] - 1 :], dialect),
            preamble="".join(lines[: rows[at][0] - 1]),
        ),
        header,
        skip,
        mark,
        measures_mark(lambda: _attribute_cells(place, body), mark),
        _currency(place, body, mark),
    )


def _rows(lines: list[str], dialect: Dialect, before: int) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for row in split_rows(iter(lines), dialect, before):
        if hasattr(row, "cells"):
            found.append((row.line, row.cells))
        if len(found) >= _SAMPLE_ROWS:
            break
    return found


def _score(rows: list[tuple[int, tuple[str, ...]]]) -> tuple[float, int]:
    """How much a delimiter makes a table of the text, and which row is its header."""
    best, at = 0.0, 0
    for index, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        names = [cell for cell in cells if cell.strip()]
        hits = sum(map(is_known, names))
        enough = hits >= min(2, len(names)) or any(fold(name) == "sku" for name in names)
        if len(cells) < 2 or hits == 0 or not enough:
            continue
        after = rows[index + 1 : index + 51]
        same = sum(len(c) == len(cells) for _, c in after) / len(after) if after else 0.5
        score = hits + same + hits / len(names)
        if score > best:
            best, at = score, index
        if hits >= 2 and hits * 2 >= len(names):
            break  # the first line that is a header by half is the header
    return best, at


def _lines_through(lines: list[str], rows: list[tuple[int, tuple[str, ...]]], at: int) -> int:
    """Physical lines up to the end of the header row (which may hold quoted newlines)."""
    joined = sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in rows[at][1])
    return min(rows[at][0] + joined, len(lines))


def _format(header: Sequence[str], wanted: str | None) -> str:
    names = frozenset(map(fold, header))
    fitting = [name for name, signature in vocabulary().signatures.items() if signature.fits(names)]
    if wanted is None or wanted == "auto":
        return fitting[0] if fitting else "csv"
    if wanted == "jsonl":
        raise Invalid("The file is a table, not JSON Lines; leave the format to `auto` or say `csv`.")
    return wanted


def _require(name: str, place: Layout, header: Sequence[str], line: int) -> None:
    listed = ", ".join(repr(h) for h in header[:12]) + (", …" if len(header) > 12 else "")
    number = "handle" if name == "shopify" else "sku"
    if number not in place.fields:
        what = "handle" if name == "shopify" else "product number (sku, article number, id …)"
        raise Invalid(f"No column holds the {what}. The header on line {line} names: {listed}.")


def _no_header(lines: list[str]) -> str:
    first = next((line.strip() for line in lines if line.strip()), "")[:80]
    if any(mark in first for mark in _DELIMITERS):
        return (
            f"No line names the columns: the file begins with {first!r}. "
            "The first line of a table must name its columns, such as sku, title, price."
        )
    return (
        f"The file is text in no format known here; it begins with {first!r}. "
        "Expected a Shopify, Magento or generic CSV, a Google Merchant feed (TSV or XML), or JSON Lines."
    )


def _mark(name: str, place: Layout, body: list[tuple[str, ...]]) -> Mark | None:
    index = [place.fields[f] for f in ("price", "sale_price") if f in place.fields]
    cells = [cells[i] for cells in body for i in index if i < len(cells) and cells[i]]
    return decimal_mark(cells) or (None if name == "csv" else ".")


def _currency(place: Layout, body: list[tuple[str, ...]], mark: Mark | None) -> Mapping[str, str]:
    """What the cells of each price column name as their currency, where any does; "" where they differ."""
    found: dict[str, str] = {}
    for field in ("price", "sale_price"):
        at = place.fields.get(field)
        cells = {cells[at] for cells in body if at is not None and at < len(cells)}
        named = {code for cell in cells if (code := currency_in(cell, mark))}
        if named:
            found[field] = named.pop() if len(named) == 1 else ""
    return found


def _attribute_cells(place: Layout, body: list[tuple[str, ...]]) -> list[str]:
    indexes = [column.index for column in place.attributes] + [pair.value for pair in place.pairs]
    return [cells[i] for cells in body for i in indexes if i < len(cells) and cells[i]]


def _escape(sample: str) -> str | None:
    """A backslash where quotes inside quoted cells are written with one, as database exports do."""
    return "\\" if re.search(r'[^\\]\\"[^,;\t|\r\n]', sample) and '""' not in sample else None


def _newline(lines: list[str]) -> str:
    first = lines[0] if lines else ""
    return "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"


def _quoting(lines: list[str], dialect: Dialect) -> str:
    """`all` where even the header's cells are quoted, else `minimal`."""
    head = lines[0].strip() if lines else ""
    cells = next(csv.reader([head], delimiter=dialect.delimiter), [])
    return "all" if head and head.count(dialect.quotechar) >= 2 * len(cells) else "minimal"
