"""The patterns of short texts as values: what may fill a slot, and the shapes that have slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.copywriting.realizer.messages import Message
from app.copywriting.realizer.patterns import REFERENCES, Parts, parse, slots_of
from app.copywriting.realizer.phrasebook import Use


@dataclass(frozen=True, slots=True)
class SlotRule:
    """What may fill an open slot. Empty sets allow everything.

    `use` is a place of `families.yaml` ("bullet", "have", …), or `filler` a slot of its patterns ("value", "or").
    `angle`: the message must belong to the angle that is written; `proof`: it must not rest on the merchant's prose;
    `nominal`: its words must be a name for something, not open with a verb or a preposition ("Holds 2 litres").
    """

    kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    without_kinds: frozenset[str] = frozenset()
    without_families: frozenset[str] = frozenset()
    without_texts: frozenset[str] = frozenset()
    use: Use | None = None
    filler: str = ""
    angle: bool = False
    proof: bool = False
    nominal: bool = False
    max_words: int = 8
    max_values: int = 4

    def admits(self, message: Message) -> bool:
        """Whether a message is of the sort that the slot takes."""
        return (
            (not self.kinds or message.kind in self.kinds)
            and (not self.roles or message.role in self.roles)
            and (not self.families or message.family in self.families)
            and (not self.forms or message.form in self.forms)
            and message.kind not in self.without_kinds
            and message.family not in self.without_families
            and self.without_texts.isdisjoint(message.texts)
            and len(message.values) <= self.max_values
            and not (self.proof and any(fact.trust == "merchant_claim" for fact in message.facts))
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """One pattern, and the voice that uses it (None: any).

    `slots` are its slots without the references to the product. `titled` tells that it adds to the name in a title,
    `cites` that it says the name in a sentence, `lists` that it joins slots by "and", where a list inside one would be
    misread.
    """

    parts: Parts
    source: str
    voice: str | None
    slots: tuple[str, ...]
    titled: bool
    cites: bool
    lists: bool

    @classmethod
    def of(cls, source: str, voice: str | None = None) -> "Shape":
        """The shape of a pattern's text."""
        parts = parse(source)
        found = dict.fromkeys(slots_of(parts))
        return cls(
            parts,
            source,
            voice,
            tuple(name for name in found if name not in REFERENCES),
            bool({"short", "title"} & set(found)),
            bool({"name", "Name"} & set(found)),
            " and {" in source or " and [" in source,
        )


def slot_rules(raw: Mapping[str, Any]) -> Mapping[str, SlotRule]:
    """The `slots` of a data file."""
    return {name: _slot_rule(rule) for name, rule in raw.items()}


def _slot_rule(raw: Mapping[str, Any]) -> SlotRule:
    return SlotRule(
        kinds=frozenset(raw.get("kinds", ())),
        roles=frozenset(raw.get("roles", ())),
        families=frozenset(raw.get("families", ())),
        forms=frozenset(raw.get("forms", ())),
        without_kinds=frozenset(raw.get("without_kinds", ())),
        without_families=frozenset(raw.get("without_families", ())),
        nominal=raw.get("nominal") == "true",
        without_texts=frozenset(raw.get("without_texts", ())),
        use=cast("Use | None", raw.get("use")),
        filler=raw.get("filler", ""),
        angle=raw.get("angle") == "true",
        proof=raw.get("proof") == "true",
        max_words=int(raw.get("max_words", 8)),
        max_values=int(raw.get("max_values", 4)),
    )


def shapes_of(raw: Sequence[str | Mapping[str, str]]) -> tuple[Shape, ...]:
    """Patterns: a text for every voice, or a map from a voice to its text."""
    found: list[Shape] = []
    for item in raw:
        found += (
            [Shape.of(item)]
            if isinstance(item, str)
            else [Shape.of(text, voice) for voice, text in item.items()]
        )
    return tuple(found)


def rule_of(name: str, rules: Mapping[str, SlotRule]) -> SlotRule | None:
    """The rule of a slot; "tag2" is a second "tag"."""
    return rules.get(name) or rules.get(name.rstrip("0123456789"))
