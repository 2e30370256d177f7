"""Messages in other groups than the shop's attributes have: a cable's "cable length" is its length, two connectors are one list."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.copywriting.realizer.english import plural, singular
from app.copywriting.realizer.messages import LeftOut, Message
from app.copywriting.realizer.rules import Rules
from app.copywriting.realizer.words import number_of, singular_form
from retrieval.attributes import family_of

_OWN = {
    "length": "own_length",
    "diameter": "diameter",
    "weight": "weight",
    "color": "color",
    "material": "material",
}
"""What is said of a whole as of its part, and the family that says it."""
_LISTED = frozenset({"connectivity", "other"})
_COUNTER = re.compile(r"(?<=\D) \d$")
"""What tells "connector 1" from "connector 2"."""
_LONG = 12  # letters: shorter values may be equal by chance ("black")


def in_own_terms(messages: Sequence[Message], rule: Rules) -> Sequence[Message]:
    """What an attribute says of the whole in the product's own terms: no "cable has a cable of 2 m"."""
    noun = next((m.texts[-1] for m in messages if m.family == "type"), "").rsplit(" ", 1)[-1]
    if not noun:
        return messages
    whole = singular_form(noun)
    return [_of_whole(m, rule) if _is_of(m, whole) else m for m in messages]


def _is_of(message: Message, whole: str) -> bool:
    part, _, what = message.label.partition(" ")
    if message.role in {"identity", "choice"} or message.form in {"yes", "no"}:
        return False
    named = singular_form(part) == whole
    return named and (what in _OWN or (not what and message.form == "adjective"))


def _of_whole(message: Message, rule: Rules) -> Message:
    """The message under the family of the measure, or as a style where it says which sort it is ("battery: alkaline")."""
    what = message.label.partition(" ")[2] or "style"
    known = family_of(what)
    kind = known.kind if known else message.kind
    own = _OWN.get(what, what)
    return replace(message, family=own, kind=kind, label=own, role=rule.kind(kind).role)


def told_once(messages: Sequence[Message], left_out: list[LeftOut]) -> Sequence[Message]:
    """Attributes of one name in one list, one statement under two names once, and no "has a camera" beside "two cameras"."""
    counted = {singular(m.label) for m in messages if m.form == "number"}
    kept: list[Message] = []
    places: dict[tuple[str, ...], int] = {}
    said: set[tuple[str, ...]] = set()
    for message in messages:
        if message.form == "yes" and singular(message.label) in counted:
            left_out.extend(LeftOut(fact, "said by its number") for fact in message.facts)
        elif not _is_listed(message):
            kept.append(message)
        elif message.texts in said and sum(map(len, message.texts)) >= _LONG:
            left_out.extend(LeftOut(fact, "said by another fact") for fact in message.facts)
        else:
            said.add(message.texts)
            label = _COUNTER.sub("", message.label)
            key = (label, message.form)
            if key in places:
                kept[places[key]] = _with(kept[places[key]], message)
            else:
                places[key] = len(kept)
                kept.append(replace(message, label=label) if label != message.label else message)
    return kept


def _is_listed(message: Message) -> bool:
    return (
        message.kind in _LISTED
        and message.role not in {"identity", "choice"}
        and message.form in {"name", "noun"}
    )


def _with(one: Message, other: Message) -> Message:
    values = tuple(dict.fromkeys((*one.values, *other.values)))
    single = number_of(one.label.rsplit(" ", 1)[-1]) == "singular"
    label = plural(one.label) if single and len(values) > len(one.values) == 1 else one.label
    return replace(one, values=values, facts=(*one.facts, *other.facts), label=label)
