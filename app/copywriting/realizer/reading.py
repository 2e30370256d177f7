"""Reading: a fact as messages, or why it cannot be said by itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from app.copywriting.realizer.english import lower_first
from app.copywriting.realizer.fragments import compares, read_fragment
from app.copywriting.realizer.labels import Label, label_of, label_under, opens
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import LeftOut, Message, Role, Value
from app.copywriting.realizer.rules import Rules
from app.copywriting.realizer.values import split_list, value_of
from app.copywriting.realizer.words import is_adjective, singular_form, tokens
from retrieval.attributes import family_of
from retrieval.facts import Fact
from retrieval.quantities import find_quantities
from retrieval.units import unit_named

CLAIMED = "merchant_claim"
_DEGREES = frozenset({"ultra", "extra", "all", "very", "non", "more", "less"})
_OWN_WORDS = frozenset({"feature", "other", "performance", "part"})
_LISTED = frozenset({"other", "performance", "connectivity", "pattern", "display", "memory", "power"})
_PAIRED = frozenset({"audience", "use", "weather", "connectivity"})
_COMMON_KINDS = frozenset(
    {"scent", "use", "weather", "fit", "care", "closure", "pattern", "audience", "color", "style"}
)
_AND = re.compile(r"\s*/\s*|\s+(?:and|&)\s+", re.IGNORECASE)
_AMPERSAND = re.compile(r"\s+&\s+")
_TWO_SENTENCES = re.compile(r"[!?]\s|\.\s+[A-Z]\w{3,}")
_LONGEST_USE = 4
_LEVELS = frozenset({"skill level", "level", "difficulty", "experience level"})
_ONE_SIZE = re.compile(r"one[ -]size\b|one$|universal$", re.IGNORECASE)
_EXTENTS = frozenset({"width", "height", "depth", "length"})
_SEVERAL_EXTENTS = re.compile(r"\d[^×x*]*[×x*]\s*\d", re.IGNORECASE)
_PIECES = frozenset({"piece", "pieces", "quantity per pack"})
_SINGLE = frozenset({"1", "one piece", "1 piece"})
_MOST_COUNTED = 100
"""A bare number beyond this, under a name that does not say "number of", is hardly a count of things."""
_MEASURE_OF = re.compile(
    r"\b(?:capacity|size|speed|rate|resolution|yield|volume|length|width|height|depth|weight|time) (?:for|of|per|with|in)\b"
)
"""An "input capacity for cards" is a measure of cards and no number of things."""
_LONGEST_LABEL = 4
_RATING = re.compile(r"IP[X\d]\d[A-Z]?")
"""A code of IEC 60529, which is no part of a product ("with a strap and IP67")."""
_OR_MORE = re.compile(r"(\w)\s*\+$")
_MIXED_KINDS = frozenset({"feature", "style", "part", "closure"})
_NAME_KINDS = frozenset({"identity", "compatibility", "certification", "award", "origin"})
_DESIGNATION = frozenset({"title", "brand", "type", "category", "model"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A fact on its way to messages: what it is about, and its values as the shop wrote them."""

    kind: str
    family: str
    label: Label
    unit: str | None
    texts: tuple[str, ...]


def read_fact(fact: Fact, rule: Rules) -> tuple[Message, ...] | LeftOut:
    """A fact as messages (one for each form of its values), or why it cannot be said."""
    if fact.live:
        return LeftOut(fact, "live")
    claimed, varied = fact.trust == CLAIMED, fact.source.startswith("variant")
    told = _told(fact.name, fact.label, fact.values, fact.unit, rule, claimed, varied)
    if isinstance(told, str):
        return LeftOut(fact, told)
    facts = (fact,)
    return tuple([Message(one.role, one.family, one.kind, one.label, one.values, facts) for one in told])


@dataclass(frozen=True, slots=True)
class _Told:
    """A message without its facts."""

    role: Role
    family: str
    kind: str
    label: str
    values: tuple[Value, ...]


@lru_cache(maxsize=16_384)
def _told(
    name: str,
    own_label: str,
    values: tuple[str, ...],
    unit: str | None,
    rule: Rules,
    claimed: bool,
    varied: bool,
) -> tuple[_Told, ...] | str:
    """What a name and its values tell, whichever product has them, or why they cannot be said."""
    kind, label = _kind(name), label_under(name, own_label)
    reason = _unfit(name, values, kind, label, rule, claimed=claimed)
    if reason:
        return reason
    reading = _taken_apart(name, kind, label, values, unit)
    read = _values(reading, rule)
    return _unsaid(reading, read, rule, varied=varied) or _messages(reading, read, rule, varied=varied)


