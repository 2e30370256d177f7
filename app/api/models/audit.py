"""The audit's entries, and the questions to it."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.models.base import Answer, Text, Time
from app.api.models.paging import PageQuery
from app.storage.audit_trail import AuditQuery, Entry

_Word = Annotated[Text, Field(min_length=1, max_length=300)]


class AuditFilter(PageQuery):
    """Which entries."""

    actor: _Word | None = Field(None, description="The name on the key of whoever did it.")
    action: _Word | None = Field(
        None, description="`copy.approve`, or `copy` for all that is done to copy.", examples=["key.revoke"]
    )
    subject: _Word | None = Field(None, description="Kind and id.", examples=["copy:cp_1a2b"])
    since: Time | None = Field(None, alias="from", description="At this time or later.")
    until: Time | None = Field(None, alias="to", description="Before this time.")

    def to_value(self) -> AuditQuery:
        """As the trail takes it."""
        return AuditQuery(self.actor, self.action, self.subject, self.since, self.until)


class AuditExportQuery(BaseModel):
    """Where to go on."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=2**53, description="The last number that you have; 0: from the beginning.")


class AuditEntry(Answer):
    """One deed."""

    id: int = Field(description="1, 2, 3 …: no number is left out.")
    at: Time
    actor: str = Field(description="The name on the key; `local`: whoever used this machine without one.")
    action: str = Field(examples=["copy.approve"])
    subject: str = Field(examples=["copy:cp_1a2b"])
    before: dict[str, Any] | None = Field(description="What the deed changed, as it was.")
    after: dict[str, Any] | None = Field(description="And as it became.")
    request_id: str | None = Field(description="The `X-Request-ID` of the call that did it.")
    hash: str = Field(description="SHA-256 over this entry and the hash of the one before, in hexadecimal.")

    @classmethod
    def of(cls, entry: Entry) -> "AuditEntry":
        """An entry as it goes out."""
        deed = entry.deed
        return cls(
            id=entry.id,
            at=deed.at,
            actor=deed.actor,
            action=deed.action,
            subject=deed.subject,
            before=dict(deed.before) if deed.before is not None else None,
            after=dict(deed.after) if deed.after is not None else None,
            request_id=deed.request_id,
            hash=entry.hash.hex(),
        )


class AuditPage(Answer):
    """Entries, newest first."""

    items: list[AuditEntry]
    next_cursor: str | None = None
