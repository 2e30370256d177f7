"""The shelves that many processes share: one of them feeds, all of them search, nothing is kept on disk."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.catalog.search.lease import LASTS_S, RENEWED_EVERY_S, Lease
from app.catalog.search.milvus_shelves import MilvusShelves, milvus_shelves
from app.catalog.search.vault import Saved
from app.errors import Conflict, Unavailable
from app.storage.database import Database
from retrieval.milvus_places import MilvusPlace

T = TypeVar("T")

TICK_S = 0.5
COUNTED_EVERY_S = 5.0  # while nothing changes here
SEARCHERS = 8  # a search is mostly waiting for the server


class MilvusHolding:
    """The shelves in one Milvus. See `Holding`. Who feeds them is told by a lease in the catalog's database."""

    local = False
    searchers = SEARCHERS
    retry_at_most_s = 5.0
    rebuilds = saves = 0

    def __init__(self, place: MilvusPlace, database: Database) -> None:
        self._place, self._database = place, database
        self.where = place.uri
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self.shelves: MilvusShelves | None = None
        self.opened = asyncio.Event()
        self._model: str | None = None
        self._lease: Lease | None = None
        self._beating: asyncio.Task[None] | None = None
        self._counted_at = self._beaten_at = float("-inf")
        self._touched = False

    @property
    def feeds(self) -> bool:
        """Whether this process has the lease."""
        return self._lease is not None and self._lease.held

    @property
    def kept_here(self) -> bool:
        """Whether this process has the lease."""
        return self.feeds

    @property
    def away(self) -> str | None:
        """Why Milvus does not answer; None while it does."""
        return None if self.shelves is None else self.shelves.away

    @property
    def position(self) -> int | None:
        """How far the last one who fed has read the log of changes; None where the shelves are empty."""
        return self._lease.position if self._lease is not None and self.shelves else None

    def kept_by(self) -> str | None:
        """Who has the lease, as host and process."""
        return None if self._lease is None else self._lease.holder

    async def saved(self) -> Saved:
        """What is in Milvus."""
        await self._the_lease().look()
        await self.refresh()
        shelves = self._the_shelves()
        products = len(shelves)
        return Saved(products, products - shelves.pending_count() if self._model else 0, self._model, None)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something on the thread that changes the shelves."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def open(self, model: str | None, dimension: int) -> MilvusShelves:
        """The shelves; Milvus must have answered once."""
        if self.shelves is None:
            self._model = model
            shelves = await self.in_thread(lambda: milvus_shelves(self._place, model, dimension))
            self._lease = Lease(self._database, shelves.name)
            # From here on a search asks Milvus, and hears from it what is wrong.
            self.shelves = shelves
            self.opened.set()
        if self._counted_at == float("-inf"):
            await self.refresh()
        return self.shelves

    async def refresh(self) -> None:
        """Count anew what is on the shelves."""
        shelves = self._the_shelves()
        self._touched = False
        await asyncio.to_thread(shelves.refresh)
        self._counted_at = time.monotonic()

    async def keep(self) -> None:
        """Take the lease, and have it renewed until the end; waits as long as one lasts whose holder has died."""
        deadline = time.monotonic() + LASTS_S + RENEWED_EVERY_S
        while not await self.may_feed():
            if time.monotonic() > deadline:
                raise Conflict(
                    f"process {self.kept_by() or 'of another machine'} feeds this index, and follows the catalog by itself"
                )
            await asyncio.sleep(TICK_S)

    async def may_feed(self) -> bool:
        """Take the lease where nobody has it, and have it renewed until the end."""
        lease = self._the_lease()
        if not lease.held and not await lease.beat():
            return False
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat_on(lease))
        return True

    async def watch(self) -> None:
        """One look: renew the lease or see whether it has become free; keep the counts fresh."""
        await self.opened.wait()
        now = time.monotonic()
        if now - self._beaten_at >= RENEWED_EVERY_S:
            await self._the_lease().beat()
            self._beaten_at = now
        if self._touched or now - self._counted_at >= COUNTED_EVERY_S:
            await self.refresh()
        await asyncio.sleep(TICK_S)

    def reached(self, position: int | None) -> None:
        """Tell whoever feeds next from where to go on; written with the next beat."""
        if self._lease is not None and self._lease.held:
            self._lease.position = position

    async def text_hashes(self) -> None:
        """None: vectors are kept in Milvus alone."""

    def touch(self) -> None:
        """Count anew soon."""
        self._touched = True

    async def look_after(self) -> None:
        """Nothing to save."""

    async def save(self) -> None:
        """Nothing to save: Milvus has it. Counts what it has."""
        await self.refresh()

    async def close(self) -> None:
        """Give the lease back and end the connections."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        # What is being written is written first: after that somebody else may feed.
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)
        if self._lease is not None:
            await self._lease.release()
        if self.shelves is not None:
            await asyncio.to_thread(self.shelves.close)

    async def _beat_on(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY_S)
            with contextlib.suppress(Unavailable):  # the lease ends by itself
                await lease.beat()

    def _the_lease(self) -> Lease:
        assert self._lease is not None  # noqa: S101 - `open` comes first
        return self._lease

    def _the_shelves(self) -> MilvusShelves:
        assert self.shelves is not None  # noqa: S101 - `open` comes first
        return self.shelves
