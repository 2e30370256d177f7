"""Where sources disagree: variants win over columns, columns over prose. Nothing is written over: notes say what fell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.catalog.extraction.found import Found
from app.catalog.extraction.materials import contradict, kinds_of, materials_in
from app.catalog.extraction.types import ends_in_type
from app.catalog.extraction.vocabulary import phrases, singular, tokens
from retrieval.facts import Fact
from retrieval.quantities import of_fact, same
from retrieval.quick_values import quick

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "single": 1}  # fmt: skip
_CHOICES = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?:\w+\s+)?(?:(?P<what>colou?r|size)s?[ -](?P<choice>options?|choices?|ways)|(?P<plural>colou?rs|sizes))\b",
    re.IGNORECASE,
)
_SIZE = r"(?:X{1,4}S|X{0,4}L|[2-6]XL|XS|S|M|L|\d{1,2}(?:\.5)?)"
_SIZES = re.compile(
    rf"\bsizes?:?\s+(?:from\s+)?(?P<low>{_SIZE})(?:\s*(?:-|–|to|through)\s*(?P<high>{_SIZE}))?(?![\w\"'”’.-])"
)
_PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£]|USD|EUR|GBP)\b|\d\s?% off\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"https?:/|\bwww\.|[\w.]@\w")
_ONE_SIZE = re.compile(r"\bone[ -]size\b", re.IGNORECASE)
_MADE_OF = re.compile(r"\b(?:made|crafted|constructed|built|woven|knitted|cut|sewn)\s+(?:entirely\s+)?(?:of|from|in|out of)\s+(?P<what>[^.;,()]{3,60})|\d{1,3}\s?%\s*(?P<share>[A-Za-z® -]{3,30})", re.IGNORECASE)  # fmt: skip
# Families that may hold more than one thing at a time: prose adds to them.
_ADDITIVE = frozenset({"feature", "package_content", "closure", "features"})


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """What columns and variants state, as far as prose could contradict it.

    `background` gives one object for equal statements, so that sentences are judged once for all products that state
    the same; one is another only if it is the same object.
    """

    colors: tuple[str, ...]
    sizes: tuple[str, ...]
    materials: tuple[str, ...]
    type: str | None


@quick
@dataclass(frozen=True, slots=True)
class Background:
    """What prose is read against; `names`: title, type and shelf, by which the product may be called."""

    stated: Stated
    names: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class Settled:
    """The facts that stand, and what fell and why."""

    facts: tuple[Found, ...]
    notes: tuple[str, ...]


def background(facts: Iterable[Found]) -> Background:
    """Collect what prose must not contradict, and the product's names."""
    values: dict[str, tuple[str, ...]] = {}
    for one in facts:
        name = one.compared
        if name and (name not in values or one.fact.source.startswith("variant:")):
            values[name] = one.fact.values
    told = values.get
    titles, types, shelves = told("title", ()), told("type", ()), told("category", ())
    stated = _stated(
        told("color") or told("printing_colors", ()),
        told("size", ()),
        told("material", ()),
        types[0] if types else None,
    )
    return Background(stated, (*titles, *types, *shelves[-1:]))


_stated = lru_cache(maxsize=16384)(Stated)


def objection(text: str, stated: Stated) -> str | None:
    """Say why a sentence of the description cannot stand beside what is stated; None where it can."""
    passing = _passing(text)
    if passing:
        return passing
    colors = colors_in(text) if stated.colors else frozenset()
    if colors and not (len(stated.colors) == 1 and colors <= _words(stated.colors[0])):
        return f"speaks of {', '.join(sorted(colors))}; the colors are {', '.join(stated.colors)}"
    if stated.materials:
        claimed = _claimed_materials(text)
        if claimed and contradict(stated.materials, claimed):
            return f"speaks of {', '.join(claimed)}; the material is {', '.join(stated.materials)}"
    return _objection_to_choices(text, stated) if "size" in text or "olo" in text else None


@lru_cache(maxsize=16384)
def _passing(text: str) -> str | None:
    """Why a sentence speaks of nothing that lasts."""
    if (_DIGIT.search(text) and _PRICE.search(text)) or phrases("offers").find(tokens(text)):
        return "speaks of price, stock or service, which change by the hour"
    addressed = "@" in text or ":/" in text or "www." in text
    return "points to another place" if addressed and _ADDRESS.search(text) else None


def _objection_to_choices(text: str, stated: Stated) -> str | None:
    for found in _CHOICES.finditer(text):
        what, said = (found["what"] or found["plural"]).lower(), found["count"].lower()
        values = stated.sizes if what.startswith("size") else stated.colors
        if not values and not found["choice"]:
            continue
        if (_NUMBERS.get(said) or int(said)) != max(len(values), 1):
            return f"speaks of {found.group()}; the shop lists {len(values) or 'none'}"
    if len(stated.sizes) > 1:
        known = {size.upper() for size in stated.sizes}
        named = [size for m in _SIZES.finditer(text) for size in (m["low"], m["high"]) if size]
        if _ONE_SIZE.search(text) or any(size.upper() not in known for size in named):
            return f"speaks of other sizes; the sizes are {', '.join(stated.sizes)}"
    return None


