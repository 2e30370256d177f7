"""Aggregation: which messages share a sentence, and in which place of it each stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.copywriting.realizer.messages import Message, Role
from app.copywriting.realizer.phrasebook import Use
from app.copywriting.realizer.schemas import Schema

Uses = Callable[[Message], frozenset[Use]]
MayShare = Callable[[Role, Role], bool]
_WINDOW = 5
"""How far ahead a sentence may look for what belongs with its first message."""
_MOST_IN_LEAD = 4
_MOST_IN_BODY = 3


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A shape of sentence with messages in its places, and the messages that it leaves for later."""

    schema: Schema
    placed: tuple[tuple[Use, Message], ...]
    rest: tuple[Message, ...]

    def at(self, use: Use) -> tuple[Message, ...]:
        """The messages in a place."""
        return tuple(message for place, message in self.placed if place == use)

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that the sentence says."""
        return tuple(message for _, message in self.placed)


def lead_aggregates(pool: Sequence[Message], schemas: Sequence[Schema], uses: Uses) -> Iterator[Aggregate]:
    """Every lead that the pool can fill: messages go, best first, into the first place that takes them."""
    offered = frozenset().union(*(uses(message) for message in pool))
    for schema in schemas:
        if not schema.needs <= offered:
            continue
        placed = _place(schema, pool, uses, _MOST_IN_LEAD)
        if _complete(schema, placed):
            yield Aggregate(schema, tuple(placed), _rest(pool, placed))


def body_aggregates(
    queue: Sequence[Message], schemas: Sequence[Schema], uses: Uses, may_share: MayShare
) -> Iterator[Aggregate]:
    """Every sentence that says the first message of the queue, alone or with its neighbours.

    Neighbours are messages close behind it whose roles may share a sentence with its own.
    """
    first = queue[0]
    near = [first, *(m for m in queue[1:_WINDOW] if may_share(first.role, m.role))]
    offered = frozenset().union(*(uses(message) for message in near))
    for schema in schemas:
        if schema.roles and first.role not in schema.roles:
            continue
        if not uses(first) & schema.places or not schema.needs <= offered:
            continue
        fitting = [m for m in near if not schema.roles or m.role in schema.roles]
        for size in range(1, min(_MOST_IN_BODY, len(fitting)) + 1):
            placed = _place(schema, fitting, uses, size)
            if (
                len(placed) == size
                and placed
                and any(m is first for _, m in placed)
                and _complete(schema, placed)
            ):
                yield Aggregate(schema, tuple(placed), _rest(queue, placed))


def _place(schema: Schema, messages: Sequence[Message], uses: Uses, most: int) -> list[tuple[Use, Message]]:
    """Fill places that must not stay empty first, then the others, each message once, each place up to its number."""
    placed: list[tuple[Use, Message]] = []
    done: set[int] = set()
    open_places = dict(schema.up_to)
    wanted = [use for use in schema.up_to if use in schema.needs]
    for use in wanted:
        message = next((m for m in messages if id(m) not in done and use in uses(m)), None)
        if message is not None and len(placed) < most:
            placed.append((use, message))
            done.add(id(message))
            open_places[use] -= 1
    for message in messages:
        if len(placed) >= most:
            break
        if id(message) in done:
            continue
        offered = uses(message)
        place = next((use for use, room in open_places.items() if room > 0 and use in offered), None)
        if place is not None:
            placed.append((place, message))
            done.add(id(message))
            open_places[place] -= 1
    return placed


def _complete(schema: Schema, placed: Sequence[tuple[Use, Message]]) -> bool:
    filled = {use for use, _ in placed}
    if schema.needs_one and not schema.needs_one & filled:
        return False
    return schema.needs <= filled and len(placed) >= schema.at_least


def _rest(messages: Sequence[Message], placed: Sequence[tuple[Use, Message]]) -> tuple[Message, ...]:
    done = {id(message) for _, message in placed}
    return tuple(message for message in messages if id(message) not in done)
