"""Cells to clean text: titles and values become plain, descriptions become safe HTML."""

import html
import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from app.catalog.product import AttributeValue

# Tags that carry the structure of a description; everything else goes, its text stays.
DESCRIPTION_TAGS = frozenset(
    """
    p br ul ol li strong b em i h2 h3 h4 h5 h6 sub sup dl dt dd table thead tbody tr th td
    blockquote
    """.split()  # noqa: SIM905 - a list of short words reads better so
)
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
NOTHING = EXCEL_ERRORS | {"", "-", "--", "–", "—", "n/a", "N/A", "null", "NULL", "nan", "NaN", "\\N"}

_SPECIAL = re.compile(r"[^\x20-\x7e]|[<&]|  |^[ '=]| $")
_TAG = re.compile(r"<\s*[a-zA-Z!/?]")
_BLOCK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/td|li|p|hr)\b[^>]*>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"&lt;\s*/?\s*(?:p|br|ul|ol|li|div|strong|b|em|i|span|h[1-6]|table)\b", re.IGNORECASE
)
_FORMULA = re.compile(r'^="(.*)"$', re.DOTALL)
# UTF-8 read as cp1252 shows as one of these leads followed by a character that cp1252 has for 80–BF.
_MOJIBAKE = re.compile(r"[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"^\s*(?:[•‣▪●◦·*]|[-–](?=\s))\s*")
_LIST_ITEM = re.compile(r"<li\b[^>]*>(.*?)(?=<li\b|</li|</[uo]l|$)", re.IGNORECASE | re.DOTALL)
_SHORT = 64
_REMEMBERED = 4000  # characters of a description; a thousand of them are 8 MB at most
_LONGEST_LIST_LINE = 80  # lines longer than this are prose that wraps, not items of a list


@cache
def _cleaner(*, structure: bool) -> Any:
    import nh3  # noqa: PLC0415 - a native library that `--help` has no use for

    tags = set(DESCRIPTION_TAGS) if structure else set()
    return nh3.Cleaner(tags=tags, attributes={}, link_rel=None)


def repair(text: str) -> str:
    """Text whose UTF-8 was once read as cp1252 ("CafÃ©") set right; any other text comes back as it is."""
    if not text.isascii() and _MOJIBAKE.search(text):
        import ftfy  # noqa: PLC0415 - needed by few files

        text = ftfy.fix_encoding(text)
    return text


def _printable(text: str) -> str:
    """Without control characters, lone surrogates and invisible marks; accents composed."""
    text = "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs", "Co"} and c not in "\ufeff\u200b")
    )
    return unicodedata.normalize("NFC", text)


def _without_markup(text: str) -> str:
    """Tags stripped and entities resolved until nothing of either is left: `&lt;script&gt;` is no way in."""
    for _ in range(4):
        before = text
        if _TAG.search(text):
            text = html.unescape(_cleaner(structure=False).clean(_BLOCK.sub(r" \g<0>", text)))
        elif "&" in text:
            text = html.unescape(text)
        if text == before:
            return text
    return re.sub(r"[<>]", " ", text)


def unwrap(text: str) -> str:
    """A cell as meant: without the space around it and without a spreadsheet's `="00123"` or leading `'`."""
    text = text.strip()
    if text.startswith("="):
        match = _FORMULA.match(text)
        return match[1].replace('""', '"').strip() if match else text
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1].isdigit() else text


def plain(text: str) -> str:
    """One line of plain text: no markup, no entities, no control characters, single spaces."""
    if not _SPECIAL.search(text):
        return text
    text = repair(_without_markup(unwrap(text)))
    if not text.isascii() or not text.isprintable():
        text = _printable(text)
    return _SPACE.sub(" ", text).strip()


def title(text: str) -> str:
    """A title as plain text; "" where the cell says nothing (empty, `#N/A`, only markup)."""
    text = plain(text)
    return "" if text in NOTHING else text


def attribute(text: str) -> AttributeValue | None:
    """The value of an attribute cell: one text, a list where the cell holds one, None where it holds nothing.

    Lists are `a|b`, one short line each, or `<li>` items.
    """
    return _short_attribute(text) if len(text) <= _SHORT else _attribute(text)


@lru_cache(maxsize=8192)
def _short_attribute(text: str) -> AttributeValue | None:
    """Short values come again and again: sizes, colours, materials."""
    return _attribute(text)


def _attribute(text: str) -> AttributeValue | None:
    if not _SPECIAL.search(text) and "|" not in text:
        return None if text in NOTHING else text
    if "<li" in text:
        parts = [m[1] for m in _LIST_ITEM.finditer(text)]
    elif "|" in text:
        parts = text.split("|")
    elif "\n" in text.strip():
        parts = text.splitlines()
        if any(len(part) > _LONGEST_LIST_LINE for part in parts):
            parts = [text]
    else:
        parts = [text]
    values = [value for value in map(plain, parts) if value not in NOTHING]
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(dict.fromkeys(values))


def description(text: str) -> str:
    """The merchant's text as safe HTML: paragraphs and lists kept, everything that acts or styles removed.

    Plain text with several lines gets the paragraphs and lists that its blank lines and bullets mean.
    """
    return _recent_description(text) if len(text) <= _REMEMBERED else _description(text)


@lru_cache(maxsize=1024)
def _recent_description(text: str) -> str:
    """Rows of one product's variants repeat its description, and products of one line share theirs."""
    return _description(text)


def _description(text: str) -> str:
    text = repair(unwrap(text))
    if not text.isascii() or not text.isprintable():
        text = _printable(text.replace("\r\n", "\n").replace("\r", "\n"))
    if text in NOTHING:
        return ""
    if _ESCAPED_TAG.search(text) and not _TAG.search(text):
        text = html.unescape(text)
    if _TAG.search(text):
        cleaned: str = _cleaner(structure=True).clean(text)
        return cleaned.strip()
    return _paragraphs(html.unescape(text) if "&" in text else text)


def _paragraphs(text: str) -> str:
    if "\n" not in text:
        return html.escape(_SPACE.sub(" ", text).strip(), quote=False)
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        run: list[str] = []
        items: list[str] = []
        for line in block.split("\n"):
            safe = html.escape(_SPACE.sub(" ", _BULLET.sub("", line)).strip(), quote=False)
            if _BULLET.match(line):
                blocks += [f"<p>{'<br>'.join(run)}</p>"] if run else []
                run = []
                items.append(safe)
            else:
                blocks += [_list(items)] if items else []
                items = []
                run += [safe] if safe else []
        blocks += [f"<p>{'<br>'.join(run)}</p>"] if run else []
        blocks += [_list(items)] if items else []
    return "".join(blocks)


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items if item) + "</ul>"
