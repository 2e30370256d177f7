"""Content selection: which facts a text says, how much each matters, and why the others are left out.

Left out are live facts, what only a warehouse asks for, numbers without a known unit, praise, what the variants
contradict, and what is said twice. Of the rest the most salient stay, up to the caps of `selection.yaml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from app.copywriting.copy import Brief
from app.copywriting.realizer.audience import audience_stems
from app.copywriting.realizer.foreign import REASON, foreign_facts
from app.copywriting.realizer.labels import label_of
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import LeftOut, Message, Selection, Value
from app.copywriting.realizer.reading import CLAIMED, read_fact
from app.copywriting.realizer.regrouping import in_own_terms, told_once
from app.copywriting.realizer.rules import Rules, rules
from app.copywriting.realizer.words import tokens
from prompts.voices import all_voices
from retrieval.facts import Fact
from seo.language.stems import stem

_NAMES_OF_LINES = frozenset({"product_family", "collection", "edition", "platform"})
_SAID_ONCE = frozenset(
    {"origin", "certification", "use", "audience", "age", "weather", "care", "feature", "compatibility"}
)
_MOSTLY = 0.6
_STOP = frozenset(
    {
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "with",
        "for",
        "to",
        "is",
        "are",
        "by",
        "from",
        "at",
        "its",
        "it",
        "has",
        "have",
    }
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A message that may be said, with the stems of its content words."""

    message: Message
    stems: frozenset[str]
    claimed: bool

    @classmethod
    def of(cls, message: Message) -> "_Candidate":
        return cls(message, _stems(message), _is_claimed(message))


def _is_claimed(message: Message) -> bool:
    """Whether it rests on the merchant's prose alone."""
    facts = message.facts
    return facts[0].trust == CLAIMED and (len(facts) == 1 or all(fact.trust == CLAIMED for fact in facts))


def select(brief: Brief) -> Selection:
    """Choose what to say, most important first. Pure: the same brief gives the same selection."""
    rule = rules(_language(brief.locale))
    left_out: list[LeftOut] = []
    read: list[Message] = []
    foreign = foreign_facts(brief.facts, rule.keep_capitals)
    for fact in brief.facts:
        outcome = LeftOut(fact, REASON) if fact.id in foreign else read_fact(fact, rule)
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
        else:
            read.extend(outcome)
    messages = told_once(_told_apart(in_own_terms(read, rule)), left_out)
    candidates = [_Candidate.of(message) for message in messages]
    candidates = _in_voice(candidates, brief.voice, left_out)
    candidates = _as_goods(candidates, left_out)
    candidates = _without_conflicts(candidates, left_out)
    candidates = _without_repeats(candidates, left_out)
    scored = [_scored(candidate, brief, rule) for candidate in candidates]
    return Selection(
        tuple(_capped(scored, rule, left_out)), tuple(left_out), tuple(_unused(brief, candidates))
    )


_LABELLED = frozenset({"dimension", "weight", "capacity", "performance", "connectivity", "power", "electrical", "display",
                       "material", "energy", "memory", "other", "part", "color"})  # fmt: skip
"""Kinds whose facts the shop's own name may introduce ("comfort temperature", "limit temperature")."""


def _told_apart(messages: Sequence[Message]) -> list[Message]:
    """Give facts of one family, which the shop names differently, the shop's names: they speak of different things."""
    families: dict[str, list[Message]] = {}
    for message in messages:
        families.setdefault(message.family, []).append(message)
    apart = {family for family, several in families.items() if len(several) > 1 and _differ(several)}
    return [_with_own_name(message) if message.family in apart else message for message in messages]


def _differ(messages: Sequence[Message]) -> bool:
    """Whether messages say different things under different names of the shop's."""
    names = {_own(message.facts[0]) for message in messages}
    return len(names) > 1 and len({message.texts for message in messages}) > 1


def _with_own_name(message: Message) -> Message:
    own = _own(message.facts[0])
    if message.kind not in _LABELLED or message.role in {"identity", "choice"} or not own:
        return message
    if message.form in {"yes", "no", "number"} or own == message.family.replace("_", " "):
        return message
    return replace(message, label=label_of(message.facts[0].label).text, family=own.replace(" ", "_"))


def _own(fact: Fact) -> str:
    """The shop's own name of a fact, as words; "" where it is a mere feature of a list."""
    return "" if fact.name in {"feature", "features"} else label_of(fact.label).text.lower()


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _in_voice(candidates: Sequence[_Candidate], voice: str, left_out: list[LeftOut]) -> list[_Candidate]:
    """Leave out values with words that the voice never uses; names stay, for they are what the thing is called."""
    banned = _banned(voice)
    if banned is None:
        return list(candidates)
    kept: list[_Candidate] = []
    for candidate in candidates:
        message = candidate.message
        if message.role in {"identity", "choice"} or not any(map(banned.search, message.texts)):
            kept.append(candidate)
            continue
        values = tuple(value for value in message.values if not banned.search(value.text))
        if values:
            kept.append(_Candidate.of(replace(message, values=values)))
        else:
            left_out.extend(LeftOut(fact, "a word that the voice never uses") for fact in message.facts)
    return kept


