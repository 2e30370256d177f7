"""What a sentence of a guide speaks of: the goods, parts and materials that a product must be or have for it to apply.

Reads English by the order of its words: before the first verb stands the subject of a statement, after the verb of an
order its object; "on", "for" and "of" may name what it is about, "with" and "into" name only a tool or a place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from app.catalog.extraction.materials import kinds_of
from app.catalog.extraction.types import type_in_title
from app.catalog.extraction.vocabulary import singular, terms, tokens
from retrieval.tables import read_table

_CLAUSES = re.compile(r"[,;:()–—]|\s-\s|\band then\b|\.\s")
_OR = re.compile(r"\bor\b|/")
_BEFORE = frozenset({"please", "always", "never", "do", "don't", "not", "only", "just", "then", "regularly", "occasionally", "gently", "carefully", "simply", "thoroughly", "first", "and", "or", "now", "lightly", "immediately", "ideally", "also", "to"})  # fmt: skip
_PLACES = frozenset({"with", "without", "in", "into", "at", "to", "from", "by", "under", "over", "after", "before", "once", "twice", "when", "if", "while", "until", "using", "inside", "outside", "only", "as", "out", "within", "away", "near", "between", "through", "during", "because", "than", "like", "off", "down", "up", "per", "that", "which", "so", "regularly", "flat", "separately", "apart", "where", "always", "every"})  # fmt: skip
_ABOUT = frozenset({"on", "for", "of", "onto"})
_REACHING = frozenset({"on", "onto", "to", "into", "over", "for"})
_FINITE = frozenset({"is", "are", "was", "were", "be", "may", "can", "must", "should", "shall", "will", "would", "could", "has", "have", "had", "come", "comes", "carry", "carries", "need", "needs", "keep", "keeps", "does", "do", "arrive", "arrives", "get", "gets", "become", "becomes", "make", "makes", "shrink", "shrinks", "include", "includes", "give", "gives", "cannot", "can't", "don't", "doesn't", "isn't", "aren't", "won't", "never", "resist", "resists", "require", "requires", "stay", "stays", "contain", "contains", "absorb", "absorbs", "protect", "protects"})  # fmt: skip
_NOUNS_TOO = frozenset({"covers", "cover", "uses", "use", "holds", "hold", "offers", "offer", "benefits", "benefit", "ages", "age", "ships", "ship", "fits", "fit", "lasts", "last", "runs", "run", "dries", "fades", "stays", "shrinks"})  # fmt: skip
_MANNERS = frozenset({"machine", "hand", "spot", "line", "air", "drip", "warm", "cold", "cool"})
_DETERMINERS = frozenset({"every", "only"})
_ROW = re.compile(r"^(?:[^:;.!?]{1,40}: )?(?P<first>[^:;.!?]{1,80})(?:; |: )[^;]")
_NO_WORD = re.compile(r"^\d|^%$")
_SPECIES = frozenset({"wood", "leather", "wool", "cotton"})
"""Kinds of material whose sorts are cared for in different ways: oil for oak is none for pine, denim is no jersey."""
_DEGREES = re.compile(r"\d\s?°|\bdegrees\b")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a product must be or have: one word of each set. `goods` in what it is called, the others in any fact of it."""

    goods: frozenset[frozenset[str]] = frozenset()
    words: frozenset[frozenset[str]] = frozenset()
    materials: frozenset[frozenset[str]] = frozenset()


_NOTHING = Needs()


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = read_table("app.catalog.documents", "subjects.yaml")
    return found


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(terms(_table()[key]))


@cache
def accepted(word: str) -> frozenset[str]:
    """The words by which a product may be known that is meant by a word: "shoe" means a boot too."""
    also: dict[str, str] = _table()["also"]
    return frozenset({word, *also.get(word, "").split()})


@lru_cache(maxsize=2048)
def parts_of(words: frozenset[str]) -> frozenset[str]:
    """The parts that a product has by what it is called ("bike": wheel, saddle)."""
    of: dict[str, str] = _table()["of"]
    found = {part for kind, parts in of.items() if set(tokens(kind)) <= words for part in parts.split()}
    return frozenset(found)


@lru_cache(maxsize=4096)
def parts_in(heading: str) -> frozenset[str]:
    """The parts that a heading is the name of ("Battery and charger"), any of which is enough; none for another one."""
    words = [
        singular(word)
        for word in tokens(heading)
        if word not in {"and", "or", "of", "care", "cleaning", "maintenance"}
    ]
    telling = [word for word in words if word not in _listed("states")]
    known = all(word in _listed("parts") for word in telling)
    return frozenset(choice for word in telling for choice in accepted(word)) if known else frozenset()


