"""Tables of our own, for people and their spreadsheets: one row a text, the same columns as CSV and as XLSX."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exporting.repository import StoredRow
from app.exporting.texts import Text

_FIRST = ("sku", "product_title", "product_status", "template", "locale", "channel", "angle", "variant")
_FIELDS = ("title", "description_html", "bullets", "meta_title", "meta_description", "slug")
_MORE = ("headline", "hook", "cta", "alt", "variant_titles", "other_fields")
_LAST = ("authorship", "responsible", "copy_status", "copy_id", "version")
COLUMNS = (*_FIRST, *_FIELDS, *_MORE, *_LAST)
# A cell that begins like this is a formula to a spreadsheet; a number is one whatever its sign.
_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@|]|^[\t\r\n]")
_NUMBER = re.compile(r"^[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?\s?%?$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_CHARS, _MOST_ROWS = 32_767, 1_048_576  # of an Excel cell and sheet
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can say


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what would be one. Numbers stay."""
    return f"'{cell}" if _FORMULA.search(cell) and not _NUMBER.match(cell) else cell


def rows_of(product: StoredRow, texts: Sequence[Text]) -> Iterator[list[str]]:
    """A product's rows: one for each text, or one without."""
    for text in texts or (None,):
        cells = dict.fromkeys(COLUMNS, "") | {
            "sku": product.sku,
            "product_title": product.title,
            "product_status": product.status,
        }
        if text is not None:
            cells |= _text_cells(text)
        yield [harmless(cells[name]) for name in COLUMNS]


def _text_cells(text: Text) -> dict[str, str]:
    cells = {name: _cell(text.fields[name]) for name in (*_FIELDS, *_MORE) if name in text.fields}
    other = {name: value for name, value in text.fields.items() if name not in cells}
    return cells | {
        "template": text.template,
        "locale": text.locale,
        "channel": text.channel,
        "angle": text.angle or "",
        "variant": str(text.variant),
        "other_fields": _cell(other) if other else "",
        "authorship": text.authorship,
        "responsible": text.responsible or "",
        "copy_status": text.status,
        "copy_id": text.copy_id,
        "version": str(text.version),
    }


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False) if value else ""


class CsvSheet:
    """CSV as spreadsheets like it: UTF-8 with its mark, commas, CRLF."""

    def __init__(self) -> None:
        self._buffer = io.StringIO(newline="")
        self._csv = csv.writer(self._buffer)
        self._buffer.write("\ufeff")
        self._csv.writerow(COLUMNS)

    def add(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows, and the head before the first."""
        self._csv.writerows(rows)
        made = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return made.encode(errors="replace")

    def finish(self) -> Iterator[bytes]:
        """Nothing more, or the head where there was no row."""
        yield self.add(())

    def close(self) -> None:
        """Nothing to do."""


class XlsxSheet:
    """A workbook, written row by row to disk. Its bytes are the same whenever it is made of the same rows."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - only where a workbook is made

        self._folder = TemporaryDirectory(prefix="shelftalker-xlsx-")
        self._book = Workbook(write_only=True)
        self._sheet: Any = None
        self._rows = 0

    def add(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows; a workbook has no bytes before its end."""
        for row in rows:
            if self._rows % (_MOST_ROWS - 1) == 0:
                self._begin_sheet()
            self._rows += 1
            self._sheet.append([_fitting(cell) for cell in row])
        return b""

    def finish(self) -> Iterator[bytes]:
        """The workbook."""
        if self._sheet is None:
            self._begin_sheet()
        made, stable = Path(self._folder.name) / "made.xlsx", Path(self._folder.name) / "stable.xlsx"
        self._book.save(made)
        with ZipFile(made) as parts, ZipFile(stable, "w", ZIP_DEFLATED) as out:
            for name in sorted(parts.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                with parts.open(name) as part, out.open(_entry(name), "w", force_zip64=True) as copy:
                    if name == "docProps/core.xml":
                        copy.write(
                            re.sub(
                                rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*",
                                rb"\g<1>1980-01-01T00:00:00Z",
                                part.read(),
                            )
                        )
                        continue
                    while data := part.read(2**16):
                        copy.write(data)
        with stable.open("rb") as file:
            while data := file.read(2**18):
                yield data

    def close(self) -> None:
        """Remove what is on disk."""
        self._folder.cleanup()

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets) + 1
        self._sheet = self._book.create_sheet("Copy" if number == 1 else f"Copy {number}")
        self._sheet.freeze_panes = "B2"
        self._sheet.append(list(COLUMNS))


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _MOMENT)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _fitting(cell: str) -> str:
    """A cell within what a workbook can hold."""
    cell = _CONTROLS.sub("", cell)
    if len(cell) <= _MOST_CHARS:
        return cell
    note = " … (cut: a cell holds 32,767 characters)"
    return cell[: _MOST_CHARS - len(note)] + note


def line_of(product: StoredRow, texts: Sequence[Text]) -> bytes:
    """A product and its texts as one line of JSON: with the facts that they rest on, and who answers for them."""
    copy = [
        {
            "id": text.copy_id,
            "version": text.version,
            "template": text.template,
            "locale": text.locale,
            "channel": text.channel,
            "angle": text.angle,
            "variant": text.variant,
            "status": text.status,
            "fields": text.fields,
            "sentences": [_sentence(s) for s in text.data.get("sentences", ())],
            "facts": text.data.get("facts", ()),
            "authorship": text.authorship,
            "responsible": text.responsible,
            "provenance": text.data["provenance"],
            "created_at": text.data.get("created_at"),
        }
        for text in texts
    ]
    whole = json.dumps({"copy": copy}, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return f'{{"product":{product.data},{whole[1:]}\n'.encode(errors="replace")


def _sentence(sentence: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"field": sentence["field"], "text": sentence["text"], "facts": sentence["facts"]}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
