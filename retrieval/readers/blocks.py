"""What every reader makes of a document: one plain text, and its blocks as stretches of it."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "row", "code"]
_SPACE = re.compile(r"\s+")
# Characters that are no text; a soft hyphen only says where a word may be broken.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\ufffe\uffff\ud800-\udfff]")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")
_CLOSE: frozenset[Kind] = frozenset({"item", "row"})
MAX_TEXT = 2_000_000
"""Characters of plain text that one document may have: more than a thousand printed pages."""


class DocumentUnreadableError(ValueError):
    """A document from which no text can be had; the message says why, for the person who sent it."""


class DocumentTooLargeError(ValueError):
    """A document with more text than is taken; the message names the limit."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row or stretch of code: `text[start:end]` of the reading.

    `level` is a heading's rank from 1. `table` numbers the table that a row belongs to, from 1; 0 elsewhere.
    """

    kind: Kind
    start: int
    end: int
    level: int = 0
    table: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as plain text with its blocks in order. `title` is the title that the document gives itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None


class Builder:
    """Collects blocks: each in one line, lists and tables line under line, an empty line between all others."""

    def __init__(self) -> None:
        self.title: str | None = None
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._tables = 0

    def add(self, kind: Kind, text: str, *, level: int = 0, table: int = 0) -> None:
        """Add a block; one without text is none. Raises DocumentTooLargeError beyond `MAX_TEXT`."""
        text = _SPACE.sub(" ", _CONTROL.sub("", text)).strip()
        if not text:
            return
        if self._blocks:
            last = self._blocks[-1].kind
            self._put("\n" if last == kind and kind in _CLOSE else "\n\n")
        start = self._length
        self._put(text)
        self._blocks.append(Block(kind, start, self._length, level, table))
        if self._length > MAX_TEXT:
            raise _too_large()

    def add_table(self, rows: Iterable[Sequence[str] | str], *, names: Sequence[str] = ()) -> None:
        """Add a table: each row is a statement of its own, every cell after the name of its column.

        Without names the first of two columns names the second. Empty cells say nothing. A row that is a text and no
        cells is said as it is. Raises DocumentTooLargeError beyond `MAX_TEXT`.
        """
        names = [_SPACE.sub(" ", name).strip().rstrip(":") for name in names]
        self._tables += 1
        for row in rows:
            if isinstance(row, str):
                self.add("row", row, table=self._tables)
                continue
            if sum(map(len, row)) > MAX_TEXT:
                raise _too_large()
            cells = [_SPACE.sub(" ", cell).strip() for cell in row]
            if not names and len(cells) == 2 and all(cells):
                said = f"{cells[0].rstrip(':')}: {cells[1]}"
            else:
                labels = [*names, *[""] * (len(cells) - len(names))]
                said = "; ".join(
                    f"{label}: {cell}" if label else cell
                    for label, cell in zip(labels, cells, strict=False)
                    if cell
                )
            self.add("row", said, table=self._tables)

    def finished(self) -> Reading:
        """The reading."""
        return Reading("".join(self._parts), tuple(self._blocks), self.title)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def unescaped(text: str) -> str:
    """Text with its character references read ("&amp;", "&#176;"); one for a number beyond all characters is none."""
    # The standard library's reader converts the number before it looks at its size, and a long one is an error to it.
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text


def _too_large() -> DocumentTooLargeError:
    return DocumentTooLargeError(f"a document may have {MAX_TEXT:,} characters of text; this one has more")
