"""Word lists of the extraction, read once, and the matching of runs of words against them."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from retrieval.tables import read_table

_PACKAGE = "app.catalog.extraction"
_TOKEN = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*|%")


@cache
def table(name: str) -> dict[str, Any]:
    """Read a data file of the extraction."""
    found: dict[str, Any] = read_table(_PACKAGE, name)
    return found


def terms(text: str) -> tuple[str, ...]:
    """Part a comma list of a data file."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; hyphens part words ("water-repellent" is two)."""
    return tuple(_TOKEN.findall(text.lower().replace("’", "'")))


_IRREGULAR = {
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "leaves": "leaf", "loaves": "loaf", "halves": "half", "wolves": "wolf", "women": "woman",
    "men": "man", "children": "child", "feet": "foot", "mice": "mouse", "dice": "dice", "teeth": "tooth", "accessories": "accessory", "hoodies": "hoodie",
    "beanies": "beanie", "onesies": "onesie", "cookies": "cookie", "ties": "tie", "movies": "movie", "batteries": "battery", "brownies": "brownie", "smoothies": "smoothie",
    "selfies": "selfie", "booties": "bootie", "clothes": "clothes", "glasses": "glasses", "lenses": "lens", "axes": "axe", "headphones": "headphones",
    "undies": "undies", "pies": "pie", "calories": "calorie", "chassis": "chassis", "series": "series", "caddies": "caddy", "shoes": "shoe", "toes": "toe", "hoses": "hose",
    "cases": "case", "bases": "base", "vases": "vase", "purses": "purse", "blouses": "blouse", "mouses": "mouse", "houses": "house", "nurses": "nurse", "horses": "horse", "cheeses": "cheese",
    "sizes": "size", "prizes": "prize", "breezes": "breeze", "axles": "axle", "mattresses": "mattress", "buses": "bus", "gases": "gas", "pastries": "pastry", "caches": "cache", "watches": "watch",
}  # fmt: skip


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """Guess the singular of an English noun; a singular comes back unchanged."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


class Phrases:
    """A set of phrases that is looked up by runs of words, longest first."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._values: dict[tuple[str, ...], str] = {}
        self._longest: dict[str, int] = {}
        for phrase, value in entries:
            key = tokens(phrase)
            if key:
                self._values.setdefault(key, value)
                self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def begin_any(self, words: tuple[str, ...]) -> bool:
        """Whether any phrase begins with one of the words; if none does, `find` finds nothing."""
        return not self._longest.keys().isdisjoint(words)

    def at(self, words: tuple[str, ...], index: int) -> tuple[str, int] | None:
        """The longest phrase that starts at `index`: its value and its length in words."""
        for length in range(min(self._longest.get(words[index], 0), len(words) - index), 0, -1):
            value = self._values.get(words[index : index + length])
            if value is not None:
                return value, length
        return None

    def find(self, words: tuple[str, ...]) -> list[tuple[int, int, str]]:
        """All phrases in a text, left to right, without overlap: (first word, word after the last, value)."""
        found: list[tuple[int, int, str]] = []
        if not self.begin_any(words):
            return found
        longest, after = self._longest, 0
        for index, word in enumerate(words):
            if word in longest and index >= after:
                hit = self.at(words, index)
                if hit:
                    after = index + hit[1]
                    found.append((index, after, hit[0]))
        return found

    def get(self, phrase: str) -> str | None:
        """The value of exactly this phrase."""
        return self._values.get(tokens(phrase))


@cache
def words_of(key: str) -> frozenset[str]:
    """A list of `words.yaml` as a set of its entries."""
    return frozenset(_entries(key))


@cache
def phrases(key: str) -> Phrases:
    """A list of `words.yaml` as phrases to be found in texts; "a = b" finds a and says b."""
    parted = (entry.partition("=") for entry in _entries(key))
    return Phrases((phrase, (value or phrase).strip()) for phrase, _, value in parted)


def _entries(key: str) -> tuple[str, ...]:
    entry = table("words.yaml")[key]
    return terms(entry) if isinstance(entry, str) else tuple(entry)
