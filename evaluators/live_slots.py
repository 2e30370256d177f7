"""Live slots in a text: `{price}` and its like, which are filled when the text is served, and what the gate asks of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from evaluators.fields import FieldRule, field_texts, plain_text, sentences_of
from evaluators.grounding.verdicts import Claim
from retrieval.facts import Fact

SLOTS: Mapping[str, str] = MappingProxyType(
    {"price": "price", "sale_price": "sale_price", "availability": "availability", "stock": "quantity"}
)
"""Slot → the name of the live fact that fills it."""
KNOWN = ", ".join(f"{{{name}}}" for name in SLOTS)
KIND = "live"
"""The kind of a claim that a slot makes: what it says is true whenever it is said."""

_SLOT_LIKE = re.compile(r"\{+\s*[A-Za-z_][\w.]*\s*\}+")
SLOT = re.compile(r"(?<![{$])\{(" + "|".join(SLOTS) + r")\}(?!\})")
"""A slot that is filled. Placeholders of other systems ("{{price}}", "${price}") are none."""
# A number of pieces and the words around it say one thing.
_COUNTED = re.compile(
    r"(?:\bonly\s+)?\{stock\}\s+(?:(?:pieces?|items?|units?)\s+)?(?:left|in\s+stock|available)\b", re.I
)
_DISCOUNT = re.compile(
    r"\b(?:sav(?:e|es|ed|ings?)|discount(?:s|ed)?|reduc(?:ed|tion)|marked\s+down|markdown|instead\s+of|down\s+from"
    r"|cheaper|for\s+less|formerly|originally|previously|was(?=\s+\{)|now(?=[^.!?]*\{sale_price\}))\b"
    r"|(?<!\bfor\s)\b(?:on\s+)?sale\b|(?:%|percent|\})\s*off\b",
    re.I,
)
_DISCOUNT_NEEDS = frozenset({"sale_price", "price"})


@dataclass(frozen=True, slots=True)
class Live:
    """The live facts of a product by slot: the id of the fact that fills it today, where one does."""

    facts: Mapping[str, str]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "Live":
        """Those among a product's facts."""
        ids = {fact.name: fact.id for fact in reversed(facts) if fact.live}
        return cls({slot: ids[name] for slot, name in SLOTS.items() if name in ids})

    def claims(self, text: str, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """The claims of a sentence with those of its slots. A discount that shows both prices rests on them."""
        found = [self._claim(match, text) for match in _places(text)]
        granted = _discounts(text) if set(slots_in(text)) >= _DISCOUNT_NEEDS else []
        for claim in claims:
            if any(claim.start < end and start < claim.end for start, end in granted):
                fact = self.facts.get("sale_price")
                reason = "A discount that shows both prices."
                found.append(Claim(claim.text, claim.start, claim.end, KIND, "supported", fact, reason))
            else:
                found.append(claim)
        return tuple(sorted(found, key=lambda claim: (claim.start, claim.end)))

    def _claim(self, match: re.Match[str], text: str) -> Claim:
        slot = slots_in(match.group())[0]
        fact = self.facts.get(slot)
        reason = (
            f"{fact} ({SLOTS[slot]}) fills it when the text is served."
            if fact
            else "Nothing fills it today: its sentence is not served."
        )
        return Claim(
            text[match.start() : match.end()], match.start(), match.end(), KIND, "supported", fact, reason
        )


def slots_in(text: str) -> tuple[str, ...]:
    """The names in braces in a text, in its order, known or not; what is no name ("{}", "{{") is none."""
    return tuple(match.group()[1:-1] for match in _SLOT_LIKE.finditer(text))


def masked(text: str) -> str:
    """The text with blanks for its known slots, as long as before: what is left is judged as any other text."""
    for pattern in (_COUNTED, SLOT):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


def claims_discount(text: str) -> bool:
    """Whether a sentence with slots says that something costs less than before."""
    return bool(_discounts(text))


def slot_faults(fields: Mapping[str, object], rules: Sequence[FieldRule]) -> list[str]:
    """What is wrong with the slots of a text: unknown names, discounts without their two prices, fields that may vanish."""
    return [*_unknown(fields), *_bare_discounts(fields), *_vanishing(fields, rules)]


def has_slots(fields: Mapping[str, object]) -> bool:
    """Whether there is any name in braces."""
    return any("{" in text and slots_in(plain_text(text)) for _, text in field_texts(fields))


def _places(text: str) -> Iterator[re.Match[str]]:
    """Each slot, with the words that belong to a number of pieces."""
    end = 0
    for match in re.finditer(f"(?:{_COUNTED.pattern})|(?:{SLOT.pattern})", text, re.I):
        if match.start() >= end and SLOT.search(match.group()):
            end = match.end()
            yield match


def _discounts(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _DISCOUNT.finditer(text)]


def _unknown(fields: Mapping[str, object]) -> Iterator[str]:
    for path, text in field_texts(fields):
        for name in slots_in(plain_text(text)):
            if name not in SLOTS:
                yield f"{path}: {{{name}}} is no live slot; there are {KNOWN}."
            elif path == "slug":
                yield f"{path}: an address holds no live slot."


def _bare_discounts(fields: Mapping[str, object]) -> Iterator[str]:
    for sentence in sentences_of(fields):
        slots = set(slots_in(sentence.text)) & SLOTS.keys()
        if slots and claims_discount(sentence.text) and not slots >= _DISCOUNT_NEEDS:
            yield (
                f"{sentence.field}: “{sentence.text}” claims a discount: it has to show {{sale_price}} and "
                "{price}, the price that it is compared with."
            )


def _vanishing(fields: Mapping[str, object], rules: Sequence[FieldRule]) -> Iterator[str]:
    for rule in rules:
        told = sentences_of({rule.name: fields.get(rule.name)})
        if rule.required and told and all(slots_in(sentence.text) for sentence in told):
            yield (
                f"{rule.name}: nothing would be left of it where a slot has nothing to say, and it is required."
            )
