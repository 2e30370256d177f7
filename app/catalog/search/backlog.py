"""Which products the index has yet to read again: news of the change log, or all that differ from the database."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from app.catalog.search.repository import IndexRepository, LogSpan
from app.storage.database import Database

PAGE = 5_000  # products compared at a time
ENTRIES = 200  # of the log, read at a time
# Transactions of more products than that are an import's; those of fewer are somebody's who waits to see the change.
FEW = 20
# An import is at work as long as its last batch is younger than that.
CALM_AFTER_S = 1.5


class Backlog:
    """Products to be read again, in order: what people changed before what imports did.

    `position` is the last entry of the log that was taken in.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._urgent: dict[str, None] = {}
        self._bulk: dict[str, None] = {}
        self._last_bulk = float("-inf")
        self.position: int | None = None

    def __len__(self) -> int:
        return len(self._urgent) + len(self._bulk)

    @property
    def import_at_work(self) -> bool:
        """Whether an import is writing products just now."""
        return self._clock() - self._last_bulk < CALM_AFTER_S

    def take(self, limit: int) -> list[str]:
        """Take up to `limit` SKUs off the backlog. A call gives either urgent ones or an import's, never both."""
        queue = self._urgent or self._bulk
        taken = list(queue)[:limit] if len(queue) <= limit else _first(queue, limit)
        for sku in taken:
            del queue[sku]
        return taken

    def put_back(self, skus: Sequence[str]) -> None:
        """Put SKUs back that could not be read."""
        self._urgent.update(dict.fromkeys(skus))

    async def compare(self, known: Mapping[str, str]) -> None:
        """Compare every product with the versions that the index knows; what differs joins the backlog.

        The log is read from its present end on: what changes during the comparison stands there.
        """
        self.position = (await self._span()).last
        gone = dict.fromkeys(known)
        after: str | None = None
        while True:
            async with self._database.session() as session:
                page = await IndexRepository(session, self._database.dialect).versions(PAGE, after)
            for sku, version in page:
                if known.get(sku) != version:
                    self._bulk[sku] = None
                gone.pop(sku, None)
            if len(page) < PAGE:
                break
            after = page[-1][0]
            await asyncio.sleep(0)
        self._bulk.update(gone)

    async def follow(self) -> bool:
        """Take in what the log says since the last time; False where it was trimmed beyond that: then compare."""
        if self.position is None:
            return False
        while True:
            async with self._database.session() as session:
                repository = IndexRepository(session, self._database.dialect)
                if (await repository.log_span()).last == self.position:
                    return True
                entries = await repository.log_after(self.position, ENTRIES)
                span = await repository.log_span()  # after the entries: what is trimmed in between shows
            # A log that ends before our place belongs to a database that was put back from a copy.
            if not span.first - 1 <= self.position <= span.last:
                return False
            for entry in entries:
                self._take_in(entry.skus)
                self.position = entry.id

    def _take_in(self, skus: Sequence[str]) -> None:
        if len(skus) > FEW:
            self._last_bulk = self._clock()
            self._bulk.update(dict.fromkeys(skus))
            return
        for sku in skus:
            self._bulk.pop(sku, None)
            self._urgent[sku] = None

    async def _span(self) -> LogSpan:
        async with self._database.session() as session:
            return await IndexRepository(session, self._database.dialect).log_span()


def _first(queue: Mapping[str, None], limit: int) -> list[str]:
    found = []
    for sku in queue:
        found.append(sku)
        if len(found) == limit:
            break
    return found
