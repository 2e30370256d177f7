"""Document planning: what may lead, and in which order the buyer's questions are answered after it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.merging import join_care, join_extents
from app.copywriting.realizer.messages import Message, Role, Selection
from app.copywriting.realizer.naming import Naming

_LEAD_POOL = 5
_JITTER = 12.0
"""How far (in points of salience) chance may move a message: enough to turn neighbours round, no more."""
_NEVER_LEADS: frozenset[Role] = frozenset({"care", "proof", "choice", "content"})
_CARE_FIRST = 3
"""In one text of so many the care comes before the use: most wardrobes share both, and would read alike."""
_ONE_PARAGRAPH = 4
_TWO_PARAGRAPHS = 10
_SHORTEST_PARAGRAPH = 2


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What may lead (best first), the body in order and by weight, and where its paragraphs part."""

    lead: tuple[Message, ...]
    body: tuple[Message, ...]
    by_weight: tuple[Message, ...]
    choices: tuple[Message, ...]
    paragraphs: int

    @property
    def choices_first(self) -> bool:
        """Whether the angle is the choice, which then follows the lead at once."""
        return any(choice.fits_angle for choice in self.choices if choice.is_choice)

    def paragraphs_without(
        self, said: Iterable[Message], questions: Sequence[Sequence[Role]]
    ) -> list[list[Message]]:
        """The body in its paragraphs, without what the lead said already."""
        done = {id(message) for message in said}
        left = [message for message in self.body if id(message) not in done]
        if self.paragraphs == 1:
            return [left]
        first = [message for message in left if message.fits_angle]
        parts = [[m for m in left if m.role in roles and not m.fits_angle] for roles in questions]
        spoken = {id(message) for part in (first, *parts) for message in part}
        parts[0] = [*first, *parts[0], *(message for message in left if id(message) not in spoken)]
        if sum(map(len, parts[1:])) + len(self.choices) < _SHORTEST_PARAGRAPH:
            return [[message for part in parts for message in part]]
        return parts


def plan(
    selection: Selection,
    naming: Naming,
    questions: Sequence[Sequence[Role]],
    chance: Chance,
    finishes: Collection[str] = (),
) -> DocumentPlan:
    """Plan a text. The lead takes the most salient messages; what fits the angle may lead whatever it answers.

    A pattern among `finishes` goes to the colours where there is a choice of them ("in solid black or blue").
    """
    said = [message for message in selection.messages if message.role not in {"identity", "choice"}]
    said = list(join_care(join_extents(said)))
    choices = selection.with_role("choice")
    if any(choice.kind == "color" for choice in choices):
        finish = next((m for m in said if m.kind == "pattern" and m.texts[0].lower() in finishes), None)
        said = [m for m in said if m is not finish]
        choices = (*choices, finish) if finish is not None else choices
    brand = selection.of("brand")
    weights = {
        id(message): message.salience
        + _JITTER * (chance.share(f"salience/{message.family}/{message.texts[0]}") - 0.5)
        for message in said
    }
    ranked = sorted(said, key=lambda message: -weights[id(message)])
    may_lead = [message for message in ranked if message.fits_angle or message.role not in _NEVER_LEADS]
    lead = may_lead[:_LEAD_POOL] or ranked[:1]
    if brand is not None and naming.brand:
        lead.insert(min(2, len(lead)), brand)
    order: dict[Role, float] = {
        role: place for place, role in enumerate(role for roles in questions for role in roles)
    }
    if chance.turn("care first", _CARE_FIRST) == 0 and {"use", "care"} <= order.keys():
        order["care"] = order["use"] - 0.5
    # What is there or not stands together, so that one sentence can say it.
    body = sorted(ranked, key=lambda message: (order.get(message.role, len(order)), message.form == "yes"))
    body.sort(key=lambda message: not message.fits_angle)
    count = len(said) + bool(choices)
    paragraphs = 1 if count <= _ONE_PARAGRAPH else 2 if count <= _TWO_PARAGRAPHS else 3
    return DocumentPlan(tuple(lead), tuple(body), tuple(ranked), choices, paragraphs)
