"""Facts from the shop's columns. `attributes` here are the product's, under the shop's own names."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.types import as_type
from app.catalog.extraction.values import Value, answer, clean, read
from app.catalog.product import AttributeValue
from retrieval.attributes import (
    Name,
    is_internal,
    is_property,
    is_technical,
    own_name,
    read_name,
    telling_name,
)
from retrieval.quantities import Quantity, find_quantities
from retrieval.quick_values import quick
from retrieval.units import dimension_of

# Kinds whose values are names or words: "14" there is a model, not a number.
_NO_MEASURE = frozenset(
    {"identity", "compatibility", "audience", "certification", "award", "care", "ingredient"}
)
# Kinds in which a yes or a no says nothing.
_NO_ANSWER = frozenset({"identity", "live"})
# A number with a unit in a size column is a size in millimetres or ounces; "10 M" or "8 g" is a size code.
_SIZE_UNITS = frozenset({"in", "ft", "cm", "mm", "kg", "oz", "lb", "ml", "fl_oz"})
_ASKS = re.compile(
    r"^(?:has|is|with|can|includes?|supports?|contains|comes_with|hat|ist|mit|avec|con)_|_(?:included|required|supported|safe|free|compatible|certified|approved"
    r"|capable|ready|enabled|available|integrated|support|able)$"
)  # fmt: skip
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_GREEN = frozenset({"sustainability"})
_PROSE_WORDS = 25  # a longer single value is prose, not a value
_MAX_VALUE = 2000


@quick
@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns gave: facts, prose to be read as description, notes on what was left out."""

    facts: list[Found]
    prose: list[str]
    notes: list[str]


@quick
@dataclass(frozen=True, slots=True)
class _Read:
    """A column read: at most one of the three."""

    fact: Found | None = None
    prose: str | None = None
    note: str | None = None


def column_facts(attributes: Mapping[str, AttributeValue]) -> Columns:
    """Read a product's attributes into facts, in the shop's order.

    No facts are: technical names, empty phrases, flags of the shop's own shelves ("new", "erin_recommends"), a yes or
    no to what every product has ("colour: true"), and a "yes" to being green (a claim that needs more than a flag).
    """
    facts: list[Found] = []
    prose: list[str] = []
    notes: list[str] = []
    for result in map(_column, attributes, attributes.values()):
        if result is None:
            continue
        if result.fact is not None:
            facts.append(result.fact)
        elif result.prose:
            prose.append(result.prose)
        elif result.note:
            notes.append(result.note)
    return Columns(_told_apart(facts), prose, notes)


def _told_apart(facts: list[Found]) -> list[Found]:
    """Keep what tells columns of one family apart: "outer_material" beside "inner_material" is not just "material"."""
    names = [one.fact.name for one in facts]
    if len(set(names)) == len(names):
        return facts
    by_name: dict[str, set[AttributeValue]] = {name: set() for name, n in Counter(names).items() if n > 1}
    for one in facts:
        if one.fact.name in by_name:
            by_name[one.fact.name].add(one.fact.value)
    unlike = {name for name, values in by_name.items() if len(values) > 1}
    return [_telling(one) if one.fact.name in unlike and not one.fact.live else one for one in facts]


@lru_cache(maxsize=4096)
def _telling(one: Found) -> Found:
    fact = one.fact
    name = telling_name(fact.label)
    if name == fact.name or not name:
        return one
    return one.called(name)


# The families whose number a title repeats with its unit, and what that unit must measure.
_TITLED = {
    "cable_length": ("length",), "length": ("length",), "screen_size": ("length",), "screen_size_compatibility": ("length",), "weight": ("mass",),
    "capacity": ("volume", "information", "charge"), "storage": ("information",), "memory": ("information",), "power": ("power",),
    "battery_capacity": ("charge", "energy"), "refresh_rate": ("frequency",), "processor_frequency": ("frequency",), "diameter": ("length",),
}  # fmt: skip


