"""Health, keys and templates."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.access.origins import MAX_ORIGINS
from app.access.roles import ROLES
from app.access.service import DEFAULT_OVERLAP_S, MAX_OVERLAP_S, MAX_PER_MINUTE
from app.api.models.base import Answer, Body, Text, Time
from app.api.models.search import IndexOut


class Health(Answer):
    """The process is up."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(Answer):
    """Each dependency by name."""

    status: Literal["ok"]
    dependencies: dict[str, str] = Field(examples=[{"database": "ok"}])
    index: IndexOut


class KeyIn(Body):
    """A key to create. Its name is its holder's: the actor in the audit."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "merchandiser", "name": "Ada"}]}
    )

    role: Text = Field(max_length=50, json_schema_extra={"enum": [*ROLES]})
    name: Text = Field("", max_length=200, description="Its holder; the role's name if empty.")
    expires_at: Time | None = Field(None, description="When it ends; null: never.")
    origins: list[Annotated[Text, Field(max_length=300)]] = Field(
        [],
        max_length=MAX_ORIGINS,
        description="Of storefront keys: the web pages that may send it.",
        examples=[["https://shop.example"]],
    )
    rate_per_minute: int | None = Field(
        None, ge=1, le=MAX_PER_MINUTE, description="Calls in a minute; null: as its role has it."
    )


class KeyRotation(Body):
    """How an old key makes way for a new one."""

    overlap_s: int = Field(
        DEFAULT_OVERLAP_S,
        ge=0,
        le=MAX_OVERLAP_S,
        description="For so many seconds both are valid; 0: the old one ends at once.",
    )
    expires_at: Time | None = Field(
        None, description="When the new one ends; null: it lives as long as the old one was meant to."
    )


class KeyOut(Answer):
    """A key without its secret."""

    id: str
    role: str
    name: str
    created_at: Time
    expires_at: Time | None = None
    replaces: str | None = Field(None, description="The key that it was rotated from.")
    origins: tuple[str, ...] = ()
    rate_per_minute: int | None = Field(None, description="Calls in a minute; null: as its role has it.")
    revoked_at: Time | None = None


class NewKey(KeyOut):
    """A key as it is created."""

    key: str | None = Field(
        description="The secret, shown this once; only its hash is kept. Null when an Idempotency-Key is replayed."
    )


class KeyPage(Answer):
    """The keys, revoked ones too."""

    items: list[KeyOut]
    next_cursor: str | None = None


class PromptField(Answer):
    """A field of a template's texts, with its limits in characters."""

    name: str
    kind: str
    required: bool
    min_chars: int | None
    max_chars: int | None
    description: str


class PromptVersion(Answer):
    """One released version of a template."""

    version: int
    hash: str = Field(description="SHA-256 of all that shapes its texts: same hash, same facts, same text.")
    labels: list[str] = Field(examples=[["production"]])
    fields: list[PromptField]


class PromptOut(Answer):
    """A template."""

    name: str
    description: str
    per_angle: bool = Field(description="One text for each angle that the facts carry.")
    versions: list[PromptVersion]


class PromptList(Answer):
    """The templates."""

    items: list[PromptOut]
