"""Width, height, depth and length as one message: "437 mm wide, 142 mm high, and 517 mm deep"."""

from collections.abc import Sequence
from dataclasses import replace

from app.copywriting.realizer.messages import Message

FAMILY = "extents"
_ADJECTIVES = {"width": "wide", "height": "high", "depth": "deep", "length": "long", "thickness": "thick"}
_ORDER = tuple(_ADJECTIVES)


def join_extents(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Put single extents with units together, where there are two or more; other messages stay as they are."""
    extents = [m for m in messages if m.family in _ADJECTIVES and m.form == "quantity" and len(m.values) == 1]
    if len({m.family for m in extents}) < 2 or len(extents) != len({m.family for m in extents}):  # noqa: PLR2004
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
