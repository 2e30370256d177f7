"""The access domain's only SQL: API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import api_keys


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `name` is its holder's: the actor in the audit."""

    id: str
    role: str
    name: str
    created_at: datetime
    revoked_at: datetime | None = None


_SHOWN = (api_keys.c.id, api_keys.c.role, api_keys.c.name, api_keys.c.created_at, api_keys.c.revoked_at)


class KeyRepository:
    """Keys within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, key: ApiKey, secret_hash: bytes) -> None:
        """Store a new key."""
        await self._session.execute(
            insert(api_keys).values(
                id=key.id, role=key.role, name=key.name, created_at=key.created_at, secret_hash=secret_hash
            )
        )

    async def with_hash(self, key_id: str) -> tuple[ApiKey, bytes] | None:
        """A key and the hash of its secret."""
        row = (
            await self._session.execute(
                select(*_SHOWN, api_keys.c.secret_hash).where(api_keys.c.id == key_id)
            )
        ).one_or_none()
        return None if row is None else (ApiKey(*row[:-1]), row[-1])

    async def any(self) -> bool:
        """Whether a key was ever created, revoked ones included."""
        return (
            await self._session.execute(select(literal(1)).select_from(api_keys).limit(1))
        ).first() is not None

    async def all(self) -> Sequence[ApiKey]:
        """Every key, oldest first."""
        rows = await self._session.execute(select(*_SHOWN).order_by(api_keys.c.created_at, api_keys.c.id))
        return [ApiKey(*row) for row in rows]

    async def revoke(self, key_id: str, now: datetime) -> bool:
        """Whether there is such a key; one that is revoked already keeps its time."""
        await self._session.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        found = await self._session.execute(select(api_keys.c.id).where(api_keys.c.id == key_id))
        return found.first() is not None
