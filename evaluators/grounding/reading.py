"""Facts as a caller has them: `Fact`s, or plain mappings with as little as a text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from retrieval.facts import Fact, Trust


def facts_from(facts: Iterable[Fact | Mapping[str, object]]) -> tuple[Fact, ...]:
    """Read facts; those that are mappings by their keys `id`, `name`, `value`, `unit`, `text`, `source`, `trust`, `live`.

    A value is a string, a number, a bool ("yes", "no") or a list of these. Whatever is missing is made up from the
    rest: the id from the place ("F2"), the text from name and value. Raises ValueError for a fact that has neither
    name, value nor text, and TypeError for one that is no mapping.
    """
    return tuple(_fact(fact, number) for number, fact in enumerate(facts, start=1))


def _fact(given: Fact | Mapping[str, object], number: int) -> Fact:
    if isinstance(given, Fact):
        return given if _is_read(given.value) else replace(given, value=_value(given.value))
    if not isinstance(given, Mapping):
        raise TypeError(f"fact {number} is neither a Fact nor a mapping: {given!r}")
    name, unit, text = (_plain(given.get(key)) for key in ("name", "unit", "text"))
    value = _value(given.get("value"))
    said = ", ".join(value) if isinstance(value, tuple) else value
    if not (name or said or text):
        raise ValueError(f"fact {number} says nothing: it has neither name, value nor text")
    trust = given.get("trust")
    return Fact(
        id=_plain(given.get("id")) or f"F{number}",
        name=name,
        value=value,
        text=text or _text(name, said, unit),
        source=_plain(given.get("source")),
        trust=next((known for known in get_args(Trust) if known == trust), "data"),
        unit=unit or None,
        live=bool(given.get("live")),
    )


def _is_read(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, tuple) and all(isinstance(v, str) for v in value))


def _value(value: object) -> str | tuple[str, ...]:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return tuple(_plain(member) for member in value)
    return _plain(value)


def _plain(value: object) -> str:
    """A scalar as it is written: True is "yes", 30.0 is "30", None is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _text(name: str, said: str, unit: str) -> str:
    words = f"{said} {unit}".strip()
    label = name.replace("_", " ")
    return f"{label}: {words}" if label and words else label or words
