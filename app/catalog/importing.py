"""One import, from the file to the report."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.codec import decode_product, digest, encode_product
from app.catalog.facts import FactRules
from app.catalog.feeds import Rejected
from app.catalog.imports import (
    HOLD_ABOVE,
    NAMED_ROWS,
    Counts,
    ImportProgress,
    ImportReport,
    ImportStatus,
    Mode,
)
from app.catalog.planning import Encoded, Planned, plan
from app.catalog.reading import BATCH, Batch, FeedReader, Listed, open_reader
from app.catalog.repository import ImportRepository, ProductRepository
from app.catalog.stored import ProductFactChanges, ProductQuery
from app.errors import ShelftalkerError
from app.storage.database import Database

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

    def reject(self, rows: Sequence[Rejected]) -> None:
        notes = sum(row.kept for row in rows)
        self.counts += Counts(notes=notes, rejected_rows=len(rows) - notes)
        self.named += rows[: NAMED_ROWS - len(self.named)]


class Import:
    """Runs one order: batches of whole products, each in a transaction of its own."""

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
        self._writes = (
            not order.dry_run
        )  # a held import goes through the same motions and writes nothing either

    async def run(self) -> ImportReport:
        """The report. Raises Invalid for a file that cannot be read, and then nothing has changed."""
        async with open_reader(self._order.path, self._order.format) as reader:
            return await self._run(reader)

    async def _run(self, reader: FeedReader) -> ImportReport:
        report = self._report("running", reader.feed.format)
        listed = await reader.listed() if self._order.mode == "full" else None
        held = await self._why_held(listed) if listed is not None and not self._order.force else None
        self._writes = self._writes and held is None
        batch = await reader.batch()  # a broken file shows here, before anything is written
        if not self._order.dry_run:
            await self._record(report, reader)
        try:
            while batch is not None:
                await self._apply(batch, reader)
                self._tell(reader)
                batch = await reader.batch()
            if listed is not None:
                await self._discontinue(listed)
        except BaseException as error:
            await self._record_failure(report, error)
            raise
        report = self._finished(report, "held" if held else "done", held)
        await self._record_end(report)
        return report

    # -- a batch -----------------------------------------------------------------------------------------------

    async def _apply(self, batch: Batch, reader: FeedReader) -> None:
        self._tally.reject([row for row in batch if isinstance(row, Rejected)])
        items = [item for item in batch if isinstance(item, Encoded)]
        async with self._database.transaction(keep=self._writes) as session:
            products = self._products(session)
            await products.lock()
            planned, rejected, unchanged = await self._plan(products, items, reader)
            reader.read_ahead()  # while the database writes
            news = [item.changes for item in planned if item.changes and item.changes.changes]
            stale = await self._on_facts_changed(session, news) if news else 0
            if self._writes:
                await products.write(
                    planned, rules_version=self._rules_version, import_id=self._order.id, now=self._clock()
                )
                await products.write_rows(planned, import_id=self._order.id, layout=reader.layout)
        self._tally.reject(rejected)
        self._tally.counts += Counts(
            created=sum(item.outcome == "created" for item in planned),
            updated=sum(item.outcome == "updated" for item in planned),
            unchanged=unchanged + sum(item.outcome is None for item in planned),
            facts_changed=sum(len(entry.changes) for entry in news),
            copy_stale=stale,
        )

    async def _plan(
        self, products: ProductRepository, items: Sequence[Encoded], reader: FeedReader
    ) -> tuple[list[Planned], list[Rejected], int]:
        """What to write, what the catalog refuses, and how many products are as they were."""
        hashes = await products.hashes([item.record.product.sku for item in items])
        todo = [
            (item.record.product.sku, item)
            for item in items
            if hashes.get(item.record.product.sku) != (item.data_hash, self._rules_version)
        ]
        skus = [sku for sku, _ in todo]
        before = await products.before([sku for sku in skus if sku in hashes])
        own = await products.own_sentences(skus)

        def decide() -> list[Planned | Rejected | None]:
            return [
                plan(item, before.get(sku), own.get(sku, ()), self._rules, self._rules_version)
                for sku, item in todo
            ]

        outcomes = await reader.off_loop(decide)
        return (
            [outcome for outcome in outcomes if isinstance(outcome, Planned)],
            [outcome for outcome in outcomes if isinstance(outcome, Rejected)],
            len(items) - len(todo) + sum(outcome is None for outcome in outcomes),
        )

    # -- products that a full import does not list -------------------------------------------------------------

    async def _why_held(self, listed: Listed) -> str | None:
        async with self._database.session() as session:
            active = await self._products(session).count(ProductQuery(status="active"))
        absent = 0
        async for skus in self._absent(listed):
            absent += len(skus)
        if absent <= active * HOLD_ABOVE:
            return None
        return (
            f"{absent} of {active} active products are not in the file and would be discontinued; nothing was "
            "changed. If the file is complete, import it again with force."
        )

    async def _discontinue(self, listed: Listed) -> None:
        async for skus in self._absent(listed):
            self._tally.counts += Counts(discontinued=len(skus))
            if self._writes:
                async with self._database.transaction() as session:
                    products = self._products(session)
                    await products.lock()
                    changed = [
                        _discontinued(sku, before.data)
                        for sku, before in (await products.before(skus)).items()
                    ]
                    await products.set_data(changed, self._order.id, self._clock())

    async def _absent(self, listed: Listed) -> AsyncIterator[list[str]]:
        after: str | None = None
        while True:
            async with self._database.session() as session:
                skus = await self._products(session).active_skus(BATCH, after)
            if not skus:
                return
            if absent := [sku for sku in skus if sku not in listed]:
                yield absent
            after = skus[-1]

    def _products(self, session: AsyncSession) -> ProductRepository:
        return ProductRepository(session, self._database.dialect)

    # -- reporting ---------------------------------------------------------------------------------------------

    def _tell(self, reader: FeedReader) -> None:
        if self._progress is not None:
            counts, feed = self._tally.counts, reader.feed
            self._progress(
                ImportProgress(feed.bytes_read, feed.total_bytes, counts.products, counts.rejected_rows)
            )

    def _report(self, status: ImportStatus, format: str) -> ImportReport:  # noqa: A002 - as in the order
        return ImportReport(
            id=self._order.id,
            status=status,
            format=format,
            mode=self._order.mode,
            filename=self._order.filename,
            actor=self._order.actor,
            counts=Counts(),
            rejected=(),
            created_at=self._clock(),
            duration_ms=0.0,
            dry_run=self._order.dry_run,
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

    async def _record(self, report: ImportReport, reader: FeedReader) -> None:
        file_hash, feed = await reader.file_hash(), reader.feed
        async with self._database.transaction() as session:
            await ImportRepository(session).add(
                report, file_hash=file_hash, layout=reader.layout, dialect=feed.dialect, header=feed.header
            )

    async def _record_end(self, report: ImportReport) -> None:
        if not self._order.dry_run:
            async with self._database.transaction() as session:
                await ImportRepository(session).update(report, self._clock())

    async def _record_failure(self, report: ImportReport, error: BaseException) -> None:
        status: ImportStatus = "failed" if isinstance(error, Exception) else "interrupted"
        detail = error.detail if isinstance(error, ShelftalkerError) else type(error).__name__
        try:
            await self._record_end(self._finished(report, status, detail))
        except ShelftalkerError:
            return  # the trouble that ended the import keeps its record from being written too


def _discontinued(sku: str, data: str) -> tuple[str, str, str, str]:
    changed = encode_product(replace(decode_product(data), status="discontinued"))
    return sku, "discontinued", changed, digest(changed)
