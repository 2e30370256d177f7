"""Health, keys, templates and voices."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.access.roles import ROLES
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


class KeyOut(Answer):
    """A key without its secret."""

    id: str
    role: str
    name: str
    created_at: Time
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


class VoiceOut(Answer):
    """A voice, and the words it never uses."""

    name: str
    description: str
    forbidden: list[str]


class VoiceList(Answer):
    """The voices."""

    items: list[VoiceOut]
