"""Reviews: many copies at once, samples, sheets, disputes, feedback."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.models.base import Answer, Body, Text, Time
from app.api.models.copy import CopyOut
from app.api.outcomes import outcome_of
from app.copywriting.copy import Angle, Copy, Status
from app.copywriting.review.deciding import MAX_DECISIONS
from app.copywriting.review.samples import MAX_POPULATION, MAX_SAMPLE
from app.copywriting.review.sampling import bound
from app.copywriting.review.service import MAX_ASSIGNED
from app.copywriting.review.values import Outcome, Ref, Sample, Selection, Waiting
from app.copywriting.service import CopyQuery
from evaluators.grounding.verdicts import Verdict

CopyId = Annotated[Text, Field(min_length=1, max_length=100)]
Reason = Annotated[Text, Field(min_length=1, max_length=2000)]


class CopyFields(Body):
    """Which copies. Without `status`, those withdrawn are left out."""

    status: Status | None = None
    category: Text | None = Field(
        None, max_length=500, description="That category and all below it: `Men > Tops`."
    )
    sku: Text | None = Field(None, max_length=255)
    template: Text | None = Field(None, max_length=100)
    locale: Text | None = Field(None, max_length=35)
    angle: Angle | None = None
    check: Text | None = Field(None, max_length=100, description="The id of a check that failed.")
    fact: Text | None = Field(None, max_length=50, description="The id of a fact that it rests on.")
    text: Text | None = Field(
        None,
        max_length=200,
        description="Words in a row, case and accents aside; the last may be the beginning of one.",
    )
    claim: Text | None = Field(None, max_length=200, description="The same, within its claims.")
    campaign: Text | None = Field(
        None, max_length=200, description="That it is, was or will be published with."
    )
    assignee: Text | None = Field(None, max_length=200)
    order: Literal["newest", "risk"] = Field("newest", description="`risk`: what is riskiest comes first.")

    def to_value(self) -> CopyQuery:
        """The query that the domain reads."""
        return CopyQuery(**{name: getattr(self, name) for name in CopyFields.model_fields})


class RefIn(Body):
    """A copy; with a version, that one and no newer."""

    id: CopyId
    version: int | None = Field(None, ge=1, le=2**31 - 1)


class SelectionIn(Body):
    """Copies by `ids`, or those that `query` finds."""

    ids: list[RefIn] = Field(default_factory=list, max_length=MAX_ASSIGNED)
    query: CopyFields | None = None

    def to_selection(self) -> Selection:
        """The selection that the domain reads."""
        refs = tuple(Ref(ref.id, ref.version) for ref in self.ids)
        return Selection(refs, self.query.to_value() if self.query else None)


class DecisionIn(SelectionIn):
    """A decision on many copies; at most 500 in one call."""

    ids: list[RefIn] = Field(default_factory=list, max_length=MAX_DECISIONS)
    reason: Reason | None = Field(None, description="Kept in the audit.")


class AssignIn(SelectionIn):
    """Copies and who is to review them; null: nobody in particular."""

    assignee: Annotated[Text, Field(min_length=1, max_length=200)] | None


class SampleIn(SelectionIn):
    """A selection and how many of it are drawn."""

    ids: list[RefIn] = Field(default_factory=list, max_length=MAX_POPULATION)
    size: int = Field(ge=1, le=MAX_SAMPLE, examples=[20])
    seed: int | None = Field(None, ge=0, lt=2**31, description="Left out: chance's own, and recorded.")


class RejectedIn(Body):
    """A copy of the sample that does not pass."""

    id: CopyId
    reason: Reason | None = None


class SampleDecisionIn(Body):
    """What becomes of each copy of the sample."""

    approved: list[CopyId] = Field(default_factory=list, max_length=MAX_SAMPLE)
    rejected: list[RejectedIn | CopyId] = Field(default_factory=list, max_length=MAX_SAMPLE)

    def rejections(self) -> dict[str, str | None]:
        """Copy id → reason."""
        return {
            one if isinstance(one, str) else one.id: None if isinstance(one, str) else one.reason
            for one in self.rejected
        }


class DisputeIn(Body):
    """A verdict that is held to be wrong: the sentence as the copy has it, and why."""

    field: Text = Field(max_length=1000, examples=["description_html"])
    sentence: Text = Field(min_length=1, max_length=5000)
    reason: Reason


class OutcomeOut(Answer):
    """What became of one copy. `already`: it was so before. `problem`: why it was not done."""

    id: str
    version: int | None
    status: Status | None
    done: bool
    already: bool
    problem: dict[str, Any] | None

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeOut":
        """The answer for an outcome."""
        problem, error, copy = None, outcome.error, outcome.copy
        if error is not None:
            kind = outcome_of(error)
            problem = {
                **error.extra,
                "type": f"/docs#problem-{kind.slug}",
                "title": kind.title,
                "status": kind.status,
                "detail": error.detail,
            }
        return cls(
            id=outcome.ref.id,
            version=copy.version if copy else outcome.ref.version,
            status=copy.status if copy else None,
            done=outcome.done,
            already=outcome.already,
            problem=problem,
        )


class Outcomes(Answer):
    """An outcome for each copy that was named or found."""

    items: list[OutcomeOut]
    done: int
    refused: int

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Outcomes":
        """The answer for outcomes."""
        done = sum(outcome.done for outcome in outcomes)
        return cls(items=[OutcomeOut.of(one) for one in outcomes], done=done, refused=len(outcomes) - done)


class Assigned(Answer):
    """How many copies were given to the assignee."""

    assigned: int


class WaitingOut(Answer):
    """A copy in the queue, its risk, and what that is made of."""

    copy_: CopyOut = Field(alias="copy")
    risk: int
    reasons: list[str]
    assignee: str | None

    @classmethod
    def of(cls, waiting: Waiting) -> "WaitingOut":
        """The answer for a copy that waits."""
        return cls(
            copy=CopyOut.of(waiting.copy),
            risk=waiting.risk,
            reasons=list(waiting.reasons),
            assignee=waiting.assignee,
        )


class QueuePage(Answer):
    """A page of the queue."""

    items: list[WaitingOut]
    next_cursor: str | None


class KeyOut(Answer):
    """A version of a copy."""

    id: str
    version: int


class BoundOut(Answer):
    """With this confidence, at most this share of all is not in order."""

    confidence: float
    defects: float
    method: str


class SampleSummary(Answer):
    """A sample and what came of it. `sure`: how sure it makes one, once it was decided."""

    id: str
    status: Literal["open", "passed", "failed"]
    query: dict[str, Any]
    population: int = Field(description="How many copies it stands for.")
    size: int
    seed: int = Field(description="With which it was drawn from the sorted population.")
    actor: str
    created_at: Time
    decisions: dict[str, str]
    approved: int
    refused: dict[str, str] = Field(description="Copies that were not approved with it, and why.")
    detail: str
    sure: BoundOut | None
    decided_by: str | None
    decided_at: Time | None

    @classmethod
    def members(cls, sample: Sample) -> dict[str, Any]:
        """The members of the answer for a sample."""
        defects = sum(said != "approved" for said in sample.decisions.values())
        size, whole = len(sample.drawn), len(sample.population)
        sure = bound(defects, size) if sample.status != "open" else None
        details = {
            "open": f"{size} of {whole} copies wait for a decision",
            "passed": f"all {size} passed: {sample.approved} of {whole} copies are approved",
            "failed": f"{defects} of {size} did not pass: nothing beyond the sample was approved",
        }
        same = {n: getattr(sample, n) for n in cls.model_fields if n in Sample.__dataclass_fields__}
        return {
            **same,
            "population": whole,
            "size": size,
            "detail": details[sample.status],
            "sure": BoundOut.model_validate(sure) if sure else None,
        }

    @classmethod
    def of(cls, sample: Sample) -> "SampleSummary":
        """The answer for a sample."""
        return cls.model_validate(cls.members(sample))


class SampleOut(SampleSummary):
    """A sample with its copies, and the versions of all that it stands for."""

    items: list[CopyOut]
    versions: list[KeyOut]

    @classmethod
    def whole(cls, sample: Sample, copies: Sequence[Copy]) -> "SampleOut":
        """The answer for a sample and its copies."""
        keys = [KeyOut(id=copy_id, version=version) for copy_id, version in sample.population]
        return cls.model_validate(
            {**cls.members(sample), "items": [CopyOut.of(copy) for copy in copies], "versions": keys}
        )


class SamplePage(Answer):
    """A page of samples."""

    items: list[SampleSummary]
    next_cursor: str | None


class RowOut(Answer):
    """What became of a row of a sheet."""

    row: int
    id: str
    version: int
    decision: str
    result: Literal[
        "approved", "rejected", "edited", "already", "none", "conflict", "unknown", "invalid", "refused"
    ]
    detail: str


class SheetOut(Answer):
    """What became of a sheet. `copies`: how many ended how."""

    rows: list[RowOut]
    copies: Mapping[str, int]


class CaseOut(Answer):
    """A dispute with all that the checker judged by."""

    id: str
    copy_id: str
    version: int
    sku: str
    field: str
    sentence: str
    verdict: Verdict
    claims: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    reason: str
    actor: str
    created_at: Time
    approved_by: str | None


class CasePage(Answer):
    """A page of disputes."""

    items: list[CaseOut]
    next_cursor: str | None
