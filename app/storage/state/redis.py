"""State in Redis, which all replicas share. Every key carries a hash tag, so that a cluster keeps together what is one."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.errors import Unavailable
from app.storage.state.memory import MINUTE_S
from app.storage.state.protocols import Standing

WAIT_S = 0.25  # a store beside the service answers in a millisecond; a limit must not cost a request more than this
KEPT_S = 1.0  # how long tokens that were fetched ahead may wait for a caller
AHEAD = 200  # a two-hundredth of a minute's tokens is fetched at once: what comes back in 0.3 s


class Client(Protocol):
    """What is used of redis-py's clients, the plain one and that of a cluster."""

    def register_script(self, script: str) -> Any:
        """A script to call."""
        ...

    async def ping(self) -> Any:
        """Ask for nothing."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


def connect(url: str) -> Client:
    """A client for `redis://`, `rediss://` or `unix://`; with `?cluster=true` for a cluster. Connects to nothing yet."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    cluster = query.pop("cluster", "").lower() in {"1", "true", "yes"}
    plain = urlunsplit(parts._replace(query=urlencode(query)))
    options: dict[str, Any] = {
        "socket_timeout": WAIT_S,
        "socket_connect_timeout": WAIT_S,
        # Once more at once: a connection that slept through the server's restart is found broken only when it is used.
        "retry": Retry(NoBackoff(), 1),
        "client_name": "shelftalker",
    }
    made: Any = (RedisCluster if cluster else Redis).from_url(plain, **options)
    return cast("Client", made)


@dataclass(slots=True)
class _Ahead:
    """Tokens that this process has taken and not given to a caller yet; or until when there are none."""

    tokens: int = 0
    until: float = 0.0
    left: float = 0.0  # in the store, when it was last asked
    asked_at: float = 0.0
    empty_until: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RedisRateLimits:
    """`RateLimits` of all processes that share a Redis.

    Tokens of a large bucket are fetched some at a time, so that most calls ask nobody; those that no caller came for
    within a second are lost. So all processes together never allow more than the bucket holds, and one that asks in
    vain knows until when. `clock` gives seconds and is never set back.
    """

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._script = client.register_script(
            (files("app.storage.state") / "token_bucket.lua").read_text("utf-8")
        )
        self._ahead: dict[str, _Ahead] = {}
        self._swept_at = clock()

    async def take(self, name: str, per_minute: int) -> Standing:
        """See `RateLimits.take`."""
        now = self._clock()
        if now - self._swept_at > MINUTE_S:
            self._sweep(now)
        ahead = self._ahead.setdefault(name, _Ahead())
        if now >= ahead.until or not ahead.tokens:
            # One asks for all who come meanwhile, so that no more is fetched than is needed soon.
            async with ahead.asking:
                now = self._clock()
                if now >= ahead.until or not ahead.tokens:
                    if now < ahead.empty_until:
                        return self._standing(ahead, per_minute, now, allowed=False)
                    given, ahead.left = await self._fetch(name, per_minute)
                    now = ahead.asked_at = self._clock()
                    ahead.tokens, ahead.until = given, now + KEPT_S
                    if given == 0:
                        ahead.empty_until = now + (1 - ahead.left) * MINUTE_S / per_minute
                        return self._standing(ahead, per_minute, now, allowed=False)
                ahead.tokens -= 1
        else:
            ahead.tokens -= 1
        return self._standing(ahead, per_minute, now, allowed=True)

    async def _fetch(self, name: str, per_minute: int) -> tuple[int, float]:
        wanted = max(1, per_minute // AHEAD)
        per_ms = per_minute / MINUTE_S / 1000
        with _explaining():
            given, left = await self._script(
                keys=[f"shelftalker:{{{name}}}:rate"], args=[per_minute, repr(per_ms), wanted]
            )
        return int(given), float(left)

    @staticmethod
    def _standing(ahead: _Ahead, per_minute: int, now: float, *, allowed: bool) -> Standing:
        per_s = per_minute / MINUTE_S
        tokens = min(float(per_minute), ahead.left + (now - ahead.asked_at) * per_s + ahead.tokens)
        retry_s = 0.0 if allowed else max(ahead.empty_until - now, 0.001)
        return Standing(allowed, int(tokens) if allowed else 0, (per_minute - tokens) / per_s, retry_s)

    def _sweep(self, now: float) -> None:
        self._ahead = {name: ahead for name, ahead in self._ahead.items() if now - ahead.asked_at <= MINUTE_S}
        self._swept_at = now


async def ping(client: Client) -> None:
    """Ask for nothing. Raises Unavailable where there is no answer."""
    with _explaining():
        await client.ping()


@contextmanager
def _explaining() -> Iterator[None]:
    """A driver's error as Unavailable, without the address and password that it may hold."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        kind = " ".join(re.findall("[A-Z][a-z]+", type(error).__name__.removesuffix("Error"))).lower()
        raise Unavailable(f"Redis does not answer ({kind or 'error'})", dependency="redis") from error
