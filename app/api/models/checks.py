"""Checks of any text: grounding against facts, and comparison with the texts of the catalog."""

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from app.api.models.base import Answer, Body, Sku, Text, Value
from app.copywriting.twins import MAX_CHARS, Comparison
from evaluators.grounding.verdicts import Verdict
from retrieval.facts import Fact


class FactIn(Body):
    """A fact to judge by. `GET /v1/products/{sku}/facts` answers may be sent as they are."""

    id: Text = Field(min_length=1, max_length=50, examples=["F1"])
    name: Text = Field("", max_length=200, examples=["material"])
    value: Value = Field("", examples=["organic cotton"])
    unit: Text | None = Field(None, max_length=50)
    text: Text = Field(
        "", max_length=20_000, description="The statement in words; made of name and value if empty."
    )
    source: Text = Field("given", max_length=500)
    trust: Text = Field("data", max_length=50, description="Not read here.")
    live: bool = False
    score: float | None = Field(None, description="Not read here.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text.strip() and not self.value:
            raise ValueError("a fact needs a value or a text")
        return self

    def to_value(self) -> Fact:
        """The fact that the checker reads."""
        value = (self.value or self.text) if isinstance(self.value, str) else tuple(self.value)
        joined = value if isinstance(value, str) else ", ".join(value)
        text = self.text or f"{self.name}: {joined} {self.unit or ''}".rstrip()
        return Fact(
            id=self.id,
            name=self.name,
            value=value,
            text=text,
            source=self.source,
            unit=self.unit,
            live=self.live,
        )


class GroundingIn(Body):
    """A text and the facts it may rest on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "A hoodie in organic cotton. It is waterproof.",
                    "facts": [
                        {"id": "F1", "name": "type", "value": "hoodie"},
                        {"id": "F2", "name": "material", "value": "organic cotton"},
                    ],
                }
            ]
        },
    )

    text: Text = Field(max_length=50_000)
    facts: list[FactIn] = Field(max_length=1000)


class ClaimOut(Answer):
    """Words that assert something, and what the facts say of them."""

    text: str
    start: int = Field(description="Offset in `text` of the request, in code points.")
    end: int
    kind: str
    verdict: Verdict
    fact: str | None
    reason: str


class SentenceVerdictOut(Answer):
    """A sentence and the worst of its claims' verdicts."""

    text: str
    facts: list[str]
    verdict: Verdict
    claims: list[ClaimOut]


class GroundingOut(Answer):
    """The verdicts of a whole text."""

    sentences: list[SentenceVerdictOut]
    score: float = Field(
        description="Share of the sentences with claims that are supported; 1.0 if none has any."
    )


class DuplicatesIn(Body):
    """A text, and the product it is about if it is one of the catalog's."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "<p>A boxy tee in organic cotton.</p>", "limit": 5}]},
    )

    text: Text = Field(min_length=1, max_length=MAX_CHARS, description="HTML is read as text.")
    sku: Sku | None = Field(
        None, description="Its own texts are left out, and its names masked.", examples=["TS-1"]
    )
    limit: int = Field(10, ge=1, le=50)


class DuplicateOut(Answer):
    """A text of the catalog that resembles the one that was sent."""

    sku: str
    copy_id: str
    template: str
    locale: str
    overlap: float = Field(
        description="Share of the runs of three words that both texts have (Jaccard), 0–1; names and numbers are masked."
    )
    similarity: float | None = Field(
        description="Cosine of the two texts' embeddings; null where there are none, or not in time."
    )
    text: str


class DuplicatesOut(Answer):
    """The nearest texts, nearest first."""

    items: list[DuplicateOut]
    compared: int = Field(description="With how many texts it was compared.")
    complete: bool = Field(description="Whether those are all; false while the index is being built.")
    dense: bool = Field(
        description="Whether each item has its `similarity`; false without a model, where time ran out, and where there is no item."
    )

    @classmethod
    def of(cls, found: Comparison) -> "DuplicatesOut":
        """The answer for a comparison."""
        items = [
            DuplicateOut(
                sku=one.near.sku,
                copy_id=one.near.copy_id,
                template=one.near.template,
                locale=one.near.locale,
                overlap=round(one.near.overlap, 4),
                similarity=None if one.near.similarity is None else round(one.near.similarity, 4),
                text=one.text,
            )
            for one in found.items
        ]
        return cls(items=items, compared=found.compared, complete=found.complete, dense=found.dense)
