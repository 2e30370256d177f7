"""Text to search terms, for words as shops write them.

Case and accents are folded and words stemmed. "USB-C" and "24-MB02" are found whole and in parts, "1/4" and "15.6" stay
whole, and a quantity is also a term of its dimension and size: "500ml" and "0.5 l" share one. Words after "for" ("battery
for laptops") say what a product goes with, not what it is, and count half.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from retrieval.quantities import find_quantities
from retrieval.units import convert, dimension_of, units
from seo.language.stems import stem

ANALYZER_ID = "shop-en-2"
"""Changes whenever the terms of any text change: an index built by another one is rebuilt."""

WHOLE = 2
"""What one occurrence of a term counts: counts are in halves, so that half of one is a whole number too."""
_HALF = 1

_TOKEN = re.compile(r"[0-9]+[./][0-9]+(?![^\W_])|[^\W_]+(?:[-‐‑./&'’][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_HYPHENS = re.compile(r"[-‐‑&'’]")
_FRACTION = re.compile("[¼½¾⅐-⅟↉]")
_VULGAR = re.compile(f"(?<=[0-9])(?={_FRACTION.pattern})")
_RUN = re.compile(r"[0-9]+|[^\W\d_]+")
# What a product goes with stands behind these words, up to the next mark.
_TARGET = re.compile(r"(?:\b(?:for|fits|compatible with)\b|\bf/)[^,;|()]*")
_STOP_TEXT = "a an and are as at be by for from has in is it its of on or that the to was were with"
STOP_WORDS = frozenset(_STOP_TEXT.split())
# A shorter mixed token ("ps4", "c2g") is one name; its letters alone would find too much.
_SHORTEST_MODEL = 5
_UNSEEN = frozenset(("Mn", "Me", "Cf"))  # accents, enclosing marks, soft hyphens and the like
_DIGITS = 3  # of a quantity: 15.6 inches and 39.6 cm are the same to three digits


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a text with their counts in halves. `length` counts words in halves too, without stop words."""

    counts: Counter[str]
    length: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query: its parts, the term that stands for all of them where there is one, and how it was written."""

    parts: tuple[str, ...]
    whole: str | None = None
    text: str = ""


def document_terms(text: str) -> Terms:
    """Give the terms of a text of a product."""
    folded = fold(text)
    targets = [found.span() for found in _TARGET.finditer(folded)]
    counts: Counter[str] = Counter()
    length = 0
    for found in _TOKEN.finditer(folded):
        weight = WHOLE if not any(start <= found.start() < end for start, end in targets) else _HALF
        word = _word(found.group())
        for part in word.parts:
            counts[part] += weight
            length += 0 if part in STOP_WORDS else WHOLE
        if word.whole:
            counts[word.whole] += weight
        for piece in _model_pieces(found.group()):
            counts[piece] += _HALF
    for quantity in find_quantities(text):
        for number in quantity.numbers:
            if term := _quantity_term(number, quantity.unit):
                counts[term] += WHOLE
    return Terms(counts, length)


def query_words(text: str) -> tuple[Word, ...]:
    """Give the words of a query in order, without stop words unless there is nothing else."""
    words: list[Word] = []
    position = 0
    for quantity in find_quantities(text):
        term = _quantity_term(quantity.numbers[0], quantity.unit) if quantity.form == "single" else None
        if term:
            words += _words(text[position : quantity.start])
            parts = tuple(part for word in _words(quantity.text) for part in word.parts)
            words.append(Word(parts, term))
            position = quantity.end
    words += _words(text[position:])
    telling = [word for word in words if not STOP_WORDS.issuperset(word.parts) or word.whole]
    return tuple(telling or words)


def fold(text: str) -> str:
    """Give a text without case, accents and invisible marks (soft hyphens), compatibility forms ("ﬁ") written out.

    So are fractions: "¼" is "1/4", "1¼" is "1 1/4".
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", written_out(text).casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter) not in _UNSEEN)


def written_out(text: str) -> str:
    """Give a text with its fractions as they are typed: "¼" and "1⁄4" (U+2044) are "1/4", "1¼" is "1 1/4"."""
    if text.isascii():
        return text
    apart = _VULGAR.sub(" ", text)
    return _FRACTION.sub(lambda sign: unicodedata.normalize("NFKC", sign.group()), apart).replace(
        "\u2044", "/"
    )


def runs(word: str) -> list[str]:
    """Give the runs of letters and of digits in a word: "iphone15" has two."""
    return _RUN.findall(word)


def stemmed(word: str) -> str:
    """Give the term of one folded word."""
    return word if word.isdigit() else stem(word)


def is_quantity(term: str) -> bool:
    """Whether a term is a quantity in its base unit, not a word."""
    return term.startswith("=")


def _words(text: str) -> list[Word]:
    return [_word(found) for found in _TOKEN.findall(fold(text))]


@lru_cache(maxsize=65_536)
def _word(token: str) -> Word:
    """A token in parts, with the joined form of what is a name: hyphened words and whatever has a digit."""
    if token.isalnum():
        return Word((stemmed(token),), text=token)
    parts = _PART.findall(token)
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return Word((token,))  # a fraction, a decimal
    if parts[-1] == "s" and token[-2] in "'’":
        return Word(tuple(stemmed(part) for part in parts[:-1]))
    named = bool(_HYPHENS.search(token)) or any(letter.isdigit() for letter in token)
    return Word(tuple(stemmed(part) for part in parts), stemmed("".join(parts)) if named else None)


@lru_cache(maxsize=65_536)
def _model_pieces(token: str) -> tuple[str, ...]:
    """The runs of letters and of digits in each part of a model number ("dla63039": "dla", "63039")."""
    pieces: list[str] = []
    for part in _PART.findall(token):
        if len(part) >= _SHORTEST_MODEL and not part.isdigit() and not part.isalpha():
            pieces += [stemmed(run) for run in runs(part) if len(run) > 1]
    return tuple(pieces)


def _quantity_term(number: Decimal, unit: str | None) -> str | None:
    """One term for all spellings of a quantity: its size in the first unit of its dimension, to three digits."""
    dimension = dimension_of(unit)
    if unit is None or dimension is None:
        return None
    size = convert(number, unit, _base_units()[dimension])
    if size is None:
        size, dimension = number, unit
    return f"={dimension}:{float(size):.{_DIGITS}g}"


@lru_cache(maxsize=1)
def _base_units() -> dict[str, str]:
    """The unit that each dimension is counted in: the first of the table."""
    base: dict[str, str] = {}
    for symbol, unit in units().items():
        base.setdefault(unit.dimension, symbol)
    return base
