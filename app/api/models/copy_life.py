"""The life of copy: dates, versions compared, withdrawals, the shelf, the calendar."""

from typing import Any

from pydantic import ConfigDict, Field, model_validator

from app.api.models.base import Answer, Body, Sku, Text, Time
from app.api.models.copy import CopyOut, SentenceOut, StaleOut
from app.copywriting.copy import Angle, Authorship, Status, Window
from app.copywriting.life.calendar import CampaignState
from app.copywriting.life.differences import Change
from app.copywriting.life.editing import MerchantText
from app.copywriting.life.shelf import ShelfText, Source
from app.copywriting.life.windows import MAX_CAMPAIGN, window_of
from app.copywriting.life.withdrawal import MAX_REASON, WithdrawOrder
from app.copywriting.regeneration.service import Rewrite
from app.copywriting.service import CopyQuery
from evaluators.grounding.verdicts import Verdict

_WHEN = 'A moment with an offset, or a local one or a day in `time_zone`: "2026-11-27T08:00", "2026-11-27".'


class PublishIn(Body):
    """When a text stands on the shelf. With an end or a campaign it lies over the base text of its place."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "from": "2026-11-27",
                    "until": "2026-11-30",
                    "campaign": "Black Friday",
                    "time_zone": "Europe/Berlin",
                }
            ]
        },
    )

    starts: Text | None = Field(None, alias="from", max_length=50, description=f"Null: at once. {_WHEN}")
    ends: Text | None = Field(
        None, alias="until", max_length=50, description=f"Null: no end; a day is meant whole. {_WHEN}"
    )
    campaign: Text | None = Field(None, max_length=MAX_CAMPAIGN)
    time_zone: Text | None = Field(
        None, max_length=64, examples=["Europe/Berlin"], description="An IANA name."
    )

    def to_value(self) -> Window:
        """The window. Raises Invalid: see `app.copywriting.life.windows`."""
        return window_of(self.starts, self.ends, self.campaign, self.time_zone)


class RegenerateIn(Body):
    """What is to be written anew."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"fields": ["bullets", "meta_description"]}]}
    )

    fields: list[Text] = Field(
        default_factory=list,
        max_length=50,
        description="Only these. Empty: of a stale copy what no longer holds, of another one every field.",
    )
    keyphrase: Text | None = Field(None, max_length=200)
    audience: Text | None = Field(None, max_length=500)
    instructions: Text | None = Field(None, max_length=2000)

    def to_value(self) -> Rewrite:
        """The order that the domain reads."""
        return Rewrite(tuple(self.fields), self.keyphrase, self.audience, self.instructions)


class LockIn(Body):
    """What is never written anew from now on; nothing else is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"fields": ["title"], "sentences": ["It is a boxy tee in organic cotton."]}]
        },
    )

    fields: list[Text] = Field(default_factory=list, max_length=50)
    sentences: list[Text] = Field(
        default_factory=list, max_length=200, description="Each as the copy's `sentences` has it."
    )


class MerchantIn(Body):
    """The merchant's own words: for a place of a product, or (`copy_id`) as the next version of a copy."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"sku": "TS-1", "fields": {"title": "Meadow Tee"}}]},
    )

    sku: Sku | None = None
    copy_id: Text | None = Field(None, max_length=100)
    template: Text = Field("product_description", max_length=100)
    channel: Text = Field("storefront", max_length=100)
    locale: Text = Field("en-US", max_length=35)
    voice: Text = Field("plain", max_length=100)
    angle: Text | None = Field(None, max_length=50)
    variant: int = Field(0, ge=0, le=7)
    fields: dict[Text, Text | list[Text] | dict[Text, Text]] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _one_of(self) -> "MerchantIn":
        if (self.sku is None) == (self.copy_id is None):
            raise ValueError("name either sku or copy_id")
        return self

    def to_value(self) -> MerchantText:
        """The text that the domain reads."""
        return MerchantText(**self.model_dump())


class WithdrawFilter(Body):
    """Which texts: everything that is named must hold. At least one is."""

    text: Text | None = Field(None, max_length=200, description="Words in a row, in any case.")
    claim: Text | None = Field(None, max_length=200, description="The same, in its claims.")
    fact: Text | None = Field(None, max_length=50, description="The id of a fact that it rests on.")
    check: Text | None = Field(None, max_length=100, description="The id of a check that failed.")
    campaign: Text | None = Field(None, max_length=MAX_CAMPAIGN)
    sku: Sku | None = None
    category: Text | None = Field(None, max_length=500)
    locale: Text | None = Field(None, max_length=35)
    template: Text | None = Field(None, max_length=100)
    angle: Angle | None = None
    status: Status | None = None


