"""The merchant's HTML as lines: what is a list item, what is prose."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from seo.language.tokens import sentences


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence or list item of a description. `number` counts from 1; `listed`: it stood in a list."""

    text: str
    number: int
    listed: bool


_DROPPED = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[hd]\s*>\s*<td\b[^>]*>|</dt\s*>\s*<dd\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:br|/?p|/?div|/?h[1-6]|/?tr|/?ul|/?ol|/li|/?dl|dt|/dd|/?table|/?section|hr|/?blockquote)\b[^>]*>|</br>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BULLET = re.compile(r"^\s*(?:[•▪‣●◦∙·✓✔➤►■★]|[*+](?=\s)|[-–—](?=\s)|\d{1,2}[.)]\s(?=\D))+\s*")
_INLINE = re.compile(r"\s*[•▪‣●◦∙✓✔➤►■]\s*")
_SPACE = re.compile(r"[ \t\u00a0\u2009\u202f]+")


@lru_cache(maxsize=4096)
def pieces(markup: str) -> tuple[Piece, ...]:
    """Part a description (HTML or plain text) into sentences and list items, in order."""
    found: list[Piece] = []
    for line in _lines(markup):
        parts = _INLINE.split(line)
        for index, part in enumerate(parts):
            bare = _BULLET.sub("", part)
            listed = bare != part or index > 0
            found.extend(_sentences(_SPACE.sub(" ", bare).strip(), listed, len(found)))
    return tuple(found)


def _sentences(text: str, listed: bool, before: int) -> list[Piece]:
    if not any(map(str.isalnum, text)):
        return []
    return [Piece(span.text, before + i, listed) for i, span in enumerate(sentences(text), start=1)]


def _lines(markup: str) -> list[str]:
    text = markup
    if "<" in text:
        text = _DROPPED.sub(" ", text)
        text = text.replace("\r", " ").replace("\n", " ") if _BREAK.search(text) else text
        text = _ITEM.sub("\n• ", text)
        text = _CELL.sub(": ", text)
        text = _BREAK.sub("\n", text)
        text = _TAG.sub(" " if "><" in text else "", text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return [line for line in text.splitlines() if line.strip()]
