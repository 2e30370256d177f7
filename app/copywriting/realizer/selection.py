"""Content selection: which facts a text says, how much each matters, and why the others are left out.

Left out are live facts, what only a warehouse asks for, numbers without a known unit, praise, what the variants
contradict, and what is said twice. Of the rest the most salient stay, up to the caps of `selection.yaml`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.copywriting.copy import Brief
from app.copywriting.realizer.labels import Label, label_of_fact
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import LeftOut, Message, Role, Selection, Value
from app.copywriting.realizer.rules import Rules, rules
from app.copywriting.realizer.values import split_list, value_of
from app.copywriting.realizer.words import tokens
from retrieval.attributes import family_of
from retrieval.facts import Fact
from seo.language.stems import stem

_MIXED_KINDS = frozenset({"feature", "style", "part", "other", "closure", "performance"})
_NAME_KINDS = frozenset({"identity", "compatibility", "certification", "award", "origin"})
_CLAIMED = "merchant_claim"
_STOP = frozenset("a an the and or of in on with for to is are by from at its it has have".split())
_DESIGNATION = frozenset({"title", "brand", "type", "category", "model"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A message that may be said, with the stems of its content words."""

    message: Message
    stems: frozenset[str]

    @property
    def claimed(self) -> bool:
        return all(fact.trust == _CLAIMED for fact in self.message.facts)


def select(brief: Brief) -> Selection:
    """Choose what to say, most important first. Pure: the same brief gives the same selection."""
    rule = rules(_language(brief.locale))
    left_out: list[LeftOut] = []
    candidates: list[_Candidate] = []
    for fact in brief.facts:
        outcome = _read(fact, rule)
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
        else:
            candidates.extend(_Candidate(message, _stems(message)) for message in outcome)
    candidates = _as_goods(candidates, left_out)
    candidates = _without_conflicts(candidates, left_out)
    candidates = _without_repeats(candidates, left_out)
    scored = [_scored(candidate, brief, rule) for candidate in candidates]
    return Selection(tuple(_capped(scored, rule, left_out)), tuple(left_out))


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _read(fact: Fact, rule: Rules) -> tuple[Message, ...] | LeftOut:
    """A fact as messages (one for each form of its values), or why it cannot be said."""
    kind = _kind(fact)
    label = label_of_fact(fact)
    reason = _unfit(fact, kind, label, rule)
    if reason:
        return LeftOut(fact, reason)
    name = kind in _NAME_KINDS and fact.name != "type"
    texts = [part for value in fact.values for part in split_list(value)]
    values = tuple(value_of(text, fact.unit, name=name) for text in texts)
    values = tuple(dict.fromkeys(value for value in values if value.text))
    if not values:
        return LeftOut(fact, "empty")
    counts = label.counts or kind in {"count", "age", "nutrition"}
    if any(value.form == "number" for value in values) and not counts and kind not in {"identity", "size"}:
        return LeftOut(fact, "no known unit")
    if kind in {"dimension", "weight"} and not any(value.unit for value in values) and _has_digit(values):
        return LeftOut(fact, "no known unit")
    varies = fact.source.startswith("variant") and len(values) > 1
    role: Role = "choice" if varies else rule.kind(kind).role
    parts = _by_form(values) if kind in _MIXED_KINDS and not varies else (values,)
    return tuple(Message(role, fact.name, kind, label.core, part, (fact,)) for part in parts)


