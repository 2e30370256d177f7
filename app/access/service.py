"""Keys: created once, checked on every call, revoked. Without any key this machine is served as `local`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.access.keys import new_secret, parse
from app.access.repository import ApiKey, KeyRepository
from app.access.roles import ROLES, check_permission, check_role
from app.errors import Invalid, NotFound, Unauthenticated
from app.storage.database import Database

__all__ = ["LOCAL", "ROLES", "AccessService", "ApiKey", "CreatedKey", "Principal", "require"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling. `key_id` is None for the local user of a service that has no key yet."""

    name: str
    role: str
    key_id: str | None = None


LOCAL = Principal("local", "admin")


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key at its creation, the only time that its secret is known."""

    id: str
    role: str
    name: str
    created_at: datetime
    key: str = field(repr=False)  # what its holder sends
    revoked_at: datetime | None = None


def require(principal: Principal, permission: str) -> None:
    """Raises Forbidden where the principal's role does not hold the permission (`app.access.roles`)."""
    check_permission(principal.role, permission)


class AccessService:
    """The keys of one service. `clock` gives the time of creation and revocation."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def create_key(self, role: str, name: str) -> CreatedKey:
        """A new key. Raises Invalid for an unknown role or an empty name."""
        check_role(role)
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > 200:
            raise Invalid("name: 1 to 200 printable characters that say whose key it is", pointer="/name")
        secret = new_secret()
        key = ApiKey(secret.id, role, name, self._clock())
        async with self._database.transaction() as session:
            await KeyRepository(session).add(key, secret.hash)
        return CreatedKey(key.id, role, name, key.created_at, str(secret))

    async def authenticate(self, bearer: str | None) -> Principal:
        """Whose key this is. Raises Unauthenticated for a missing, unknown or revoked one.

        Without a bearer, and as long as no key was ever created, the caller is `local` with an admin's rights: the
        front end must have made sure that it is this machine.
        """
        secret = None if bearer is None else parse(bearer.strip())
        async with self._database.session() as session:
            keys = KeyRepository(session)
            if bearer is None:
                if await keys.any():
                    raise Unauthenticated("a key is needed: send it as `Authorization: Bearer KEY`")
                return LOCAL
            found = await keys.with_hash(secret.id) if secret else None
        if secret is None or found is None or not secret.matches(found[1]):
            raise Unauthenticated("this key is not known")
        if found[0].revoked_at is not None:
            raise Unauthenticated(f"this key was revoked ({found[0].name})")
        return Principal(found[0].name, found[0].role, found[0].id)

    async def any_keys(self) -> bool:
        """Whether a key was ever created. Revoking the last one does not open the service again."""
        async with self._database.session() as session:
            return await KeyRepository(session).any()

    async def list_keys(self) -> tuple[ApiKey, ...]:
        """Every key, revoked ones too, oldest first; no secrets."""
        async with self._database.session() as session:
            return tuple(await KeyRepository(session).all())

    async def revoke(self, key_id: str) -> None:
        """Refuse a key from now on. Raises NotFound for an unknown id; revoking twice is revoking once."""
        async with self._database.transaction() as session:
            if not await KeyRepository(session).revoke(key_id, self._clock()):
                raise NotFound(f"no key {key_id!r}")
