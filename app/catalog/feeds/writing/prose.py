"""Copy as cells hold it: as HTML, as plain text, in the letters that a file's encoding has."""

import hashlib
import html
import re
import unicodedata
from functools import lru_cache

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|ul|ol|table|tr|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
# What NFKD does not bring nearer to ASCII.
_NEAREST = str.maketrans(
    {
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "„": '"',
        "″": '"', "…": "...", "×": "x", "•": "-", "·": "-", "≤": "<=", "≥": ">=", "€": "EUR", "£": "GBP", "ß": "ss",
        "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    }
)  # fmt: skip


def has_markup(text: str) -> bool:
    """Whether a cell holds HTML."""
    return "<" in text and _TAG.search(text) is not None


def as_plain(text: str, between: str = "\n\n") -> str:
    """HTML as plain text; `between` stands between its paragraphs, list items begin with a dash on a line of their own."""
    text = _ITEM.sub("\n- ", _BLOCK_END.sub("\x00", _SPACE.sub(" ", text)))
    text = (
        html.unescape(_TAG.sub("", text))
        .replace("<", " ")
        .replace("\n", "\x00" if "\n" not in between else "\n")
    )
    parts = ["\n".join(line.strip() for line in part.split("\n")).strip() for part in text.split("\x00")]
    return between.join(part for part in parts if part)


def as_html(text: str) -> str:
    """Text as HTML: paragraphs where it is plain, as it is where it has markup."""
    if has_markup(text):
        return text
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{'<br>'.join(html.escape(p, quote=False).splitlines())}</p>" for p in paragraphs)


def as_list(items: tuple[str, ...]) -> str:
    """Texts as an HTML list."""
    return "<ul>" + "".join(f"<li>{html.escape(item, quote=False)}</li>" for item in items) + "</ul>"


def fitted(text: str, encoding: str, *, markup: bool) -> str:
    """The text in letters that the encoding has: character references in HTML, the nearest letters elsewhere."""
    if text.isascii() or encoding.lower().startswith("utf"):
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join([_nearest(c, encoding, markup=markup) for c in text])
    return text


def _nearest(character: str, encoding: str, *, markup: bool) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        if markup:
            return f"&#{ord(character)};"
        near = character.translate(_NEAREST)
        if near == character:
            near = "".join(
                c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
            )
        return near if near.isascii() else "?"
    return character


def shortened(text: str, limit: int) -> str:
    """The text up to its last whole sentence within the limit, or its last whole word."""
    if limit <= 0 or len(text) <= limit:
        return text
    cut = text[: limit + 1]
    end = max((m.end() for m in re.finditer(r"[.!?](?=\s)", cut)), default=0)
    if end * 2 > limit:
        return cut[:end]
    return cut[:limit].rsplit(None, 1)[0].rstrip(",;:-– ") if " " in cut else text[:limit]


@lru_cache(maxsize=4096)
def words_hash(cell: str) -> str:
    """A hash of what a cell says: markup, entities and spacing do not count, which shops change when they save a text."""
    text = cell
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # A tag between two words and one inside a word must come out alike: no space counts.
    return hashlib.blake2b(_SPACE.sub("", text).encode(errors="replace"), digest_size=16).hexdigest()
