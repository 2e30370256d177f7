"""The table of care (`lexicons/care.yaml`): aspects, their exclusive methods, and the phrases that tell them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from evaluators.grounding.vocabulary import load

_GAP = r"(?:\S+ ){0,3}"


@dataclass(frozen=True, slots=True)
class Aspect:
    """An aspect of care: its exclusive methods and how they bear with each other (`lexicons/care.yaml` explains each)."""

    name: str
    broader: Mapping[str, frozenset[str]]
    allows: Mapping[str, frozenset[str]]
    gentler: Mapping[str, frozenset[str]]
    beside: frozenset[str]
    shy: frozenset[str]
    heat: Mapping[str, tuple[int, int]]

    def agree(self, said: str, given: str) -> bool:
        """Whether a method fits to one that the facts give."""
        return (
            said == given
            or given in self.broader.get(said, frozenset())
            or said in self.broader.get(given, frozenset()) | self.allows.get(given, frozenset())
        )

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether denying the one denies the other."""
        return wide == narrow or narrow in self.broader.get(wide, frozenset())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that tells a method, as a pattern over words joined by blanks; `denies`: it says "do not" itself."""

    aspect: str
    method: str
    pattern: re.Pattern[str]
    key: str
    width: int
    denies: bool


@dataclass(frozen=True, slots=True)
class _Table:
    aspects: Mapping[str, Aspect]
    phrases: tuple[Phrase, ...]
    keys: Mapping[str, tuple[int, ...]]
    """Word → the numbers of the phrases that it is the longest word of; "wash*" for words that begin so."""


def aspect_of(name: str) -> Aspect:
    """The aspect of that name."""
    return _table().aspects[name]


def aspects() -> Mapping[str, Aspect]:
    """All aspects by name."""
    return _table().aspects


def phrase(number: int) -> Phrase:
    """The phrase of that number; what denies by itself comes first, then the longest."""
    return _table().phrases[number]


@cache
def _table() -> _Table:
    data = load("care")
    aspects = {name: _aspect(name, entry) for name, entry in data.items()}
    phrases = [
        _phrase(name, method, written, denies=denies)
        for name, entry in data.items()
        for denies, group in ((True, entry["denied"]), (False, entry["methods"]))
        for method, listed in group.items()
        for written in filter(None, map(str.strip, listed.split("|")))
    ]
    # What denies by itself first, then the longest: "dry clean" is no "dry".
    phrases.sort(key=lambda p: (not p.denies, p.method in aspects[p.aspect].broader, -p.width))
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for n, phrase in enumerate(phrases):
        keys[phrase.key].append(n)
    return _Table(aspects, tuple(phrases), {key: tuple(numbers) for key, numbers in keys.items()})


@lru_cache(maxsize=16_384)
def phrases_with(word: str) -> tuple[int, ...]:
    """The phrases that a text with this word may hold. Most words are of none, so most texts cost next to nothing."""
    keys = _table().keys
    found = list(keys.get(word, ()))
    for end in range(2, len(word) + 1):
        found += keys.get(f"{word[:end]}*", ())
    return tuple(found)


@lru_cache(maxsize=16_384)
def is_hint(word: str) -> bool:
    """Whether a text with this word may speak of care."""
    word = word.lower()
    return bool(phrases_with(word)) or any(word in aspect.shy for aspect in _table().aspects.values())


def _aspect(name: str, entry: Mapping[str, Mapping[str, str]]) -> Aspect:
    def sets(key: str) -> dict[str, frozenset[str]]:
        return {method: frozenset(others.split()) for method, others in entry[key].items()}

    heat = {str(word): (int(ends[0]), int(ends[1])) for word, ends in entry["heat"].items()}
    beside, shy = str(entry["beside"]).split(), str(entry["shy"]).split()
    return Aspect(
        name, sets("broader"), sets("allows"), sets("gentler"), frozenset(beside), frozenset(shy), heat
    )


def _phrase(aspect: str, method: str, written: str, *, denies: bool) -> Phrase:
    """A phrase as a pattern over words that are joined by blanks; every run of words without a gap is a group."""
    runs = [
        "(" + " ".join(re.escape(w).replace(r"\*", r"\S*") for w in run.replace("-", " ").split()) + ")"
        for run in written.split("…")
    ]
    pattern = rf"(?<!\S){(' ' + _GAP).join(runs)}(?!\S)"
    words = written.replace("…", " ").replace("-", " ").split()
    return Phrase(aspect, method, re.compile(pattern), max(words, key=len), len(words), denies)
