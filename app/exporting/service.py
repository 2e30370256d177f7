"""The use cases of exports: what can be given back, giving it back, and what came back changed."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import PurePath

from app.copywriting.life.service import LifeService
from app.copywriting.life.shelf import ShelfText
from app.copywriting.life.trimming import without
from app.errors import Invalid, NotFound
from app.exporting.feeds import FeedMaker
from app.exporting.order import FEED, FEED_FORMATS, ExportOrder, FeedLayout, check_order
from app.exporting.repository import ExportRepository
from app.exporting.sheets import CsvSheet, XlsxSheet, line_of, rows_of
from app.exporting.spool import Spool
from app.exporting.texts import Exported, Text
from app.storage.database import Database

BATCH = 500
"""Rows or products that are made at a time: a few hundredths of a second."""
NAMED = 20
"""Products without a place in the feed that are named; how many there are is always said."""
_OWN_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}


@dataclass(slots=True)
class Tally:
    """How far an export is: rows of the feed (or products) done and in all, and texts of ours written."""

    total: int = 0
    done: int = 0
    texts: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """An export that is being made. `read` gives its bytes as they come.

    `left_out` counts active products that the feed has no rows for (put by hand, or from another feed) and
    `left_out_skus` names the first of them. `feed` is None for tables of our own.
    """

    filename: str
    media_type: str
    format: str
    feed: FeedLayout | None
    left_out: int
    left_out_skus: Sequence[str]
    tally: Tally
    read: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was found out before the first byte."""

    filename: str
    media_type: str
    format: str
    feed: FeedLayout | None = None
    by_model: bool = False
    left_out: int = 0
    left_out_skus: Sequence[str] = ()
    tally: Tally = field(default_factory=Tally)