@lru_cache(maxsize=4096)
def material_names(text: str) -> frozenset[str]:
    """The materials that a text names, as a product must have one: by kind, sorts of wood and leather by name."""
    kinds = kinds_of((text,))
    found = set(kinds - _SPECIES)
    for kind in kinds & _SPECIES:
        named = {word for word in map(singular, tokens(text)) if kind in kinds_of((word,))}
        found |= named or {kind}
    return frozenset(found)


@lru_cache(maxsize=16384)
def needs_of(text: str) -> Needs:
    """What a product must be or have for a sentence, or a row of a table, to speak of it."""
    row = _ROW.match(text)
    if row and set(tokens(row["first"])[:1]) & _verbs():
        row = None
    clauses = [tokens(clause) for clause in _CLAUSES.split(row["first"] if row else text)]
    found = [_need(phrase) for words in clauses if words for phrase in _spoken_of(words)]
    kept = [one for one in found if one != _NOTHING]
    if len(kept) == 2 and _OR.search(text):  # "zips or buttons": one of them is enough
        words = frozenset(word for one in kept for choice in (*one.words, *one.goods) for word in choice)
        return Needs(words=frozenset({words})) if words else kept[0]
    return Needs(
        frozenset(choice for one in kept for choice in one.goods),
        frozenset(choice for one in kept for choice in one.words),
        frozenset(choice for one in kept for choice in one.materials),
    )


@lru_cache(maxsize=16384)
def is_care(text: str) -> bool:
    """Whether a sentence says how to look after a thing: an order with a verb of care, or what may be done to it."""
    for clause in _CLAUSES.split(text):
        words = tokens(clause)
        verb = next((at for at in range(len(words)) if not _is_before_verb(words, at)), None)
        if verb is not None and words[verb] in _listed("care") and _is_care_order(words, verb, text):
            return True
        if verb is not None and words[verb] in _verbs():
            following = _next_verb(words, verb + 1)  # "let it weather or oil it"
            if following is not None and words[following] in _listed("care"):
                return True
        for at in range(2, len(words)):
            if words[at] in _listed("cared") and (words[at - 1] == "be" or words[at - 2] == "be"):
                return True
    return False


