"""The index as a cache of the database: opened or built in the background, and kept level.

One task follows the catalog, one gives products their vectors. Searches run on threads of their own and never wait for
either long. Nothing that goes wrong here ends anything else: the trouble is told, shown in the status, and tried again.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.catalog.product import Status
from app.catalog.search.backlog import Backlog
from app.catalog.search.holding import Holding, Tell
from app.catalog.search.repository import IndexRepository
from app.catalog.search.shelves import Shelves
from app.catalog.search.shelving import shelve
from app.catalog.search.status import Found, IndexStatus, News, Stage
from app.catalog.search.vault import Saved
from app.catalog.search.vectors import PATIENCE_S, Encoder
from app.errors import Conflict, ShelftalkerError, Unavailable
from app.storage.database import Database

if TYPE_CHECKING:
    from retrieval.embedding_values import Vectors

Progress = Callable[[int, int], None]
"""`progress(done, total)`, in products."""
Stopped = Callable[[], bool]
"""Asked between two steps of long work: whether to leave it there."""

POLL_S = 0.25  # how often the log of changes is read where nobody nudges
CHUNK = 50  # products between two looks at the log
# Beside an import the index takes this share of a core at most, so that the import is not slowed by it.
SHARE_BESIDE_IMPORT = 0.05
BESIDE_IMPORT_S = 1.0  # and waits no longer than this before it takes some more
EMBEDDED_AT_ONCE = 32  # texts between two looks at whether there is something better to do
EMBEDDED_BESIDE_QUERIES = 4
NO_VECTORS_S = 2.0  # until somebody who waits for vectors of another process looks again
RETRY_S = 1.0
OPENING_S = 5.0  # how long a search waits for the index to be read from disk


class Keeper:
    """The index of one catalog, in a folder or in Milvus.

    `async with keeper` opens nothing yet and closes at the end. `running()` follows the catalog until it is left;
    commands call `catch_up()` and `give_all_vectors()` instead. `tell` hears what an operator should know. Belongs to
    one event loop.
    """

    def __init__(self, database: Database, holding: Holding, encoder: Encoder, *, tell: Tell) -> None:
        self._database = database
        self._encoder = encoder
        self._tell = tell
        self._holding = holding
        self._backlog = Backlog(database)
        self._level = asyncio.Event()  # with the database, at least once
        self._nudged = asyncio.Event()
        self._calm = asyncio.Event()  # nothing to read again: vectors may follow
        self._searchers = ThreadPoolExecutor(holding.searchers, thread_name_prefix="search")
        self._troubles: dict[str, str] = {}  # by the task that has it
        self._taking_s = 0.0  # how long the last chunk took to read and to shelve
        self._tidied = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Save what is unsaved, end the threads, and let another process keep the index."""
        await self._encoder.close()
        self._searchers.shutdown(wait=False, cancel_futures=True)
        await self._holding.close()

    # -- the life of a server ----------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the catalog in the background."""
        tasks = [
            asyncio.create_task(self._kept_at("following", self._follow_once)),
            asyncio.create_task(self._kept_at("vectors", self._give_vectors_once)),
            asyncio.create_task(self._kept_at("holding", self._holding.watch)),
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

    # -- the steps of a command --------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Be the process that keeps the index. Raises Conflict where another one is, Unavailable where it cannot be."""
        if not self._holding.local:
            await self._open()  # who keeps it is told by its name, which says the model
        await self._holding.keep()

    async def catch_up(self, progress: Progress = lambda *_: None, stopped: Stopped = lambda: False) -> None:
        """Open the index and bring its words level with the database, once.

        Where another process feeds shelves that are not this one's own, nothing is left to do. Raises Unavailable;
        Conflict where another process begins to feed meanwhile.
        """
        shelves = await self._open()
        if await self._holding.may_feed():
            await self._compare(shelves)
            total = len(self._backlog)
            while len(self._backlog) and not stopped():
                if not self._holding.feeds:
                    raise Conflict(f"process {self._holding.kept_by()} feeds this index now")
                await self._shelve_some(shelves)
                progress(total - len(self._backlog), total)
            await self._holding.refresh()
        if not len(self._backlog):
            self._now_level(shelves)

    async def give_all_vectors(
        self, progress: Progress = lambda *_: None, stopped: Stopped = lambda: False
    ) -> None:
        """Give every product its vector, once. Raises Unavailable where the model does not answer."""
        shelves = await self._open()
        total = shelves.pending_count()
        while not stopped() and await self._give_some(shelves, embed=self._holding.kept_here):
            progress(total - shelves.pending_count(), total)

    async def give_known_vectors(self) -> None:
        """Give products those vectors that are on disk already; none is made."""
        shelves = await self._open()
        while self._holding.feeds and await self._give_some(shelves, embed=False):
            pass

    async def save(self) -> None:
        """Save what is unsaved. Raises Unavailable where the disk refuses."""
        await self._holding.save()

    @property
    def quick(self) -> bool:
        """Whether a query's vector is a matter of milliseconds."""
        return self._encoder.quick

    async def saved(self) -> Saved:
        """What of the index outlives this process. Raises Unavailable."""
        if not self._holding.local:
            await self._open()
        return await self._holding.saved()

    @property
    def where(self) -> str:
        """The place of the index: a folder, or a server's address without its secrets."""
        return self._holding.where

    def kept_by(self) -> int | str | None:
        """The process that keeps the index, by id, or by host and id; None where none does."""
        return self._holding.kept_by()

    async def products_in_catalog(self) -> int:
        """How many products an index that is level has."""
        async with self._database.session() as session:
            return await IndexRepository(session, self._database.dialect).count()

    # -- searching ---------------------------------------------------------------------------------------------

    async def search(
        self,
        query: str,
        status: Status,
        *,
        limit: int,
        category: Sequence[str] | None = None,
        brand: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> Found:
        """Search products; by words where the query's vector takes longer than `patience_s`.

        Raises Unavailable("index") while the index is still being read from disk, Unavailable("milvus") where it is in
        Milvus and that does not answer.
        """
        shelves = await self._when_opened()
        complete = self._level.is_set()
        vector = await self._vector(query, patience_s) if shelves.dense(status) else None
        result = await asyncio.get_running_loop().run_in_executor(
            self._searchers,
            lambda: shelves.search(query, status, limit=limit, category=category, brand=brand, vector=vector),
        )
        return Found(result.hits, result.dense, complete)

    async def _vector(self, query: str, patience_s: float) -> "Vectors | None":
        """The query's vector; a model that fails is the status's to tell, and no reason not to search."""
        try:
            vector = await self._encoder.query(query, patience_s)
        except Exception as error:  # noqa: BLE001 - by words, then
            self._in_trouble("queries", error)
            return None
        self._troubles.pop("queries", None)
        return vector

    def status(self) -> IndexStatus:
        """How the index stands."""
        shelves, model = self._holding.shelves, self._encoder.model
        products = 0 if shelves is None else len(shelves)
        without = products if shelves is None or model is None else shelves.pending_count()
        return IndexStatus(
            ready=self._level.is_set(),
            stage=self._stage(),
            role="keeper" if self._holding.kept_here else "reader",
            products=products,
            behind=len(self._backlog),
            vectors=products - without,
            pending=0 if model is None else without,
            dense=shelves is not None and model is not None and shelves.dense("active"),
            model=model,
            reason=self._reason(without),
            rebuilds=self._holding.rebuilds,
            saves=self._holding.saves,
            store="embedded" if self._holding.local else "milvus",
            away=self._holding.away,
        )

    def _stage(self) -> Stage:
        if self._holding.shelves is None:
            return "opening"
        return "following" if self._level.is_set() else "building"

    def _reason(self, without: int) -> str | None:
        """What is missing, the worst first."""
        if self._troubles:
            return next(iter(self._troubles.values()))
        match self._stage():
            case "opening":
                return (
                    "the saved index is being read"
                    if self._holding.local
                    else "the model is being looked for"
                )
            case "building":
                return f"being built: {len(self._backlog)} products are still to be read"
        if self._encoder.reason is not None or not without:
            return self._encoder.reason
        waiting = f"{without} products wait for their vectors"
        if self._holding.kept_here:
            return waiting
        holder = self._holding.kept_by()
        return f"{waiting}, which {f'process {holder}' if holder else 'another process'} makes: it keeps this index"

    async def _when_opened(self) -> Shelves:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OPENING_S):
                await self._holding.opened.wait()
        if self._holding.shelves is None:
            raise Unavailable(
                self._troubles.get("following")
                or "the search index is still being read from disk; ask again in a moment",
                dependency="index",
            )
        return self._holding.shelves

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
                wait = min(2 * wait, self._holding.retry_at_most_s)

    async def _follow_once(self) -> None:
        """One turn: read the log, read some products again, save where it is time, wait for news."""
        shelves = await self._open()
        if not self._holding.feeds:
            await self._leave_it_to_another(shelves)
            return
        if self._backlog.position is None:
            self._backlog.position = self._holding.position  # where the one before has left off
        if not await self._backlog.follow():
            await self._compare(shelves)
        if len(self._backlog):
            self._calm.clear()
            await self._shelve_some(shelves)
            if self._backlog.import_at_work:
                await self._news_within(min(self._taking_s * (1 / SHARE_BESIDE_IMPORT - 1), BESIDE_IMPORT_S))
            return
        self._now_level(shelves)
        if not self._backlog.import_at_work:
            self._calm.set()
        await self._holding.look_after()
        await self._news_within(POLL_S)

    async def _leave_it_to_another(self, shelves: Shelves) -> None:
        """Another process feeds the shelves. Should that end, what was to be read again is read from the log."""
        self._calm.set()
        if self._backlog.position is not None or len(self._backlog):
            self._backlog = Backlog(self._database)
        self._now_level(shelves)
        await self._news_within(POLL_S)

    async def _news_within(self, seconds: float) -> None:
        """Wait, but no longer than until somebody nudges."""
        with contextlib.suppress(TimeoutError):
            # Not `wait_for`, which in Python 3.11 may lose a cancellation.
            async with asyncio.timeout(seconds):
                await self._nudged.wait()
        self._nudged.clear()

    async def _open(self) -> Shelves:
        if self._holding.shelves is None:
            await self._encoder.open()
        return await self._holding.open(self._encoder.model, self._encoder.dimension)

    async def _compare(self, shelves: Shelves) -> None:
        await self._backlog.compare(await self._holding.in_thread(shelves.versions))

    async def _shelve_some(self, shelves: Shelves) -> None:
        skus = self._backlog.take(max(CHUNK, shelves.at_once))
        started = time.perf_counter()
        try:
            async with self._database.session() as session:
                rows = await IndexRepository(session, self._database.dialect).rows(skus)
            self._holding.touch()  # the thread goes on where this is cancelled
            await self._holding.in_thread(lambda: shelve(shelves, skus, rows))
            self._taking_s = time.perf_counter() - started
        except BaseException:
            self._backlog.put_back(skus)
            raise
        self._holding.touch()

    def _now_level(self, shelves: Shelves) -> None:
        self._holding.reached(self._backlog.position)
        if not self._level.is_set():
            self._level.set()
            self._tell(News("index level with the catalog", f"{len(shelves)} products"))

    def _in_trouble(self, task: str, error: Exception) -> None:
        detail = error.detail if isinstance(error, ShelftalkerError) else f"{type(error).__name__}: {error}"
        if detail != self._troubles.get(task):
            self._tell(News("index in trouble", detail, troubling=True))
        self._troubles[task] = detail

    # -- vectors -----------------------------------------------------------------------------------------------

    async def _give_vectors_once(self) -> None:
        await self._calm.wait()
        shelves = self._holding.shelves
        if shelves is not None and not self._tidied:
            self._tidied = True
            if self._holding.kept_here and (hashes := await self._holding.text_hashes()) is not None:
                await self._encoder.forget_all_but(hashes)
        gives = shelves is not None and self._holding.feeds
        if shelves is None or not gives or not await self._give_some(shelves, embed=self._holding.kept_here):
            if shelves is not None and shelves.dense("active"):
                await self._encoder.warm_up()
            await asyncio.sleep(POLL_S if self._holding.kept_here else NO_VECTORS_S)

    async def _give_some(self, shelves: Shelves, *, embed: bool) -> bool:
        """Give some products their vectors, made anew with `embed`; False where none is waiting or none can be had."""
        if self._encoder.model is None or shelves.pending_count() == 0:
            return False
        # Once searches go by meaning, a query may be waiting for the same model: smaller steps.
        step = (
            EMBEDDED_AT_ONCE
            if self._encoder.quick or not shelves.dense("active")
            else EMBEDDED_BESIDE_QUERIES
        )
        pending = await self._holding.in_thread(lambda: shelves.pending(step))
        given = await self._encoder.texts(pending, embed=embed)
        vectors = given.vectors
        if vectors is None:
            return False
        await self._holding.in_thread(lambda: shelves.set_vectors(given.pending, vectors))
        self._holding.touch()
        return True
