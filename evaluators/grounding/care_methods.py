"""Care instructions as what they say: which aspect, which method, allowed or not, how hot."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluators.grounding.care_table import aspect_of, aspects, is_hint, phrases_with
from evaluators.grounding.care_table import phrase as numbered
from evaluators.grounding.lexicons import domains_of
from evaluators.grounding.terms import Term

_PHRASE_END = re.compile(r"[^\s\-‐‑'’]")
"""What stands between two words of one phrase is blank, or joins them."""
_STATEMENT_END = re.compile(r"[.;|•\n!?]")
_WORD = re.compile(r"\S+")
_HEAT = re.compile(
    r"(?<![\d.,])(\d{2,3})\s*(?:(?:°|º|˚|degrees?\b|deg\b|grad\b)\s*(c|f|celsius|fahrenheit)?|(c|f))(?![\w])",
    re.IGNORECASE,
)
_FAHRENHEIT_FROM = 96
"""A number of degrees without a scale that no washing machine reaches in Celsius."""
_AT_MOST = frozenset(
    {
        "max",
        "maximum",
        "most",
        "above",
        "over",
        "exceed",
        "exceeding",
        "exceeds",
        "hotter",
        "below",
        "under",
        "up",
    }
)
_OR_LESS = frozenset({"below", "less", "lower", "cooler", "colder", "max", "maximum"})
_NEAR = 3
_WHOLE = frozenset({"and", "or", "nor", "but", "it", "them", "at", "ever"})
"""After a denied method these leave the denial whole; "do not iron the print" forbids no ironing."""
_OF_IT = frozenset({"garment", "garments", "item", "items", "product", "article", "piece"})
_DETERMINERS = frozenset({"the", "this", "these", "your"})
_NO = frozenset({"no", "non"})
_LEADS_AWAY = frozenset({"with", "in", "on", "at", "before", "after", "and", "or", "by", "to", "from"})


@dataclass(frozen=True, slots=True)
class CareMethod:
    """A method that a text allows or denies. `first` and `last` are terms; `clause` numbers the clause it stands in.

    `partial`: only some way of it is denied, or of some part ("do not wash above 40 °C", "do not iron the print").
    """

    aspect: str
    method: str
    denied: bool
    partial: bool
    only: bool
    parts: frozenset[str]
    first: int
    last: int
    clause: int


@dataclass(frozen=True, slots=True)
class CareHeat:
    """A temperature in °C, or a range that a word stands for ("warm"). `capped`: the text says that it is the highest."""

    aspect: str
    lowest: int
    highest: int
    capped: bool
    parts: frozenset[str]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CareReading:
    """What a text says of care."""

    methods: tuple[CareMethod, ...] = ()
    heats: tuple[CareHeat, ...] = ()


_NOTHING = CareReading()


def read_care(
    text: str, terms: Sequence[Term], denied: Sequence[bool], topic: str | None = None
) -> CareReading:
    """Read what a text says of care.

    `terms` are the text's, `denied` says which of them stand in a denial. `topic`: the aspect that bare temperatures
    belong to, where the text is a value of which that is known ("30°" of a wash).
    """
    hinted = any(is_hint(term.text) for term in terms)
    if not hinted and topic is None:
        return _NOTHING
    methods = tuple(_methods(terms, denied)) if hinted else ()
    return CareReading(
        methods,
        tuple(_heats(text, terms, methods, topic)),
    )


def _methods(terms: Sequence[Term], denied: Sequence[bool]) -> list[CareMethod]:
    found: list[CareMethod] = []
    for number, clause in enumerate(_clauses(terms)):
        words = [terms[i].text.lower() for i in clause]
        if not any(map(is_hint, words)):
            continue
        line = " ".join(words)
        near = sorted({n for word in words for n in phrases_with(word)})
        starts = {match.start(): k for k, match in enumerate(_WORD.finditer(line))}
        only = "only" in words
        taken: set[int] = set()
        for phrase in map(numbered, near):
            for match in phrase.pattern.finditer(line):
                first = starts[match.start()]
                last = first + match.group().count(" ")
                literal = _literal(match, starts)
                at = [clause[k] for k in literal]
                free = [i for i in at if i not in taken]
                is_wide = phrase.method in aspect_of(phrase.aspect).broader
                if not free or (is_wide and len(free) < len(at)) or _is_name(terms, at):
                    continue
                taken.update(at)
                parts = _parts(terms, clause[first], clause[last])
                no = phrase.denies or any(denied[i] for i in free)
                partial = no and not phrase.denies and _is_partial(terms, clause[last])
                found.append(
                    CareMethod(
                        phrase.aspect,
                        phrase.method,
                        no,
                        partial,
                        only,
                        parts,
                        clause[first],
                        clause[last],
                        number,
                    )
                )
        found.extend(_shy(terms, denied, clause, taken, number))
    return sorted(found, key=lambda m: m.first)


def _literal(match: re.Match[str], starts: Mapping[int, int]) -> list[int]:
    """The words of a match that the phrase names; those in its gaps are not."""
    return [
        starts[match.start(group)] + k
        for group in range(1, match.re.groups + 1)
        for k in range(match.group(group).count(" ") + 1)
    ]


def _shy(
    terms: Sequence[Term], denied: Sequence[bool], clause: Sequence[int], taken: set[int], number: int
) -> Iterator[CareMethod]:
    """Words that only mean care where they are denied: "do not bleach, iron or tumble dry"."""
    for i in clause:
        if i in taken or not denied[i] or _is_name(terms, [i]):
            continue
        for aspect in aspects().values():
            if terms[i].text.lower() in aspect.shy:
                widest = next(iter(aspect.broader), aspect.name)
                yield CareMethod(
                    aspect.name, widest, True, _is_partial(terms, i), False, frozenset(), i, i, number
                )


def _clauses(terms: Sequence[Term]) -> list[list[int]]:
    found: list[list[int]] = []
    for i, term in enumerate(terms):
        if i == 0 or _PHRASE_END.search(term.gap):
            found.append([])
        found[-1].append(i)
    return found


def _is_name(terms: Sequence[Term], at: Sequence[int]) -> bool:
    """Whether the words are part of an adjective: a "no-iron" shirt forbids nothing."""
    return any(terms[i].glued and i and terms[i - 1].text.lower() in _NO for i in at)


def _is_partial(terms: Sequence[Term], last: int) -> bool:
    """Whether a denial that ends there is only of some way, or of some part."""
    i = last + 1
    if i >= len(terms) or _PHRASE_END.search(terms[i].gap):
        return False
    word = terms[i].text.lower()
    if word in _DETERMINERS:
        following = terms[i + 1].text.lower() if i + 1 < len(terms) else ""
        return bool(following) and following not in _OF_IT
    if word == "at":
        return not (i + 1 < len(terms) and terms[i + 1].text.lower() == "all")
    return word not in _WHOLE


def _parts(terms: Sequence[Term], first: int, last: int) -> frozenset[str]:
    """The part of a product that a method is said of: "hand wash the cover", "removable lining: machine wash"."""
    found: set[str] = set()
    for i in range(last + 1, min(last + 1 + _NEAR, len(terms))):
        if _PHRASE_END.search(terms[i].gap) or terms[i].text.lower() in _LEADS_AWAY:
            break
        if "part" in domains_of(terms[i].key):
            found.add(terms[i].stem)
    for i in range(first - 1, max(-1, first - 2 - _NEAR), -1):
        if terms[i].text.lower() in _LEADS_AWAY or re.search(r"[.;,|\n]", terms[i + 1].gap):
            break
        if "part" in domains_of(terms[i].key):
            found.add(terms[i].stem)
    return frozenset(found)


def _heats(
    text: str, terms: Sequence[Term], methods: Sequence[CareMethod], topic: str | None
) -> Iterator[CareHeat]:
    for match in _HEAT.finditer(text):
        at = [i for i, term in enumerate(terms) if term.start < match.end() and term.end > match.start()]
        if not at:
            continue
        belongs = _belongs(terms, methods, at[0])
        aspect = belongs.aspect if belongs else topic
        if aspect is None or not aspect_of(aspect).heat:
            continue
        degrees = _celsius(int(match[1]), (match[2] or match[3] or "").lower()[:1])
        capped = _is_capped(terms, at[0], at[-1])
        parts = belongs.parts if belongs else frozenset[str]()
        yield CareHeat(aspect, degrees, degrees, capped, parts, at[0], at[-1])
    for method in methods:
        if method.denied:
            continue
        for i in _around(terms, method):
            heat = aspect_of(method.aspect).heat.get(terms[i].text.lower())
            if heat is not None:
                yield CareHeat(method.aspect, *heat, False, method.parts, i, i)
                break


def _around(terms: Sequence[Term], method: CareMethod) -> list[int]:
    """Where a word of heat may stand: in the phrase, right behind it, right before it."""
    behind: list[int] = []
    for i in range(method.last + 1, min(method.last + 2 + _NEAR, len(terms))):
        if _PHRASE_END.search(terms[i].gap) or terms[i].text.lower() in {"and", "or"}:
            break
        behind.append(i)
    before = [method.first - 1] if method.first and not _PHRASE_END.search(terms[method.first].gap) else []
    return [*range(method.first, method.last + 1), *behind, *before]


def _belongs(terms: Sequence[Term], methods: Sequence[CareMethod], at: int) -> CareMethod | None:
    """The method that a temperature is said of: the last one before it in its statement, else the next one."""
    before = [m for m in methods if m.first < at]
    if before and not any(_STATEMENT_END.search(terms[i].gap) for i in range(before[-1].last + 1, at + 1)):
        return before[-1]
    after = next((m for m in methods if m.first > at), None)
    if after and not any(_STATEMENT_END.search(terms[i].gap) for i in range(at + 1, after.first + 1)):
        return after
    return None


def _celsius(number: int, scale: str) -> int:
    if scale == "f" or (not scale and number >= _FAHRENHEIT_FROM):
        return round((number - 32) * 5 / 9)
    return number


def _is_capped(terms: Sequence[Term], first: int, last: int) -> bool:
    before = {terms[i].text.lower() for i in range(max(0, first - _NEAR), first)}
    after = {terms[i].text.lower() for i in range(last + 1, min(last + 3, len(terms)))}
    return not before.isdisjoint(_AT_MOST) or not after.isdisjoint(_OR_LESS)
