"""Messages that are one: width, height and depth ("437 mm wide, 142 mm high"), and the lines of a care label."""

from collections.abc import Sequence
from dataclasses import replace

from app.copywriting.realizer.messages import Message

FAMILY = "extents"
_ADJECTIVES = {"width": "wide", "height": "high", "depth": "deep", "length": "long", "thickness": "thick"}
_ORDER = tuple(_ADJECTIVES)


def join_care(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Put the instructions of a care label together: "machine wash cold" and "line dry" are one sentence."""
    lines = [m for m in messages if m.kind == "care" and m.form == "imperative"]
    if len(lines) < 2:  # one line needs no joining
        return tuple(messages)
    joined = replace(
        lines[0],
        values=tuple(dict.fromkeys(value for line in lines for value in line.values)),
        facts=tuple(fact for line in lines for fact in line.facts),
    )
    return tuple(joined if m is lines[0] else m for m in messages if m is lines[0] or m not in lines)


def join_extents(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Put single extents with units together, where there are two or more; other messages stay as they are."""
    extents = [m for m in messages if m.family in _ADJECTIVES and m.form == "quantity" and len(m.values) == 1]
    if len({m.family for m in extents}) < 2 or len(extents) != len({m.family for m in extents}):
        return tuple(messages)
    extents.sort(key=lambda message: _ORDER.index(message.family))
    values = tuple(replace(m.values[0], head=_ADJECTIVES[m.family]) for m in extents)
    first = max(extents, key=lambda message: message.salience)
    joined = replace(
        first,
        family=FAMILY,
        label="dimensions",
        values=values,
        facts=tuple(fact for message in extents for fact in message.facts),
    )
    place = next(index for index, message in enumerate(messages) if message in extents)
    rest = [message for message in messages if message not in extents]
    return (*rest[:place], joined, *rest[place:])
