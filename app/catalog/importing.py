"""One import, from the file to the report."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.importing import HandLayer
from app.catalog.codec import decode_product, digest, encode_product
from app.catalog.collection import rare_collections
from app.catalog.feeds import Rejected
from app.catalog.import_audit import record_begin, record_end
from app.catalog.imports import (
    HOLD_ABOVE,
    NAMED_ROWS,
    Counts,
    ImportProgress,
    ImportReport,
    ImportStatus,
    Mode,
)
from app.catalog.planner import Planner, Rules, open_planner
from app.catalog.planning import Plan, Planned, Task
from app.catalog.reading import BATCH, Batch, Encoded, FeedReader, Listed, open_reader
from app.catalog.repository import ImportRepository, ProductRepository, Stamp
from app.catalog.returned import ReturnedTexts
from app.catalog.stored import ProductFactChanges, ProductQuery
from app.errors import ShelftalkerError
from app.storage.database import Database

OnFactsChanged = Callable[[AsyncSession, Sequence[ProductFactChanges]], Awaitable[int]]
OnProgress = Callable[[ImportProgress], None]
OnWritten = Callable[[], None]

_REST = "import it again to do the rest"


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
    returned: ReturnedTexts | None = None


@dataclass(slots=True)
class _Tally:
    """What has been counted so far."""

    counts: Counts = field(default_factory=Counts)
    named: list[Rejected] = field(default_factory=list)

    def reject(self, rows: Sequence[Rejected]) -> None:
        notes = sum(row.kept for row in rows)
        self.counts += Counts(notes=notes, rejected_rows=len(rows) - notes)
        self.named += rows[: NAMED_ROWS - len(self.named)]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A batch's products by SKU, the state of the catalog that its plans rest on, and the plans of what is not as stored."""

    items: Mapping[str, Encoded]
    rejected: Sequence[Rejected]  # of its rows, as they were read
    seen: Mapping[str, Stamp]
    plans: dict[str, Plan]


