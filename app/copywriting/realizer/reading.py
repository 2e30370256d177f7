"""Reading: a fact as messages, or why it cannot be said by itself."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.copywriting.realizer.fragments import compares, read_fragment
from app.copywriting.realizer.labels import Label, label_of, label_of_fact
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import LeftOut, Message, Role, Value
from app.copywriting.realizer.rules import Rules
from app.copywriting.realizer.values import split_list, value_of
from app.copywriting.realizer.words import tokens
from retrieval.attributes import family_of
from retrieval.facts import Fact

CLAIMED = "merchant_claim"
_DEGREES = frozenset({"ultra", "extra", "all", "very", "non", "more", "less"})
_OWN_WORDS = frozenset({"feature", "other", "performance", "part"})
_MIXED_KINDS = frozenset({"feature", "style", "part", "other", "closure", "performance"})
_NAME_KINDS = frozenset({"identity", "compatibility", "certification", "award", "origin"})
_DESIGNATION = frozenset({"title", "brand", "type", "category", "model"})


def read_fact(fact: Fact, rule: Rules) -> tuple[Message, ...] | LeftOut:
    """A fact as messages (one for each form of its values), or why it cannot be said."""
    kind = _kind(fact)
    label = label_of_fact(fact)
    reason = _unfit(fact, kind, label, rule)
    if reason:
        return LeftOut(fact, reason)
    family, label_text = fact.name, label.core
    unit = fact.unit
    texts = [part for value in fact.values for part in split_list(value)]
    if kind == "feature" and len(texts) == 1:
        fragment = read_fragment(texts[0])
        texts = list(fragment.values)
        kind, family = (fragment.kind, fragment.family) if fragment.kind else (kind, family)
        label_text = label_of(fragment.label).core if fragment.label else label_text
        unit = fragment.unit or unit
        if fragment.label and not fragment.kind:
            named = family_of(fragment.label)
            kind, family = (named.kind, named.name) if named else ("other", fragment.label)
    name = kind in _NAME_KINDS and fact.name != "type"
    values = tuple(value_of(text, unit, name=name) for text in texts)
    values = tuple(dict.fromkeys(value for value in values if value.text))
    if kind == "feature" and values and all(value.form == "imperative" for value in values):
        kind = family = "care"
    if not values:
        return LeftOut(fact, "empty")
    counts = label.counts or kind in {"count", "age", "nutrition"}
    if any(value.form == "number" for value in values) and not counts and kind not in {"identity", "size"}:
        return LeftOut(fact, "no known unit")
    if kind in {"dimension", "weight"} and not any(value.unit for value in values) and _has_digit(values):
        return LeftOut(fact, "no known unit")
    varies = fact.source.startswith("variant") and len(values) > 1
    kind = "other" if kind == "identity" and family not in _DESIGNATION else kind
    role: Role = "choice" if varies else rule.kind(kind).role
    parts = _by_form(values) if kind in _MIXED_KINDS and not varies else (values,)
    return tuple(Message(role, family, kind, label_text, part, (fact,)) for part in parts)


def _by_form(values: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    """Values of one form together, in order of appearance: adjectives describe, nouns are had, verbs are done."""
    grouped: dict[str, list[Value]] = {}
    for value in values:
        grouped.setdefault("noun" if value.form == "name" else value.form, []).append(value)
    return tuple(tuple(group) for group in grouped.values())


def _kind(fact: Fact) -> str:
    if fact.name in _DESIGNATION:
        return "identity"
    if fact.name in {"feature", "features"}:
        return "feature"
    family = family_of(fact.name)
    return family.kind if family else "other"


def _unfit(fact: Fact, kind: str, label: Label, rule: Rules) -> str | None:
    """Why a fact is not for a text that stays, by what sort of fact it is; None where it is."""
    words = label.text.lower()
    reasons = (
        (fact.live, "live"),
        (fact.name == "category", "shelf, not product"),
        (any(" > " in value for value in fact.values), "a path of shelves"),
        (kind == "description", "merchant's prose"),
        (kind in rule.never, f"{kind} detail"),
        (fact.name not in _DESIGNATION and words in rule.hidden_phrases, "no buyer's question"),
        (
            fact.name not in _DESIGNATION and bool(rule.hidden_words & set(words.split())),
            "no buyer's question",
        ),
    )
    reason = next((reason for applies, reason in reasons if applies), None)
    if reason is None and kind in _OWN_WORDS and fact.trust == CLAIMED:
        return _unsayable(fact, rule)
    return reason


def _unsayable(fact: Fact, rule: Rules) -> str | None:
    """Why a merchant's own words are not repeated: praise, promises, or too long for a fragment."""
    for value in fact.values:
        words = [word.lower().replace("’", "'") for word in tokens(value)]
        pieces = {piece for word in words if "-" in word for piece in word.split("-")} - _DEGREES
        pairs = {" ".join(pair) for pair in pairwise(words)}
        if lexicon().hype & ({*words} | pairs | pieces):
            return "praise or promise"
        if compares(value):
            return "comparison"
        if len(words) > rule.caps["feature_words"]:
            return "too long to be a feature"
    return None


def _has_digit(values: Iterable[Value]) -> bool:
    return any(re.search(r"\d", value.text) for value in values)
