"""The meta description: a lead and as many further sentences as 156 characters hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.english import sentence
from app.copywriting.realizer.short_fields_slots import Line, Scene, lines, stems_of
from app.copywriting.realizer.titles import shortened, turned
from app.copywriting.realizer.titles_data import TitleData

LIMIT = 156
GOOD_FROM = 121
"""Yoast's range: result pages show about 156 characters, and fewer than 121 leave room unused."""
_RICH = 3
"""Facts in a meta description that are enough."""
_PER_SHAPE = 2
_MORE = 10


T = TypeVar("T")


class _Reread(Generic[T]):
    """What an iterator yields, made when it is first reached and remembered: most plans read no more than a line."""

    def __init__(self, unread: Iterator[T]) -> None:
        self._unread = unread
        self._known: list[T] = []

    def __iter__(self) -> Iterator[T]:
        place = 0
        while True:
            if place == len(self._known):
                try:
                    self._known.append(next(self._unread))
                except StopIteration:
                    return
            yield self._known[place]
            place += 1


@dataclass(frozen=True, slots=True)
class _Plan:
    """A meta description in the making."""

    lines: tuple[Line, ...]
    length: int

    @classmethod
    def of(cls, line: Line) -> "_Plan":
        return cls((line,), len(line.text))

    @property
    def facts(self) -> int:
        return len({id_ for line in self.lines for id_ in line.ids})

    @property
    def worth(self) -> tuple[int, int]:
        """What makes one plan better than another: nearness to the range, then facts."""
        return min(self.length, GOOD_FROM), self.facts

    def has_room(self, line: Line) -> bool:
        return self.length + 1 + len(line.text) <= LIMIT

    def knows(self, line: Line) -> bool:
        """Whether it says one of the line's messages, or most of its words, already."""
        if not line.messages:
            return False
        said = [message for one in self.lines for message in one.messages]
        if any(message is other for message in line.messages for other in said):
            return True
        spoken = frozenset().union(*(stems_of(one.text) for one in self.lines))
        return any(stems_of(" ".join(m.texts)) <= spoken for m in line.messages)

    def plus(self, line: Line) -> "_Plan":
        return _Plan((*self.lines, line), self.length + 1 + len(line.text))


def meta_description(scene: Scene, data: TitleData, chance: Chance) -> tuple[Line, ...]:
    """The sentences of a meta description, at most 156 characters in all and 121 or more where the facts allow.

    A lead is continued with what still fits: what the variants offer, and other messages by weight before it. The
    seed says with which shape of lead to begin; the first plan in range with enough facts is taken, else the one that
    comes nearest.
    """
    leads = lines(
        turned(data.meta_lead, chance.turn("meta_description", 1 << 16)), data.slots, scene, per_shape=1
    )
    choice = _Reread(map(_closed, lines(data.meta_choice, data.slots, scene)))
    last = _Reread(map(_closed, lines(data.meta_last, data.slots, scene)))
    more = lines(data.meta_more, data.slots, scene, per_shape=_PER_SHAPE, pronoun=True)
    further = _Reread(map(_closed, islice(more, _MORE)))
    best: _Plan | None = None
    for lead in map(_closed, leads):
        if len(lead.text) > LIMIT:
            continue
        plan = _continued(_Plan.of(lead), choice, further, last)
        if plan.length >= GOOD_FROM and plan.facts >= _RICH:
            return plan.lines
        best = plan if best is None or plan.worth > best.worth else best
    return best.lines if best else _named(scene, choice)


def _continued(plan: _Plan, choice: Iterable[Line], more: Iterable[Line], last: Iterable[Line]) -> _Plan:
    """A lead with what still fits. Room for what the variants offer is kept, since it comes last."""
    offered = next((line for line in choice if plan.has_room(line)), None)
    kept = len(offered.text) + 1 if offered else 0
    for line in more:
        if plan.length + kept >= GOOD_FROM:
            break
        if plan.length + kept + 1 + len(line.text) <= LIMIT and not plan.knows(line):
            plan = plan.plus(line)
    if offered:
        plan = plan.plus(offered)
    if plan.length >= GOOD_FROM:
        return plan
    closing = next((line for line in last if plan.has_room(line)), None)
    return plan.plus(closing) if closing else plan


def _named(scene: Scene, choice: Iterable[Line]) -> tuple[Line, ...]:
    """Where nothing but the name is known: the name, and what the variants offer."""
    text = scene.naming.description or scene.naming.bare_name
    if not sentence(text):
        return ()
    plan = _Plan.of(Line(sentence(shortened(text, LIMIT - 1)), scene.naming.name_ids, (), ""))
    return _continued(plan, choice, (), ()).lines


def _closed(line: Line) -> Line:
    return Line(sentence(line.text), line.ids, line.messages, line.source)
