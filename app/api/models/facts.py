"""Facts that people attest or suppress, what they set aside, and what is lacked."""

from pydantic import ConfigDict, Field

from app.api.models.base import Answer, Body, Sku, Text, Time, Value
from app.api.models.catalog import FactList
from app.api.outcomes import outcome_of
from app.catalog.attestation.gaps import Gap
from app.catalog.attestation.rows import MAX_NOTE
from app.catalog.attestation.service import MAX_AT_ONCE, Batch
from app.catalog.attestation.statements import MAX_LIST, MAX_NAME
from app.catalog.attestation.values import Attestation, Ended, HandFact, Kind, Told
from app.copywriting.service import FactAnswer
from app.errors import Invalid, ShelftalkerError
from retrieval.facts import Fact, Trust


class AttestIn(Body):
    """A fact that somebody answers for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "warranty", "value": "2 years", "evidence": "https://shop.example/warranty.pdf"}
            ]
        },
    )

    name: Text = Field(
        min_length=1,
        max_length=MAX_NAME,
        description="In any spelling that a column may have; read as one is.",
    )
    value: Value = Field(description="As a column would say it; a list where there are several.")
    unit: Text | None = Field(None, max_length=40, description="Where the value is a number without one.")
    evidence: Text | None = Field(None, max_length=MAX_NOTE, description="A note or a link.")
    expires_at: Time | None = Field(None, description="From this moment on it no longer counts.")

    def to_value(self, sku: str) -> Attestation:
        """The order that the catalog takes."""
        value = self.value if isinstance(self.value, str) else tuple(self.value[: MAX_LIST + 1])
        return Attestation(sku, self.name, value, self.unit, self.evidence, self.expires_at)


class AttestOneIn(AttestIn):
    """A fact of one product among many."""

    sku: Sku


class AttestManyIn(Body):
    """Facts of many products; each is done or refused by itself."""

    items: list[AttestOneIn] = Field(min_length=1, max_length=MAX_AT_ONCE)


class SuppressIn(Body):
    """Why a supplier's fact is wrong."""

    reason: Text = Field(min_length=1, max_length=MAX_NOTE, examples=["The care label says polyester."])


class StatedOut(Answer):
    """What a supplier says."""

    id: str = Field(examples=["F3"])
    name: str
    value: str | list[str]
    unit: str | None
    text: str
    source: str
    trust: Trust


class DifferingOut(Answer):
    """What a supplier says since that is neither what a person says nor what that person saw."""

    facts: list[StatedOut]
    import_id: str | None = Field(description="The import that brought it; null: put by hand.")
    at: Time


class HandFactOut(Answer):
    """A fact that somebody attested or took out."""

    id: str = Field(description="Of the fact, on its product.", examples=["F12"])
    sku: str
    kind: Kind
    name: str = Field(examples=["warranty"])
    value: str | list[str] = Field(examples=["2"])
    unit: str | None = Field(examples=["y"])
    evidence: str | None
    reason: str | None
    actor: str
    created_at: Time
    expires_at: Time | None
    ended_at: Time | None
    ended_by: str | None
    ended_why: Ended | None
    aside: list[StatedOut] = Field(description="The supplier's facts that it sets aside.")
    differs: DifferingOut | None

    @classmethod
    def of(cls, row: HandFact) -> "HandFactOut":
        """The answer for a row."""
        same = {name: getattr(row, name) for name in cls.model_fields if name not in {"id", "aside"}}
        return cls.model_validate(same | {"id": row.fact_id, "aside": [_stated(fact) for fact in row.aside]})


class HandFactChange(HandFactOut):
    """A fact by hand, and what came of it."""

    copy_stale: int = Field(description="Copies that turned stale with it.")

    @classmethod
    def of_told(cls, told: Told) -> "HandFactChange":
        """The answer for a change."""
        return cls.model_validate(HandFactOut.of(told.row).model_dump() | {"copy_stale": told.copy_stale})


class HandFactPage(Answer):
    """A page of facts by hand."""

    items: list[HandFactOut]
    next_cursor: str | None


class Refusal(Answer):
    """Why an item of a list was refused."""

    type: str = Field(examples=["invalid"])
    pointer: str = Field(description="Into the item.", examples=["/unit"])
    detail: str


class AttestResult(Answer):
    """What came of an item: the fact, or why it was refused."""

    sku: str
    fact: HandFactOut | None
    refused: Refusal | None


class AttestResults(Answer):
    """A result for each item, in order."""

    items: list[AttestResult]
    attested: int
    refused: int
    copy_stale: int

    @classmethod
    def of(cls, items: list[AttestOneIn], batch: Batch) -> "AttestResults":
        """The answer for a batch."""
        results = [_result(item.sku, result) for item, result in zip(items, batch.results, strict=True)]
        refused = sum(result.fact is None for result in results)
        return cls(
            items=results, attested=len(results) - refused, refused=refused, copy_stale=batch.copy_stale
        )


class SetAside(StatedOut):
    """A supplier's fact that copy may not rest on, because somebody says otherwise."""

    by: Kind = Field(description="An attested fact stands in its place, or it was suppressed.")
    against: str | None = Field(description="The id of the attested fact.", examples=["F12"])
    actor: str
    reason: str | None = Field(description="Why it was suppressed, or what the attested fact rests on.")
    since: Time


class ProductFacts(FactList):
    """The facts of a product, and those of its supplier's that people set aside."""

    set_aside: list[SetAside]

    @classmethod
    def with_aside(cls, answer: FactAnswer, rows: list[HandFact]) -> "ProductFacts":
        """The answer for a choice of facts and what people say of the product."""
        listed = FactList.of(answer)
        aside = [_set_aside(fact, row) for row in rows for fact in row.aside]
        return cls(items=listed.items, conflicts=listed.conflicts, set_aside=aside)


class GapOut(Answer):
    """A fact that most products of a kind have, and some lack."""

    category: str = Field(examples=["Clothing > T-Shirts"])
    type: str | None = Field(description="What the peers are; null: all others of the category.")
    name: str = Field(examples=["material"])
    kind: str | None = Field(description="Of the name's family; null: the shop's own name.")
    products: int = Field(description="How many peers there are.")
    having: int
    lacking: int
    share_with: float
    share_without: float
    examples: list[str] = Field(description="SKUs of products that lack it, ten at most.")

    @classmethod
    def of(cls, gap: Gap) -> "GapOut":
        """The answer for a gap."""
        shares = {"share_with": round(gap.share_with, 4), "share_without": round(gap.share_without, 4)}
        same = {name: getattr(gap, name) for name in cls.model_fields if name not in shares}
        return cls.model_validate(same | shares)


class GapPage(Answer):
    """A page of gaps."""

    items: list[GapOut]
    next_cursor: str | None


def _stated(fact: Fact) -> StatedOut:
    return StatedOut.model_validate(fact)


def _set_aside(fact: Fact, row: HandFact) -> SetAside:
    is_attested = row.kind == "attest"
    return SetAside(
        **_stated(fact).model_dump(),
        by=row.kind,
        against=row.fact_id if is_attested else None,
        actor=row.actor,
        reason=row.evidence if is_attested else row.reason,
        since=row.created_at,
    )


def _result(sku: str, result: HandFact | ShelftalkerError) -> AttestResult:
    if isinstance(result, HandFact):
        return AttestResult(sku=sku, fact=HandFactOut.of(result), refused=None)
    pointer = result.problems[0].pointer if isinstance(result, Invalid) else "/sku"
    refusal = Refusal(type=outcome_of(result).slug, pointer=pointer, detail=result.detail)
    return AttestResult(sku=sku, fact=None, refused=refusal)