def _taken_apart(name: str, kind: str, label: Label, values: Sequence[str], unit: str | None) -> _Reading:
    """A fact with lists split and the labels inside list items read ("Inseam: 32 in")."""
    parts = [part for value in values for part in split_list(value, commas=kind in _LISTED)]
    if name in _EXTENTS and all(_SEVERAL_EXTENTS.search(part) for part in parts):
        return _Reading(kind, "dimensions", label_of("dimensions"), unit, tuple(parts))
    if kind in _PAIRED:
        parts = [
            piece for part in parts for piece in (_AND if kind != "connectivity" else _AMPERSAND).split(part)
        ]
    plain = _Reading(kind, name, label, unit, tuple(parts))
    if kind != "feature" or len(parts) != 1:
        return plain
    fragment = read_fragment(parts[0])
    named = family_of(fragment.label) if fragment.label and not fragment.kind else None
    kind, family = (fragment.kind, fragment.family) if fragment.kind else (kind, name)
    if fragment.label and not fragment.kind:
        kind, family = (named.kind, named.name) if named else ("other", fragment.label)
    label = label_of(fragment.label) if fragment.label else label
    return _Reading(kind, family, label, fragment.unit or unit, fragment.values)


def _values(reading: _Reading, rule: Rules) -> tuple[Value, ...]:
    """The values in mid-sentence form; a yes, a no and a count carry the shape of the attribute's name."""
    names = reading.family != "type" and (reading.kind in _NAME_KINDS or reading.family in rule.keep_capitals)
    texts = _begun_low(reading.texts) if names else reading.texts
    values = [
        value_of(text, reading.unit, name=names and (reading.family == "title" or not _describes(text)))
        for text in texts
    ]
    if reading.kind in _COMMON_KINDS:
        values = [
            replace(v, text=v.text.lower()) if v.text.istitle() and v.text.isalpha() else v for v in values
        ]
    if reading.kind == "age":
        values = [replace(v, text=_OR_MORE.sub(r"\1+", v.text)) for v in values]
    if reading.kind == "feature":
        values = [v for v in values if v.form not in {"quantity", "number"} and not _only_measures(v.text)]
    if reading.kind == "size":
        values = [_one_size(value) for value in values]
    if reading.kind == "use" and reading.label.text not in _LEVELS:
        values = [_direction(value) for value in values]
    if _designates(reading, values):
        values = [replace(v, form="name") if v.form == "number" else v for v in values]
    shape = {
        "yes": reading.label.shape,
        "no": reading.label.shape,
        "number": "bound" if reading.label.bound else "",
    }
    shaped = (replace(v, head=shape[v.form]) if v.form in shape else v for v in values if v.text)
    return tuple(dict.fromkeys(shaped))


def _designates(reading: _Reading, values: Sequence[Value]) -> bool:
    """Whether numbers in a list call things by their number and count none: the RAID levels 0, 1 and JBOD."""
    numbers = sum(value.form == "number" for value in values)
    mixed = 0 < numbers < len(values)
    listed = numbers > 1 and reading.label.counts and reading.label.core == reading.label.text
    return (mixed or listed) and (reading.kind == "other" or reading.label.counts)


def _begun_low(texts: Sequence[str]) -> tuple[str, ...]:
    """Names without a capital that only begins them: "Laptops, phones and tablets" are no names, "iPad" is one."""
    capitals = [word for text in texts for word in tokens(text) if word != word.lower()]
    words = [word for text in texts for word in tokens(text)]
    if len(words) == 1 and words[0].istitle() and singular_form(words[0]) in lexicon().goods:
        return (texts[0].lower(),)
    if len(words) > 1 and len(capitals) == 1 and capitals[0] == words[0]:
        return (lower_first(texts[0]), *texts[1:])
    return tuple(texts)


def _only_measures(text: str) -> bool:
    """Whether a list item is a measure of nothing ("8,000 g/m²/24 h")."""
    return text[:1].isdigit() and bool(find_quantities(text)) and not re.search(r"[^\W\d_]{4,}", text)


def _one_size(value: Value) -> Value:
    """The size of what has one only, which no "size" may stand before."""
    return replace(value, text=value.text.lower(), form="phrase") if _ONE_SIZE.match(value.text) else value


def _direction(value: Value) -> Value:
    """A use that is an instruction ("three drops in the evening") is what to do, not an occasion."""
    long = len(tokens(value.text)) > _LONGEST_USE or any(character.isdigit() for character in value.text)
    return replace(value, form="name") if long and value.form in {"noun", "adjective"} else value


def _unsaid(  # noqa: PLR0911 - one line a reason
    reading: _Reading, values: Sequence[Value], rule: Rules, *, varied: bool
) -> str | None:
    """Why values cannot be written; None where they can."""
    label = reading.label
    if not values:
        return "empty"
    if max([len(tokens(value.text)) for value in values]) > rule.caps["value_words"]:
        return "too long for a sentence"
    if _lacks_unit(reading, values, varied=varied):
        return "no known unit"
    if reading.kind == "other" and len(label.text.split()) > _LONGEST_LABEL:
        return "a name for a data sheet"
    if _names_units(label, values):
        return "a unit of another fact"
    if _answers_nothing(label, values):
        return "an answer without its question"
    if any(_TWO_SENTENCES.search(value.text) for value in values):
        return "reads as two sentences"
    if (label.core in _PIECES or reading.kind == "feature") and all(v.text in _SINGLE for v in values):
        return "what anyone expects"
    return None