class WithdrawIn(Body):
    """Take texts off every page: by id, or all that a query finds, in every locale, variant and campaign."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"query": {"claim": "waterproof"}, "preview": True},
                {"query": {"claim": "waterproof"}, "reason": "Recalled by the maker", "rule": True},
            ]
        },
    )

    ids: list[Text] = Field(default_factory=list, max_length=1000)
    query: WithdrawFilter | None = None
    preview: bool = Field(False, description="Show what would go, and change nothing.")
    reason: Text | None = Field(None, max_length=MAX_REASON, description="Needed, but for a preview.")
    rule: bool = Field(False, description="Forbid the words that `text` or `claim` names from now on.")

    def to_value(self) -> WithdrawOrder:
        """The order that the domain reads."""
        query = CopyQuery(**self.query.model_dump()) if self.query else None
        return WithdrawOrder(tuple(self.ids), query, self.reason, self.preview, self.rule)


class ShownOut(Answer):
    """That a text stood on the shelf. `ends_at` null: it still does, or did until this call."""

    starts_at: Time
    ends_at: Time | None
    campaign: str | None


class WithdrawnOut(Answer):
    """A version that was withdrawn, or would be."""

    id: str
    version: int
    sku: str
    template: str
    channel: str
    locale: str
    angle: Angle | None
    variant: int
    status: Status = Field(
        description="The state that it was in; `withdrawn`: a rollback could have brought it back."
    )
    sentences: list[str] = Field(description="Those in which the words stand.")
    shown: list[ShownOut]


class WithdrawalOut(Answer):
    """What was withdrawn, or would be, and where each text was shown and when."""

    items: list[WithdrawnOut]
    preview: bool
    reason: str | None
    rule: str | None = Field(description="The id of the brand rule that was made.")


class SentenceChangeOut(Answer):
    """A sentence of two versions. `old…`: of a changed one, what it was."""

    field: str
    change: Change
    text: str
    facts: list[str]
    verdict: Verdict
    old: str | None
    old_facts: list[str]
    old_verdict: Verdict | None


class VersionOut(Answer):
    """A version, in short."""

    version: int
    status: Status
    authorship: Authorship
    created_by: str
    reviewed_by: str | None
    created_at: Time


class DiffOut(Answer):
    """Two versions of a copy by sentence."""

    id: str
    older: VersionOut
    newer: VersionOut
    sentences: list[SentenceChangeOut]


class VersionPage(Answer):
    """Versions of a copy, newest first."""

    items: list[CopyOut]
    next_cursor: str | None


class PublicationOut(Answer):
    """A text's time on the shelf."""

    copy_id: str
    version: int
    campaign: str | None
    starts_at: Time
    ends_at: Time | None
    time_zone: str | None
    published_by: str


class ShelfTextOut(Answer):
    """A text as it is served now, and why."""

    copy_id: str
    version: int
    template: str
    channel: str
    locale: str
    angle: Angle | None
    variant: int
    authorship: Authorship
    source: Source
    reason: str
    fields: dict[str, Any]
    sentences: list[SentenceOut]
    publication: PublicationOut
    left_out: list[StaleOut] = Field(description="Its stale sentences, with old and new value.")
    beneath: list[PublicationOut] = Field(description="What it lies over, from the top down.")
    upcoming: list[PublicationOut]

    @classmethod
    def of(cls, text: ShelfText) -> "ShelfTextOut":
        """The answer for a text."""
        return cls.model_validate(text)


class ShelfOut(Answer):
    """What stands on the shelf for a product, and what is scheduled where nothing stands yet."""

    sku: str
    items: list[ShelfTextOut]
    upcoming: list[PublicationOut]


class OverlapOut(Answer):
    """Another campaign in the same places at the same time; the text that began later shows."""

    campaign: str | None = Field(description="Null: texts with an end and no campaign.")
    places: int
    starts_at: Time
    ends_at: Time | None
    example: str = Field(description="The SKU of one such place.")


class CampaignOut(Answer):
    """A campaign and what overlaps it."""

    campaign: str
    state: CampaignState
    starts_at: Time
    ends_at: Time | None
    time_zone: str | None
    texts: int
    products: int
    overlaps: list[OverlapOut]


class CampaignPage(Answer):
    """Campaigns by name."""

    items: list[CampaignOut]
    next_cursor: str | None
