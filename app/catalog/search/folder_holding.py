"""The shelves in memory and their copy on disk: opened once, saved when it is time, by the one process that may."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from app.catalog.search.holding import Tell
from app.catalog.search.shelves import FolderShelves
from app.catalog.search.status import News
from app.catalog.search.vault import Saved, Vault
from app.errors import Conflict, Unavailable

T = TypeVar("T")

SAVE_WHEN_QUIET_S, SAVE_AT_LEAST_S = 10.0, 300.0
TAKE_OVER_S = 5.0  # how often a reader looks whether the keeper has gone


class FolderHolding:
    """The shelves of one folder, and the one thread that changes them. See `Holding`.

    Every process has shelves of its own and changes them; one of those that share a folder saves.
    """

    local = True
    searchers = 2
    retry_at_most_s = 30.0
    feeds = True
    away: str | None = None
    position: int | None = None

    def __init__(self, folder: Path, *, tell: Tell) -> None:
        self.where = str(folder)
        self._vault = Vault(folder)
        self._tell = tell
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self.shelves: FolderShelves | None = None
        self.opened = asyncio.Event()
        self.rebuilds = self.saves = 0
        self._unsaved_since: float | None = None
        self._changed_at = self._looked_for_lock_at = float("-inf")

    @property
    def kept_here(self) -> bool:
        """Whether this process is the one that may save."""
        return self._vault.lock.held

    def kept_by(self) -> int | None:
        """The id of the process that may save; None where there is none."""
        return self._vault.lock.holder()

    async def saved(self) -> Saved:
        """What the copy on disk says about itself."""
        return self._vault.about()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something on the thread that changes the shelves."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def open(self, model: str | None, dimension: int) -> FolderShelves:  # noqa: ARG002 - the protocol's
        """The shelves, with vectors of this model; read from disk the first time."""
        if self.shelves is None:
            await self.in_thread(self._try_lock)
            opened = await self.in_thread(lambda: self._vault.open(model))
            if opened.rebuild is not None:
                self.rebuilds += 1
                self._tell(News("index is built anew", opened.rebuild, troubling=True))
            self.shelves = opened.shelves
            self.opened.set()
        return self.shelves

    async def keep(self) -> None:
        """Become the process that saves. Raises Conflict where another one is, Unavailable for a folder not to be written."""
        try:
            taken = await self.in_thread(self._vault.lock.take)
        except OSError as error:
            raise _unwritable(error) from error
        if not taken:
            holder = self.kept_by()
            raise Conflict(
                f"{f'process {holder}' if holder else 'another process'} keeps this index, and follows the catalog by itself"
            )

    async def may_feed(self) -> bool:
        """Always: the shelves are its own."""
        return True

    async def watch(self) -> None:
        """Nothing to watch."""
        await asyncio.Event().wait()

    async def refresh(self) -> None:
        """Nothing to ask: what is counted is here."""

    def reached(self, position: int | None) -> None:
        """Nothing to remember: a new process compares."""

    async def text_hashes(self) -> frozenset[str] | None:
        """The hashes of all products' texts."""
        shelves = self.shelves
        return None if shelves is None else await self.in_thread(shelves.text_hashes)

    def touch(self) -> None:
        """The shelves are not any more what is on disk."""
        self._changed_at = time.monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = self._changed_at

    async def look_after(self) -> None:
        """Save where it is time; as a reader, look now and then whether the keeper has gone."""
        now = time.monotonic()
        if not self.kept_here:
            if now - self._looked_for_lock_at >= TAKE_OVER_S:
                self._looked_for_lock_at = now
                await self.in_thread(self._try_lock)
            return
        since = self._unsaved_since
        if since is None:
            return
        if now - self._changed_at >= SAVE_WHEN_QUIET_S or now - since >= SAVE_AT_LEAST_S:
            try:
                await self.save()
            except Unavailable as error:  # costs the next start some time, and nothing now
                self.touch()
                self._tell(News("index not saved", error.detail, troubling=True))

    async def save(self) -> None:
        """Save what is unsaved, where this process may. Raises Unavailable where the disk refuses."""
        shelves = self.shelves
        if shelves is None or self._unsaved_since is None or not self.kept_here:
            return
        self._unsaved_since = None
        try:
            await self.in_thread(lambda: self._vault.save(shelves))
        except OSError as error:
            raise _unwritable(error) from error
        self.saves += 1

    async def close(self) -> None:
        """Save, end the thread, and let another process keep the folder."""
        try:
            await self.save()
        except Exception as error:  # noqa: BLE001 - what was not saved is built again; ending goes on
            self._tell(News("index not saved", str(error), troubling=True))
        finally:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._vault.lock.release()

    def _try_lock(self) -> None:
        """Become the one that saves, where there is none. A folder that cannot be written has none."""
        with contextlib.suppress(OSError):
            self._vault.lock.take()


def _unwritable(error: OSError) -> Unavailable:
    where = f" {error.filename}" if error.filename else ""
    return Unavailable(f"the search index{where} cannot be written: {error.strerror}", dependency="disk")
