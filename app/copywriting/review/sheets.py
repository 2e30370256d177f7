"""Review sheets: XLSX that people fill in, written row by row and read as data.

A row for each field of a copy. What a sheet holds is never a formula: cells are texts, and one that a spreadsheet would take
for a formula, once it was saved as CSV, begins with an apostrophe, which is taken off again when the sheet is read.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.copywriting.copy import Copy, Fields
from app.copywriting.review.values import Waiting
from app.errors import Invalid, TooLarge
from evaluators.fields import escape

COLUMNS: Mapping[str, int] = {
    "copy id": 30, "version": 8, "sku": 14, "product": 24, "field": 18, "old text": 50, "new text": 60, "facts": 50,
    "checks": 40, "status": 13, "risk": 6, "decision": 11, "comment": 40,
}  # fmt: skip
NEEDED = ("copy id", "version", "field", "new text", "decision")
DECISIONS = ("approve", "reject", "edit")
MAX_ROWS = 100_000
MAX_UNPACKED = 512 * 2**20  # bytes; a small file may unpack to more than a machine has
MAX_CELL = 32_000  # letters; a cell of a spreadsheet takes 32,767
_CUT = " […]"
_FORMULA = frozenset("=+-@\t\r")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what no cell can hold


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that somebody filled in; `number` as the spreadsheet counts it. `problem`: why it cannot be read."""

    number: int
    copy_id: str
    version: int
    field: str
    text: str
    decision: str
    comment: str
    problem: str | None = None


class SheetWriter:
    """Writes a sheet to a file; memory stays flat, whatever its length."""

    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that only a sheet is worth
        from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as above

        self._path = path
        self._wrapped, self._bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Review")
        for number, width in enumerate(COLUMNS.values()):
            self._sheet.column_dimensions[_letter(number)].width = width
        self._sheet.freeze_panes = "A2"
        choice = DataValidation(
            type="list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True, showErrorMessage=True
        )
        choice.error = f"One of {', '.join(DECISIONS)}, or nothing."
        column = _letter(list(COLUMNS).index("decision"))
        choice.add(f"{column}2:{column}{MAX_ROWS}")
        self._sheet.data_validations.append(choice)
        self._sheet.append([self._cell(name, bold=True) for name in COLUMNS])

    def add(self, waiting: Waiting, product: str, old: Copy | None) -> int:
        """A row for each field of a copy; how many. `old`: what stands on the shelf in its place."""
        copy = waiting.copy
        before = dict(cells_of(old.fields)) if old is not None else {}
        facts = {fact.id: fact.text for fact in copy.facts}
        failed = "\n".join(f"{c.severity}: {c.detail}" for c in copy.checks if not c.passed)
        count = 0
        for field, text in cells_of(copy.fields):
            said = [s for s in copy.sentences if s.field == field or s.field.startswith(f"{field}/")]
            cited = dict.fromkeys(fact for sentence in said for fact in sentence.facts)
            values: dict[str, Any] = {
                "copy id": copy.id, "version": copy.version, "sku": copy.sku, "product": product, "field": field,
                "old text": before.get(field, ""), "new text": text,
                "facts": "\n".join(f"{fact}: {facts[fact]}" for fact in cited if fact in facts),
                "checks": failed, "status": copy.status, "risk": waiting.risk, "decision": "", "comment": "",
            }  # fmt: skip
            self._sheet.append([self._cell(values[name]) for name in COLUMNS])
            count += 1
        return count

    def close(self) -> None:
        """Write the file."""
        self._book.save(self._path)

    def _cell(self, value: str | int, *, bold: bool = False) -> Any:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

        text = isinstance(value, str)
        cell = WriteOnlyCell(self._sheet, value=defused(shown(value)) if isinstance(value, str) else value)
        if text:
            cell.data_type = "s"
            cell.alignment = self._wrapped
        if bold:
            cell.font = self._bold
        return cell