@cache
def _banned(voice: str) -> re.Pattern[str] | None:
    known = next((each for each in all_voices() if each.name == voice), None)
    if known is None or not known.forbidden:
        return None
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in known.forbidden), re.IGNORECASE)


def _as_goods(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """Tell styles and features that name the sort of thing itself as what the product is ("a windbreaker").

    What title and type say already goes; several sorts at once are a shelf's tags and no statement.
    """
    names = [text for c in candidates if c.message.family in {"title", "type"} for text in c.message.texts]
    named = frozenset(form for text in names for word in tokens(text) for form in (stem(word), word.lower()))
    nouns = frozenset().union(*[c.stems for c in candidates if c.message.family == "type"])
    kept: list[_Candidate] = []
    for candidate in candidates:
        message = candidate.message
        if message.kind not in {"style", "feature"} or message.form not in {"noun", "adjective", "name"}:
            kept.append(candidate)
            continue
        values = tuple(v for v in message.values if not _repeats(v.text, named, message.kind))
        if not values:
            left_out.extend(LeftOut(fact, "said by the name") for fact in message.facts)
            continue
        sorts = tuple(v for v in values if v.form in {"noun", "name"} and _is_sort(v, nouns))
        others = tuple(v for v in values if v not in sorts)
        if len(sorts) == 1 and (not others or message.kind == "style"):
            good = replace(sorts[0], text=sorts[0].text.lower(), form="goods")
            kept.append(_Candidate.of(replace(message, values=(good,))))
        elif sorts:
            left_out.extend(LeftOut(fact, "shelf tags, not a statement") for fact in message.facts)
        tags = (
            [v for v in others if v.form in {"noun", "name"} and " " not in v.text]
            if message.kind == "style"
            else []
        )
        if len(tags) > 1:
            left_out.extend(LeftOut(fact, "shelf tags, not a statement") for fact in message.facts)
            others = tuple(v for v in others if v not in tags)
        parts = [(v,) for v in others] if message.kind == "style" else [others] if others else []
        kept.extend(_Candidate.of(replace(message, values=part)) for part in parts)
    return kept


def _repeats(text: str, named: frozenset[str], kind: str) -> bool:
    """Whether a style is in the name already, or a feature is little more than the name again."""
    if kind == "style":
        return _names(text, named)
    stems = _stems_of(text)
    return len(stems) > 1 and len(stems & named) >= _MOSTLY * len(stems)


def _names(text: str, named: frozenset[str]) -> bool:
    """Whether the name says it already, in this spelling or one with letters turned round ("duffel", "duffle")."""
    words = [word for word in tokens(text) if stem(word) not in named]
    if not words:
        return True
    letters = {"".join(sorted(word)) for word in named}
    return all("".join(sorted(word.lower())) in letters for word in words)


def _is_sort(value: Value, nouns: frozenset[str]) -> bool:
    goods = lexicon().goods
    words = value.text.lower().split()
    return (
        stem(value.head) in nouns
        or value.head in goods
        or f"{value.head}s" in goods
        or " ".join(words[-2:]) in goods
    )


@lru_cache(maxsize=4096)
def _stems_of(text: str) -> frozenset[str]:
    words = (piece for word in tokens(text) for piece in word.replace("/", "-").split("-"))
    return frozenset(stem(word) for word in words if word and word.lower() not in _STOP)


def _stems(message: Message) -> frozenset[str]:
    if message.form in {"yes", "no"}:
        return _stems_of(message.label)
    if len(message.values) == 1:
        return _stems_of(message.values[0].text)
    return frozenset().union(*map(_stems_of, message.texts))


def _without_conflicts(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """The variants win: no single colour or size beside them, no feature that names another colour."""
    varied = {c.message.family: c for c in candidates if c.message.is_choice}
    colours = next(
        (c for c in candidates if c.message.kind == "color" and c.message.is_choice), None
    ) or next((c for c in candidates if c.message.kind == "color"), None)
    known_colours = _colours()
    kept: list[_Candidate] = []
    for candidate in candidates:
        message = candidate.message
        names_colour = candidate.stems & known_colours
        against_variants = not message.is_choice and message.family in varied
        other_colour = bool(
            candidate.claimed
            and colours
            and candidate is not colours
            and names_colour
            and names_colour != colours.stems & known_colours
        )
        if against_variants or other_colour:
            left_out.extend(LeftOut(fact, "the variants say otherwise") for fact in message.facts)
        else:
            kept.append(candidate)
    return kept


@cache
def _colours() -> frozenset[str]:
    """The stems of the words for colours."""
    return frozenset(map(stem, lexicon().colours))


def _without_repeats(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """Each statement once: what a better source, or a fuller wording, already says is dropped."""
    candidates = _with_compositions(candidates, left_out)
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.claimed, -len(c.stems))):
        if candidate.message.role not in {"identity", "choice"} and _is_said(candidate, kept):
            left_out.extend(LeftOut(fact, "said by another fact") for fact in candidate.message.facts)
        else:
            kept.append(candidate)
    order = {id(candidate): index for index, candidate in enumerate(candidates)}
    return sorted(kept, key=lambda c: order[id(c)])


def _is_said(candidate: _Candidate, kept: Sequence[_Candidate]) -> bool:
    """Whether one of those that are kept says it too."""
    once, stems = candidate.message.kind in _SAID_ONCE, candidate.stems
    for other in kept:  # noqa: SIM110 - asked of all pairs, so without a generator
        if (once or stems <= other.stems) and _covers(other, candidate):
            return True
    return False


def _with_compositions(candidates: Sequence[_Candidate], left_out: list[LeftOut]) -> list[_Candidate]:
    """A composition with shares says the bare list of the same materials too; one that says otherwise yields to it."""
    shares = next((c for c in candidates if c.message.kind == "material" and "%" in c.message.texts[0]), None)
    bare = next(
        (c for c in candidates if c.message.family == "material" and c is not shares and not c.claimed), None
    )
    if shares is None or bare is None or not shares.claimed:
        return list(candidates)
    if not bare.stems <= shares.stems:
        left_out.extend(LeftOut(fact, "structured data says otherwise") for fact in shares.message.facts)
        return [c for c in candidates if c is not shares]
    both = replace(shares.message, facts=(*bare.message.facts, *shares.message.facts))
    joined = _Candidate(both, shares.stems, claimed=False)
    return [joined if c is bare else c for c in candidates if c is not shares]


def _covers(one: _Candidate, other: _Candidate) -> bool:
    """Whether saying `one` says `other` too. Structured facts of different names never cover each other.

    Except where both say the very same of the same sort of thing ("made in" and "country of origin").
    """
    same = one.message.kind == other.message.kind and one.message.kind in _SAID_ONCE
    if same and one.message.texts == other.message.texts:
        return True
    if not other.stems <= one.stems:
        return False
    if one.message.role == "identity":
        named = other.claimed or other.message.family in _NAMES_OF_LINES
        return named and one.message.family in {"title", "type"}
    if not other.claimed and one.message.family != other.message.family and other.message.form != "yes":
        return False
    if other.message.form in {"no", "number", "quantity"} or one.message.form in {"yes", "no"}:
        return False
    return bool(other.stems)


def _scored(candidate: _Candidate, brief: Brief, rule: Rules) -> Message:
    message = candidate.message
    salience = rule.kind(message.kind).salience
    if message.family in rule.family_order:
        salience += 3 - 0.1 * rule.family_order.index(message.family)
    if message.form == "no":
        salience -= 20
    if candidate.claimed:
        salience -= 4
    fits = False
    if brief.angle is not None and message.role != "identity":
        angle = rule.angles[brief.angle]
        about = candidate.stems & angle.stems
        fits = message.kind in angle.kinds or message.role in angle.roles or bool(about)
    fits = fits or _is_for(candidate, brief)
    return message.weighing(salience + rule.angle_boost * fits, fits_angle=fits)


def _is_for(candidate: _Candidate, brief: Brief) -> bool:
    """Whether a fact speaks of the audience, or of what it does; how to wash a thing speaks of nobody ("dry skin")."""
    if not brief.audience or candidate.message.role in {"identity", "choice", "care"}:
        return False
    return not candidate.stems.isdisjoint(audience_stems(brief.audience))


def _unused(brief: Brief, candidates: Sequence[_Candidate]) -> Iterator[str]:
    """What a request asks for and this writer cannot do: it says what facts say."""
    if brief.instructions:
        yield "instructions: not used, for they are for language models and this text is written from facts alone"
    if brief.audience and not any(_is_for(candidate, brief) for candidate in candidates):
        yield f"audience: not used, for no fact speaks of {brief.audience!r}"


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
        counters += ["claims"] if _is_claimed(message) else []
        counters += ["other"] if message.kind == "other" else []
        counters += ["negatives"] if message.form == "no" else []
        if any(used[name] >= limits[name] for name in counters):
            left_out.extend(LeftOut(fact, "less important than the rest") for fact in message.facts)
            continue
        for name in counters:
            used[name] += 1
        kept.append(message)
    return kept
