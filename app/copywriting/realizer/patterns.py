"""The little language of phrase patterns, and text whose grammar is still open.

    {value}      a slot, filled by `slots` (the value) or left for `referring` ({S}, {N}, {its}, {it}, {Name}, {name})
    [is|are]     agrees with the sentence's subject
    <is|are>     agrees with the values of the message
    a(n)         the article that the next word wants

A pattern is parsed once; filled, it is a `Phrase`: a row of parts of which some wait for the subject.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.copywriting.realizer.messages import Number


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value or for a referring expression."""

    name: str


@dataclass(frozen=True, slots=True)
class Agree:
    """Two forms of a word, for a singular and a plural subject."""

    singular: str
    plural: str

    def form(self, number: Number) -> str:
        """The form for a subject of that number; a mass subject is singular."""
        return self.plural if number == "plural" else self.singular


@dataclass(frozen=True, slots=True)
class AgreeWithValues(Agree):
    """Two forms of a word, for values of one or more things."""


@dataclass(frozen=True, slots=True)
class Article:
    """The place of an indefinite article."""


Part = str | Slot | Agree | AgreeWithValues | Article
Parts = tuple[Part, ...]

REFERENCES = frozenset({"S", "N", "its", "it", "Name", "name"})
"""Slots that stand for the product and are filled last."""

_TOKEN = re.compile(
    r"\{(?P<slot>[^{}]+)\}|\[(?P<subject>[^\[\]|]+\|[^\[\]|]*)\]|<(?P<values>[^<>|]+\|[^<>|]*)>|(?P<article>\ba\(n\)) ?"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words for one or more messages. `number` is that of the noun phrase, where it is one; `ids` are its facts'.

    `gapped` is a clause without its verb, for the place behind one of the same shape ("its rating good").
    """

    parts: Parts
    ids: tuple[str, ...] = ()
    number: Number = "singular"
    shape: str = ""
    gapped: Parts = ()


@lru_cache(maxsize=8192)
def parse(pattern: str) -> Parts:
    """Parse a pattern. Text outside its marks stays as it is."""
    parts: list[Part] = []
    position = 0
    for found in _TOKEN.finditer(pattern):
        if found.start() > position:
            parts.append(pattern[position : found.start()])
        if slot := found["slot"]:
            parts.append(Slot(slot))
        elif subject := found["subject"]:
            parts.append(Agree(*subject.split("|")))
        elif values := found["values"]:
            parts.append(AgreeWithValues(*values.split("|")))
        else:
            parts.append(Article())
        position = found.end()
    if position < len(pattern):
        parts.append(pattern[position:])
    return tuple(parts)


def slots_of(parts: Parts) -> tuple[str, ...]:
    """The names of a pattern's slots, in order."""
    return tuple([part.name for part in parts if isinstance(part, Slot)])


def fill(parts: Parts, values: dict[str, Parts], number: Number = "singular") -> Parts | None:
    """Put values into slots and let `<…|…>` agree with `number`; None where a slot has no value.

    References to the product stay open.
    """
    filled: list[Part] = []
    for part in parts:
        if isinstance(part, str):  # most are
            filled.append(part)
        elif isinstance(part, Slot):
            value = values.get(part.name)
            if value is not None:
                filled += value
            elif part.name in REFERENCES:
                filled.append(part)
            else:
                return None
        elif isinstance(part, AgreeWithValues):
            filled.append(part.form(number))
        else:
            filled.append(part)
    return tuple(filled)
