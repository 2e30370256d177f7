"""One import, from the file to the report."""

import asyncio
import hashlib
import time
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.codec import decode_product, digest, encode_product
from app.catalog.facts import FactRules
from app.catalog.feeds import Feed, Rejected, open_feed
from app.catalog.imports import (
    HOLD_ABOVE,
    NAMED_ROWS,
    Counts,
    ImportProgress,
    ImportReport,
    ImportStatus,
    Mode,
)
from app.catalog.planning import Encoded, Planned, encoded, plan
from app.catalog.repository import ImportRepository, ProductRepository
from app.catalog.stored import ProductFactChanges, ProductQuery
from app.errors import ShelftalkerError
from app.storage.database import Database

T = TypeVar("T")

# Products per transaction. Large enough that a commit's sync to disk does not count, small enough that other writers
# wait a fraction of a second and that memory stays flat.
BATCH = 500

OnFactsChanged = Callable[[AsyncSession, Sequence[ProductFactChanges]], Awaitable[int]]
OnProgress = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how."""

    id: str
    path: Path
    filename: str
    format: str
    mode: Mode
    dry_run: bool
    force: bool
    actor: str


@dataclass(slots=True)
class _Tally:
    """What has been counted so far."""

    counts: Counts = field(default_factory=Counts)
    named: list[Rejected] = field(default_factory=list)

    def reject(self, row: Rejected) -> None:
        self.counts += Counts(notes=1) if row.kept else Counts(rejected_rows=1)
        if len(self.named) < NAMED_ROWS:
            self.named.append(row)


class Import:
    """Runs one order. Reading, comparing and drawing facts happen on a thread of its own: the loop stays free."""

    def __init__(
        self,
        order: ImportOrder,
        database: Database,
        rules: FactRules,
        rules_version: str,
        on_facts_changed: OnFactsChanged,
        progress: OnProgress | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._order = order
        self._database = database
        self._rules = rules
        self._rules_version = rules_version
        self._on_facts_changed = on_facts_changed
        self._progress = progress
        self._clock = clock
        self._tally = _Tally()
        self._started = time.perf_counter()
        self._writes = not order.dry_run
        # One thread, because a feed's temporary store belongs to the thread that opened it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import")

    async def run(self) -> ImportReport:
        """The report. Raises Invalid for a file that cannot be read, and then nothing has changed."""
        try:
            async with self._feed() as feed:
                return await self._run(feed)
        finally:
            self._thread.shutdown(wait=True)

    async def _run(self, feed: Feed) -> ImportReport:
        order, created_at = self._order, self._clock()
        report = ImportReport(
            id=order.id,
            status="running",
            format=feed.format,
            mode=order.mode,
            filename=order.filename,
            actor=order.actor,
            counts=Counts(),
            rejected=(),
            created_at=created_at,
            duration_ms=0.0,
            dry_run=order.dry_run,
        )
        listed = await self._off_loop(lambda: _Listed(feed)) if order.mode == "full" else None
        status: ImportStatus = "done"
        detail = None
        if listed is not None and not order.force:
            detail = await self._why_held(listed)
            if detail is not None:
                status, self._writes = "held", False
        batches = self._batches(feed)
        first = await self._off_loop(
            lambda: next(batches, None)
        )  # a broken file shows before anything is written
        recorded = not order.dry_run
        layout = _layout(feed)
        if recorded:
            file_hash = await self._off_loop(lambda: _file_hash(order.path))
            async with self._database.transaction() as session:
                await ImportRepository(session).add(
                    report, file_hash=file_hash, layout=layout, dialect=feed.dialect, header=feed.header
                )
        try:
            batch = first
            while batch is not None:
                await self._apply(batch, layout)
                self._tell(feed)
                batch = await self._off_loop(lambda: next(batches, None))
            if listed is not None:
                await self._discontinue(listed)
        except BaseException as error:
            if recorded:
                await self._record_failure(report, error)
            raise
        report = self._finished(report, status, detail)
        if recorded:
            async with self._database.transaction() as session:
                await ImportRepository(session).update(report, self._clock())
        return report

    # -- reading -----------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _feed(self) -> AsyncIterator[Feed]:
        context = open_feed(self._order.path, self._order.format)
        feed = await self._off_loop(context.__enter__)
        try:
            yield feed
        finally:
            await self._off_loop(lambda: context.__exit__(None, None, None))

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _batches(self, feed: Feed) -> Iterator[list[Encoded | Rejected]]:
        items = (
            item if isinstance(item, Rejected) else encoded(item, position)
            for position, item in enumerate(feed.records())
        )
        while batch := list(islice(items, BATCH)):
            yield batch

    # -- writing -----------------------------------------------------------------------------------------------

    async def _apply(self, batch: Sequence[Encoded | Rejected], layout: str) -> None:
        for row in batch:
            if isinstance(row, Rejected):
                self._tally.reject(row)
        items = [item for item in batch if isinstance(item, Encoded)]
        async with self._database.transaction(keep=self._writes) as session:
            repository = ProductRepository(session, self._database.dialect)
            await repository.lock()
            planned, rejected, unchanged = await self._plan(repository, items)
            news = [item.changes for item in planned if item.changes and item.changes.changes]
            stale = await self._on_facts_changed(session, news) if news else 0
            if self._writes:
                await repository.write(
                    planned, rules_version=self._rules_version, import_id=self._order.id, now=self._clock()
                )
                await repository.write_rows(planned, import_id=self._order.id, layout=layout)
        for row in rejected:
            self._tally.reject(row)
        self._tally.counts += Counts(
            created=sum(item.outcome == "created" for item in planned),
            updated=sum(item.outcome == "updated" for item in planned),
            unchanged=unchanged + sum(item.outcome is None for item in planned),
            facts_changed=sum(len(entry.changes) for entry in news),
            copy_stale=stale,
        )

    async def _plan(
        self, repository: ProductRepository, items: Sequence[Encoded]
    ) -> tuple[list[Planned], list[Rejected], int]:
        hashes = await repository.hashes([item.record.product.sku for item in items])
        as_stored = [
            hashes.get(item.record.product.sku) == (item.data_hash, self._rules_version) for item in items
        ]
        todo = [item for item, same in zip(items, as_stored, strict=True) if not same]
        skus = [item.record.product.sku for item in todo]
        before = await repository.before([sku for sku in skus if sku in hashes])
        own = await repository.own_sentences(skus)

        def decide() -> list[Planned | Rejected | None]:
            return [
                plan(
                    item,
                    before.get(item.record.product.sku),
                    own.get(item.record.product.sku, ()),
                    self._rules,
                    self._rules_version,
                )
                for item in todo
            ]

        outcomes = await self._off_loop(decide)
        return (
            [outcome for outcome in outcomes if isinstance(outcome, Planned)],
            [outcome for outcome in outcomes if isinstance(outcome, Rejected)],
            sum(as_stored) + sum(outcome is None for outcome in outcomes),
        )

    # -- products that a full import does not list -------------------------------------------------------------

    async def _why_held(self, listed: "_Listed") -> str | None:
        async with self._database.session() as session:
            active = await ProductRepository(session, self._database.dialect).count(
                ProductQuery(status="active")
            )
        absent = 0
        async for skus in self._absent(listed):
            absent += len(skus)
        if absent <= active * HOLD_ABOVE:
            return None
        return (
            f"{absent} of {active} active products are not in the file and would be discontinued; nothing was "
            "changed. If the file is complete, import it again with force."
        )

    async def _discontinue(self, listed: "_Listed") -> None:
        async for skus in self._absent(listed):
            self._tally.counts += Counts(discontinued=len(skus))
            if self._writes:
                async with self._database.transaction() as session:
                    repository = ProductRepository(session, self._database.dialect)
                    await repository.lock()
                    before = await repository.before(skus)
                    await repository.set_data(
                        [_discontinued(sku, stored.data) for sku, stored in before.items()],
                        self._order.id,
                        self._clock(),
                    )

    async def _absent(self, listed: "_Listed") -> AsyncIterator[list[str]]:
        after: str | None = None
        while True:
            async with self._database.session() as session:
                repository = ProductRepository(session, self._database.dialect)
                skus = await repository.active_skus(BATCH, after)
            if not skus:
                return
            if absent := [sku for sku in skus if sku not in listed]:
                yield absent
            after = skus[-1]

    # -- reporting ---------------------------------------------------------------------------------------------

    def _tell(self, feed: Feed) -> None:
        if self._progress is not None:
            counts = self._tally.counts
            self._progress(
                ImportProgress(feed.bytes_read, feed.total_bytes, counts.products, counts.rejected_rows)
            )

    def _finished(self, report: ImportReport, status: ImportStatus, detail: str | None) -> ImportReport:
        return replace(
            report,
            status=status,
            detail=detail,
            counts=self._tally.counts,
            rejected=tuple(self._tally.named),
            duration_ms=round((time.perf_counter() - self._started) * 1000, 1),
        )

    async def _record_failure(self, report: ImportReport, error: BaseException) -> None:
        status: ImportStatus = "failed" if isinstance(error, Exception) else "interrupted"
        detail = error.detail if isinstance(error, ShelftalkerError) else type(error).__name__
        try:
            async with self._database.transaction() as session:
                failed = self._finished(report, status, detail)
                await ImportRepository(session).update(failed, self._clock())
        except ShelftalkerError:
            return  # the trouble that ended the import keeps its record from being written too


class _Listed:
    """The SKUs of a feed, eight bytes each: with a million products a set of strings would take 100 MB.

    The chance that two of a million SKUs share their 64-bit hash is 3 in 100 million; an absent product would then
    stay active until the next full import.
    """

    def __init__(self, feed: Feed) -> None:
        found = array("Q")
        for item in feed.records():
            if not isinstance(item, Rejected):
                found.append(self._key(item.product.sku))
            elif item.sku is not None:
                found.append(self._key(item.sku))  # a bad row is no reason to take its product off sale
        self._keys = array("Q", sorted(found))

    def __contains__(self, sku: str) -> bool:
        key = self._key(sku)
        place = bisect_left(self._keys, key)
        return place < len(self._keys) and self._keys[place] == key

    @staticmethod
    def _key(sku: str) -> int:
        return int.from_bytes(hashlib.blake2b(sku.encode(), digest_size=8).digest(), "big")


def _discontinued(sku: str, data: str) -> tuple[str, str, str, str]:
    changed = encode_product(replace(decode_product(data), status="discontinued"))
    return sku, "discontinued", changed, digest(changed)


def _layout(feed: Feed) -> str:
    return hashlib.sha256(orjson.dumps([feed.format, feed.header])).hexdigest()[:16]


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