class ExportService:
    """Exports of one shop. `clock` says which publications stand now, and when texts were exported."""

    def __init__(
        self,
        database: Database,
        *,
        life: LifeService,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._life = life
        self._clock = clock

    async def layouts(self) -> Sequence[FeedLayout]:
        """The feeds that can be given back, those with most products first."""
        async with self._database.session() as session:
            return await ExportRepository(session, self._database.dialect).layouts()

    @asynccontextmanager
    async def open(self, order: ExportOrder) -> AsyncIterator[Export]:
        """Begin an export; it is made while the block runs, from one moment's state of the database.

        Raises Invalid for an order that cannot be, NotFound where there is no such feed; before the first byte.
        """
        check_order(order)
        spool = Spool()
        begun: asyncio.Future[_Plan] = asyncio.get_running_loop().create_future()
        making = asyncio.create_task(self._make(order, spool, begun))
        try:
            plan = await begun
            yield Export(
                plan.filename,
                plan.media_type,
                plan.format,
                plan.feed,
                plan.left_out,
                plan.left_out_skus,
                plan.tally,
                spool.read,
            )
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            spool.close()

    async def _make(self, order: ExportOrder, spool: Spool, begun: "asyncio.Future[_Plan]") -> None:
        try:
            async with self._database.snapshot() as session:
                repository = ExportRepository(session, self._database.dialect)
                plan = await (self._own(repository, order) if order.is_own else self._feed(repository, order))
                begun.set_result(plan)
                chunks = (
                    self._feed_chunks(repository, order, plan)
                    if plan.feed
                    else self._own_chunks(repository, order, plan)
                )
                async for chunk in chunks:
                    spool.put(chunk)
            spool.end()
        except BaseException as error:
            if not begun.done():
                begun.set_exception(error)
            spool.fail(error)
            if not isinstance(error, Exception):
                raise

    # -- feeds -------------------------------------------------------------------------------------------------

    async def _feed(self, repository: ExportRepository, order: ExportOrder) -> _Plan:
        feed = await self._chosen(repository, order)
        shape = feed.shape
        left_out, named = await repository.left_out(feed.layout, order, NAMED)
        tables = shape.format == "google" and bool(shape.header)
        return _Plan(
            f"{_stem(feed.filename)}-shelftalker.{shape.suffix}",
            shape.media_type,
            shape.format,
            feed,
            tables and await repository.any_by_model(order),
            left_out,
            named,
            Tally(await repository.count_rows(feed, order)),
        )

    async def _chosen(self, repository: ExportRepository, order: ExportOrder) -> FeedLayout:
        known = await repository.layouts()
        wanted = order.layout
        if order.import_id is not None:
            wanted = await repository.layout_of(order.import_id)
            if wanted is None:
                raise NotFound(f"no import {order.import_id!r}")
        fitting = [feed for feed in known if order.format in {FEED, feed.shape.format}]
        if wanted is not None:
            fitting = [feed for feed in fitting if feed.layout == wanted]
        if fitting:
            return fitting[0]
        there = ", ".join(f"{f.shape.format} (layout {f.layout}, {f.products} products)" for f in known[:10])
        what = f"{order.format} feed" if order.format in FEED_FORMATS else "feed"
        which = " of that layout" if order.layout else " of that import" if order.import_id else ""
        raise NotFound(
            f"there is no {what}{which} to give back; "
            + (f"there is: {there}" if known else "no feed was imported yet")
            + ". xlsx, jsonl and csv export any catalog"
        )

    async def _feed_chunks(
        self, repository: ExportRepository, order: ExportOrder, plan: _Plan
    ) -> AsyncIterator[bytes]:
        if plan.feed is None:
            raise Invalid("a feed is made of a layout")
        maker = FeedMaker(plan.feed, order, by_model=plan.by_model)
        yield maker.head()
        now = self._clock()
        async for rows in repository.rows(plan.feed, order, BATCH):
            texts = await self._texts(repository, list(dict.fromkeys(row.sku for row in rows)), order, now)
            made = await asyncio.to_thread(maker.rows, rows, texts)
            await self._remember(repository, made.written, now)
            plan.tally.done += len(rows)
            plan.tally.texts += len(made.written)
            yield made.data
        yield maker.tail()

    async def _texts(
        self, repository: ExportRepository, skus: Sequence[str], order: ExportOrder, now: datetime
    ) -> Mapping[str, Sequence[Text]]:
        """The texts that stand; of those that turned stale on the shelf what shoppers are shown of them."""
        texts = await repository.texts(skus, order.status, now)
        stale = [sku for sku, said in texts.items() if any(text.status == "stale" for text in said)]
        if order.status != "published" or not stale:
            return texts
        served = {
            (text.copy_id, text.version): text
            for channel in sorted({text.channel for sku in stale for text in texts[sku]})
            for said in (await self._life.served(stale, now=now, channel=channel)).values()
            for text in said
        }
        return {
            sku: [
                shown
                for text in said
                if (shown := _as_served(text, served.get((text.copy_id, text.version))))
            ]
            for sku, said in texts.items()
        }

    async def _remember(
        self, repository: ExportRepository, written: Sequence[Exported], now: datetime
    ) -> None:
        """Keep what was written where, so that it is known when it comes back."""
        if not written:
            return
        known = await repository.known_hashes(list(dict.fromkeys(one.place for one in written)))
        new = {(e.place, e.spot, e.text_hash): e for e in written}
        fresh = [one for key, one in new.items() if key not in known]
        if fresh:
            async with self._database.transaction() as session:
                await ExportRepository(session, self._database.dialect).remember(fresh, now)

    # -- tables of our own -------------------------------------------------------------------------------------

    async def _own(self, repository: ExportRepository, order: ExportOrder) -> _Plan:
        total = await repository.count_products(order)
        return _Plan(
            f"shelftalker-copy.{order.format}", _OWN_TYPES[order.format], order.format, tally=Tally(total)
        )

    async def _own_chunks(
        self, repository: ExportRepository, order: ExportOrder, plan: _Plan
    ) -> AsyncIterator[bytes]:
        now, after = self._clock(), ""
        sheet = None if order.format == "jsonl" else CsvSheet() if order.format == "csv" else XlsxSheet()
        try:
            while products := await repository.products(order, after, BATCH):
                after = products[-1].sku
                texts = await self._texts(repository, [p.sku for p in products], order, now)
                wanted = {sku: _wanted(said, order) for sku, said in texts.items()}
                plan.tally.done += len(products)
                plan.tally.texts += sum(map(len, wanted.values()))
                pairs = [(product, wanted.get(product.sku, [])) for product in products]
                if sheet is None:
                    yield await asyncio.to_thread(lambda: b"".join([line_of(p, said) for p, said in pairs]))  # noqa: B023 - awaited at once
                else:
                    rows = chain.from_iterable(rows_of(p, said) for p, said in pairs)
                    yield await asyncio.to_thread(lambda: sheet.add(list(rows)))  # noqa: B023 - awaited at once
            if sheet is not None:
                last = sheet.finish()
                while data := await asyncio.to_thread(lambda: next(last, b"")):
                    yield data
        finally:
            if sheet is not None:
                sheet.close()


def _as_served(text: Text, served: ShelfText | None) -> Text | None:
    """The text as shoppers see it; None where they see the merchant's, which the feed holds already."""
    if text.status != "stale":
        return text
    if served is None or served.source in {"merchant", "nothing"}:
        return None
    left_out = {(sentence.field, sentence.text) for sentence in served.left_out}
    return replace(text, data={**text.data, "fields": without(text.fields, left_out)})


def _wanted(texts: Sequence[Text], order: ExportOrder) -> Sequence[Text]:
    """Those in the order's locale, with its fields."""
    if order.locale is not None:
        wanted = order.locale.casefold()
        texts = [text for text in texts if text.locale.casefold() == wanted]
    return [text.with_fields(order.fields) for text in texts] if order.fields else texts


def _stem(filename: str) -> str:
    """A file's name without its endings, in letters that any system takes."""
    name = PurePath(filename.replace("\\", "/")).name
    stem = re.sub(r"(?:\.(?:gz|csv|tsv|txt|xml|jsonl?|ndjson))+$", "", name, flags=re.IGNORECASE)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")[:80].removesuffix("-shelftalker") or "feed"
