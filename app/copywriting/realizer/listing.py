"""Values as text: quantities in the locale's form, lists by its comma rule, what opens alike said once."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.copywriting.realizer.english import join
from app.copywriting.realizer.messages import Message, Value
from app.copywriting.realizer.numbers import Style, quantity
from app.copywriting.realizer.patterns import Part, Parts
from app.copywriting.realizer.phrasebook import Entry
from app.copywriting.realizer.words import number_of
from retrieval.quantities import Quantity, find_quantities, spoken

_MAX_LISTED = 8
_SHOWN = 5
_MEASURED = re.compile(r"(\d+(?:[.,]\d+)? ?(?:ml|cl|l|g|kg|oz|lb)) (?!of )([a-z].*)")


def texts(message: Message, entry: Entry, locale: str, style: Style = "prose") -> tuple[str, ...]:
    """The values as sentences say them: the phrase data's words for them, quantities in the locale's form."""
    said: dict[str, None] = {}
    several = len(message.values) > 1
    for value in message.values:
        lower = value.text.lower()
        if several and lower in entry.drop:
            continue
        known = entry.words.get(lower)
        said[known if known is not None else _text(value, locale, style)] = None
    said.pop("", None)
    return tuple(said)


def _text(value: Value, locale: str, style: Style) -> str:
    if value.form != "quantity":
        if not value.text[:1].isdigit():
            return value.text
        mass = (
            _MEASURED.match(value.text) if value.number == "mass" or number_of(value.head) == "mass" else None
        )
        return f"{mass[1]} of {mass[2]}" if mass else value.text
    measured = quantities(value.text, value.unit)
    said = quantity(measured[0], locale, style) if measured else f"{value.text} {value.unit}"
    return f"{said} {value.head}" if value.head else said


@lru_cache(maxsize=8192)
def quantities(text: str, unit: str | None) -> tuple[Quantity, ...]:
    """The quantities of a value: as it stands where it names its unit, else with the fact's."""
    found = tuple(item for item in find_quantities(text) if item.unit is not None)
    return found or (find_quantities(f"{text} {spoken(unit)}") if unit else ())


def coordinate(items: Sequence[Parts], conjunction: str, locale: str) -> Parts:
    """Parts joined as a list, by the locale's comma rule."""
    if len(items) == 1:  # the common case
        return items[0]
    marks = [f"\x00{_inner(item)}{index}\x00" for index, item in enumerate(items)]
    joined: list[Part] = []
    for piece in re.split(r"(\x00(?: and |, )?\d+\x00)", join(marks, conjunction, locale)):
        if piece.startswith("\x00"):
            joined.extend(items[int(re.sub(r"\D", "", piece))])
        elif piece:
            joined.append(piece)
    return tuple(joined)


def _inner(item: Parts) -> str:
    """What of an item `join` must see to keep a list readable: an "and" inside it."""
    text = "".join(part for part in item if isinstance(part, str))
    return " and " if " and " in text else ""


def listed(said: Sequence[str], conjunction: str, locale: str) -> str:
    """Texts as a list; of a very long one its beginning "and others"."""
    if len(said) > _MAX_LISTED:
        return f"{', '.join(said[:_SHOWN])} and others" if conjunction == "and" else ", ".join(said)
    return said[0] if len(said) == 1 else join(list(said), conjunction, locale)


def factored(said: Sequence[str], locale: str) -> list[str]:
    """Names that open alike, said once: "OfficeJet D125", "OfficeJet D135" → "OfficeJet D125 and D135"."""
    numbered = {text.rpartition(" ")[0] for text in said if any(map(str.isdigit, text.rpartition(" ")[2]))}
    if len(said) == 1 or not numbered - {""}:
        return list(said)
    grouped: dict[str, list[str]] = {}
    for text in said:
        stem, _, last = text.rpartition(" ")
        joins = stem in numbered - {""} and (last.isupper() or any(map(str.isdigit, last)))  # "iPhone SE"
        grouped.setdefault(stem if joins else f"\x00{text}", []).append(last if joins else text)
    if all(len(lasts) == 1 for lasts in grouped.values()):
        return list(said)
    return [
        f"{stem} {join(lasts, 'and', locale)}" if not stem.startswith("\x00") else lasts[0]
        for stem, lasts in grouped.items()
    ]


def unlike(message: Message, said: Sequence[str]) -> bool:
    """Whether "and" would join what is unlike: "wash at 30 °C, no softener", "beech wood, oiled"."""
    forms = {value.form for value in message.values}
    denied = message.kind == "care" and any(text.startswith("no ") for text in said)
    mixed = message.kind == "material" and "noun" in forms and bool(forms & {"adjective", "participle"})
    return denied or mixed