def _is_care_order(words: tuple[str, ...], verb: int, text: str) -> bool:
    """Whether a verb of care is one where it stands: "Clean lines", "Store up to 64 GB" and "Oil paint" begin otherwise."""
    if _is_subject(words, verb) or words[verb + 1 : verb + 3] == ("up", "to"):
        return False
    if words[verb] not in _listed("adjectives_too"):
        return True
    following = words[verb + 1 : verb + 2]
    if not following or following[0] in _PLACES | _ABOUT | _listed("states") or following[0].endswith("ly"):
        return True
    said = frozenset(map(singular, words[verb + 1 :]))
    return (
        _DEGREES.search(text) is not None
        or bool(said & _listed("care_cues"))
        or bool(_need(_Phrase(_phrase(words, verb + 1)[0] or ("",))) != _NOTHING)
    )


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that name what a clause is about. `whole`: it is a subject, whose noun may stand before its number."""

    words: tuple[str, ...]
    whole: bool = False


def _need(phrase: _Phrase) -> Needs:
    """What a phrase asks of a product: its noun, and all that tells which sort of it ("rain jackets")."""
    words = tuple(map(singular, phrase.words))
    head = _head(phrase)
    telling = [word for word in words if word not in _listed("states") and not _NO_WORD.match(word)]
    if head is None:  # "the tyre pressure": only what it is a property of
        telling = [word for word in telling if word in _listed("parts") or kinds_of((word,))]
    materials = {material_names(word) for word in telling if kinds_of((word,))}
    others = [word for word in telling if word != head and not kinds_of((word,)) and not word.endswith("ly")]
    needed = {accepted(word) for word in others}
    goods: set[frozenset[str]] = set()
    if head is not None and head not in _listed("any") and not kinds_of((head,)):
        (needed if head in _listed("parts") else goods).add(accepted(head))
    return Needs(frozenset(goods), frozenset(needed), frozenset(materials))


def _head(phrase: _Phrase) -> str | None:
    """The noun of a phrase where it names goods or a part, and not what is done with them ("stains", "low heat")."""
    last = singular(phrase.words[-1])
    if last in _listed("parts") or last in _listed("any") or kinds_of((last,)):
        return last
    noun = type_in_title(" ".join(phrase.words))
    if noun is None:
        return None
    named = singular(tokens(noun)[-1])
    return named if named == last or phrase.whole else None


def _spoken_of(words: tuple[str, ...]) -> Iterator[_Phrase]:
    """The phrases of a clause that name what it is about."""
    verb = next((at for at in range(len(words)) if not _is_before_verb(words, at)), None)
    if verb is None:
        return
    if words[verb] in _verbs() and not _is_subject(words, verb):
        yield from _of_order(words, verb)
    elif words[0] not in _PLACES - _DETERMINERS:
        yield from _of_statement(words, verb)


def _is_before_verb(words: tuple[str, ...], at: int) -> bool:
    return words[at] in _BEFORE or (words[at] in _MANNERS and set(words[at + 1 : at + 2]) <= _verbs())


def _of_order(words: tuple[str, ...], verb: int) -> Iterator[_Phrase]:
    at: int | None = verb
    while at is not None:
        following = _next_verb(words, at + 1)
        end = len(words) if following is None else following - 1
        order = words[at:end]
        spoken, after = _phrase(order, 1)
        reaching = _REACHING | _ABOUT if order[0] in _table()["tools"] else _ABOUT
        targets = [
            p
            for i in range(after, len(order))
            if order[i] in reaching
            for p in _parted(_phrase(order, i + 1)[0])
        ]
        known = [target for target in targets if _need(target) != _NOTHING]
        meant = order[0] not in _table()["tools"] or (not known and _is_meant(order[0], spoken))
        if meant and not _is_vacuous(words[:at], spoken):
            yield from _parted(spoken)
        yield from known
        at = following


def _is_vacuous(before: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    """Whether an order is kept by who has no such part: "close every zip and button", "do not iron a print"."""
    if not spoken or any(_head(phrase) not in _listed("parts") for phrase in _parted(spoken)):
        return False
    denied = not {"not", "never", "don't", "avoid"}.isdisjoint(before)
    return spoken[0] in (
        {"every", "any", "all", "each", "a", "an"} if denied else {"every", "any", "all", "each"}
    )


def _is_meant(verb: str, spoken: tuple[str, ...]) -> bool:
    """Whether what one uses is the product ("Use creams within a year"), and no aid ("Use a damp cloth")."""
    if verb not in {"use", "apply"} or not spoken or singular(spoken[-1]) in _listed("aids") - {"cream"}:
        return False
    return (
        spoken[0] in {"the", "this", "these", "each", "every", "all", "your"}
        or singular(spoken[-1]) != spoken[-1]
    )


def _of_statement(words: tuple[str, ...], start: int) -> Iterator[_Phrase]:
    subject, end = _phrase(words, start, declared=True)
    parted = [_Phrase(phrase.words, whole=True) for phrase in _parted(subject)]
    yield from parted
    if words[end : end + 1] and words[end] in {"with", "without", "in"} and any(map(_head, parted)):
        yield from _parted(_phrase(words, end + 1, declared=True)[0])  # "chairs with padded seats are …"
    if not any(_is_finite(words, at) for at in range(len(words))):  # "ten-year guarantee on the frame"
        for at in range(end, len(words)):
            if words[at] in _ABOUT:
                yield from _parted(_phrase(words, at + 1)[0])


def _next_verb(words: tuple[str, ...], start: int) -> int | None:
    """The verb of a further order in a clause ("… and charge it")."""
    joined = range(start, len(words) - 1)
    return next(
        (at + 1 for at in joined if words[at] in {"and", "then", "or"} and words[at + 1] in _verbs()), None
    )


def _is_subject(words: tuple[str, ...], verb: int) -> bool:
    """Whether what looks like the verb of an order begins a subject: "Oil paintings are …"."""
    for at in range(verb + 1, min(verb + 5, len(words))):
        if words[at] in _PLACES or words[at] in _ABOUT or words[at] in _listed("states"):
            return False
        if _is_finite(words, at):
            return True
    return False


def _is_finite(words: tuple[str, ...], at: int) -> bool:
    """Whether a word is the verb of a statement; "covers" is none where another verb follows ("covers may be washed")."""
    if words[at] in _FINITE:
        return True
    return words[at] in _NOUNS_TOO and at > 0 and not any(word in _FINITE for word in words[at + 1 : at + 4])


def _phrase(words: tuple[str, ...], start: int, *, declared: bool = False) -> tuple[tuple[str, ...], int]:
    """The words from `start` to the next preposition (or verb, of a statement), and where that stands."""
    end = start
    while end < len(words):
        stops = words[end] in _PLACES or words[end] in _ABOUT
        if (stops and not (end == start and words[end] in _DETERMINERS)) or (
            declared and end > start and _is_finite(words, end)
        ):
            break
        end += 1
    return words[start:end], end


def _parted(run: tuple[str, ...]) -> list[_Phrase]:
    """The phrases of a list ("zips and buttons")."""
    found: list[list[str]] = [[]]
    for word in run:
        if word in {"and", "or"}:
            found.append([])
        elif not _NO_WORD.match(word):
            found[-1].append(word)
    return [_Phrase(tuple(phrase)) for phrase in found if phrase]


@cache
def _verbs() -> frozenset[str]:
    return frozenset(read_table("app.catalog.documents", "topics.yaml")["instructions"]) - {
        "do",
        "never",
        "only",
        "hand",
        "machine",
        "spot",
        "line",
        "condition",
    } | _listed("verbs")
