"""Which facts a text is given: the product's own, and what the shop's documents add to its brief without contradicting them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.copywriting.contradictions import contradicted
from app.copywriting.copy import Angle, Brief
from evaluators.grounding.index import FactIndex
from retrieval.facts import Fact
from retrieval.selection import (
    Limits,
    Selected,
    Selection,
    SelectionBrief,
    answering,
    is_document,
    select,
)

_ROUNDS = 10
"""How often conflicts may send the choice back; guides that contradict a product more often than this say nothing of it."""
_POOL = 30
"""Statements that are looked at for one text, of guides that have more."""
_PROSE = Limits()
_NO_DOCUMENTS = Limits(documents=0)
_HEADLINES = frozenset({"headline_variants"})
"""Templates whose texts are too short for another's sentence."""
_CLOSING = frozenset({"care"})
"""What a description may close with, whatever its angle."""
JUDGING = Limits(documents=24, document_share=1.0)


@dataclass(frozen=True, slots=True)
class DocumentConflict:
    """A statement of a document that the product's own facts contradict; `against` is the id of the fact that does."""

    fact: Fact
    against: str | None
    reason: str

    def __str__(self) -> str:
        return f"{self.fact.source} “{self.fact.text}” is not used: {self.reason}"


@dataclass(frozen=True, slots=True)
class FactChoice:
    """The facts of a text, and the statements of documents that were refused for it."""

    selection: Selection
    conflicts: tuple[DocumentConflict, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The chosen facts."""
        return self.selection.facts

    @property
    def documents(self) -> tuple[Fact, ...]:
        """Those of them that documents add."""
        return tuple(fact for fact in self.facts if is_document(fact))


def choose(
    own: Sequence[Fact], documents: Sequence[Fact], brief: SelectionBrief, limits: Limits = _PROSE
) -> FactChoice:
    """Choose facts for a brief.

    Every statement of a document that would be chosen is judged by the product's own facts; one that they contradict
    is set aside, and the next best takes its place. Only what would have been said is reported: a guide says much.
    """
    conflicts: dict[str, DocumentConflict] = {}
    cleared: set[str] = set()
    index: FactIndex | None = None
    left = list(documents)
    if len(left) > _POOL:
        left = [fact for fact in select((*own, *left), brief, _near(limits)).facts if is_document(fact)]
    for _ in range(_ROUNDS):
        selection = select((*own, *left), brief, limits)
        new = [fact for fact in selection.facts if is_document(fact) and fact.id not in cleared]
        if not new:
            return FactChoice(selection, tuple(conflicts.values()))
        index = index or FactIndex(tuple(own))
        for fact in new:
            cleared.add(fact.id)
            conflict = _conflict(fact, index)
            if conflict is not None:
                conflicts[fact.id] = conflict
        left = [fact for fact in left if fact.id not in conflicts]
    left = [fact for fact in left if fact.id in cleared]
    return FactChoice(select((*own, *left), brief, limits), tuple(conflicts.values()))


def _near(limits: Limits) -> Limits:
    """Room for what may have to take the place of statements that are set aside."""
    return replace(
        limits, documents=min(limits.documents, 1) * max(_POOL, limits.documents), document_share=1.0
    )


def _conflict(fact: Fact, index: FactIndex) -> DocumentConflict | None:
    claim = contradicted(fact, index)
    return None if claim is None else DocumentConflict(fact, claim.fact, claim.reason)


def choose_for(brief: Brief) -> FactChoice:
    """Choose the facts of one text by its template, angle, audience, keyphrase and instructions."""
    limits = _NO_DOCUMENTS if brief.template in _HEADLINES else _PROSE
    return choose(brief.facts, brief.documents, _wanted(brief, brief.angle), limits)


def ranked(choice: FactChoice, query: str) -> tuple[Selected, ...]:
    """The facts of a choice, those that answer the query best first; without one, those of the most relevance."""
    chosen = choice.selection.chosen
    scores = answering(choice.facts, query) if query else tuple(one.score for one in chosen)
    by_choice = sorted(zip(chosen, scores, strict=True), key=lambda pair: (-pair[1], -pair[0].score))
    return tuple(replace(one, score=score) for one, score in by_choice)


def _wanted(brief: Brief, angle: Angle | None) -> SelectionBrief:
    query = " ".join(filter(None, (brief.keyphrase, brief.audience, brief.instructions)))
    if not brief.documents:
        return SelectionBrief(query)
    from app.copywriting.realizer.rules import rules  # noqa: PLC0415 - language data loads lazily

    about = rules(brief.locale.partition("-")[0]).angles.get(angle) if angle else None
    return SelectionBrief(
        query,
        _CLOSING | (about.kinds if about else frozenset()),
        tuple(sorted(about.stems)) if about else (),
    )


def facts_hash_of(own_hash: str, choice: FactChoice) -> str:
    """What a text's facts are known again by: the hash of the product's own where no document adds to them."""
    added = choice.documents
    if not added:
        return own_hash
    said = "\x1d".join(f"{fact.id}\x1e{fact.text}" for fact in added)
    return hashlib.blake2b(f"{own_hash}\x1d{said}".encode(), digest_size=16).hexdigest()


def bearing(
    text: str, cited: Sequence[str], own: Sequence[Fact], documents: Sequence[Fact]
) -> tuple[Fact, ...]:
    """The facts that an edited text may rest on: the product's own, what it cited before, what of documents it may say.

    Statements that contradict the product's own facts are not among them.
    """
    before = [fact for fact in documents if fact.id in cited]
    others = [fact for fact in documents if fact.id not in cited]
    if text and others:
        near = select(others, SelectionBrief(text, asked=True), JUDGING)
        before += near.facts
    if not before:
        return tuple(own)
    index = FactIndex(tuple(own))
    return (*own, *(fact for fact in before if _conflict(fact, index) is None))