class Import:
    """Runs one order: batches of whole products, each in a transaction of its own."""

    def __init__(
        self,
        order: ImportOrder,
        database: Database,
        rules: Rules,
        on_facts_changed: OnFactsChanged,
        on_written: OnWritten,
        progress: OnProgress | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._order = order
        self._database = database
        self._rules = rules
        self._on_facts_changed = on_facts_changed
        self._on_written = on_written
        self._progress = progress
        self._clock = clock
        self._tally = _Tally()
        self._started = time.perf_counter()
        self._writes = (
            not order.dry_run
        )  # a held import goes through the same motions and writes nothing either

    async def run(self) -> ImportReport:
        """The report. Raises Invalid for a file that cannot be read, and then nothing has changed."""
        with rare_collections():
            return await self._open_and_run()

    async def _open_and_run(self) -> ImportReport:
        returned = self._order.returned
        if returned is not None:
            await returned.prepare()
        async with (
            open_reader(self._order.path, self._order.format, returned) as reader,
            open_planner(self._rules, reader.feed.total_bytes, reader.off_loop) as planner,
        ):
            return await self._run(reader, planner)

    async def _run(self, reader: FeedReader, planner: Planner) -> ImportReport:
        report = self._report("running", reader.feed.format)
        listed = await reader.listed() if self._order.mode == "full" else None
        held = await self._why_held(listed) if listed is not None and not self._order.force else None
        self._writes = self._writes and held is None
        batch = await reader.batch()  # a broken file shows here, before anything is written
        if not self._order.dry_run:
            await self._record(report, reader)
        # Held until the record says how it ended: whoever sees it free before knows that the process was killed.
        async with nullcontext() if self._order.dry_run else self._database.holding(_lock_name(report.id)):
            try:
                async with aclosing(self._prepared(batch, reader, planner)) as batches:
                    async for prepared in batches:
                        await self._apply(prepared, reader.layout, planner)
                        self._tell(reader)
                if listed is not None:
                    await self._discontinue(listed)
                await self._keep_returned()
            except BaseException as error:
                await self._record_failure(report, error)
                raise
            report = self._finished(report, "held" if held else "done", held)
            await self._record_end(report)
            return report

    # -- batches -----------------------------------------------------------------------------------------------

    async def _prepared(
        self, first: Batch | None, reader: FeedReader, planner: Planner
    ) -> AsyncGenerator["_Prepared", None]:
        """Each batch with its plans. The next ones are read and planned while the caller writes."""
        room = asyncio.Semaphore(planner.ahead)
        ahead: asyncio.Queue[asyncio.Task[_Prepared] | None] = asyncio.Queue()

        async def read() -> None:
            batch = first
            try:
                while batch is not None:
                    await room.acquire()
                    ahead.put_nowait(asyncio.create_task(self._prepare(batch, planner)))
                    batch = await reader.batch()
            finally:
                ahead.put_nowait(None)

        reading = asyncio.create_task(read())
        try:
            while (preparing := await ahead.get()) is not None:
                prepared = await preparing
                room.release()
                yield prepared
            await reading  # a file that turned out to be broken says so after what could be read of it
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            unwanted = [task for task in (ahead.get_nowait() for _ in range(ahead.qsize())) if task]
            for task in unwanted:
                task.cancel()
            await asyncio.gather(*unwanted, return_exceptions=True)

    async def _prepare(self, batch: Batch, planner: Planner) -> "_Prepared":
        items = {item.sku: item for item in batch if isinstance(item, Encoded)}
        async with self._database.session() as session:
            products = self._products(session)
            seen = await products.stamps(list(items))
            current = self._rules.version
            todo = [item for sku, item in items.items() if seen.get(sku) != (item.data_hash, current)]
            tasks = await self._tasks(products, todo, seen)
        # Without a transaction, which would keep SQLite from shortening its log.
        plans = await self._plan(tasks, todo, planner)
        rejected = [row for row in batch if isinstance(row, Rejected)]
        return _Prepared(items, rejected, seen, plans)

    async def _tasks(
        self, products: ProductRepository, todo: Sequence[Encoded], stored: Mapping[str, Stamp]
    ) -> list[Task]:
        skus = [item.sku for item in todo]
        known = [sku for sku in skus if sku in stored]
        before = await products.before(known) if known else {}
        own = await products.own_sentences(skus) if skus else {}
        return [
            Task(
                item.data,
                item.data_hash,
                item.present,
                item.line,
                before.get(item.sku),
                own.get(item.sku, ()),
            )
            for item in todo
        ]

    async def _plan(
        self, tasks: Sequence[Task], todo: Sequence[Encoded], planner: Planner
    ) -> dict[str, Plan]:
        plans = await planner(tasks, [item.product for item in todo]) if tasks else []
        return {item.sku: found for item, found in zip(todo, plans, strict=True)}

    async def _apply(self, prepared: "_Prepared", layout: str, planner: Planner) -> None:
        """Write a batch, once sure that what its plans rest on still holds."""
        items = prepared.items
        async with self._database.transaction(keep=self._writes) as session:
            products = self._products(session)
            await products.lock()
            now = await products.stamps(list(items))
            plans = prepared.plans
            moved = _unlike(now, prepared.seen)
            hand = await HandLayer.over(
                session,
                self._database.dialect,
                [*plans, *(moved - plans.keys())],
                self._order.id,
                self._clock(),
            )
            again = moved | (hand.spoken_of & plans.keys())
            outdated = [items[sku] for sku in items if sku in again] if again else []
            if outdated:
                tasks = await self._tasks(products, outdated, now)
                plans |= await self._plan(tasks, outdated, planner)
                for item, task in zip(outdated, tasks, strict=True):
                    plans[item.sku] = hand.on(item.sku, plans[item.sku], task.before, item.line)
            planned = [found for found in plans.values() if isinstance(found, Planned)]
            news = [ProductFactChanges(found.sku, found.changes) for found in planned if found.changes]
            stale = await self._on_facts_changed(session, news) if news else 0
            if self._writes:
                await products.write(planned, import_id=self._order.id, now=self._clock())
                rows = [(found, items[found.sku]) for found in planned]
                await products.write_rows(rows, import_id=self._order.id, layout=layout)
                same = [
                    item for sku, item in items.items() if not isinstance(plans.get(sku), Planned | Rejected)
                ]
                await products.refresh_rows(same, import_id=self._order.id, layout=layout)
                await hand.write()
        if self._writes and planned:
            self._on_written()
        rejected = [found for found in plans.values() if isinstance(found, Rejected)]
        outcomes = Counter([found.outcome for found in planned])
        created, updated = outcomes["created"], outcomes["updated"]
        self._tally.reject([*prepared.rejected, *rejected, *hand.overridden])
        self._tally.counts += Counts(
            created=created,
            updated=updated,
            unchanged=len(items) - len(rejected) - created - updated,
            facts_changed=sum(len(entry.changes) for entry in news),
            copy_stale=stale,
            facts_overridden=hand.facts_overridden,
        )

    async def _keep_returned(self) -> None:
        """Count what was changed in the shop, and offer it."""
        if (returned := self._order.returned) is not None:
            self._tally.counts += Counts(edited_outside=returned.edited)
            if self._writes:
                await returned.keep()

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
                self._on_written()

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
            imports = ImportRepository(session)
            for killed, its_hash in (await imports.running()).items():
                if await self._database.dialect.is_abandoned(session, _lock_name(killed)):
                    rest = f"import {report.id} finished the work" if its_hash == file_hash else _REST
                    await imports.interrupted(killed, f"the process ended; {rest}")
            await imports.add(
                report, file_hash=file_hash, layout=reader.layout, dialect=feed.dialect, header=feed.header
            )
            await record_begin(session, report, self._clock())

    async def _record_end(self, report: ImportReport) -> None:
        if not self._order.dry_run:
            async with self._database.transaction() as session:
                await ImportRepository(session).update(report, self._clock())
                await record_end(session, report, self._clock())

    async def _record_failure(self, report: ImportReport, error: BaseException) -> None:
        status: ImportStatus = "failed" if isinstance(error, Exception) else "interrupted"
        ended = "a fault of the program" if isinstance(error, Exception) else "stopped before its end"
        detail = error.detail if isinstance(error, ShelftalkerError) else f"{ended}; {_REST}"
        try:
            await self._record_end(self._finished(report, status, detail))
        except ShelftalkerError:
            return  # the trouble that ended the import keeps its record from being written too


def _unlike(now: Mapping[str, Stamp], seen: Mapping[str, Stamp]) -> set[str]:
    """The products that were written, came or went since they were seen."""
    return set() if now == seen else {sku for sku in {**now, **seen} if now.get(sku) != seen.get(sku)}


def _lock_name(import_id: str) -> str:
    return f"import-{import_id}"


def _discontinued(sku: str, data: str) -> tuple[str, str, str, str]:
    changed = encode_product(replace(decode_product(data), status="discontinued"))
    return sku, "discontinued", changed, digest(changed)
