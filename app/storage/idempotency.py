"""What an `Idempotency-Key` was answered: nothing is done twice, whoever asks at the same time.

A key is reserved before the work begins, completed with the answer, or given up when the work failed. Secrets are
the caller's to leave out of the answer that it hands over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from app.errors import Conflict
from app.storage.database import Database
from app.storage.tables import idempotency

# An answer is kept for a day, the time within which clients are expected to repeat a request.
KEPT = timedelta(hours=24)
# A reservation without an answer after this time belongs to a process that died; the next caller takes it over.
ABANDONED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class IdempotencyStore:
    """Answers by scope (the API key's id) and key."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, scope: str, key: str, body_hash: str) -> StoredAnswer | None:
        """Reserve a key: None, and the caller does the work; or the answer that was given before.

        Of callers at the same time one gets None. Raises Conflict where the key was used with another body, or
        where the first request with it is still being worked on.
        """
        now = self._clock()
        new = {"scope": scope, "key": key, "body_hash": body_hash, "created_at": now}
        mine = (idempotency.c.scope == scope) & (idempotency.c.key == key)
        async with self._database.transaction() as session:
            await session.execute(
                delete(idempotency).where(
                    (idempotency.c.created_at < now - KEPT)
                    | (mine & idempotency.c.status.is_(None) & (idempotency.c.created_at < now - ABANDONED))
                )
            )
            reserve = self._database.dialect.insert_new(idempotency, ("scope", "key"))
            reserved = await session.execute(reserve.values(new).returning(idempotency.c.key))
            if reserved.first() is not None:
                return None
            found = (await session.execute(select(idempotency).where(mine))).one()
        if found.body_hash != body_hash:
            raise Conflict(
                "this Idempotency-Key was used with another request; use a new one for a new request"
            )
        if found.status is None:
            raise Conflict(
                "the first request with this Idempotency-Key is still being worked on; ask again soon"
            )
        return StoredAnswer(found.status, found.headers, found.body)

    async def finish(self, scope: str, key: str, answer: StoredAnswer) -> None:
        """Keep the answer of a reserved key."""
        async with self._database.transaction() as session:
            await session.execute(
                update(idempotency)
                .where(idempotency.c.scope == scope, idempotency.c.key == key, idempotency.c.status.is_(None))
                .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
            )

    async def abandon(self, scope: str, key: str) -> None:
        """Give a reserved key back: nothing was done, and the next request with it is the first."""
        async with self._database.transaction() as session:
            await session.execute(
                delete(idempotency).where(
                    idempotency.c.scope == scope, idempotency.c.key == key, idempotency.c.status.is_(None)
                )
            )
