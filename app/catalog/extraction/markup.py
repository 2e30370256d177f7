"""The merchant's HTML as lines: what is a list item, what is prose."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.quick_values import quick
from seo.language.tokens import sentences


@quick
@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence or list item of a description. `number` counts from 1; `listed`: it stood in a list.

    A list is marked up as one, set with bullets, or two or more short lines under each other.
    """

    text: str
    number: int
    listed: bool


_DROPPED = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
# A heading, also one that is only set in bold: it names what follows and says nothing.
_HEADING = re.compile(
    r"<h[1-6]\b[^<>]*>[^<>]{0,80}(?:<(?!/h)[^<>]*>[^<>]{0,80}){0,4}</h[1-6]\s*>"
    r"|(?<=>)\s*<(strong|b)\b[^<>]*>[^<>.!]{1,60}</\1\s*>\s*:?\s*(?=</p|</div|<br|</li)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"<(?:li|tr|dt)\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[hd]\s*>\s*<td\b[^<>]*>|</dt\s*>\s*<dd\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(?:/?p|/?div|/?h[1-6]|/tr|/?ul|/?ol|/li|/?dl|/dd|/?table|/?section|hr|/?blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_LINE = re.compile(r"<br\b[^<>]*>|</br\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BULLET = re.compile(r"^\s*(?:[•▪‣●◦∙·✓✔➤►■★]|[*+](?=\s)|[-–—](?=\s)|\d{1,2}[.)]\s(?=\D))+\s*")
_INLINE = re.compile(r"\s*[•▪‣●◦∙✓✔➤►■]\s*")
_BLANK = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"[ \t\u00a0\u2009\u202f]+")


_SHORT_LINE = 12  # words


@lru_cache(maxsize=4096)
def pieces(markup: str) -> tuple[Piece, ...]:
    """Part a description (HTML or plain text) into sentences and list items, in order."""
    found: list[Piece] = []
    for block in _BLANK.split(_plain(markup)):
        lines = [line for line in block.splitlines() if line.strip()]
        bare = [_BULLET.sub("", line) for line in lines]
        short = [len(line.split()) <= _SHORT_LINE for line in bare]
        for index, line in enumerate(bare):
            marked = line != lines[index]
            stacked = short[index] and any(short[i] for i in (index - 1, index + 1) if 0 <= i < len(lines))
            parts = _INLINE.split(line)
            for number, part in enumerate(parts):
                inline = number > 0 or (len(parts) > 2 and not part.rstrip().endswith("."))
                listed = marked or stacked or inline
                found.extend(_sentences(_SPACE.sub(" ", part).strip(), listed, len(found)))
    return tuple(found)


def _sentences(text: str, listed: bool, before: int) -> list[Piece]:
    if not any(map(str.isalnum, text)) or (text.endswith(":") and len(text) < 40):
        return []
    return [Piece(span.text, before + i, listed) for i, span in enumerate(sentences(text), start=1)]


def _plain(markup: str) -> str:
    """Text with a line break where a line, and an empty line where a block ends; list items keep a bullet."""
    text = markup
    if "<" in text:
        text = _DROPPED.sub(" ", text)
        if _BLOCK.search(text) or _LINE.search(text):
            text = text.replace("\r", " ").replace("\n", " ")
        text = _HEADING.sub("\n\n", text)
        text = _ITEM.sub("\n• ", text)
        text = _CELL.sub(": ", text)
        text = _LINE.sub("\n", text)
        text = _BLOCK.sub("\n\n", text)
        text = _TAG.sub("", text)
    return html.unescape(html.unescape(text)) if "&" in text else text