def with_units_of_title(facts: Sequence[Found], title: str) -> list[Found]:
    """Complete numbers without a unit by the title, where it says the same number with a fitting unit.

    `cable_length: 15` beside "… networking cable 15 m" is 15 m.
    """
    open_ones = [
        one for one in facts if one.fact.unit is None and one.fact.name in _TITLED and _is_number(one)
    ]
    told = find_quantities(title) if open_ones else ()
    if not told:
        return list(facts)
    return [_with_unit(one, told) if one in open_ones else one for one in facts]


def _is_number(one: Found) -> bool:
    return isinstance(one.fact.value, str) and _DECIMAL.fullmatch(one.fact.value) is not None


def _with_unit(one: Found, told: Sequence[Quantity]) -> Found:
    fact = one.fact
    fitting = _TITLED.get(fact.name, ())
    number = Decimal(str(fact.value))
    units = {q.unit for q in told if q.numbers == (number,) and q.unit and dimension_of(q.unit) in fitting}
    if len(units) != 1:
        return one
    return one.measured(units.pop())


@lru_cache(maxsize=65536)
def _column(name: str, raw: AttributeValue) -> _Read | None:
    """Read one column. Pure, and cached: catalogs repeat their values."""
    if is_technical(name):
        return None
    told = read_name(name)
    kind = told.family.kind if told.family else "other"
    if kind == "description":
        return _Read(prose=raw if isinstance(raw, str) else "\n".join(raw))
    if isinstance(raw, str):
        asked = _answer(raw, told, name)
        if asked is not None:
            return _answered(name, told, kind, asked, raw)
        if _is_prose(raw):
            return _Read(prose=raw)
    measures = kind not in _NO_MEASURE
    value = read(raw, is_list=bool(told.family and told.family.is_list), unit=told.unit, measures=measures)
    if value is None or (is_internal(name) and kind == "other"):
        return None
    if kind == "size" and value.unit not in (None, *_SIZE_UNITS):
        value = read(raw, is_list=True, unit=None, measures=False) or value
    return _named(name, told, kind, value)


def _named(name: str, told: Name, kind: str, value: Value) -> _Read | None:
    fact_name = told.name
    if fact_name == "type":
        if isinstance(value.value, str) and as_type(value.value):
            return None  # it is the type fact
        fact_name = "variety"
    elif fact_name in ("brand", "title"):
        return None  # identity facts; a second name of the product is no fact about it
    return _Read(
        fact=found(
            f"attribute:{name}",
            fact_name,
            value.value,
            f"attribute:{name}",
            unit=value.unit,
            live=kind == "live",
            label=name,
            original=value.original,
        )
    )


def _answer(raw: str, told: Name, name: str) -> bool | None:
    """Read a yes or a no. "1" and "0" are answers only where the name asks for one."""
    said = answer(clean(raw))
    if said is None and raw.strip() in ("1", "0", "1.0", "0.0"):
        asks = _ASKS.search(told.name) or is_internal(name) or told.name in _GREEN
        return raw.strip().startswith("1") if asks else None
    return said


def _answered(name: str, told: Name, kind: str, said: bool, raw: str) -> _Read | None:
    if kind in _NO_ANSWER:
        return None
    # "colour: true" is a filter of the shop, and so is "performance fabric: no", of a thing that does have a fabric;
    # but "gauge: yes" is no measure: it is what the product has.
    if is_property(name) and not (said and told.family is None):
        return None
    if told.name in _GREEN:
        return _Read(note=f"{name}: green claim: needs more than a yes") if said else None
    if is_internal(name):
        return None
    return _Read(
        fact=found(
            f"attribute:{name}",
            own_name(name),
            "yes" if said else "no",
            f"attribute:{name}",
            label=name,
            original=raw,
        )
    )


def _is_prose(raw: str) -> bool:
    """Whether a single value is whole sentences rather than a value or a list of values."""
    if len(raw) < 100 or "|" in raw:
        return False
    return len(raw) > _MAX_VALUE or (
        max(len(line.split()) for line in raw.splitlines()) > _PROSE_WORDS and ". " in raw
    )
