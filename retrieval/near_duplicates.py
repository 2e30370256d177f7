"""Recognises a sentence again: exactly (up to case, marks and spacing) or nearly (by shared runs of words)."""

import hashlib
import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 3
# Two sentences resemble each other when they share this much of their word triples (Broder's resemblance), or when
# nearly all triples of the shorter one stand in the longer one (containment: a sentence with something added).
# One changed word in ten leaves 0.45 of the triples; ten words with another order keep next to none.
RESEMBLANCE = 0.45
CONTAINMENT = 0.75
# Below so many words a sentence is too short for triples to say anything: it must be the same.
_FEWEST_WORDS = 5


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text of any length without case, accents' encoding, punctuation and spacing."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'")))


@lru_cache(maxsize=65536)
def normalise(sentence: str) -> tuple[str, ...]:
    """Give the words of a sentence (`words_of`), remembered: a sentence is compared with many."""
    return words_of(sentence)


@lru_cache(maxsize=65536)
def fingerprint(sentence: str) -> str:
    """Give a short hash of the normalised sentence: equal for sentences that differ in case, marks or spaces only."""
    return hashlib.blake2b(" ".join(normalise(sentence)).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=65536)
def _shingles(sentence: str) -> frozenset[tuple[str, ...]]:
    words = normalise(sentence)
    return frozenset(words[i : i + _SHINGLE] for i in range(len(words) - _SHINGLE + 1))


def resembles(a: str, b: str) -> bool:
    """Whether two sentences are the same but for small edits; short ones must be equal once normalised.

    Measures shared word triples: at least 45 % of all (resemblance), or 75 % of the shorter one's (containment).
    """
    one, two = normalise(a), normalise(b)
    if one == two:
        return True
    if min(len(one), len(two)) < _FEWEST_WORDS:
        return False
    x, y = _shingles(a), _shingles(b)
    shared = len(x & y)
    return shared >= RESEMBLANCE * len(x | y) or shared >= CONTAINMENT * min(len(x), len(y))
