"""The meta description: a lead and as many further sentences as 156 characters hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.english import sentence
from app.copywriting.realizer.short_fields_slots import Line, Scene, lines, stems_of
from app.copywriting.realizer.titles import shortened
from app.copywriting.realizer.titles_data import TitleData

LIMIT = 156
GOOD_FROM = 121
"""Yoast's range: result pages show about 156 characters, and fewer than 121 leave room unused."""
_LEADS = 12
_MORE = 30


@dataclass(frozen=True, slots=True)
class _Plan:
    """A meta description in the making."""

    lines: tuple[Line, ...]

    @property
    def length(self) -> int:
        return sum(len(line.text) for line in self.lines) + max(len(self.lines) - 1, 0)

    @property
    def facts(self) -> int:
        return len({id_ for line in self.lines for id_ in line.ids})

    def has_room(self, line: Line) -> bool:
        return self.length + 1 + len(line.text) <= LIMIT

    def knows(self, line: Line) -> bool:
        """Whether it says one of the line's messages, or most of its words, already."""
        said = [message for one in self.lines for message in one.messages]
        if any(message is other for message in line.messages for other in said):
            return True
        spoken = frozenset().union(*(stems_of(one.text) for one in self.lines))
        return bool(line.messages) and any(stems_of(" ".join(m.texts)) <= spoken for m in line.messages)

    def plus(self, line: Line) -> "_Plan":
        return _Plan((*self.lines, line))


def meta_description(scene: Scene, data: TitleData, chance: Chance) -> tuple[Line, ...]:
    """The sentences of a meta description, at most 156 characters in all and 121 or more where the facts allow.

    Every lead is continued with what still fits: first what the variants offer, then other messages by weight. The
    best plans (in range, with most facts) take turns by the seed. () where no lead can be said.
    """
    leads = [_closed(line) for line in islice(lines(data.meta_lead, data.slots, scene), _LEADS)]
    leads = [line for line in leads if len(line.text) <= LIMIT]
    more = [_closed(line) for line in islice(lines(data.meta_more, data.slots, scene, pronoun=True), _MORE)]
    choice = [_closed(line) for line in lines(data.meta_choice, data.slots, scene)]
    last = [_closed(line) for line in lines(data.meta_last, data.slots, scene)]
    plans = [_continued(_Plan((lead,)), choice, more, last) for lead in leads]
    if not plans:
        return _named(scene, choice)
    plans.sort(key=lambda plan: (-min(plan.length, GOOD_FROM), -plan.facts))
    top = plans[0]
    best = [
        plan
        for plan in plans
        if min(plan.length, GOOD_FROM) == min(top.length, GOOD_FROM) and plan.facts >= top.facts - 1
    ]
    return best[chance.turn("meta_description", len(best))].lines


def _continued(plan: _Plan, choice: Sequence[Line], more: Sequence[Line], last: Sequence[Line]) -> _Plan:
    offered = next((line for line in choice if plan.has_room(line)), None)
    room_kept = plan.plus(offered) if offered else plan
    added: list[Line] = []
    for line in more:
        grown = _Plan((*room_kept.lines, *added))
        if grown.length >= GOOD_FROM:
            break
        if grown.has_room(line) and not grown.knows(line):
            added.append(line)
    whole = _Plan((*plan.lines, *added, *([offered] if offered else [])))
    closing = next((line for line in last if whole.length < GOOD_FROM and whole.has_room(line)), None)
    return whole.plus(closing) if closing else whole


def _named(scene: Scene, choice: Sequence[Line]) -> tuple[Line, ...]:
    """Where nothing but the name is known: the name, and what the variants offer."""
    text = scene.naming.description or scene.naming.name.removeprefix("the ")
    plan = _Plan((Line(sentence(shortened(text, LIMIT - 1)), scene.naming.name_ids, (), ""),))
    return _continued(plan, choice, (), ()).lines


def _closed(line: Line) -> Line:
    return replace(line, text=sentence(line.text))