def _names_units(label: Label, values: Sequence[Value]) -> bool:
    """Whether a fact tells but in what another one is counted ("bus type units: MHz")."""
    last = label.core.rsplit(" ", 1)[-1].lower()
    return last in {"unit", "units", "uom"} and all(unit_named(value.text) is not None for value in values)


def _answers_nothing(label: Label, values: Sequence[Value]) -> bool:
    """Whether a yes, a no or a count has no whole thing to speak of.

    A name that waits for its value ("suitable for: yes"), a thing with another in it ("no clock with calendar" could
    have either), and none of something counted ("RAID levels: 0").
    """
    forms = {value.form for value in values}
    if not forms <= {"yes", "no", "number"}:
        return False
    paired = "no" in forms and not {"with", "without"}.isdisjoint(label.core.split())
    return paired or opens(label.text) or (label.counts and all(value.text == "0" for value in values))


def _lacks_unit(reading: _Reading, values: Sequence[Value], *, varied: bool) -> bool:
    """Whether a number stands without the unit, or the noun, that it needs."""
    numbers = [value.text for value in values if value.form == "number"]
    if not numbers:
        unmeasured = reading.kind in {"dimension", "weight"} and not any(value.unit for value in values)
        return unmeasured and _has_digit(values)
    if reading.kind == "identity" or (varied and reading.kind == "size"):
        return False
    label = reading.label
    said = label.core != label.text  # "number of …"
    if not label.counts and _MEASURE_OF.search(label.text):
        return True
    counted = (label.counts or reading.kind in {"count", "age", "nutrition"}) and (
        said or all(not text.isdigit() or int(text) <= _MOST_COUNTED for text in numbers)
    )
    return not counted


def _messages(reading: _Reading, values: Sequence[Value], rule: Rules, *, varied: bool) -> tuple[_Told, ...]:
    kind, family = reading.kind, reading.family
    if kind in {"feature", "use"} and all(value.form == "imperative" for value in values):
        kind, family = "care", "care" if kind == "feature" else "directions"
    if kind == "identity" and family not in _DESIGNATION:
        kind = "other"
    varies = varied and len(values) > 1
    role: Role = "choice" if varies else rule.kind(kind).role
    short = reading.label.counts or values[0].form in {"yes", "no"}
    label = reading.label.core if short else reading.label.text
    rated = tuple(v for v in values if kind == "feature" and _RATING.fullmatch(v.text))
    plain = tuple(v for v in values if v not in rated)
    parts = _by_form(plain) if kind in _MIXED_KINDS and not varies else (plain,)
    ratings = (
        _Told(rule.kind("performance").role, "water_resistance", "performance", label, (v,)) for v in rated
    )
    told = (_Told(role, family, kind, label, part) for part in parts if part)
    return (*told, *ratings)


def _describes(text: str) -> bool:
    """Whether a value among names is a plain adjective ("Wired"), which keeps no capital."""
    return " " not in text and is_adjective(text.lower())


def _by_form(values: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    """Values of one form together, in order of appearance: adjectives describe, nouns are had, verbs are done."""
    grouped: dict[str, list[Value]] = {}
    for value in values:
        grouped.setdefault("noun" if value.form == "name" else value.form, []).append(value)
    return tuple(tuple(group) for group in grouped.values())


def _kind(name: str) -> str:
    if name in _DESIGNATION:
        return "identity"
    if name in {"feature", "features"}:
        return "feature"
    family = family_of(name)
    return family.kind if family else "other"


def _unfit(
    name: str, values: Sequence[str], kind: str, label: Label, rule: Rules, *, claimed: bool
) -> str | None:
    """Why a fact is not for a text that stays, by what sort of fact it is; None where it is."""
    words = label.text.lower()
    if name == "category":
        return "shelf, not product"
    if any(" > " in value for value in values):
        return "a path of shelves"
    if kind == "description":
        return "merchant's prose"
    if kind in rule.never:
        return f"{kind} detail"
    hidden = words in rule.hidden_phrases or not rule.hidden_words.isdisjoint(words.split())
    if hidden and name not in _DESIGNATION:
        return "no buyer's question"
    return _unsayable(values, rule) if kind in _OWN_WORDS and claimed else None


def _unsayable(values: Sequence[str], rule: Rules) -> str | None:
    """Why a merchant's own words are not repeated: praise, promises, or too long for a fragment."""
    for value in values:
        words = [word.lower().replace("’", "'") for word in tokens(value)]
        pieces = {piece for word in words if "-" in word for piece in word.split("-")} - _DEGREES
        pairs = {" ".join(pair) for pair in pairwise(words)}
        if lexicon().hype & ({*words} | pairs | pieces):
            return "praise or promise"
        if compares(value):
            return "comparison"
        if len(words) > rule.caps["feature_words"]:
            return "too long to be a feature"
    return None


def _has_digit(values: Iterable[Value]) -> bool:
    return any(re.search(r"\d", value.text) for value in values)
