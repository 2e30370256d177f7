"""Aggregation: which messages share a sentence, and in which place of it each stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.copywriting.realizer.messages import Message, Role
from app.copywriting.realizer.phrasebook import Use
from app.copywriting.realizer.schemas import Schema

Uses = Callable[[Message], frozenset[Use]]
MayShare = Callable[[Role, Role], bool]
Offer = tuple[Message, frozenset[Use]]
"""A message and the places that it can take."""
_WINDOW = 5
"""How far ahead a sentence may look for what belongs with its first message."""
_MOST_IN_LEAD = 4
_MOST_IN_BODY = 3


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A shape of sentence with messages of a pool in its places."""

    schema: Schema
    placed: tuple[tuple[Use, Message], ...]
    pool: Sequence[Message]

    def at(self, use: Use) -> tuple[Message, ...]:
        """The messages in a place."""
        return tuple([message for place, message in self.placed if place == use])

    @property
    def rest(self) -> tuple[Message, ...]:
        """What of the pool it leaves."""
        done = {id(message) for _, message in self.placed}
        return tuple([message for message in self.pool if id(message) not in done])

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that the sentence says."""
        return tuple([message for _, message in self.placed])


def lead_aggregates(pool: Sequence[Message], schemas: Sequence[Schema], uses: Uses) -> Iterator[Aggregate]:
    """Every lead that the pool can fill: messages go, best first, into the first place that takes them."""
    offers = [(message, uses(message)) for message in pool]
    offered = frozenset().union(*[places for _, places in offers])
    for schema in schemas:
        if not schema.needs <= offered:
            continue
        placed = _place(schema, offers, _MOST_IN_LEAD)
        if _complete(schema, placed):
            yield Aggregate(schema, tuple(placed), pool)


def body_aggregates(
    queue: Sequence[Message], schemas: Sequence[Schema], uses: Uses, may_share: MayShare
) -> Iterator[Aggregate]:
    """Every sentence that says the first message of the queue, alone or with its neighbours.

    Neighbours are messages close behind it whose roles may share a sentence with its own.
    """
    first = queue[0]
    near = [(m, uses(m)) for m in queue[:_WINDOW] if m is first or may_share(first.role, m.role)]
    of_first = near[0][1]
    offered = frozenset().union(*[places for _, places in near])
    for schema in schemas:
        if schema.roles and first.role not in schema.roles:
            continue
        if of_first.isdisjoint(schema.up_to) or not schema.needs <= offered:
            continue
        fitting = [offer for offer in near if offer[0].role in schema.roles] if schema.roles else near
        # Places are filled one after the other, so that a shorter sentence is the beginning of a longer one.
        longest = _place(schema, fitting, _MOST_IN_BODY)
        needed = next((size for size, (_, m) in enumerate(longest, start=1) if m is first), len(longest) + 1)
        for size in range(needed, len(longest) + 1):
            placed = longest[:size]
            if _complete(schema, placed):
                yield Aggregate(schema, tuple(placed), queue)


def _place(schema: Schema, offers: Sequence[Offer], most: int) -> list[tuple[Use, Message]]:
    """Fill places that must not stay empty first, then the others, each message once, each place up to its number."""
    placed: list[tuple[Use, Message]] = []
    left = list(offers)
    room = dict(schema.up_to)
    for use in schema.first:
        if len(placed) == most:
            break
        for index, (message, offered) in enumerate(left):
            if use in offered:
                placed.append((use, message))
                del left[index]
                room[use] -= 1
                break
    for message, offered in left:
        if len(placed) == most:
            break
        for use, free in room.items():
            if free > 0 and use in offered:
                placed.append((use, message))
                room[use] -= 1
                break
    return placed


def _complete(schema: Schema, placed: Sequence[tuple[Use, Message]]) -> bool:
    if len(placed) < schema.at_least:
        return False
    filled = {use for use, _ in placed}
    return schema.needs <= filled and not (schema.needs_one and schema.needs_one.isdisjoint(filled))
