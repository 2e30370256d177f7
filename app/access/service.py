"""Keys: created once, checked on every call, rotated, revoked. Without any key this machine is served as `local`."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.access.clock import SteadyClock
from app.access.held import HeldKeys
from app.access.keys import new_secret
from app.access.origins import check_origins
from app.access.repository import EPOCH, ApiKey, KeyRepository
from app.access.roles import PUBLISHABLE, ROLES, check_permission, check_role
from app.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from app.storage import audit, epochs
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from app.storage.state.memory import MemoryRateLimits
from app.storage.state.protocols import RateLimits, Standing

__all__ = ["LOCAL", "ROLES", "AccessService", "ApiKey", "CreatedKey", "KeyTerms", "Principal", "require"]

MAX_PER_MINUTE = 10_000_000
DEFAULT_OVERLAP_S = 86_400
MAX_OVERLAP_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling. `key_id` is None for the local user of a service that has no key yet.

    `per_minute`: calls that the key may make in a minute; None where it is not limited.
    """

    name: str
    role: str
    key_id: str | None = None
    per_minute: int | None = None


LOCAL = Principal("local", "admin")


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """On what terms a key is given out. `expires_at` None: never; `per_minute` None: as the role has it."""

    expires_at: datetime | None = None
    origins: tuple[str, ...] = ()
    per_minute: int | None = None


ENDLESS = KeyTerms()


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key at its creation, the only time that its secret is known."""

    id: str
    role: str
    name: str
    created_at: datetime
    key: str = field(repr=False)  # what its holder sends
    expires_at: datetime | None = None
    replaces: str | None = None
    origins: tuple[str, ...] = ()
    rate_per_minute: int | None = None
    revoked_at: datetime | None = None


def require(principal: Principal, permission: str) -> None:
    """Raises Forbidden where the principal's role does not hold the permission (`app.access.roles`)."""
    check_permission(principal.role, permission)


