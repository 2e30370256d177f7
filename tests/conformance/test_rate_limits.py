"""What `RateLimits` promises, in memory and in Redis, with many callers at once."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from app.storage.state.connect import open_state
from app.storage.state.memory import MemoryRateLimits
from app.storage.state.protocols import RateLimits
from app.storage.state.redis import RedisRateLimits, connect
from tests.redis_server import RedisServer, free_ports, redis_running

Replicas = Callable[[int], list[RateLimits]]


@pytest.fixture(params=["memory", "redis", "redis cluster"])
async def replicas(request: pytest.FixtureRequest) -> AsyncIterator[Replicas]:
    """So many users of one store: one object in memory, connections of their own to one Redis."""
    async with AsyncExitStack() as opened:

        def make(count: int) -> list[RateLimits]:
            if request.param == "memory":
                return [MemoryRateLimits()] * count
            server = request.getfixturevalue("redis_server" if request.param == "redis" else "redis_cluster")
            clients = [connect(server.url) for _ in range(count)]
            for client in clients:
                opened.push_async_callback(client.aclose)
            return [RedisRateLimits(client) for client in clients]

        yield make


@pytest.fixture(scope="module")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A cluster of one node that has all the slots."""
    port, bus = free_ports(2)
    arguments = ["--port", str(port), "--cluster-enabled", "yes", "--cluster-port", str(bus)]
    url = f"redis://127.0.0.1:{port}?cluster=true"
    with redis_running(tmp_path_factory.mktemp("cluster"), *arguments, url=url) as server:
        server.ask("CLUSTER ADDSLOTSRANGE 0 16383")
        while "cluster_state:ok" not in server.ask("CLUSTER INFO"):
            time.sleep(0.05)
        yield server


def name() -> str:
    return f"key:{secrets.token_hex(6)}"


async def test_a_bucket_gives_what_it_holds_and_not_one_more(replicas: Replicas) -> None:
    (limits,) = replicas(1)
    bucket = name()
    standings = [await limits.take(bucket, 5) for _ in range(7)]
    assert [s.allowed for s in standings] == [True] * 5 + [False] * 2
    assert [s.remaining for s in standings] == [4, 3, 2, 1, 0, 0, 0]
    assert 0 < standings[0].full_s <= 12.1  # one of five comes back in a fifth of a minute
    assert standings[0].retry_s == 0
    assert 11 < standings[-1].retry_s <= 12


async def test_tokens_come_back_evenly(replicas: Replicas) -> None:
    (limits,) = replicas(1)
    bucket = name()
    taken = 0
    while (await limits.take(bucket, 300)).allowed:  # five a second
        taken += 1
    assert 300 <= taken <= 310
    standing = await limits.take(bucket, 300)
    assert 0 < standing.retry_s <= 0.2
    await asyncio.sleep(standing.retry_s + 0.01)
    assert (await limits.take(bucket, 300)).allowed


async def test_buckets_have_nothing_in_common(replicas: Replicas) -> None:
    (limits,) = replicas(1)
    one, two = name(), name()
    assert (await limits.take(one, 1)).allowed
    assert not (await limits.take(one, 1)).allowed
    assert (await limits.take(two, 1)).allowed


async def test_of_many_callers_at_once_no_two_get_the_same_token(replicas: Replicas) -> None:
    users = replicas(4)
    bucket = name()
    standings = await asyncio.gather(*(users[n % 4].take(bucket, 20) for n in range(100)))
    assert sum(s.allowed for s in standings) == 20


async def test_a_large_bucket_is_shared_too(replicas: Replicas) -> None:
    """Tokens are fetched ahead, so that a few may lie in a process that needs none; never is one given twice."""
    users = replicas(4)
    bucket = name()
    started = time.monotonic()
    standings = [
        standing
        for _ in range(40)
        for standing in await asyncio.gather(*(users[n % 4].take(bucket, 6000) for n in range(200)))
    ]
    lasted = time.monotonic() - started
    # Thirty at a time lie in each of the four; what lies there for a second is lost.
    assert 6000 - 4 * 30 * (1 + lasted) <= sum(s.allowed for s in standings) <= 6000 + 100 * lasted + 1


async def test_a_memory_clock_that_jumps_on_fills_the_bucket_and_no_more() -> None:
    now = [0.0]
    limits = MemoryRateLimits(lambda: now[0])
    assert [(await limits.take("k", 2)).allowed for _ in range(3)] == [True, True, False]
    now[0] += 3600
    assert [(await limits.take("k", 2)).allowed for _ in range(3)] == [True, True, False]


async def test_keys_in_redis_are_tagged_and_pass_away(tmp_path: Any) -> None:
    with redis_running(tmp_path) as server:
        async with open_state(server.url) as state:
            await state.rate_limits.take("key:abc", 600)
        assert "shelftalker:{key:abc}:rate" in server.ask("KEYS *")
        left_ms = int(server.ask("PTTL shelftalker:{key:abc}:rate").strip(":\r\n"))
        assert 0 < left_ms <= 62_000


async def test_without_redis_each_process_limits_by_itself_and_says_so(tmp_path: Any) -> None:
    told: list[str | None] = []
    with redis_running(tmp_path) as server:
        async with open_state(server.url, tell=told.append) as state:
            assert [(await state.rate_limits.take("k", 3)).allowed for _ in range(4)] == [True] * 3 + [False]
            server.kill()
            started = time.monotonic()
            assert [(await state.rate_limits.take("k2", 3)).allowed for _ in range(4)] == [True] * 3 + [False]
            assert time.monotonic() - started < 1
            assert state.status().away
            assert state.status().fallbacks == 4
            assert (await state.check()).away
            server.start()
            assert (await state.check()).away is None
            assert (await state.rate_limits.take("k2", 3)).allowed  # a full bucket again: it was in memory
    assert [why is None for why in told] == [False, True]


async def test_a_redis_that_hangs_costs_a_moment_and_is_asked_again(tmp_path: Any) -> None:
    with redis_running(tmp_path) as server:
        async with open_state(server.url) as state:
            await state.rate_limits.take("k", 1000)
            server.freeze()
            started = time.monotonic()
            for number in range(50):
                assert (await state.rate_limits.take(f"k{number}", 3)).allowed
            assert time.monotonic() - started < 2
            server.thaw()
            deadline = time.monotonic() + 5
            while state.status().away:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.1)
                await state.rate_limits.take("k", 1000)


async def test_nothing_of_a_url_stands_in_an_error(redis_server: RedisServer) -> None:
    async with open_state("redis://someone:hush@127.0.0.1:1/0") as state:
        status = await state.check()
    assert (status.store, status.away) == ("redis", "Redis does not answer (connection)")
