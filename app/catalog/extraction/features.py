"""Named features inside prose: "a water-repellent exterior" names one, "not waterproof" names none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from app.catalog.extraction.types import product_nouns
from app.catalog.extraction.vocabulary import Phrases, phrases, table, terms, tokens, words_of

_NEGATION_REACH = 3  # words: "not fully waterproof", "never loses its non-stick …"
_CLAUSES = re.compile(r"[;:.!?()—–]+(?=\s|$)|\s-\s")
_TOKEN = re.compile(r"[^\W_]+(?:['’./][^\W_]+)*|[%,]")
_JOINTS = frozenset({"and", "or", ",", "yet", "but", "&"})
# What follows a feature that is said of the product itself ("it is waterproof and …", "adjustable for …").
_GOES_ON = frozenset(
    "and or , for with in to that from yet but at on so while when of as by which against is are when if because without thanks plus both even".split()  # noqa: SIM905
)
_COPULAS = frozenset({"is", "are", "was", "were"})
_VERB_BEFORE = frozenset({"to", "you", "can", "will", "they", "i", "we"})


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as the lexicon calls it, and as it is said of a part ("water-repellent exterior")."""

    term: str
    value: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    names: Phrases
    alone: frozenset[str]  # terms that take no noun after them
    families: Mapping[str, tuple[str, str]]  # term → (family, value), for terms that belong to one


@cache
def _lexicon() -> _Lexicon:
    entries: list[tuple[str, str]] = []
    alone: set[str] = set()
    lists = dict(table("features.yaml"))
    families = {
        t: (family, value) for family, rows in lists.pop("families").items() for t, value in rows.items()
    }
    for text in lists.values():
        for entry in terms(text):
            names = [name.strip().lstrip("!") for name in entry.split("=")]
            if entry.startswith("!"):
                alone.add(names[0])
            entries.extend((name, names[0]) for name in names)
    return _Lexicon(Phrases(entries), frozenset(alone), families)


def family_of_term(term: str) -> tuple[str, str] | None:
    """Give family and value of a feature that belongs to one ("full-zip" → ("closure", "full zip"))."""
    return _lexicon().families.get(term)


@lru_cache(maxsize=16384)
def named_feature(phrase: str) -> str | None:
    """Give the lexicon's term for a phrase that is nothing but a feature's name; None for others."""
    return _lexicon().names.get(phrase)


def features_in(sentence: str, about: frozenset[str] | None = None) -> tuple[Feature, ...]:
    """Find the features that a sentence claims of the product or a part of it, each once.

    Negated ones, and all in sentences about other products ("pairs with", "sold separately"), are none; nor is an
    adjective of a noun that is neither the product nor a known part ("padded envelope"). `about` holds the words,
    singular, by which the product is called; None: any thing that is sold may be the product.
    """
    return _features_in(sentence, about if about is None else about & nouns_asked(sentence))


@lru_cache(maxsize=32768)
def nouns_asked(sentence: str) -> frozenset[str]:
    """The nouns on which the features of a sentence depend: whether the product is called by them.

    Most sentences have none, so their features are the same whatever the product is called.
    """
    asked = (
        product_nouns(words[end : end + 4])
        for _, words, hits in _clauses(sentence)
        for _, end, term in hits
        if term not in _lexicon().alone
    )
    return frozenset[str]().union(*asked)


@lru_cache(maxsize=32768)
def _features_in(sentence: str, about: frozenset[str] | None) -> tuple[Feature, ...]:
    found: dict[str, Feature] = {}
    for clause, words, hits in _clauses(sentence):
        for feature in _in_clause(clause, words, hits, about):
            found.setdefault(feature.term, feature)
    return tuple(found.values())


_Hits = list[tuple[int, int, str]]


@lru_cache(maxsize=2048)
def _clauses(sentence: str) -> tuple[tuple[str, tuple[str, ...], _Hits], ...]:
    """The clauses of a sentence that name features: the clause, its words, where the names stand."""
    names = _lexicon().names
    if not names.begin_any(_words(sentence)) or phrases("other_products").find(tokens(sentence)):
        return ()
    clauses = ((clause, _words(clause)) for clause in _CLAUSES.split(sentence))
    return tuple((clause, words, hits) for clause, words in clauses if (hits := names.find(words)))


def _words(text: str) -> tuple[str, ...]:
    # Lower case word by word: it may change a text's length, and `_slice` counts on the words of the text as it is.
    return tuple(word.lower().replace("’", "'") for word in _TOKEN.findall(text))


def _in_clause(
    clause: str, words: tuple[str, ...], hits: _Hits, about: frozenset[str] | None
) -> list[Feature]:
    lexicon = _lexicon()
    marks = tuple(_TOKEN.finditer(clause))
    found: list[Feature] = []
    following: tuple[int, str] | None = None  # where the next feature begins, and the noun that it is said of
    covered = frozenset(index for start, end, _ in hits for index in range(start, end))
    for start, end, term in reversed(hits):
        if _negated(words, start) or words[end : end + 1] == ("free",):
            continue
        noun: str | None = ""
        if term not in lexicon.alone:
            if following is not None and end < following[0] and set(words[end : following[0]]) <= _JOINTS:
                noun = following[1]
            else:
                length = _noun_after(words, end, about)
                noun = None if length is None else _slice(clause, marks, end, end + length)
        if noun is None or (
            end - start == 1 and words[start - 1 : start] and words[start - 1] in _VERB_BEFORE
        ):
            continue
        if noun == "" and term not in lexicon.alone:
            noun = _part_before(words, start, covered) or ""
        following = start, noun
        said = term if words[start] in words_of("feature_verbs") else _slice(clause, marks, start, end)
        found.append(Feature(term, f"{said} {noun}" if noun else said))
    return found[::-1]


def _slice(clause: str, marks: tuple[re.Match[str], ...], first: int, after: int) -> str:
    """The words from `first` to before `after` as they were written."""
    return clause[marks[first].start() : marks[after - 1].end()] if after > first else ""


def _negated(words: tuple[str, ...], start: int) -> bool:
    negations = words_of("negations")
    return any(word in negations for word in words[max(0, start - _NEGATION_REACH) : start])


def _part_before(words: tuple[str, ...], start: int, hits: frozenset[int]) -> str | None:
    """The part that a predicate is said of: "the strap is contoured", "cover removable and washable"."""
    parts = words_of("part_nouns")
    index = start - 1
    while index >= 0 and (words[index] in _JOINTS or index in hits):
        index -= 1
    if index >= 0 and words[index] in _COPULAS:
        index -= 1
    return words[index] if index >= 0 and words[index] in parts else None


def _noun_after(words: tuple[str, ...], end: int, about: frozenset[str] | None) -> int | None:
    """How many words the part has that an adjective ending at `end` is said of.

    0 where it is said of the product itself, None where of anything else.
    """
    rest = words[end : end + 4]
    if not rest or rest[0] in _GOES_ON:
        return 0
    parts = words_of("part_nouns")
    for length in (1, 2):
        if (
            len(rest) >= length
            and rest[length - 1] in parts
            and not any(w in _GOES_ON for w in rest[:length])
        ):
            return next((n for n in range(length, len(rest)) if rest[n] not in parts), len(rest))
    nouns = product_nouns(rest)
    return 0 if nouns and (about is None or not about.isdisjoint(nouns)) else None
