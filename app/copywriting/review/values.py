"""What a review works with, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.copywriting.copy import Authorship, Copy, Fields
from app.copywriting.repository import CopyQuery
from app.errors import ShelftalkerError
from evaluators.grounding.verdicts import Verdict
from retrieval.facts import Fact

Decision = Literal["approve", "reject", "publish"]
SampleStatus = Literal["open", "passed", "failed"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A copy that somebody means; with a version, that one and no newer."""

    id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Copies by name, or all that a query finds. One of the two."""

    ids: tuple[Ref, ...] = ()
    query: CopyQuery | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A copy in the queue. `reasons`: what its risk is made of, as seen today."""

    copy: Copy
    risk: int
    reasons: tuple[str, ...]
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one copy of many: it is done, or `error` says why not. `already`: it was so before."""

    ref: Ref
    copy: Copy | None = None
    error: ShelftalkerError | None = None
    already: bool = False

    @property
    def done(self) -> bool:
        """Whether the copy is now as it was asked for."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Bound:
    """How sure a sample makes one: with `confidence`, at most the share `defects` of the whole is not in order."""

    confidence: float
    defects: float
    method: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Copies drawn from many, to judge the many by. Kept as evidence.

    `population` and `drawn` are (copy id, version); whoever sorts the first and draws with `seed` gets the second.
    `decisions`: what came of each copy of the sample ("approved", or why not). `refused`: copies of the population that
    could not be approved with it, each with its reason.
    """

    id: str
    status: SampleStatus
    query: Mapping[str, Any]
    seed: int
    population: tuple[tuple[str, int], ...]
    drawn: tuple[tuple[str, int], ...]
    actor: str
    created_at: datetime
    decisions: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    approved: int = 0
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A verdict that somebody holds to be wrong, with all that the checker judged by: a case to learn from."""

    id: str
    copy_id: str
    version: int
    sku: str
    field: str
    sentence: str
    verdict: Verdict
    claims: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    reason: str
    actor: str
    created_at: datetime
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody says of a version: 1 good, -1 bad."""

    id: str
    copy_id: str
    version: int
    rating: Literal[-1, 1]
    reason: str | None
    comment: str | None
    actor: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A rating or an edit with its context: what the writer knew and wrote, and what became of it."""

    kind: Literal["rating", "edit"]
    id: str
    copy_id: str
    version: int
    sku: str
    template: str
    template_hash: str
    locale: str
    voice: str
    angle: str | None
    writer: str
    model: str | None
    authorship: Authorship
    facts: Sequence[Fact]
    draft: Fields
    final: Fields
    actor: str
    created_at: datetime
    rating: int | None = None
    reason: str | None = None
    comment: str | None = None
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
