"""From a URL to the state stores: Redis where one is named, else this process's memory.

A limit must not bring the service down, nor must its absence: while Redis does not answer, each process limits by
itself, says so (`check`, `status`), and asks Redis again every second.
"""

import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from app.errors import Unavailable
from app.storage.state.memory import MemoryRateLimits
from app.storage.state.protocols import RateLimits, Standing

RETRY_S = 1.0

Tell = Callable[[str | None], None]
"""Is told once when Redis is lost, and why; and None once when it is back."""


def nobody(why: str | None) -> None:
    """The hook of a store that nobody watches."""


@dataclass(frozen=True, slots=True)
class StateStatus:
    """How the stores stand. `away` says why Redis is not used; `fallbacks` counts calls that did without it."""

    store: str  # "memory" or "redis"
    away: str | None = None
    fallbacks: int = 0


@dataclass
class OwnWhileAway:
    """The limits of `shared` as long as that answers, else those of this process."""

    shared: RateLimits
    own: RateLimits = field(default_factory=MemoryRateLimits)
    tell: Tell = nobody
    clock: Callable[[], float] = time.monotonic
    away: str | None = None
    fallbacks: int = 0
    _ask_again: float = 0.0

    async def take(self, name: str, per_minute: int) -> Standing:
        """See `RateLimits.take`; never raises Unavailable."""
        if self.away is None or self.clock() >= self._ask_again:
            # While it is away one caller asks, and the others need not wait for the answer.
            self._ask_again = self.clock() + RETRY_S
            try:
                standing = await self.shared.take(name, per_minute)
            except Unavailable as error:
                self.lost(error.detail)
            else:
                self.back()
                return standing
        self.fallbacks += 1
        return await self.own.take(name, per_minute)

    def lost(self, why: str) -> None:
        """Do without the shared store from now on."""
        self._ask_again = self.clock() + RETRY_S
        if self.away is None:
            self.away = why
            self.tell(why)

    def back(self) -> None:
        """Use it again."""
        if self.away is not None:
            self.away = None
            self.tell(None)


class State:
    """The stores of one service."""

    def __init__(self, rate_limits: RateLimits, ping: Callable[[], Awaitable[None]] | None = None) -> None:
        self.rate_limits = rate_limits
        self._ping = ping

    def status(self) -> StateStatus:
        """How they stood when they were last asked."""
        if isinstance(self.rate_limits, OwnWhileAway):
            return StateStatus("redis", self.rate_limits.away, self.rate_limits.fallbacks)
        return StateStatus("memory")

    async def check(self) -> StateStatus:
        """Ask them, and say how they stand."""
        if self._ping is not None and isinstance(self.rate_limits, OwnWhileAway):
            try:
                await self._ping()
            except Unavailable as error:
                self.rate_limits.lost(error.detail)
            else:
                self.rate_limits.back()
        return self.status()


@asynccontextmanager
async def open_state(url: str, *, tell: Tell = nobody) -> AsyncIterator[State]:
    """The stores behind a URL, empty for this process's memory. Needs no answer from Redis to begin with."""
    if not url:
        yield State(MemoryRateLimits())
        return
    from app.storage.state import redis  # noqa: PLC0415 - half a second, for those alone who use it

    client = redis.connect(url)
    try:
        yield State(
            OwnWhileAway(redis.RedisRateLimits(client), tell=tell), functools.partial(redis.ping, client)
        )
    finally:
        with suppress(Exception):  # a broken connection cannot be closed well, and need not be
            await client.aclose()
