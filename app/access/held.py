"""Keys that were seen before, held in memory: a call with one of them asks the database nothing.

Held is the key without its secret, and a keyed digest of what was sent, by a pepper that dies with the process. Each
belongs to the epoch in which it was read: once a second the epoch is read again, and whatever is of an older one is
read anew before it is believed. So what one replica does to a key holds on every other within a second and the time of
a query.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.access.keys import parse
from app.access.repository import ApiKey, FoundKey, KeyRepository, KeysState
from app.storage.database import Database

RECHECK_S = 1.0
MOST = 50_000  # keys in memory, some 50 MB; with more than that in use at once the memory begins anew


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key, what it looks like when it is sent, and the epoch in which it was so."""

    key: ApiKey
    digest: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class _Origins:
    """The keys that name origins, as they were in an epoch."""

    keys: tuple[ApiKey, ...]
    epoch: int


class HeldKeys:
    """The keys of one process's database. `monotonic` gives seconds and is never set back."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._pepper = secrets.token_bytes(32)
        self._held: dict[str, HeldKey] = {}
        self._origins: _Origins | None = None
        self._state = KeysState(epoch=-1, any=False)
        self._asked_at = float("-inf")
        self._changes = 0
        self._asking = asyncio.Lock()

    def forget(self) -> None:
        """Ask the database before the next answer: this process has just changed a key."""
        self._changes += 1
        self._asked_at = float("-inf")

    async def any(self) -> bool:
        """Whether a key was ever created."""
        return (await self._fresh()).any

    async def known(self, sent: str) -> ApiKey | None:
        """The key that was sent, if there is such a one; expired and revoked ones too."""
        state = await self._fresh()
        held = self._held.get(sent[3:15])  # st_<id>_…
        if held is None:
            return await self._first_seen(sent)
        if not hmac.compare_digest(held.digest, self._digest(sent)):
            return None
        if held.epoch == state.epoch:
            return held.key
        return await self._again(held)

    async def now(self, key_id: str) -> ApiKey | None:
        """A key by its id, as it is now."""
        state = await self._fresh()
        held = self._held.get(key_id)
        if held is not None:
            return held.key if held.epoch == state.epoch else await self._again(held)
        found = await self._find(key_id)
        return found.key if found else None

    async def with_origins(self) -> tuple[ApiKey, ...]:
        """Keys that name origins and are not revoked; expired ones too."""
        state = await self._fresh()
        if self._origins is None or self._origins.epoch != state.epoch:
            async with self._database.session() as session:
                self._origins = _Origins(tuple(await KeyRepository(session).with_origins()), state.epoch)
        return self._origins.keys

    async def _fresh(self) -> KeysState:
        """The state, at most a second old. Raises Unavailable: whoever cannot be asked lets nobody in."""
        if self._monotonic() - self._asked_at < RECHECK_S:
            return self._state
        async with self._asking:
            started = self._monotonic()
            if started - self._asked_at >= RECHECK_S:
                changes = self._changes
                async with self._database.session() as session:
                    found = await KeyRepository(session).state()
                self._state = found
                if changes == self._changes:  # else this process has changed a key since the question
                    self._asked_at = started
        return self._state

    async def _first_seen(self, sent: str) -> ApiKey | None:
        secret = parse(sent)
        found = await self._find(secret.id) if secret else None
        if secret is None or found is None or not secret.matches(found.secret_hash):
            return None
        self._hold(HeldKey(found.key, self._digest(sent), found.epoch))
        return found.key

    async def _again(self, held: HeldKey) -> ApiKey | None:
        """What became of a key since. A key's secret never changes, so its digest still holds."""
        found = await self._find(held.key.id)
        if found is None:
            return None
        self._hold(replace(held, key=found.key, epoch=found.epoch))
        return found.key

    def _hold(self, held: HeldKey) -> None:
        if len(self._held) >= MOST and held.key.id not in self._held:
            self._held.clear()
        self._held[held.key.id] = held

    async def _find(self, key_id: str) -> FoundKey | None:
        async with self._database.session() as session:
            return await KeyRepository(session).find(key_id)

    def _digest(self, sent: str) -> bytes:
        return hashlib.blake2b(
            sent.encode("utf-8", "surrogatepass"), key=self._pepper, digest_size=32
        ).digest()
