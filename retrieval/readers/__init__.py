"""Readers: a document of any format becomes a plain text with its blocks."""

import codecs
import re
from typing import Literal, get_args

from retrieval.readers.blocks import (
    MAX_TEXT,
    Block,
    DocumentTooLargeError,
    DocumentUnreadableError,
    Reading,
)
from retrieval.readers.markdown import read_markdown
from retrieval.readers.plain import read_plain

__all__ = [
    "FORMATS",
    "MAX_TEXT",
    "Block",
    "DocumentTooLargeError",
    "DocumentUnreadableError",
    "Format",
    "Reading",
    "decoded",
    "format_of",
    "read_document",
]

Format = Literal["markdown", "html", "text", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)
_BY_ENDING: dict[str, Format] = {
    "md": "markdown", "markdown": "markdown", "mdown": "markdown", "html": "html", "htm": "html", "xhtml": "html",
    "txt": "text", "text": "text", "pdf": "pdf",
}  # fmt: skip
_MARKDOWN = re.compile(
    r"^(?: {0,3}#{1,6}[ \t]+\S|[ \t]*[-*+][ \t]+\S|\|.*\||.+\n(?:=+|-{3,})[ \t]*$)", re.MULTILINE
)
_HTML = re.compile(
    r"<(?:!doctype|html|body|p|div|h[1-6]|ul|ol|table|section|article)\b[^<>]*>", re.IGNORECASE
)
_SNIFFED = 4000


def read_document(source: bytes | str, format: Format) -> Reading:  # noqa: A002 - the word of the CLI and API
    """Read a document.

    Raises DocumentUnreadableError where there is no text in it (or it is broken, or binary, or asks for a password) and
    DocumentTooLargeError where there is too much.
    """
    if format == "pdf":
        from retrieval.readers.pdf import read_pdf  # noqa: PLC0415 - pypdf takes its time to import

        if isinstance(source, str):
            raise DocumentUnreadableError("a PDF is a file, no text")
        reading = read_pdf(source)
    else:
        text = source if isinstance(source, str) else decoded(source)
        if len(text) > 4 * MAX_TEXT:  # markup around it; the text itself is counted while it is read
            raise DocumentTooLargeError(f"a document may have {MAX_TEXT:,} characters of text")
        reading = _read_text(text, format)
    if not any(map(str.isalnum, reading.text)):
        raise DocumentUnreadableError("there is no text in the document")
    return reading


def _read_text(text: str, format: Format) -> Reading:  # noqa: A002
    if format == "html":
        from retrieval.readers.html_reader import read_html  # noqa: PLC0415 - only who reads HTML loads its parser

        return read_html(text)
    return read_markdown(text) if format == "markdown" else read_plain(text)


def format_of(filename: str, source: bytes | str) -> Format:
    """The format by the file's name, else by what the content looks like."""
    if isinstance(source, bytes) and source.lstrip()[:5] == b"%PDF-":
        return "pdf"
    known = _BY_ENDING.get(filename.rpartition(".")[2].casefold()) if "." in filename else None
    if known is not None:
        return known
    head = source[:_SNIFFED] if isinstance(source, str) else source[:_SNIFFED].decode("utf-8", "replace")
    if _HTML.search(head):
        return "html"
    return "markdown" if _MARKDOWN.search(head) else "text"


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 by its mark, else Windows-1252. Raises DocumentUnreadableError for binary files."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise DocumentUnreadableError("the file begins as UTF-16 text and is none") from None
    if b"\0" in data:
        raise DocumentUnreadableError("a binary file, not a text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
