"""The index as a cache of the database: opened or built in the background, kept level, saved.

One task follows the catalog, one gives products their vectors. What takes time runs on one thread, so that the index has
one writer; searches run on threads of their own and never wait for it long. Nothing that goes wrong here ends anything
else: the trouble is told, shown in the status, and the work is tried again.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from app.catalog.product import Status
from app.catalog.search.backlog import Backlog
from app.catalog.search.repository import IndexRepository
from app.catalog.search.shelves import Shelves
from app.catalog.search.shelving import shelve
from app.catalog.search.status import Found, IndexStatus, News, Stage
from app.catalog.search.vault import Vault
from app.catalog.search.vectors import Encoder
from app.errors import ShelftalkerError, Unavailable
from app.storage.database import Database

T = TypeVar("T")
Tell = Callable[[News], None]
Progress = Callable[[int, int], None]
"""`progress(done, total)`, in products."""

POLL_S = 0.25  # how often the log of changes is read where nobody nudges
CHUNK = 50  # products between two looks at the log
# Beside an import the index takes this share of a core at most, so that the import is not slowed by it.
SHARE_BESIDE_IMPORT = 0.1
EMBEDDED_AT_ONCE = (
    32  # texts; a worker that is busy with them answers a query after some tens of milliseconds
)
SAVE_WHEN_QUIET_S, SAVE_AT_LEAST_S = 10.0, 300.0
TAKE_OVER_S = 5.0  # how often a reader looks whether the keeper has gone
RETRY_S, RETRY_AT_MOST_S = 1.0, 30.0
OPENING_S = 5.0  # how long a search waits for the index to be read from disk
SEARCHERS = 2


class Keeper:
    """The index of one catalog in one folder.

    `async with keeper` opens nothing yet and closes at the end. `running()` follows the catalog until it is left;
    commands call `catch_up()` and `give_all_vectors()` instead. `tell` hears what an operator should know. Belongs to one event loop.
    """

    def __init__(self, database: Database, folder: Path, encoder: Encoder, *, tell: Tell) -> None:
        self._database = database
        self._vault = Vault(folder)
        self._encoder = encoder
        self._tell = tell
        self._backlog = Backlog(database)
        self._shelves: Shelves | None = None
        self._opened = asyncio.Event()
        self._level = asyncio.Event()  # with the database, at least once
        self._nudged = asyncio.Event()
        self._calm = asyncio.Event()  # nothing to read again: vectors may follow
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._searchers = ThreadPoolExecutor(SEARCHERS, thread_name_prefix="search")
        self._troubles: dict[str, str] = {}  # by the task that has it
        self._rebuilds = self._saves = 0
        self._unsaved_since: float | None = None
        self._changed_at = self._looked_for_lock_at = float("-inf")
        self._shelving_s = 0.0  # how long the last chunk took

    # -- life --------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the catalog in the background."""
        tasks = [
            asyncio.create_task(self._kept_at("following", self._follow_once)),
            asyncio.create_task(self._kept_at("vectors", self._give_vectors_once)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def nudge(self) -> None:
        """Say that products have changed; the log is read at once."""
        self._nudged.set()

    async def catch_up(self, progress: Progress | None = None) -> None:
        """Open the index and bring its words level with the database, once. Raises Unavailable."""
        shelves = await self._open()
        await self._compare(shelves)
        total = len(self._backlog)
        while len(self._backlog):
            await self._shelve_some(shelves)
            if progress is not None:
                progress(total - len(self._backlog), total)
        self._now_level(shelves)

    async def give_all_vectors(self, progress: Progress | None = None) -> None:
        """Give every product its vector, once. Raises Unavailable where the model does not answer."""
        shelves = await self._open()
        total = shelves.pending_count()
        while await self._give_some(shelves):
            if progress is not None:
                progress(total - shelves.pending_count(), total)

    async def close(self) -> None:
        """Save what is unsaved, end the threads, and let another process keep the folder."""
        try:
            await self._encoder.close()
            if self._shelves is not None and self._unsaved_since is not None and self._vault.lock.held:
                await self._save(self._shelves)
        except Exception as error:  # noqa: BLE001 - what was not saved is built again; ending goes on
            self._in_trouble("closing", error)
        finally:
            self._searchers.shutdown(wait=False, cancel_futures=True)
            self._writer.shutdown(wait=True, cancel_futures=True)
            self._vault.lock.release()

    # -- searching ---------------------------------------------------------------------------------------------

    async def search(
        self,
        query: str,
        status: Status,
        *,
        limit: int,
        category: Sequence[str] | None = None,
        brand: str | None = None,
    ) -> Found:
        """Search products. Raises Unavailable("index") while the index is still being read from disk."""
        shelves = await self._when_opened()
        vector = await self._encoder.query(query) if shelves.dense(status) else None
        result = await asyncio.get_running_loop().run_in_executor(
            self._searchers,
            lambda: shelves.search(query, status, limit=limit, category=category, brand=brand, vector=vector),
        )
        return Found(result.hits, result.dense)

    def status(self) -> IndexStatus:
        """How the index stands."""
        shelves, model = self._shelves, self._encoder.model
        products = 0 if shelves is None else len(shelves)
        without = products if shelves is None or model is None else shelves.pending_count()
        return IndexStatus(
            ready=self._level.is_set(),
            stage=self._stage(),
            role="keeper" if self._vault.lock.held else "reader",
            products=products,
            behind=len(self._backlog),
            vectors=products - without,
            pending=0 if model is None else without,
            dense=shelves is not None and model is not None and shelves.dense("active"),
            model=model,
            reason=self._reason(shelves, without),
            rebuilds=self._rebuilds,
            saves=self._saves,
        )

    def _stage(self) -> Stage:
        if self._shelves is None:
            return "opening"
        return "following" if self._level.is_set() else "building"

    def _reason(self, shelves: Shelves | None, without: int) -> str | None:
        """What is missing, the worst first."""
        for trouble in self._troubles.values():
            return trouble
        if shelves is None:
            return "the saved index is being read"
        if not self._level.is_set():
            return f"being built: {len(self._backlog)} products are still to be read"
        if self._encoder.reason is not None:
            return self._encoder.reason
        if without and not self._vault.lock.held:
            holder = self._vault.lock.holder()
            return (
                f"{without} products wait for their vectors, which {f'process {holder}' if holder else 'another process'}"
                " makes; this one reads the index that it keeps"
            )
        return f"{without} products wait for their vectors" if without else None

    async def _when_opened(self) -> Shelves:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), OPENING_S)
        if self._shelves is None:
            raise Unavailable(
                self._troubles.get("following")
                or "the search index is still being read from disk; ask again in a moment",
                dependency="index",
            )
        return self._shelves

    # -- following ---------------------------------------------------------------------------------------------

    async def _kept_at(self, task: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do something again and again, whatever comes of it."""
        wait = RETRY_S
        while True:
            try:
                await work()
                self._troubles.pop(task, None)
                wait = RETRY_S
            except Exception as error:  # noqa: BLE001 - a cache must not end what it serves: told, and tried again
                self._in_trouble(task, error)
                await asyncio.sleep(wait)
                wait = min(2 * wait, RETRY_AT_MOST_S)

    async def _follow_once(self) -> None:
        """One turn: read the log, read some products again, save where it is time, wait for news."""
        shelves = await self._open()
        if not await self._backlog.follow():
            await self._compare(shelves)
        if len(self._backlog):
            self._calm.clear()
            await self._shelve_some(shelves)
            if self._backlog.import_at_work:
                await self._news_within(min(self._shelving_s * (1 / SHARE_BESIDE_IMPORT - 1), 2 * POLL_S))
            return
        self._now_level(shelves)
        if not self._backlog.import_at_work:
            self._calm.set()
        await self._keep_folder(shelves)
        await self._news_within(POLL_S)

    async def _news_within(self, seconds: float) -> None:
        """Wait, but no longer than until somebody nudges."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._nudged.wait(), seconds)
        self._nudged.clear()

    async def _compare(self, shelves: Shelves) -> None:
        await self._backlog.compare(await self._in_thread(shelves.versions))

    async def _shelve_some(self, shelves: Shelves) -> None:
        skus = self._backlog.take(CHUNK)
        try:
            async with self._database.session() as session:
                rows = await IndexRepository(session, self._database.dialect).rows(skus)
            started = time.perf_counter()
            await self._in_thread(lambda: shelve(shelves, skus, rows))
            self._shelving_s = time.perf_counter() - started
        except BaseException:
            self._backlog.put_back(skus)
            raise
        self._touch()

    def _now_level(self, shelves: Shelves) -> None:
        if not self._level.is_set():
            self._level.set()
            self._tell(News("index level with the catalog", f"{len(shelves)} products"))

    # -- vectors -----------------------------------------------------------------------------------------------

    async def _give_vectors_once(self) -> None:
        await self._calm.wait()
        shelves = self._shelves
        if shelves is None or not await self._give_some(shelves):
            await asyncio.sleep(POLL_S if self._vault.lock.held else TAKE_OVER_S)

    async def _give_some(self, shelves: Shelves) -> bool:
        """Give some products their vectors; False where none is waiting or none can be had."""
        if self._encoder.model is None or shelves.pending_count() == 0:
            return False
        pending = await self._in_thread(lambda: shelves.pending(EMBEDDED_AT_ONCE))
        given = await self._encoder.texts(pending, embed=self._vault.lock.held)
        if not given.pending:
            return False
        await self._in_thread(lambda: shelves.set_vectors(given.pending, given.vectors))
        self._touch()
        return True

    # -- the folder --------------------------------------------------------------------------------------------

    async def _open(self) -> Shelves:
        """The shelves, read from disk the first time."""
        if self._shelves is not None:
            return self._shelves
        await self._encoder.open()
        await self._in_thread(self._try_lock)
        model = self._encoder.model
        opened = await self._in_thread(lambda: self._vault.open(model))
        if opened.rebuild is not None:
            self._rebuilds += 1
            self._tell(News("index is built anew", opened.rebuild, troubling=True))
        self._shelves = opened.shelves
        self._opened.set()
        return opened.shelves

    def _try_lock(self) -> None:
        """Become the keeper, where there is none. A folder that cannot be written has none."""
        with contextlib.suppress(OSError):
            self._vault.lock.take()

    async def _keep_folder(self, shelves: Shelves) -> None:
        now = time.monotonic()
        if not self._vault.lock.held:
            if now - self._looked_for_lock_at >= TAKE_OVER_S:
                self._looked_for_lock_at = now
                await self._in_thread(self._try_lock)
            return
        since = self._unsaved_since
        if since is not None and (
            now - self._changed_at >= SAVE_WHEN_QUIET_S or now - since >= SAVE_AT_LEAST_S
        ):
            await self._save(shelves)

    async def _save(self, shelves: Shelves) -> None:
        """Save; a disk that refuses costs the next start some time, and nothing now."""
        model, self._unsaved_since = self._encoder.model, None
        try:
            await self._in_thread(lambda: self._vault.save(shelves, model))
        except OSError as error:
            self._touch()
            self._tell(News("index not saved", f"{error.filename}: {error.strerror}", troubling=True))
            return
        self._saves += 1

    def _touch(self) -> None:
        self._changed_at = time.monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = self._changed_at

    def _in_trouble(self, task: str, error: Exception) -> None:
        detail = error.detail if isinstance(error, ShelftalkerError) else f"{type(error).__name__}: {error}"
        if detail != self._troubles.get(task):
            self._tell(News("index in trouble", detail, troubling=True))
        self._troubles[task] = detail

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)