@lru_cache(maxsize=32768)
def colors_in(text: str) -> frozenset[str]:
    """The colours that a text names; "green tea" and "sterling silver" name none."""
    words = tokens(text)
    found = phrases("colors").find(words)
    if not found:
        return frozenset()
    other = {index for start, end, _ in phrases("not_colors").find(words) for index in range(start, end)}
    return frozenset(color for start, _, color in found if start not in other)


@lru_cache(maxsize=4096)
def _words(value: str) -> frozenset[str]:
    words = tokens(value)
    return frozenset(words) | {" ".join(words)} | colors_in(value)


@lru_cache(maxsize=16384)
def _claimed_materials(text: str) -> tuple[str, ...]:
    """What a text says the product as a whole is made of: "made of wool", "96% merino", "cotton tank"."""
    found = tuple(m["what"] or m["share"] for m in _MADE_OF.finditer(text))
    if found or not ends_in_type(text):
        return tuple(what.strip(" /,.-") for what in found if kinds_of((what,)))
    words = tokens(text)
    last = materials_in(text)[-1:]
    return tuple(" ".join(words[m.start : m.end]) for m in last if m.end < len(words))


def settle(stated: Sequence[Found], options: Sequence[Found], claimed: Sequence[Found]) -> Settled:
    """Keep what stands when columns, variants and prose are heard together.

    An option of the variants replaces a column of that family; a column (or option) replaces what the description
    claims of that family, unless the family holds many things and the claim adds to them. A named feature from prose
    that a stated fact or a list item already tells is left out silently.
    """
    notes: list[str] = []
    heard = [*_without_replaced(stated, options, notes), *options] if options else stated
    kept = list(heard)
    # A sentence stands as it is.
    names = {one.fact.name for one in claimed if one.fact.name != _SENTENCE}
    if not names:
        return Settled((*kept, *claimed), tuple(notes))
    by_name: dict[str, list[Fact]] = {}
    for one in heard:
        if one.fact.name in names:
            by_name.setdefault(one.fact.name, []).append(one.fact)
    known: list[frozenset[str]] | None = None
    for one in claimed:
        if one.fact.name == _SENTENCE:
            kept.append(one)
            continue
        if known is None and one.key.startswith(_FEATURE):
            known = _known_words(heard, claimed)
        told = _told_already(one, by_name, known)
        if told is None:
            kept.append(one)
        elif told:
            notes.append(f"{one.fact.source}: {told}")
    return Settled(tuple(kept), tuple(notes))


_FEATURE = "feature:"
_SENTENCE = "description"


def _without_replaced(stated: Sequence[Found], options: Sequence[Found], notes: list[str]) -> Iterator[Found]:
    """What is stated without the columns that options of the variants replace; `notes` gets those that differ."""
    by_name = {one.fact.name: one.fact for one in options}
    for one in stated:
        option = by_name.get(one.fact.name)
        if option is not None:
            if _plain(one.fact) != _plain(option):
                notes.append(f"{one.fact.source}: {', '.join(one.fact.values)}; the variants win")
        else:
            yield one


def _told_already(
    one: Found, by_name: dict[str, list[Fact]], known: Sequence[frozenset[str]] | None
) -> str | None:
    """None: the claim stands. "": it repeats what is stated. Else: what it contradicts.

    `known` are the words of the features that are told, where any is claimed.
    """
    fact = one.fact
    if known and one.key.startswith(_FEATURE):
        words = _feature_words(one.key)
        for other in known:
            if words <= other:
                return ""
    others = by_name.get(fact.name)
    if not others or fact.name in _ADDITIVE:
        return None
    if fact.name == "material":
        values = [value for other in others for value in other.values]
        if contradict(values, fact.values):
            return f"{', '.join(fact.values)}; the material is {', '.join(values)}"
        adds = any("%" in value for value in fact.values) and not any("%" in value for value in values)
        return None if adds else ""
    if any(_plain(fact) == _plain(other) or _same_quantity(fact, other) for other in others):
        return ""
    return f"{fact.text}; stated is {others[0].text}"


def _same_quantity(a: Fact, b: Fact) -> bool:
    one, two = of_fact(a), of_fact(b)
    return bool(one) and len(one) == len(two) and all(map(same, one, two))


def _plain(fact: Fact) -> tuple[frozenset[str], str | None]:
    return frozenset(value.casefold() for value in fact.values), fact.unit


def _known_words(stated: Sequence[Found], claimed: Sequence[Found]) -> list[frozenset[str]]:
    """The words of each feature that columns or list items tell."""
    return [words for one in (*stated, *claimed) if one.tells for words in _told_words(one)]


@lru_cache(maxsize=8192)
def _feature_words(key: str) -> frozenset[str]:
    return frozenset(map(singular, tokens(key.removeprefix(_FEATURE))))


@lru_cache(maxsize=16384)
def _told_words(one: Found) -> tuple[frozenset[str], ...]:
    fact = one.fact
    if one.key.startswith(_FEATURE) or fact.source in ("title", "category"):
        return ()
    values = (fact.name.replace("_", " "),) if fact.value == "yes" else fact.values
    return tuple(frozenset(map(singular, tokens(value))) for value in values)