class AccessService:
    """The keys of one service.

    `limits` counts the calls of each key; `per_minute` says how many a role's keys may make, 0 or nothing for as many
    as they like. `clock` gives the time of creation, expiry and revocation, `monotonic` seconds that are never set back.
    """

    def __init__(
        self,
        database: Database,
        *,
        limits: RateLimits | None = None,
        per_minute: Mapping[str, int] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._limits = limits or MemoryRateLimits(monotonic)
        self._per_minute = per_minute or {}
        self._clock = clock
        self._now = SteadyClock(clock, monotonic)
        self._held = HeldKeys(database, monotonic)

    # -- who is calling ----------------------------------------------------------------------------------------

    async def authenticate(self, bearer: str | None, origin: str | None = None) -> Principal:
        """Whose key this is. Raises Unauthenticated for a missing, unknown, expired or revoked one.

        `origin` is that of the web page that sends it, if one does: Forbidden where a publishable key is not for it.
        Other keys are for no page at all, and whoever has one is trusted with it.

        Without a bearer, and as long as no key was ever created, the caller is `local` with an admin's rights: the
        front end must have made sure that it is this machine.
        """
        if bearer is None:
            if await self._held.any():
                raise Unauthenticated("a key is needed: send it as `Authorization: Bearer KEY`")
            return LOCAL
        key = await self._held.known(bearer.strip())
        if key is None:
            raise Unauthenticated("this key is not known")
        self._check_valid(key)
        if origin is not None and key.role == PUBLISHABLE and origin not in key.origins:
            named = ", ".join(key.origins) or "none; name them when a key is created"
            raise Forbidden(f"this key is not for pages of {origin[:200]!r}; its origins: {named}")
        limit = key.rate_per_minute or self._per_minute.get(key.role) or None
        return Principal(key.name, key.role, key.id, limit)

    async def check(self, principal: Principal) -> None:
        """Raises Unauthenticated where the caller's key has ended since it was let in."""
        if principal.key_id is None:
            return
        key = await self._held.now(principal.key_id)
        if key is None:
            raise Unauthenticated("this key is not known")
        self._check_valid(key)

    async def take(self, principal: Principal) -> Standing | None:
        """Count one call against the limit of the caller's key; None where it has none."""
        if principal.key_id is None or principal.per_minute is None:
            return None
        return await self._limits.take(f"key:{principal.key_id}", principal.per_minute)

    async def is_for_pages_of(self, origin: str) -> bool:
        """Whether some valid publishable key names this origin."""
        return any(
            origin in key.origins and self._why_not(key) is None for key in await self._held.with_origins()
        )

    async def any_keys(self) -> bool:
        """Whether a key was ever created. Revoking the last one does not open the service again."""
        return await self._held.any()

    def _check_valid(self, key: ApiKey) -> None:
        if (why := self._why_not(key)) is not None:
            raise Unauthenticated(why)

    def _why_not(self, key: ApiKey) -> str | None:
        if key.revoked_at is not None:
            return f"this key was revoked ({key.name})"
        if key.expires_at is not None and self._now() >= key.expires_at:
            return f"this key expired on {key.expires_at:%Y-%m-%d at %H:%M} UTC ({key.name})"
        return None

    # -- keeping keys ------------------------------------------------------------------------------------------

    async def create_key(
        self, role: str, name: str, terms: KeyTerms = ENDLESS, *, actor: str = "local"
    ) -> CreatedKey:
        """A new key. Raises Invalid for an unknown role, an empty name and terms that cannot be."""
        check_role(role)
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > 200:
            raise Invalid("name: 1 to 200 printable characters that say whose key it is", pointer="/name")
        return await self._add(role, name, self._checked(role, terms), actor)

    async def rotate(
        self,
        key_id: str,
        *,
        overlap_s: float = DEFAULT_OVERLAP_S,
        expires_at: datetime | None = None,
        actor: str = "local",
    ) -> CreatedKey:
        """A new key in the place of an old one, which ends after the overlap: until then both are valid.

        The new one has the old one's role, name, origins and limit, and lives as long as that was meant to live unless
        `expires_at` says otherwise. Raises NotFound, Conflict for a key that has ended or was rotated before, Invalid.
        """
        if not 0 <= overlap_s <= MAX_OVERLAP_S:
            raise Invalid(f"overlap_s: from 0 to {MAX_OVERLAP_S} seconds", pointer="/overlap_s")
        async with self._database.transaction() as session:
            await self._database.dialect.lock(session, EPOCH)
            keys, now = KeyRepository(session), self._clock()
            found = await keys.find(key_id)
            if found is None:
                raise NotFound(f"no key {key_id!r}")
            old = found.key
            if (why := self._why_not(old)) is not None:
                raise Conflict(f"{why}: create a new one instead")
            if (newer := await keys.replaced_by(key_id)) is not None:
                raise Conflict(f"this key was rotated before: {newer} replaces it; rotate that one")
            if expires_at is None and old.expires_at is not None:
                expires_at = now + (old.expires_at - old.created_at)
            terms = self._checked(old.role, KeyTerms(expires_at, old.origins, old.rate_per_minute))
            secret = new_secret()
            new = _key(secret.id, old.role, old.name, now, terms, replaces=old.id)
            await keys.add(new, secret.hash)
            ends = now + timedelta(seconds=overlap_s)
            if old.expires_at is None or ends < old.expires_at:
                await keys.expire(old.id, ends)
            else:
                ends = old.expires_at
            await audit.record(
                session,
                actor,
                "key.rotate",
                f"key:{old.id}",
                at=now,
                before={"expires_at": old.expires_at},
                after={"expires_at": ends, "replaced_by": new.id},
            )
            await audit.record(session, actor, "key.create", f"key:{new.id}", at=now, after=_recorded(new))
            await epochs.advance(session, self._database.dialect, EPOCH)
        self._held.forget()
        return _created(new, str(secret))

    async def revoke(self, key_id: str, *, actor: str = "local") -> None:
        """Refuse a key: here from now on, on every replica within two seconds.

        Raises NotFound for an unknown id; revoking twice is revoking once.
        """
        async with self._database.transaction() as session:
            keys, now = KeyRepository(session), self._clock()
            found = await keys.find(key_id)
            if found is None:
                raise NotFound(f"no key {key_id!r}")
            if await keys.revoke(key_id, now):
                after = {"revoked_at": now, "name": found.key.name, "role": found.key.role}
                await audit.record(session, actor, "key.revoke", f"key:{key_id}", at=now, after=after)
                await epochs.advance(session, self._database.dialect, EPOCH)
        self._held.forget()

    async def list_keys(self) -> tuple[ApiKey, ...]:
        """Every key, revoked ones too, oldest first; no secrets."""
        async with self._database.session() as session:
            return tuple(await KeyRepository(session).all())

    async def page_keys(self, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """Keys, oldest first. Raises Invalid for a limit or cursor that cannot be."""
        checked_limit(limit)
        after = _place(decode_cursor(cursor)) if cursor else None
        async with self._database.session() as session:
            rows = await KeyRepository(session).page(limit + 1, after)
        return page_of(rows, limit, [f"{row.created_at.isoformat()} {row.id}" for row in rows])

    async def _add(self, role: str, name: str, terms: KeyTerms, actor: str) -> CreatedKey:
        secret = new_secret()
        async with self._database.transaction() as session:
            key = _key(secret.id, role, name, self._clock(), terms)
            await KeyRepository(session).add(key, secret.hash)
            await audit.record(
                session, actor, "key.create", f"key:{key.id}", at=key.created_at, after=_recorded(key)
            )
            await epochs.advance(session, self._database.dialect, EPOCH)
        self._held.forget()
        return _created(key, str(secret))

    def _checked(self, role: str, terms: KeyTerms) -> KeyTerms:
        if terms.expires_at is not None and terms.expires_at <= self._now():
            raise Invalid("expires_at: must be in the future", pointer="/expires_at")
        if terms.origins and role != PUBLISHABLE:
            raise Invalid(
                f"origins: a {role} key belongs in no web page; {PUBLISHABLE} keys do", pointer="/origins"
            )
        if terms.per_minute is not None and not 1 <= terms.per_minute <= MAX_PER_MINUTE:
            raise Invalid(f"rate_per_minute: from 1 to {MAX_PER_MINUTE}", pointer="/rate_per_minute")
        return KeyTerms(terms.expires_at, check_origins(terms.origins), terms.per_minute)


def _key(
    key_id: str, role: str, name: str, now: datetime, terms: KeyTerms, replaces: str | None = None
) -> ApiKey:
    return ApiKey(key_id, role, name, now, terms.expires_at, replaces, terms.origins, terms.per_minute)


def _created(key: ApiKey, sent: str) -> CreatedKey:
    return CreatedKey(
        key.id,
        key.role,
        key.name,
        key.created_at,
        sent,
        expires_at=key.expires_at,
        replaces=key.replaces,
        origins=key.origins,
        rate_per_minute=key.rate_per_minute,
    )


def _recorded(key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "role": key.role,
        "expires_at": key.expires_at,
        "replaces": key.replaces,
        "origins": list(key.origins),
        "rate_per_minute": key.rate_per_minute,
    }


def _place(position: str) -> tuple[datetime, str]:
    moment, _, key_id = position.partition(" ")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not key_id:
        raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
    return at, key_id
