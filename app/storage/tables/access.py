"""Keys, what was done with them, and answers that are given again."""

from sqlalchemy import Column as C  # noqa: N817 - read once per line below; the short name keeps the tables legible
from sqlalchemy import Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from app.storage.tables.base import Json, Key, Timestamp, metadata

api_keys = Table(
    "api_keys",
    metadata,
    C("id", Key, primary_key=True),
    C("secret_hash", LargeBinary, nullable=False),  # SHA-256 of a 256-bit random secret
    C("role", Text, nullable=False),
    C("name", Text, nullable=False),  # the holder: the actor in the audit
    C("created_at", Timestamp, nullable=False),
    C("expires_at", Timestamp),
    C("replaces", Key),  # the key that this one was rotated from
    C("origins", Json),  # of pages that may send a publishable key; NULL: none
    C("rate_per_minute", Integer),  # NULL: the role's
    C("revoked_at", Timestamp),  # a revoked key stays: the service never opens up again because keys went
)

idempotency = Table(
    "idempotency",
    metadata,
    C("scope", Key, nullable=False),  # the API key's id, or "local"
    C("key", Key, nullable=False),
    C("body_hash", Text, nullable=False),
    C("status", Integer),  # NULL: being worked on
    C("headers", Json),
    C("body", LargeBinary),
    C("created_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("scope", "key"),
    Index(None, "created_at"),
)

# Who did what, when: rows are added, never changed or removed. Triggers hold that, and that no number is left out.
audit = Table(
    "audit",
    metadata,
    C("id", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … in the order of commits
    C("at", Timestamp, nullable=False),
    C("actor", Text, nullable=False),
    C("action", Text, nullable=False),  # "copy.approve"
    C("subject", Key, nullable=False),  # "copy:cp_…"
    C("before", Json),
    C("after", Json),
    C("request_id", Text),
    C("hash", LargeBinary, nullable=False),  # SHA-256 over this row and the hash before
    Index(None, "at", "id"),
    Index(None, "actor", "id"),
    Index(None, "action", "id"),
    Index(None, "subject", "id"),
)

# What is to be told to others, written with the thing itself.
outbox = Table(
    "outbox",
    metadata,
    C("id", Integer, primary_key=True, autoincrement=True),
    C("type", Text, nullable=False),  # "copy.published"
    C("data", Json, nullable=False),
    C("created_at", Timestamp, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    C("id", Key, primary_key=True),
    C("url", Text, nullable=False),
    C("events", Json, nullable=False),
    C("secret", Text, nullable=False),
    C("description", Text),
    C("created_by", Text, nullable=False),
    C("created_at", Timestamp, nullable=False),
    C("disabled_at", Timestamp),
    C("disabled_why", Text),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    C("id", Key, primary_key=True),
    C("webhook_id", Key, nullable=False),
    C("event", Integer, nullable=False),  # of the outbox
    C("status", Text, nullable=False),  # waiting | delivered | failed
    C("attempts", Integer, nullable=False),
    C("next_at", Timestamp),
    C("answer", Integer),  # the last HTTP status
    C("detail", Text),
    C("created_at", Timestamp, nullable=False),
    C("delivered_at", Timestamp),
    Index(None, "webhook_id", "id"),
    Index(None, "status", "next_at"),
)

# Numbers that grow when something changes that every process must know of.
epochs = Table(
    "epochs",
    metadata,
    C("name", Key, primary_key=True),  # "keys", "copy", "voices"
    C("value", Integer, nullable=False),
)
