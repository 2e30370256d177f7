"""A draft as the shop's voice wants it: put right where that is safe, else realised anew, else without the sentence."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.copywriting.copy import Brief, Draft, DraftSentence
from app.copywriting.voices.fields import LEAVE_OUT, rewritten
from app.copywriting.voices.values import Voice
from app.copywriting.writers import Writer
from evaluators.grounding.index import FactIndex
from evaluators.voice.exempting import Exemptions
from evaluators.voice.finding import find_faults, kind_of
from evaluators.voice.grounded import fix_grounded
from evaluators.voice.rules import Exempt, Finding, RuleId, VoiceRules, exempt_of
from evaluators.voice.wording import forbidden_words
from retrieval.facts import Fact

_REALISATIONS = 4
"""How many drafts are tried before sentences are left out: each is other words for the same facts."""
_NOT_SAID: frozenset[RuleId] = frozenset(
    {"brand_rules", "voice_forbidden", "voice_sentence_length", "voice_exclamation", "voice_person"}
)
"""Faults for which a sentence is rather not said at all."""
_KEPT = frozenset({"headline", "hook", "cta", "slug", "variant_titles"})
"""Fields that a text cannot do without: nothing is left out of them, the gate says what is wrong."""
_NAMED = frozenset({"title", "meta_title"})
"""Fields that are reduced to the product's name."""
_IDENTITY = frozenset({"title", "brand", "model", "type", "category", "gtin", "sku"})
"""Facts that say what a product is and is called: they are never left out."""


async def in_voice(brief: Brief, voice: Voice, writer: Writer, *, fix: bool = False) -> Draft:
    """The writer's draft in a voice.

    A shipped voice's draft is as it was written, unless the shop has brand rules or `fix` is asked for. Otherwise it is
    the first of some realisations without a fault, else the best one without its faults. The seed of a brief is its
    template's hash: another seed gives other words to the same facts. A model's draft costs money: there is one.
    """
    if voice.is_as_written and not fix:
        return await writer.write(brief)
    sayable = replace(
        brief,
        facts=sayable_facts(brief.facts, voice.rules),
        documents=sayable_facts(brief.documents, voice.rules),
    )
    draft = await writer.write(sayable)
    left_alone = exempt_of((*brief.facts, *brief.documents))
    facts = await asyncio.to_thread(FactIndex, (*brief.facts, *brief.documents))
    best: _Judged | None = None
    for attempt in range(1, 1 + (_REALISATIONS if writer.authorship == "template" else 1)):
        judged = await asyncio.to_thread(_judged, draft, voice.rules, left_alone, facts, brief.locale)
        if best is None or len(judged.faults) < len(best.faults):
            best = judged
        if not best.faults or attempt == _REALISATIONS:
            break
        draft = await writer.write(replace(sayable, template_hash=f"{brief.template_hash}~{attempt}"))
    if best is None:
        raise AssertionError("there is at least one realisation")
    return _sayable(best, brief)


def sayable_facts(facts: tuple[Fact, ...], rules: VoiceRules) -> tuple[Fact, ...]:
    """The facts without the values that the voice has no words for: another word would be another fact."""
    words = VoiceRules(forbidden=rules.forbidden, brand=rules.brand, allowed=rules.allowed)

    def is_sayable(text: str) -> bool:
        return next(forbidden_words(text, words, Exemptions(text, Exempt())), None) is None

    kept: list[Fact] = []
    for fact in facts:
        if fact.name in _IDENTITY:
            kept.append(fact)
            continue
        values = tuple(value for value in fact.values if is_sayable(value))
        if len(values) == len(fact.values):
            kept.append(fact)
        elif values:
            kept.append(replace(fact, value=values))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A draft put right, and the sentences in it that the voice does not want."""

    draft: Draft
    faults: tuple[tuple[DraftSentence, Finding], ...]


def _judged(draft: Draft, rules: VoiceRules, exempt: Exempt, facts: FactIndex, locale: str) -> _Judged:
    right = put_right(draft, rules, exempt, facts, locale)
    return _Judged(right, tuple(_unsayable(right, rules, exempt, locale)))


def put_right(draft: Draft, rules: VoiceRules, exempt: Exempt, facts: FactIndex, locale: str) -> Draft:
    """A draft with every safe correction in its sentences."""

    def say(sentence: DraftSentence) -> str | None:
        if sentence.field == "slug":
            return None
        fixed = fix_grounded(sentence.text, rules, exempt, facts, kind=kind_of(sentence.field), locale=locale)
        return fixed.text if fixed.changes else None

    return rewritten(draft, say)


def _sayable(judged: _Judged, brief: Brief) -> Draft:
    """A draft without the sentences that the voice does not want, and with a note for each."""
    faults = {id(sentence): fault for sentence, fault in judged.faults}
    notes: list[str] = []

    def say(sentence: DraftSentence) -> str | None:
        fault = faults.get(id(sentence))
        if fault is None or sentence.field.partition("/")[0] in _KEPT:
            return None
        if sentence.field in _NAMED:
            return brief.subject.title if len(brief.subject.title) < len(sentence.text) else None
        notes.append(f"left out for the voice: “{sentence.text}” {fault.detail}")
        return LEAVE_OUT

    left = rewritten(judged.draft, say)
    return replace(left, notes=(*left.notes, *dict.fromkeys(notes)))


def _unsayable(
    draft: Draft, rules: VoiceRules, exempt: Exempt, locale: str
) -> Iterator[tuple[DraftSentence, Finding]]:
    for sentence in draft.sentences:
        if sentence.field == "slug":
            continue
        faults = find_faults(sentence.text, rules, exempt, kind=kind_of(sentence.field), locale=locale)
        fault = next((one for one in faults if one.rule in _NOT_SAID), None)
        if fault is not None:
            yield sentence, fault