def cells_of(fields: Fields) -> Iterator[tuple[str, str]]:
    """The fields as a sheet shows them: a list with one item a line, of a map each entry by itself ("alt/URL")."""
    for name, value in fields.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Mapping):
            yield from ((f"{name}/{escape(str(key))}", str(text)) for key, text in value.items())
        elif isinstance(value, Sequence):
            yield name, "\n".join(str(item) for item in value)


def changes_of(fields: Fields, cells: Mapping[str, str]) -> dict[str, Any]:
    """What cells of a sheet change in the fields: an edit as `PATCH` takes it. Raises Invalid for a field unknown to it."""
    known = dict(cells_of(fields))
    changes: dict[str, Any] = {}
    for field, text in cells.items():
        if field not in known:
            raise Invalid(f"there is no field {field!r}; there are: {', '.join(known)}")
        if text == plain(known[field]):
            continue
        if len(known[field]) > MAX_CELL:
            raise Invalid(f"{field} is longer than a cell holds; edit it elsewhere")
        name = field if field in fields else field.partition("/")[0]
        if isinstance(fields[name], str):
            changes[name] = text
        elif isinstance(fields[name], Mapping):
            key = next(key for key in fields[name] if f"{name}/{escape(str(key))}" == field)
            changes.setdefault(name, {})[key] = text
        else:
            changes[name] = [line.strip() for line in text.split("\n") if line.strip()]
    return changes


def read_sheet(path: Path) -> list[SheetRow]:
    """The rows of a filled-in sheet; columns may have moved, and others may have joined them.

    Raises Invalid where it cannot be read or a column is missing, TooLarge.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only a sheet is worth it

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise TooLarge(f"file: it unpacks to more than {MAX_UNPACKED // 2**20} MiB")
        book = CalamineWorkbook.from_path(str(path))
        rows = iter(book.get_sheet_by_index(0).iter_rows())
        header = [str(value).strip().casefold() for value in next(rows, [])]
        if missing := [name for name in NEEDED if name not in header]:
            raise Invalid(f"file: the first row lacks {', '.join(missing)}", pointer="form/file")
        found = []
        for number, row in enumerate(rows, 2):
            if number > MAX_ROWS:
                raise TooLarge(f"file: more than {MAX_ROWS:,} rows")
            values = dict(zip(header, row, strict=False))
            if any(_text(value) for value in values.values()):
                found.append(_row(number, values))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise Invalid(f"file: not a sheet that can be read: {error}", pointer="form/file") from None
    return found


def _row(number: int, values: Mapping[str, Any]) -> SheetRow:
    said = {name: _text(values.get(name)) for name in COLUMNS}
    version = said["version"].strip().removesuffix(".0")
    decision = said["decision"].strip().casefold()
    problem = None
    if not said["copy id"].strip():
        problem = "the copy id is gone"
    elif not (version.isascii() and version.isdecimal() and len(version) < 9):
        problem = f"version: a number, not {said['version']!r}"
    elif decision not in {"", *DECISIONS}:
        problem = f"decision: {', '.join(DECISIONS)} or nothing, not {said['decision']!r}"
    return SheetRow(
        number=number,
        copy_id=said["copy id"].strip(),
        version=int(version) if problem is None else 0,
        field=said["field"].strip(),
        text=plain(said["new text"]),
        decision=decision,
        comment=said["comment"].strip(),
        problem=problem,
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return armed(str(value)) if value is not None else ""


def shown(text: str) -> str:
    """A text as a cell can hold it."""
    clean = _NOT_XML.sub("", text)
    return clean if len(clean) <= MAX_CELL else clean[:MAX_CELL] + _CUT


def plain(text: str) -> str:
    """A text as it is compared: what a spreadsheet does to blanks and line ends on the way is no edit."""
    lines = shown(text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def defused(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet would read a formula; `armed` takes it off again."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA and text.lstrip("'") else text


def armed(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'")[:1] in _FORMULA else text


def _letter(number: int) -> str:
    return chr(ord("A") + number)
