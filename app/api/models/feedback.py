"""What people say of copy, and what it sums up to, as HTTP says it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.models.base import Answer, Body, Text, Time
from app.api.models.catalog import FactOut
from app.api.models.reviews import Reason
from app.copywriting.copy import Authorship


class FeedbackIn(Body):
    """A rating: 1 good, -1 bad."""

    rating: Literal[-1, 1]
    reason: Annotated[Text, Field(max_length=200)] | None = None
    comment: Annotated[Text, Field(max_length=5000)] | None = None


class ForbidIn(Body):
    """A phrase that no text may have from now on."""

    phrase: Text = Field(min_length=1, max_length=200)
    reason: Reason
    replacement: Text | None = Field(None, max_length=200)


class RatingOut(Answer):
    """A rating that was kept."""

    id: str
    copy_id: str
    version: int
    rating: Literal[-1, 1]
    reason: str | None
    comment: str | None
    actor: str
    created_at: Time


class StoryOut(Answer):
    """A rating or an edit with its context."""

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
    facts: list[FactOut]
    draft: dict[str, Any]
    final: dict[str, Any]
    actor: str
    created_at: Time
    rating: int | None
    reason: str | None
    comment: str | None
    removed: list[str]
    added: list[str]


class EditedAwayOut(Answer):
    """A sentence that editors took out or changed."""

    text: str
    times: int
    products: int


class GroupOut(Answer):
    """Feedback on the texts of one template, category or writer."""

    name: str
    good: int
    bad: int
    edits: int
    edited_copies: int
    edited_away: list[EditedAwayOut]
    facts: list[tuple[str, int]] = Field(description="Names of facts and how often they were attested.")


class StruckOut(Answer):
    """A phrase that editors keep striking out. `kept`: in how many edited products it stayed."""

    phrase: str
    products: int
    kept: int
    example: str


class SummaryOut(Answer):
    """Feedback summed up. `complete`: everything was counted, or the newest alone."""

    ratings: int
    edits: int
    complete: bool
    templates: list[GroupOut]
    categories: list[GroupOut]
    writers: list[GroupOut]
    struck: list[StruckOut]


class RuleOut(Answer):
    """A brand rule."""

    id: str
    phrase: str
    replacement: str | None
    reason: str
