"""The access domain's only SQL: API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import api_keys, epochs

EPOCH = "keys"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `name` is its holder's: the actor in the audit.

    `origins`: of pages that may send it. `rate_per_minute`: None for the role's. `replaces`: the key that it was rotated
    from.
    """

    id: str
    role: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    replaces: str | None = None
    origins: tuple[str, ...] = ()
    rate_per_minute: int | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key as it was in the epoch `epoch`, and the hash of its secret."""

    key: ApiKey
    secret_hash: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class KeysState:
    """Which epoch it is, and whether a key was ever created."""

    epoch: int
    any: bool


_SHOWN = (
    api_keys.c.id,
    api_keys.c.role,
    api_keys.c.name,
    api_keys.c.created_at,
    api_keys.c.expires_at,
    api_keys.c.replaces,
    api_keys.c.origins,
    api_keys.c.rate_per_minute,
    api_keys.c.revoked_at,
)
_NOW = select(epochs.c.value).where(epochs.c.name == EPOCH).scalar_subquery()


class KeyRepository:
    """Keys within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, key: ApiKey, secret_hash: bytes) -> None:
        """Store a new key."""
        values = {name: getattr(key, name) for name in ("id", "role", "name", "created_at", "expires_at")}
        await self._session.execute(
            insert(api_keys).values(
                **values,
                replaces=key.replaces,
                origins=list(key.origins) or None,
                rate_per_minute=key.rate_per_minute,
                secret_hash=secret_hash,
            )
        )

    async def find(self, key_id: str) -> FoundKey | None:
        """A key with its hash, and the epoch of this same moment."""
        statement = select(*_SHOWN, api_keys.c.secret_hash, _NOW.label("epoch"))
        row = (await self._session.execute(statement.where(api_keys.c.id == key_id))).one_or_none()
        return None if row is None else FoundKey(_key(row), bytes(row.secret_hash), row.epoch or 0)

    async def replaced_by(self, key_id: str) -> str | None:
        """The key that this one was rotated to."""
        found = await self._session.execute(select(api_keys.c.id).where(api_keys.c.replaces == key_id))
        return found.scalars().first()

    async def state(self) -> KeysState:
        """The epoch, and whether a key was ever created, revoked ones included."""
        row = (await self._session.execute(select(_NOW.label("epoch"), exists(api_keys.select())))).one()
        return KeysState(row[0] or 0, bool(row[1]))

    async def all(self) -> Sequence[ApiKey]:
        """Every key, oldest first."""
        rows = await self._session.execute(select(*_SHOWN).order_by(api_keys.c.created_at, api_keys.c.id))
        return [_key(row) for row in rows]

    async def page(self, limit: int, after: tuple[datetime, str] | None) -> Sequence[ApiKey]:
        """Keys behind one (its time of creation and id), oldest first."""
        order = (api_keys.c.created_at, api_keys.c.id)
        statement = select(*_SHOWN).order_by(*order).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*order) > after)
        return [_key(row) for row in await self._session.execute(statement)]

    async def with_origins(self) -> Sequence[ApiKey]:
        """Keys that name origins and are not revoked."""
        rows = await self._session.execute(
            select(*_SHOWN).where(api_keys.c.origins.is_not(None), api_keys.c.revoked_at.is_(None))
        )
        return [_key(row) for row in rows]

    async def expire(self, key_id: str, at: datetime) -> None:
        """Let a key end at a time."""
        await self._session.execute(update(api_keys).where(api_keys.c.id == key_id).values(expires_at=at))

    async def revoke(self, key_id: str, now: datetime) -> bool:
        """Whether it was valid until now; one that is revoked already keeps its time."""
        revoked = await self._session.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(api_keys.c.id)
        )
        return revoked.first() is not None


def _key(row: Any) -> ApiKey:
    return ApiKey(
        row.id,
        row.role,
        row.name,
        row.created_at,
        row.expires_at,
        row.replaces,
        tuple(row.origins or ()),
        row.rate_per_minute,
        row.revoked_at,
    )
