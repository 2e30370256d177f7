"""Copy: what is asked for, what is answered, what an editor may change."""

from dataclasses import asdict
from typing import Any, Literal

from pydantic import ConfigDict, Field

from app.api.models.base import Answer, Body, Sku, Text, Time
from app.api.models.catalog import FactOut
from app.copywriting.copy import Angle, Authorship, Copy, Status
from app.copywriting.request import CopyRequest
from app.errors import Invalid
from evaluators.grounding.verdicts import Verdict


class SubjectIn(Body):
    """What a text is about."""

    sku: Sku


class CopyIn(Body):
    """A request for copy about one product."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"sku": "TS-1"},
                {"sku": "TS-1", "template": "headline_variants", "voice": "warm", "locale": "en-GB"},
            ]
        },
    )

    sku: Sku | None = Field(None, description="The product. Or `subject`.", examples=["TS-1"])
    subject: SubjectIn | None = None
    template: Text = Field(
        "product_description",
        max_length=100,
        description="`name` (its production version) or `name@version`; `GET /v1/prompts` lists them.",
        examples=["product_description", "headline_variants"],
    )
    channel: Text = Field("storefront", max_length=100)
    locale: Text = Field("en-US", max_length=35, description="BCP 47.", examples=["en-US", "en-GB"])
    voice: Text = Field(
        "plain",
        max_length=100,
        description="`GET /v1/voices` lists them.",
        examples=["plain", "warm", "premium"],
    )
    audience: Text | None = Field(None, max_length=500)
    angle: Text | None = Field(
        None,
        max_length=50,
        description="Which facts lead; null: the writer's choice.",
        examples=["material", "care"],
    )
    keyphrase: Text | None = Field(None, max_length=200)
    fields: list[Text] = Field(
        default_factory=list, max_length=50, description="Only these fields; empty: all of the template."
    )
    variants: int = Field(1, ge=1, le=8, description="How many different texts.")
    writer: Literal["auto", "llm", "template"] = "auto"
    instructions: Text | None = Field(None, max_length=2000)
    fix: bool = Field(
        False,
        description="Put right in any voice what a shop's own voice puts right always: words, spelling, marks.",
    )

    def to_value(self) -> CopyRequest:
        """The request that the domain reads. Raises Invalid where it names no product, or two."""
        sku = self.sku or (self.subject.sku if self.subject else None)
        if sku is None:
            raise Invalid("sku: say which product the text is about", pointer="/sku")
        if self.sku and self.subject and self.subject.sku != self.sku:
            raise Invalid("sku and subject.sku name two products", pointer="/subject/sku")
        return CopyRequest(
            sku=sku,
            template=self.template,
            channel=self.channel,
            locale=self.locale,
            voice=self.voice,
            audience=self.audience,
            angle=self.angle,
            keyphrase=self.keyphrase,
            fields=tuple(self.fields),
            variants=self.variants,
            writer=self.writer,
            instructions=self.instructions,
            fix=self.fix,
        )


class CopyEdit(Body):
    """A human edit: each text and list whole, and of a map the entries named."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"fields": {"title": "Meadow Tee in Organic Cotton"}}]},
    )

    fields: dict[Text, Text | list[Text] | dict[Text, Text]] = Field(
        min_length=1, max_length=50, description="Field name → text, list of texts or map of texts."
    )
    fix: bool = Field(
        False, description="Put right what breaks a rule of its voice, where that is safe; `notes` say what."
    )


class SentenceOut(Answer):
    """A sentence of a copy, the facts it rests on, and what the checker says of it."""

    field: str = Field(examples=["description_html"])
    text: str
    facts: list[str] = Field(examples=[["F3", "F7"]])
    verdict: Verdict


class MarkOut(Answer):
    """Words that a check complains of, and what may safely stand there instead."""

    field: str
    start: int = Field(description="Offset in the field's text without markup, in code points.")
    end: int
    text: str
    replacement: str | None


class CheckOut(Answer):
    """One check of the gate. A failed one of severity `error` bars approval."""

    id: str
    severity: Literal["error", "warning", "info"]
    passed: bool
    score: float | None
    detail: str
    marks: list[MarkOut] = Field(description="The places of its faults, where it knows them.")


class QualityOut(Answer):
    """The checks in one number: 1.0 is flawless."""

    score: float


class ProvenanceOut(Answer):
    """Where a text comes from."""

    authorship: Authorship
    writer: str
    model: str | None
    template: str = Field(examples=["product_description@1"])
    template_hash: str
    facts_hash: str
    rules: dict[str, str]
    attempts: int
    fallback: str | None
    input_tokens: int
    output_tokens: int
    cost: str
    latency_ms: float
    facts_from: str = Field(description="The way its facts were chosen.", examples=["bm25-mmr@2"])


class SubjectOut(Answer):
    """What a text is about."""

    sku: str


class StaleOut(Answer):
    """A sentence that rests on a fact which changed, or vanished (`new` is null)."""

    field: str
    text: str
    fact: str
    name: str
    old: str
    new: str | None


class DisputeOut(Answer):
    """That somebody holds the verdict on a sentence to be wrong."""

    id: str
    field: str
    text: str
    reason: str
    actor: str


class WindowOut(Answer):
    """When a text stands on the shelf; `until` null: no end."""

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True)

    starts_at: Time | None = Field(serialization_alias="from")
    ends_at: Time | None = Field(serialization_alias="until")
    campaign: str | None
    time_zone: str | None


class CopyOut(Answer):
    """One version of one text, with its proof."""

    id: str
    version: int
    subject: SubjectOut
    sku: str
    template: str = Field(examples=["product_description"])
    variant: int
    locale: str
    channel: str
    voice: str
    angle: Angle | None
    status: Status
    fields: dict[str, Any]
    locked: list[str] = Field(description="Fields that stay as they are when it is written anew.")
    locked_sentences: list[str]
    sentences: list[SentenceOut]
    facts: list[FactOut] = Field(description="The facts that its sentences rest on, as they were.")
    checks: list[CheckOut]
    quality: QualityOut
    provenance: ProvenanceOut
    notes: list[str] = Field(description="What was left out, and why.")
    publish: WindowOut | None = Field(description="The dates that it was last published with.")
    stale: list[StaleOut] = Field(description="Its sentences whose facts changed: they are not served.")
    disputes: list[DisputeOut]
    reviewed_by: str | None
    created_by: str
    created_at: Time

    @classmethod
    def of(cls, copy: Copy) -> "CopyOut":
        """The answer for a copy."""
        same = {name: getattr(copy, name, None) for name in cls.model_fields}
        return cls.model_validate(
            {
                **same,
                "subject": {"sku": copy.sku},
                "quality": {"score": round(copy.score, 4)},
                "provenance": {
                    **asdict(copy.provenance),
                    "template": f"{copy.template}@{copy.template_version}",
                },
            }
        )


class CopyItems(Answer):
    """The copies that were written: one for each variant, or for each angle."""

    items: list[CopyOut]


class CopyPage(Answer):
    """A page of copies."""

    items: list[CopyOut]
    next_cursor: str | None
