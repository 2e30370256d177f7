"""What a person types, read into a statement: the name's family, the value, its unit. Pure."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog.extraction.columns import column_facts
from app.catalog.extraction.types import as_type
from app.catalog.extraction.values import clean, is_empty
from app.errors import Invalid
from retrieval.attributes import is_internal, is_technical, read_name
from retrieval.facts import Fact
from retrieval.quantities import spoken
from retrieval.units import dimension_of, unit_named, units

MAX_NAME, MAX_VALUE, MAX_LIST = 100, 1000, 50
ADDITIVE = frozenset({"feature", "features", "description"})
"""Names that a product has many facts of: one more replaces none."""
OF_THE_PRODUCT = frozenset({"title", "brand", "category"})
"""What the product is called and where it stands: changed with the product itself."""
_MEASURES: Mapping[str, frozenset[str]] = {
    "weight": frozenset({"mass", "areal mass"}),
    "dimension": frozenset({"length"}),
    "warranty": frozenset({"time"}),
    "memory": frozenset({"information"}),
}
_NEEDS_UNIT = frozenset({"weight", "dimension", "warranty"})
_BARE = re.compile(r"[0-9][0-9.,\s×–-]*")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that can be a fact; `label` and `original` are name and value as they were typed."""

    name: str
    value: str | tuple[str, ...]
    unit: str | None
    label: str
    original: str

    @property
    def key(self) -> str:
        """By which its fact is known again: its name, and of what there may be many of the value too."""
        if self.name not in ADDITIVE:
            return f"attested:{self.name}"
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return f"attested:{self.name}:{'|'.join(values).casefold()}"


def read_statement(name: str, value: str | Sequence[str], unit: str | None = None) -> Statement:
    """Read a name, a value and perhaps a unit as a column of a feed is read.

    Raises Invalid (/name, /value, /unit) for what could be no fact: a technical or live name, the product's own title,
    an empty phrase, a unit that is unknown or measures something else, a measure without its unit.
    """
    label = clean(name)
    told = read_name(label) if label and len(label) <= MAX_NAME else None
    if told is None or not told.name:
        raise Invalid(f"name: 1 to {MAX_NAME} characters that say what the fact is about", pointer="/name")
    kind = told.family.kind if told.family else ""
    _refuse_name(label, told.name, kind)
    given = _given(value)
    original = given if isinstance(given, str) else " | ".join(given)
    if kind == "description":
        return Statement("description", _sentence(original), None, label, original)
    if told.name == "type":
        noun = as_type(original)
        if noun is None:
            raise Invalid(f"value: {original!r} is no noun for a kind of product", pointer="/value")
        return Statement("type", noun, None, label, original)
    fact = _read(label, given, _symbol(unit))
    _check_measure(fact, kind, told.family.default_unit if told.family else None, given_unit=unit is not None)
    plain = "feature" if fact.name == "features" and isinstance(fact.value, str) else fact.name
    return Statement(plain, fact.value, fact.unit, label, original)


def _refuse_name(label: str, name: str, kind: str) -> None:
    if name in OF_THE_PRODUCT:
        raise Invalid(f"name: the {name} is the product's own; change it with the product", pointer="/name")
    if kind == "live":
        raise Invalid(
            f"name: {name} changes by the hour; import it or put it with the product", pointer="/name"
        )
    if is_technical(label):
        raise Invalid(f"name: {label!r} is the shop system's business and never a fact", pointer="/name")
    if is_internal(label) and not kind:
        raise Invalid(f"name: {label!r} speaks of the shop's shelves, not of the product", pointer="/name")


def _given(value: str | Sequence[str]) -> str | tuple[str, ...]:
    values = tuple(clean(part) for part in ((value,) if isinstance(value, str) else value))
    kept = tuple(part for part in values if not is_empty(part))
    if not kept or len(kept) > MAX_LIST or any(len(part) > MAX_VALUE for part in kept):
        raise Invalid(
            f"value: up to {MAX_LIST} values of up to {MAX_VALUE} characters that say something",
            pointer="/value",
        )
    return kept[0] if len(kept) == 1 else kept


def _sentence(text: str) -> str:
    if len(text.split()) < 2:
        raise Invalid("value: a description is a sentence; name a single word's family", pointer="/value")
    return text


def _symbol(unit: str | None) -> str | None:
    """The canonical symbol of a unit, however it is spelt."""
    if unit is None or not unit.strip():
        return None
    plain = unit.strip()
    # "y" and "y/o" are symbols that no feed spells out, and so no spellings.
    symbol = unit_named(plain) or (plain if plain in units() else None)
    if symbol is None:
        known = sorted({name for one in units().values() for name in (one.symbol, *one.words)})
        near = difflib.get_close_matches(plain.lower(), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise Invalid(f"unit: {unit!r} is not known{hint}", pointer="/unit")
    return symbol


def _read(label: str, given: str | tuple[str, ...], unit: str | None) -> Fact:
    """The fact that a column of this name and value would give, in this unit where one is asked for."""
    plain = _column(label, given)
    if unit is not None:
        values = (given,) if isinstance(given, str) else given
        measured = tuple(f"{part} {spoken(unit)}" for part in values)
        with_unit = _column(label, measured[0] if len(measured) == 1 else measured)
        if isinstance(with_unit, Fact) and with_unit.unit == unit:
            return with_unit
        if isinstance(plain, Fact) and plain.unit != unit:
            why = f"the value is in {plain.unit}" if plain.unit else "only numbers have one"
            raise Invalid(f"unit: {unit}, but {why}", pointer="/unit")
    if not isinstance(plain, Fact):
        raise Invalid(f"value: {plain}", pointer="/value")
    return plain


def _column(label: str, value: str | tuple[str, ...]) -> Fact | str:
    """The one fact of a column, or why it gives none."""
    columns = column_facts({label: value})
    if columns.facts:
        return columns.facts[0].fact
    if columns.notes:
        return columns.notes[0].partition(": ")[2]
    if columns.prose:
        return "one statement at a time, not a text"
    return f"this says nothing of the {label}"


def _check_measure(fact: Fact, kind: str, default_unit: str | None, *, given_unit: bool) -> None:
    pointer = "/unit" if given_unit else "/value"
    if fact.unit is None:
        if kind in _NEEDS_UNIT and all(_BARE.fullmatch(value) for value in fact.values):
            raise Invalid(f"unit: {fact.name} {', '.join(fact.values)} of what?", pointer="/unit")
        return
    fitting = _MEASURES.get(kind, frozenset())
    if default_unit is not None:
        fitting |= {dimension_of(default_unit) or ""}
    measured = dimension_of(fact.unit)
    if fitting and measured not in fitting:
        raise Invalid(f"unit: {fact.unit} is no unit of {' or '.join(sorted(fitting))}", pointer=pointer)
