"""What a shopper typed, made ready to search: cleaned, cut, and read with the catalog's own words.

Two words that the catalog writes as one ("note book") stand for that one too, one word that it writes as two is taken
apart, letters and digits that it writes apart ("iphone15") are parted, and a word that no product has is replaced by the
most frequent one that is a single slip away.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.analyzer import Word, is_quantity, query_words, runs, stemmed, written_out
from retrieval.postings import HEAD

LONGEST_QUERY = 1_000
"""Characters of a query that are read; the rest is passed over."""
MOST_WORDS = 48
"""Words of a query that are searched, each once."""

Known = Callable[[str], int]
"""How many documents hold a term."""
Begins = Callable[[str], bool]
"""Whether a document has a term that begins with these `HEAD` letters, which stemming leaves as they are."""

_MOST_UNKNOWN = 3  # words that are looked for under other spellings: bounds the time of a senseless query
_SHORTEST_PART = 3  # of a word taken apart
_SHORTEST_MISSPELT = 4  # a shorter word is a slip away from too many others
_LONGEST_MISSPELT = 16  # a longer one has a thousand neighbours
_LONGEST_WORD = 30  # a longer one is no word
_SHORTEST_TELLING = 3  # of a run of letters or digits
_MOST_RUNS = 4  # of letters and digits in a word; what has more is a code
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def clean(query: str) -> str:
    """Give a query in one line, compatibility forms written out, without control characters, of bounded length."""
    text = unicodedata.normalize("NFKC", written_out(query[:LONGEST_QUERY]))
    return " ".join("".join(map(_printed, text)).split())[:LONGEST_QUERY]


def _printed(letter: str) -> str:
    """Invisible marks (soft hyphens, zero-width spaces) are nothing, other control characters are blanks."""
    category = unicodedata.category(letter)
    return "" if category == "Cf" else " " if category[0] == "C" else letter


def read(query: str, known: Known, begins: Begins = bool) -> tuple[Word, ...]:
    """Give the words to search for a cleaned query; none where it has no letter and no digit.

    `begins` saves time: spellings of which it knows no beginning are not tried.
    """
    words = tuple(dict.fromkeys(_measured(word, known) for word in query_words(query)))[:MOST_WORDS]
    return _respelt(_joined(words, known), known, begins)


def _measured(word: Word, known: Known) -> Word:
    """A quantity that products have is searched as such: its number alone would find those of any unit."""
    return Word((word.whole,)) if word.whole and is_quantity(word.whole) and known(word.whole) else word


def _joined(words: tuple[Word, ...], known: Known) -> tuple[Word, ...]:
    """Let two neighbours that the catalog also writes as one stand for that one too."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if before and _is_plain(before) and _is_plain(word):
            together = stemmed(before.text + word.text)
            if known(together):
                joined[-1] = Word((*before.parts, *word.parts), together)
                continue
        joined.append(word)
    return tuple(joined)


def _is_plain(word: Word) -> bool:
    return len(word.parts) == 1 and word.whole is None and word.text.isalnum()


def _respelt(words: tuple[Word, ...], known: Known, begins: Begins) -> tuple[Word, ...]:
    """Replace words that no document has, where there is something near."""
    found: list[Word] = []
    unknown = 0
    for word in words:
        if not _is_plain(word) or known(word.parts[0]) or unknown == _MOST_UNKNOWN:
            found.append(word)
            continue
        unknown += 1
        text = word.text
        readings = _parted(text, known), _taken_apart(text, known), _corrected(text, known, begins)
        near = max(readings, key=lambda one: one.frequency)
        found.append(Word(near.parts, text=word.text) if near.frequency else word)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Another reading of an unknown word, and how many documents hold its rarest part."""

    parts: tuple[str, ...]
    frequency: int


def _parted(text: str, known: Known) -> _Reading:
    """The runs of letters and of digits of a mixed word, where the telling ones are known ("ryzen7", "5800x").

    Where none is long enough to tell, all must be known: an unknown code shall not find whatever has its digits.
    """
    parts = tuple(map(stemmed, runs(text)))
    if not 1 < len(parts) <= _MOST_RUNS:
        return _Reading((), 0)
    telling = [part for part in parts if len(part) >= _SHORTEST_TELLING] or parts
    return _Reading(parts, min(map(known, telling)))


def _taken_apart(text: str, known: Known) -> _Reading:
    """Two known words that make up one; where several pairs do, the one whose rarer word is the more frequent."""
    places = range(_SHORTEST_PART, len(text) - _SHORTEST_PART + 1) if len(text) <= _LONGEST_WORD else ()
    heads = ((stemmed(text[:place]), text[place:]) for place in places)
    pairs = ((head, stemmed(rest)) for head, rest in heads if known(head))
    readings = (_Reading(pair, min(map(known, pair))) for pair in pairs)
    return max(readings, key=lambda one: one.frequency, default=_Reading((), 0))


def _corrected(text: str, known: Known, begins: Begins) -> _Reading:
    """The most frequent known word one slip away (Damerau 1964); a word with digits is a name and is left alone."""
    if not _SHORTEST_MISSPELT <= len(text) <= _LONGEST_MISSPELT or not text.isalpha() or not text.isascii():
        return _Reading((), 0)
    slips = _slips(text)
    heads = {head for head in {slip[:HEAD] for slip in slips} if begins(head)}
    terms = dict.fromkeys(stemmed(slip) for slip in slips if slip[:HEAD] in heads)
    readings = (_Reading((term,), known(term)) for term in terms)
    return max(readings, key=lambda one: one.frequency, default=_Reading((), 0))


def _slips(text: str) -> list[str]:
    """All words that one letter left out, doubled up, mistaken or exchanged with its neighbour can make of a word."""
    cuts = [(text[:place], text[place:]) for place in range(len(text) + 1)]
    left_out = [head + tail[1:] for head, tail in cuts if tail]
    exchanged = [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1]
    mistaken = [head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS]
    added = [head + letter + tail for head, tail in cuts for letter in _LETTERS]
    return left_out + exchanged + mistaken + added
