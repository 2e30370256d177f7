"""The flow of one text, on one screen: facts → draft → checks → copy.

An async generator that yields each stage's value: the JSON route keeps the last, the event stream forwards all.
Nothing here reads or writes storage.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from app.copywriting.copy import Brief, CopySentence, Draft, Fields, Provenance
from app.copywriting.fact_choice import FactChoice, choose_for
from app.copywriting.request import Order
from app.copywriting.voices.applying import in_voice
from app.copywriting.writers import Writer
from evaluators.checks import Candidate, Check, FieldRule, GateResult, SentenceIn, run_checks
from evaluators.neighbours import Neighbourhood
from evaluators.voice.rules import VoiceRules
from prompts import Template
from retrieval.facts import Fact
from retrieval.selection import is_document


@dataclass(frozen=True, slots=True)
class FactsSelected:
    """The facts that the writer may use: the product's own, and what the shop's documents add for this brief."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, before anybody judged it."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate says of the draft."""

    gate: GateResult


@dataclass(frozen=True, slots=True)
class Written:
    """The finished text with its proof; the service gives it an identity and stores it."""

    draft: Draft
    sentences: tuple[CopySentence, ...]
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    provenance: Provenance


Stage = FactsSelected | Drafted | Checked | Written
Compare = Callable[[Brief, Draft], Awaitable[Neighbourhood]]
"""Finds the texts of other products that a draft resembles. Never raises."""


async def write_copy(
    brief: Brief,
    *,
    writer: Writer,
    order: Order,
    facts_hash: str,
    compare: Compare | None = None,
    choice: FactChoice | None = None,
) -> AsyncIterator[Stage]:
    """Write one text and judge it, yielding each stage. The last stage is `Written`.

    `choice`: the facts that `choose_for` chose for this brief, where that is known already.
    """
    template, voice = order.template, order.voice
    started = time.perf_counter()
    if choice is None:
        choice = await asyncio.to_thread(choose_for, brief) if brief.documents else choose_for(brief)
    brief = replace(brief, facts=choice.facts)
    yield FactsSelected(choice.facts)
    draft = only_wanted(await in_voice(brief, voice, writer, fix=order.request.fix), brief.fields)
    yield Drafted(draft)
    sentences = tuple(SentenceIn(s.field, s.text, s.facts) for s in draft.sentences)
    facts = _bearing(choice, draft)
    candidate = candidate_for(
        draft.fields, sentences, facts, template, voice.rules, brief.locale, wanted=brief.fields
    )
    candidate = replace(candidate, conflicts=tuple(map(str, choice.conflicts)))
    if compare is not None:
        candidate = replace(candidate, neighbours=await compare(brief, draft))
    # Milliseconds of computing: the server goes on answering.
    gate = await asyncio.to_thread(run_checks, candidate)
    yield Checked(gate)
    yield Written(
        draft=draft,
        sentences=judged_sentences(gate),
        facts=cited_facts(gate, facts),
        checks=gate.checks,
        provenance=Provenance(
            authorship=writer.authorship,
            writer=writer.name,
            model=writer.model,
            template_hash=template.hash,
            facts_hash=facts_hash,
            rules={} if voice.shipped else {"voice": f"{voice.name}@{voice.version}"},
            fallback="llm_not_configured" if order.request.writer == "llm" else None,
            latency_ms=round((time.perf_counter() - started) * 1000, 3),
            facts_from=choice.selection.version,
        ),
    )


def _bearing(choice: FactChoice, draft: Draft) -> tuple[Fact, ...]:
    """What the gate judges by: of documents only what the draft names, so that no size table speaks against a text."""
    cited = {fact for sentence in draft.sentences for fact in sentence.facts}
    return tuple(fact for fact in choice.facts if not is_document(fact) or fact.id in cited)


def only_wanted(draft: Draft, wanted: Sequence[str]) -> Draft:
    """The draft with the wanted fields alone; all of it where none are named."""
    if not wanted:
        return draft
    return Draft(
        fields={name: value for name, value in draft.fields.items() if name in wanted},
        sentences=tuple(s for s in draft.sentences if s.field.partition("/")[0] in wanted),
        notes=draft.notes,
    )


def candidate_for(
    fields: Fields,
    sentences: tuple[SentenceIn, ...],
    facts: tuple[Fact, ...],
    template: Template,
    voice: VoiceRules,
    locale: str,
    *,
    wanted: Sequence[str] = (),
) -> Candidate:
    """What the gate judges: the text, the facts it may rest on, and the rules of its template and voice."""
    return Candidate(
        fields=fields,
        sentences=sentences,
        facts=facts,
        rules=tuple(
            FieldRule(f.name, f.required, f.kind, f.max_chars, f.min_chars)
            for f in template.fields
            if not wanted or f.name in wanted
        ),
        voice=voice,
        locale=locale,
    )


def judged_sentences(gate: GateResult) -> tuple[CopySentence, ...]:
    """The gate's sentences in the form that is stored."""
    return tuple(
        CopySentence(s.field, s.text, s.facts, s.verdict, tuple(dict.fromkeys(c.text for c in s.claims)))
        for s in gate.sentences
    )


def cited_facts(gate: GateResult, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts that any sentence names or any claim speaks against, in their own order."""
    cited = {fact for s in gate.sentences for fact in (*s.facts, *(c.fact for c in s.claims if c.fact))}
    return tuple(fact for fact in facts if fact.id in cited)
