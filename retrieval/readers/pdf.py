"""PDF: the text of its pages, in lines; running heads and page numbers left out."""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from retrieval.readers.blocks import (
    MAX_TEXT,
    Builder,
    DocumentTooLargeError,
    DocumentUnreadableError,
    Reading,
)
from retrieval.readers.line_joins import LineJoiner
from retrieval.readers.plain import ITEM, add_lines, is_heading

MAX_PAGES = 2000
MAX_SECONDS = 60.0
"""How long the reading of one PDF may take; a broken or hostile one ends there."""
MAX_OPERATORS = 5_000_000
"""Drawing operators of one PDF, the elements of their arrays counted: a printed page of text has some thousand."""
_MAX_STREAM_TOKENS = 500_000  # of one page or form: it is taken apart at one go, in some three seconds
_MAX_STREAM_BYTES = 20_000_000
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]»]*$")
_PAGE_NUMBER_CHARS = (
    40  # longer lines are none, and the pattern would try every way to share out their blanks
)
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–—]?\s*\d{1,4}\s*(?:(?:/|of)\s*\d{1,4})?\s*[-–—]?$", re.IGNORECASE)
_RUNNING_PAGES = 3


def read_pdf(data: bytes, *, seconds: float = MAX_SECONDS, operators: int = MAX_OPERATORS) -> Reading:
    """Read a PDF's text.

    Raises DocumentUnreadableError for a file that is broken, asks for a password, has only images, takes longer than
    `seconds` or draws with more than `operators`; DocumentTooLargeError beyond `MAX_PAGES` pages or `MAX_TEXT` characters.
    """
    pages, title = _pages(data, _Budget(seconds, operators))
    out = Builder()
    out.title = title
    running = _running(pages)
    lines: list[str] = []
    for page in pages:
        lines += [line for line in page if _masked(line) not in running and not _is_page_number(line)]
    joiner = LineJoiner(lines)
    for paragraph in _paragraphs(lines):
        add_lines(out, paragraph, joiner)
    return out.finished()


class _Budget:
    """What may be spent on one PDF; asked before each operator."""

    def __init__(self, seconds: float, operators: int) -> None:
        self._seconds, self._operators = seconds, operators
        self._until = time.monotonic() + seconds
        self._left = operators
        self._length = 0

    def spend(self, operator: Any, operands: Any, *_matrices: Any) -> None:
        """Count an operator. Raises DocumentUnreadableError where the budget is spent."""
        self._left -= 1
        if operator == b"TJ" and operands:
            self._left -= len(operands[0]) if isinstance(operands[0], list) else 0
        self.check()

    def check(self) -> None:
        """Raises DocumentUnreadableError where the budget is spent, each time anew: pypdf forgives a form its errors."""
        if self._left < 0:
            raise DocumentUnreadableError(
                f"the PDF draws with more than {self._operators:,} operators, too many to read"
            )
        if time.monotonic() > self._until:
            raise DocumentUnreadableError(f"the PDF takes longer than {self._seconds:g} s to read")

    def take(self, text: str) -> None:
        """Count a page's text. Raises DocumentTooLargeError beyond `MAX_TEXT` characters."""
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise DocumentTooLargeError(f"a document may have {MAX_TEXT:,} characters of text")


def _pages(data: bytes, budget: _Budget) -> tuple[list[list[str]], str | None]:
    from pypdf import apply_configuration  # noqa: PLC0415 - only who reads a PDF pays for its import
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    try:
        with apply_configuration(
            stream_parsing_work_maximum_count=_MAX_STREAM_TOKENS,
            zlib_maximum_output_length=_MAX_STREAM_BYTES,
            lzw_maximum_output_length=_MAX_STREAM_BYTES,
            run_length_maximum_output_length=_MAX_STREAM_BYTES,
            array_based_stream_maximum_output_length=_MAX_STREAM_BYTES,
        ):
            pages, title = _extracted(data, budget)
    except (DocumentUnreadableError, DocumentTooLargeError):
        raise
    except LimitReachedError as error:
        raise DocumentUnreadableError(f"a page of the PDF holds too much to read: {_plain(error)}") from error
    except Exception as error:
        raise DocumentUnreadableError(f"the PDF is broken or no PDF: {_plain(error)}") from error
    if not any(any(page) for page in pages):
        raise DocumentUnreadableError(
            "the PDF has no text, only images (a scan?): send one with text, or the text itself"
        )
    return pages, title


def _extracted(data: bytes, budget: _Budget) -> tuple[list[list[str]], str | None]:
    """The lines of each page, and the title in the file's properties."""
    from pypdf import PdfReader  # noqa: PLC0415

    # It tells of every oddity of a file; what matters to who sent it is in the error.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentUnreadableError("the PDF asks for a password; save it without one")
    if len(reader.pages) > MAX_PAGES:
        raise DocumentTooLargeError(f"a PDF may have {MAX_PAGES:,} pages; this one has {len(reader.pages):,}")
    pages = []
    for page in reader.pages:
        text = page.extract_text(visitor_operand_before=budget.spend) or ""
        budget.check()
        budget.take(text)
        pages.append([line.strip() for line in text.splitlines()])
    title = reader.metadata.title if reader.metadata is not None else None
    return pages, " ".join(title.split()) or None if isinstance(title, str) else None


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is_page_number(line: str) -> bool:
    return len(line) <= _PAGE_NUMBER_CHARS and _PAGE_NUMBER.match(line) is not None


def _masked(line: str) -> str:
    return _DIGITS.sub("#", line.casefold())


def _running(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """First and last lines that come again on most pages, numbers apart: heads and feet."""
    if len(pages) < _RUNNING_PAGES:
        return frozenset()
    edges: Counter[str] = Counter()
    for page in pages:
        said = [line for line in page if line]
        edges.update({_masked(line) for line in (*said[:1], *said[-1:])})
    return frozenset(line for line, count in edges.items() if count >= max(_RUNNING_PAGES, len(pages) / 2))


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Lines that belong together. A page sets no empty lines: a heading is told by standing behind a full stop."""
    found: list[list[str]] = [[]]
    for index, line in enumerate(lines):
        if not line:
            found.append([])
            continue
        last = found[-1][-1] if found[-1] else ""
        following = lines[index + 1] if index + 1 < len(lines) else ""
        free = not last or bool(_SENTENCE_END.search(last)) or bool(ITEM.match(last))
        if free and is_heading(line) and following and following[0].isupper() | bool(ITEM.match(following)):
            found += [[line], []]
        else:
            found[-1].append(line)
    return [paragraph for paragraph in found if paragraph]
