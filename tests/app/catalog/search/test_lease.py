"""Of all processes one feeds a shared index, on both databases, whatever becomes of it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.catalog.search.lease import LASTS_S, Lease
from app.catalog.search.milvus_holding import MilvusHolding
from app.errors import Conflict
from app.storage.database import Database
from retrieval.milvus_places import milvus_place
from tests.app.catalog.search.conftest import Shop, until
from tests.builders import a_product
from tests.milvus_server import free_port, milvus_server


class Clock:
    """A machine's own clock, which means nothing to another machine."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clocks() -> list[Clock]:
    return [Clock(1_000_000.0), Clock(5.0)]


@pytest.fixture
def leases(database: Database, clocks: list[Clock]) -> list[Lease]:
    return [Lease(database, "shop", clock=clock) for clock in clocks]


async def test_one_has_it(leases: list[Lease]) -> None:
    first, second = leases
    assert await first.beat()
    assert not await second.beat()
    assert (first.held, second.held) == (True, False)
    assert second.holder == first.holder
    assert str(os.getpid()) in (first.holder or "")


async def test_who_goes_on_beating_keeps_it(leases: list[Lease], clocks: list[Clock]) -> None:
    first, second = leases
    for _ in range(10):
        assert await first.beat()
        assert not await second.beat()
        for clock in clocks:
            clock.now += LASTS_S * 0.6


async def test_who_stops_beating_loses_it_and_knows_that_first(
    leases: list[Lease], clocks: list[Clock]
) -> None:
    first, second = leases
    assert await first.beat()
    assert not await second.beat()  # from here on it watches
    held_when_taken = False
    while not await second.beat():
        held_when_taken = first.held
        for clock in clocks:
            clock.now += 0.25
    assert not held_when_taken
    assert not first.held
    assert clocks[1].now - 5.0 < LASTS_S + 1
    assert not await first.beat()
    assert second.held


async def test_who_comes_new_watches_before_it_takes(leases: list[Lease], clocks: list[Clock]) -> None:
    first, second = leases
    assert await first.beat()
    clocks[1].now += 1_000
    assert not await second.beat()


async def test_what_is_given_back_is_free_at_once(leases: list[Lease]) -> None:
    first, second = leases
    await first.beat()
    first.position = 41
    await first.release()
    assert not first.held
    await second.look()
    assert second.holder is None
    assert await second.beat()
    assert second.position == 41
    assert not await first.beat()


async def test_the_position_outlives_a_holder_that_dies(leases: list[Lease], clocks: list[Clock]) -> None:
    first, second = leases
    await first.beat()
    first.position = 17
    await first.beat()
    first.position = 99  # never written
    await second.beat()
    clocks[1].now += LASTS_S + 1
    assert await second.beat()
    assert second.position == 17


async def test_giving_back_what_another_has_changes_nothing(leases: list[Lease], clocks: list[Clock]) -> None:
    first, second = leases
    await first.beat()
    await second.beat()
    clocks[1].now += LASTS_S + 1
    assert await second.beat()
    await first.release()
    await first.look()
    assert first.holder == second.holder
    assert await second.beat()


async def test_of_many_that_start_together_one_gets_it(database: Database) -> None:
    leases = [Lease(database, "shop") for _ in range(8)]
    assert sorted(await asyncio.gather(*(lease.beat() for lease in leases))) == [*[False] * 7, True]


async def test_indexes_of_two_models_have_a_lease_each(database: Database) -> None:
    assert await Lease(database, "one").beat()
    assert await Lease(database, "other").beat()


FEEDS = """
import asyncio, sys
from app.catalog.search.keeper import Keeper
from app.catalog.search.milvus_holding import MilvusHolding
from app.catalog.search.vectors import WordsOnly
from app.storage.database import Database
from retrieval.milvus_places import milvus_place

async def main():
    async with Database(sys.argv[1]) as database:
        holding = MilvusHolding(milvus_place(sys.argv[2]), database)
        keeper = Keeper(database, holding, WordsOnly(None), tell=lambda news: None)
        async with keeper, keeper.running():
            while not keeper.status().ready or keeper.status().role != "keeper":
                await asyncio.sleep(0.05)
            print("feeding", flush=True)
            await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_a_feeder_that_is_killed_is_followed_by_another_within_seconds(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.catalog.search.milvus_holding.LASTS_S", 0.0)  # no waiting for who is alive
    port = free_port()
    url = f"milvus://127.0.0.1:{port}"
    with milvus_server(tmp_path / "milvus", port):
        killed = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-c", FEEDS, f"sqlite:///{tmp_path / 'shelftalker.db'}", url],
            stdout=subprocess.PIPE,
        )
        assert killed.stdout is not None
        assert await asyncio.to_thread(killed.stdout.readline) == b"feeding\n"
        shop = Shop(sqlite_database, MilvusHolding(milvus_place(url), sqlite_database))
        async with shop.keeper, shop.keeper.running():
            await shop.ready(20)
            assert shop.keeper.status().role == "reader"
            with pytest.raises(Conflict, match=str(killed.pid)):
                await shop.keeper.keep()
            await shop.catalog.put_product("TS-1", a_product("TS-1", "Meadow Tee"))
            await shop.finds("meadow", ["TS-1"], within=5)
            killed.send_signal(signal.SIGKILL)
            await asyncio.to_thread(killed.wait)
            killed.stdout.close()
            await shop.catalog.put_product("TS-2", a_product("TS-2", "Meadow Shirt"))

            async def took_over() -> bool:
                return shop.keeper.status().role == "keeper"

            await until(took_over, LASTS_S + 4)
            await shop.finds("meadow", ["TS-1", "TS-2"], within=5)