def _by_form(values: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    """Values of one form together, in order of appearance: adjectives describe, nouns are had, verbs are done."""
    grouped: dict[str, list[Value]] = {}
    for value in values:
        grouped.setdefault("noun" if value.form == "name" else value.form, []).append(value)
    return tuple(tuple(group) for group in grouped.values())


def _as_goods(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """Styles and features that name the sort of thing itself: what title and type say already goes, the rest is told
    as what the product is ("a windbreaker")."""
    named = frozenset().union(*(c.stems for c in candidates if c.message.family in {"title", "type"}))
    nouns = frozenset().union(*(c.stems for c in candidates if c.message.family == "type"))
    kept: list[_Candidate] = []
    for candidate in candidates:
        message = candidate.message
        if message.kind not in {"style", "feature"} or message.form not in {"noun", "adjective", "name"}:
            kept.append(candidate)
            continue
        values = tuple(v for v in message.values if message.kind != "style" or not _stems_of(v.text) <= named)
        if not values:
            left_out.extend(LeftOut(fact, "said by the name") for fact in message.facts)
            continue
        sorts = tuple(v for v in values if v.form == "noun" and _is_sort(v, nouns))
        others = tuple(v for v in values if v not in sorts)
        for part in (tuple(replace(v, form="goods") for v in sorts), others):
            if part:
                said = replace(message, values=part)
                kept.append(_Candidate(said, _stems(said)))
    return kept


def _is_sort(value: Value, nouns: frozenset[str]) -> bool:
    goods = lexicon().goods
    words = value.text.lower().split()
    return stem(value.head) in nouns or value.head in goods or f"{value.head}s" in goods or " ".join(words[-2:]) in goods


def _kind(fact: Fact) -> str:
    if fact.name in _DESIGNATION:
        return "identity"
    if fact.name == "feature":
        return "feature"
    family = family_of(fact.name)
    return family.kind if family else "other"


def _unfit(fact: Fact, kind: str, label: Label, rule: Rules) -> str | None:
    if fact.live:
        return "live"
    if fact.name == "category":
        return "shelf, not product"
    if kind in rule.never:
        return "merchant's prose" if kind == "description" else f"{kind} detail"
    if kind != "identity":
        words = label.text.lower()
        if words in rule.hidden_phrases or rule.hidden_words & set(words.split()):
            return "no buyer's question"
    if kind in {"feature", "other", "performance", "part"} and fact.trust == _CLAIMED:
        return _unsayable(fact, rule)
    return None


def _unsayable(fact: Fact, rule: Rules) -> str | None:
    """Why a merchant's own words are not repeated: praise, promises, or too long for a fragment."""
    for value in fact.values:
        words = [word.lower().replace("’", "'") for word in tokens(value)]
        pairs = {" ".join(pair) for pair in zip(words, words[1:], strict=False)}
        if lexicon().hype & ({*words} | pairs):
            return "praise or promise"
        if len(words) > rule.caps["feature_words"]:
            return "too long to be a feature"
    return None


def _has_digit(values: Iterable[Value]) -> bool:
    return any(re.search(r"\d", value.text) for value in values)


@lru_cache(maxsize=4096)
def _stems_of(text: str) -> frozenset[str]:
    words = (piece for word in tokens(text) for piece in re.split(r"[-/]", word))
    return frozenset(stem(word) for word in words if word and word.lower() not in _STOP)


def _stems(message: Message) -> frozenset[str]:
    return frozenset().union(*(_stems_of(text) for text in message.texts))


def _without_conflicts(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """The variants win: no single colour or size beside them, no feature that names another colour."""
    varied = {c.message.family: c for c in candidates if c.message.is_choice}
    colours = next((c for c in candidates if c.message.kind == "color" and c.message.is_choice), None) or next(
        (c for c in candidates if c.message.kind == "color"), None
    )
    known_colours = frozenset(map(stem, lexicon().colours))
    kept: list[_Candidate] = []
    for candidate in candidates:
        message = candidate.message
        names_colour = candidate.stems & known_colours
        against_variants = not message.is_choice and message.family in varied
        other_colour = bool(
            candidate.claimed and colours and candidate is not colours and names_colour and names_colour != colours.stems & known_colours
        )
        if against_variants or other_colour:
            left_out.extend(LeftOut(fact, "the variants say otherwise") for fact in message.facts)
        else:
            kept.append(candidate)
    return kept


def _without_repeats(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """Each statement once: what a better source, or a fuller wording, already says is dropped."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.claimed, -len(c.stems))):
        if candidate.message.role not in {"identity", "choice"} and any(_covers(other, candidate) for other in kept):
            left_out.extend(LeftOut(fact, "said by another fact") for fact in candidate.message.facts)
        else:
            kept.append(candidate)
    order = {id(candidate): index for index, candidate in enumerate(candidates)}
    return sorted(kept, key=lambda c: order[id(c)])


def _covers(one: _Candidate, other: _Candidate) -> bool:
    """Whether saying `one` says `other` too. Structured facts of different names never cover each other."""
    if one.message.role == "identity":
        return other.claimed and one.message.family in {"title", "type"} and other.stems <= one.stems
    if not other.claimed and one.message.family != other.message.family:
        return False
    if other.message.form in {"yes", "no", "number", "quantity"} or one.message.form in {"yes", "no"}:
        return False
    return bool(other.stems) and other.stems <= one.stems


def _scored(candidate: _Candidate, brief: Brief, rule: Rules) -> Message:
    message = candidate.message
    salience = rule.kind(message.kind).salience
    if message.family in rule.family_order:
        salience += 3 - 0.1 * rule.family_order.index(message.family)
    if message.form == "no":
        salience -= 20
    if candidate.claimed:
        salience -= 4
    if brief.angle is not None and message.role != "identity":
        angle = rule.angles[brief.angle]
        fits = message.kind in angle.kinds or message.role in angle.roles or candidate.stems & angle.stems
        salience += rule.angle_boost if fits else 0
    return replace(message, salience=salience)


def _capped(messages: Sequence[Message], rule: Rules, left_out: list[LeftOut]) -> list[Message]:
    """The most salient messages under each cap; identity and choices always stay."""
    ordered = sorted(messages, key=lambda message: -message.salience)
    kept: list[Message] = []
    used = {"messages": 0, "claims": 0, "other": 0, "negatives": 0}
    limits = {**rule.caps, "negatives": rule.caps["messages"]}
    if len(ordered) > rule.rich_text:
        limits["negatives"] = rule.negatives_in_rich_text
    for message in ordered:
        if message.role in {"identity", "choice"}:
            kept.append(message)
            continue
        counters = ["messages"]
        counters += ["claims"] if all(fact.trust == _CLAIMED for fact in message.facts) else []
        counters += ["other"] if message.kind == "other" else []
        counters += ["negatives"] if message.form == "no" else []
        if any(used[name] >= limits[name] for name in counters):
            left_out.extend(LeftOut(fact, "less important than the rest") for fact in message.facts)
            continue
        for name in counters:
            used[name] += 1
        kept.append(message)
    return kept
