"""The audit: who did what, when. Written in the transaction of the deed itself; nothing in it is ever changed.

Entries are numbered 1, 2, 3 … in the order in which their transactions are committed, and each carries the SHA-256 of
itself and the one before. So a missing number is a lost entry, a wrong hash a changed one, and whoever reads on from
the last number that he has misses none. The numbers are given at the very end of a transaction, by one at a time
(`write`): what is rolled back takes none, and nobody waits for another's work.

Personal ids (visitors, customers) never stand in it in the clear: whoever records them hands over what `Pseudonyms`
makes of them.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import event, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from app.storage.dialects import Dialect
from app.storage.tables import audit

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered; the HTTP front end sets it."""
BEGINNING = bytes(32)
"""What stands before the first entry."""
_PENDING = "shelftalker_audit"  # in `Session.info`: what is to be written at the end of the transaction


@dataclass(frozen=True, slots=True)
class Deed:
    """What is recorded of one deed. `before` and `after` are JSON values."""

    at: datetime
    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    request_id: str | None

    def chained(self, number: int, hash_before: bytes) -> bytes:
        """The hash of this deed as entry `number`, behind the entry with `hash_before`."""
        values = [
            number,
            self.at.astimezone(UTC).isoformat(),
            self.actor,
            self.action,
            self.subject,
            self.before,
            self.after,
            self.request_id,
        ]
        return hashlib.sha256(hash_before + orjson.dumps(values)).digest()


async def record(
    session: AsyncSession,
    actor: str,
    action: str,
    subject: str,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry. `action` is domain and verb ("copy.approve"), `subject` kind and id ("copy:cp_1a2b").

    `before` and `after` hold what the deed changed, as JSON values; whole texts only where they are short.
    """
    await record_all(session, actor, action, [(subject, before, after)], at=at)


async def record_all(
    session: AsyncSession,
    actor: str,
    action: str,
    deeds: list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    *,
    at: datetime,
) -> None:
    """As `record`, for many subjects at once: (subject, before, after) each.

    They stand in the table once the transaction is committed; those of a savepoint that is rolled back never do.
    """
    inner: Session = session.sync_session
    pending: list[tuple[SessionTransaction | None, Deed]] = inner.info.setdefault(_PENDING, [])
    if not event.contains(inner, "after_soft_rollback", _forget):
        event.listen(inner, "after_soft_rollback", _forget)
    savepoint, request_id = inner.get_nested_transaction(), REQUEST_ID.get()
    pending.extend(
        (
            savepoint,
            Deed(at, actor, action, subject, before and dict(before), after and dict(after), request_id),
        )
        for subject, before, after in deeds
    )


async def write(session: AsyncSession, dialect: Dialect) -> None:
    """Number and store what this transaction recorded. Called at its end (`Database.transaction`), and there alone."""
    pending = session.info.pop(_PENDING, None)
    if not pending:
        return
    await dialect.lock(session, "audit")
    last = (
        await session.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1))
    ).one_or_none()
    number, hash_before = (last.id, bytes(last.hash)) if last else (0, BEGINNING)
    rows = []
    for _, deed in pending:
        number, hash_before = number + 1, deed.chained(number + 1, hash_before)
        rows.append(
            {
                "id": number,
                "at": deed.at,
                "actor": deed.actor,
                "action": deed.action,
                "subject": deed.subject,
                "before": deed.before,
                "after": deed.after,
                "request_id": deed.request_id,
                "hash": hash_before,
            }
        )
    await session.execute(insert(audit), rows)


def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """What was recorded within a savepoint, or one inside of it, goes with it."""
    pending = session.info.get(_PENDING, [])
    pending[:] = [(savepoint, deed) for savepoint, deed in pending if not _within(savepoint, rolled_back)]


def _within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.parent
    return False


class Pseudonyms:
    """Personal ids as keyed hashes: the same person is the same word, and nobody without the key can say who.

    `signing_key` is asked for when the first one is made.
    """

    def __init__(self, signing_key: Callable[[], bytes]) -> None:
        self._signing_key = signing_key

    def __call__(self, personal_id: str) -> str:
        """128 bits of the id's HMAC-SHA256, behind "p_"."""
        return f"p_{hmac.new(self._key, personal_id.encode(), 'sha256').hexdigest()[:32]}"

    @cached_property
    def _key(self) -> bytes:
        # A key of its own: what signs tokens must not be what names people.
        return hmac.digest(self._signing_key(), b"shelftalker: personal ids in the audit", "sha256")
