"""PDF: the text of its pages, in lines; running heads and page numbers left out."""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence

from retrieval.readers.blocks import (
    MAX_TEXT,
    Builder,
    DocumentTooLargeError,
    DocumentUnreadableError,
    Reading,
)
from retrieval.readers.plain import ITEM, add_lines, is_heading

MAX_PAGES = 2000
MAX_SECONDS = 60.0
"""How long the reading of one PDF may take; a broken or hostile one ends there."""
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]»]*$")
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–—]?\s*\d{1,4}\s*(?:(?:/|of)\s*\d{1,4})?\s*[-–—]?$", re.IGNORECASE)
_RUNNING_PAGES = 3


def read_pdf(data: bytes) -> Reading:
    """Read a PDF's text.

    Raises DocumentUnreadableError for a file that is broken, asks for a password, has only images, or takes longer
    than `MAX_SECONDS`; DocumentTooLargeError beyond `MAX_PAGES` pages or `MAX_TEXT` characters.
    """
    pages, title = _pages(data)
    out = Builder()
    out.title = title
    running = _running(pages)
    lines: list[str] = []
    for page in pages:
        lines += [line for line in page if _masked(line) not in running and not _PAGE_NUMBER.match(line)]
    for paragraph in _paragraphs(lines):
        add_lines(out, paragraph)
    return out.finished()


def _pages(data: bytes) -> tuple[list[list[str]], str | None]:
    try:
        pages, title = _extracted(data)
    except (DocumentUnreadableError, DocumentTooLargeError):
        raise
    except Exception as error:
        raise DocumentUnreadableError(f"the PDF is broken or no PDF: {_plain(error)}") from error
    if not any(any(page) for page in pages):
        raise DocumentUnreadableError(
            "the PDF has no text, only images (a scan?): send one with text, or the text itself"
        )
    return pages, title


def _extracted(data: bytes) -> tuple[list[list[str]], str | None]:
    """The lines of each page, and the title in the file's properties."""
    from pypdf import PdfReader  # noqa: PLC0415 - only who reads a PDF pays for its import

    # It tells of every oddity of a file; what matters to who sent it is in the error.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    until = time.monotonic() + MAX_SECONDS
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentUnreadableError("the PDF asks for a password; save it without one")
    if len(reader.pages) > MAX_PAGES:
        raise DocumentTooLargeError(f"a PDF may have {MAX_PAGES:,} pages; this one has {len(reader.pages):,}")
    pages, length = [], 0
    for page in reader.pages:
        text = page.extract_text() or ""
        length += len(text)
        if length > MAX_TEXT:
            raise DocumentTooLargeError(f"a document may have {MAX_TEXT:,} characters of text")
        if time.monotonic() > until:
            raise DocumentUnreadableError(f"the PDF takes longer than {MAX_SECONDS:g} s to read")
        pages.append([line.strip() for line in text.splitlines()])
    title = reader.metadata.title if reader.metadata is not None else None
    return pages, " ".join(title.split()) or None if isinstance(title, str) else None


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


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
