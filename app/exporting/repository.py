"""The exports' only SQL: source rows in their order, the texts that stand, what was exported, and what was changed outside."""

import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import fields as members
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.feeds.writing import FeedShape
from app.catalog.text import fold
from app.copywriting.life.publications import Publication, on_shelf
from app.exporting.order import ExportOrder, FeedLayout
from app.exporting.texts import Exported, OutsideEdit, Text
from app.storage.bulk import insert_many
from app.storage.dialects import Dialect
from app.storage.tables import (
    copies,
    exported_texts,
    imports,
    outside_edits,
    products,
    publications,
    source_rows,
)

_TEXT = (
    copies.c.id,
    copies.c.version,
    copies.c.sku,
    copies.c.template,
    copies.c.channel,
    copies.c.locale,
    copies.c.angle,
    copies.c.variant,
    copies.c.status,
    copies.c.data,
)
# In the JSON of a copy: its own braces are followed by a quote.
_MAY_BE_SLOT = re.compile(r"\{[A-Za-z_]")
_PUBLICATION = tuple(field.name for field in members(Publication))
_EXPORTED = tuple(field.name for field in members(Exported))


class FeedRow(NamedTuple):
    """A source row. A tuple, because a feed has millions. `spoken`: the locales of its product's own texts."""

    sku: str
    spoken: str
    cells: str  # as JSON


class StoredRow(NamedTuple):
    """A product as it is stored; `data` is JSON."""

    sku: str
    title: str
    status: str
    data: str


class OriginalRow(NamedTuple):
    """A row as the shop had it, and in which layout."""

    sku: str
    layout: str
    cells: str


class ExportRepository:
    """Reads and writes within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    # -- feeds -------------------------------------------------------------------------------------------------

    async def layouts(self) -> Sequence[FeedLayout]:
        """The feeds that can be given back, those with most products first."""
        counted = await self._session.execute(
            select(source_rows.c.layout, source_rows.c.import_id, func.count(source_rows.c.sku.distinct()))
            .join(products, products.c.sku == source_rows.c.sku)
            .where(_still_there())
            .group_by(source_rows.c.layout, source_rows.c.import_id)
            .order_by(source_rows.c.layout, source_rows.c.import_id.desc())
        )
        by_layout = {
            layout: {import_id: count for _, import_id, count in rows}
            for layout, rows in groupby(counted.all(), key=lambda row: row[0])
        }
        newest = {next(iter(brought)) for brought in by_layout.values()}
        known = await self._session.execute(select(imports).where(imports.c.id.in_(newest)))
        shapes = {row.id: row for row in known}
        encodings = await self._encodings(by_layout)
        found = [
            FeedLayout(
                layout,
                tuple(brought),
                row.filename,
                _shape(row, encodings[layout]),
                sum(brought.values()),
            )
            for layout, brought in by_layout.items()
            for row in [shapes[next(iter(brought))]]
        ]
        return sorted(found, key=lambda feed: (-feed.products, feed.layout))

    async def _encodings(self, by_layout: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
        """Layout → the encodings of the files that its rows come from."""
        found = await self._session.execute(
            select(imports.c.layout, imports.c.dialect).where(
                imports.c.id.in_({import_id for brought in by_layout.values() for import_id in brought})
            )
        )
        encodings: dict[str, set[str]] = {}
        for layout, dialect in found:
            encodings.setdefault(layout, set()).add(dialect.get("encoding", ""))
        return {layout: frozenset(names) for layout, names in encodings.items()}

    async def layout_of(self, import_id: str) -> str | None:
        """The layout that an import brought; None where there is no such import."""
        found = await self._session.execute(select(imports.c.layout).where(imports.c.id == import_id))
        return found.scalar_one_or_none()

    async def count_rows(self, feed: FeedLayout, order: ExportOrder) -> int:
        """How many rows an export of this feed has."""
        found = await self._session.execute(self._rows(select(func.count()), feed.layout, order))
        number: int = found.scalar_one()
        return number

    async def rows(self, feed: FeedLayout, order: ExportOrder, size: int) -> AsyncIterator[Sequence[FeedRow]]:
        """The rows in the order of their file, some at a time.

        Rows of several files (a delta changed some products) stand product by product, each where its first row stood.
        """
        columns = (source_rows.c.sku, products.c.locales, source_rows.c.cells)
        by_line = (source_rows.c.line, source_rows.c.position, source_rows.c.ordinal)
        first = func.min(source_rows.c.line).over(partition_by=source_rows.c.sku)
        place = by_line if len(feed.imports) == 1 else (first, source_rows.c.sku, *by_line)
        statement = self._rows(select(*columns), feed.layout, order).order_by(*place)
        result = await self._session.stream(statement, execution_options={"yield_per": size})
        async for rows in result.partitions(size):
            yield [FeedRow._make(row) for row in rows]

    def _rows(self, statement: Select[Any], layout: str, order: ExportOrder) -> Select[Any]:
        joined = statement.select_from(source_rows).join(products, products.c.sku == source_rows.c.sku)
        return joined.where(source_rows.c.layout == layout, _still_there(), *self._chosen(order))

    def _chosen(self, order: ExportOrder) -> Iterable[ColumnElement[bool]]:
        if order.skus:
            yield self._dialect.among(products.c.sku, list(order.skus))
        if order.category is not None:
            paths = {fold(order.category), " > ".join(p.strip() for p in fold(order.category).split("/"))}
            yield or_(
                *(
                    condition
                    for path in sorted(paths)
                    for condition in (
                        products.c.category_key == path,
                        and_(products.c.category_key >= f"{path} > ", products.c.category_key < f"{path} >!"),
                    )
                )
            )

    async def left_out(self, layout: str, order: ExportOrder, limit: int) -> tuple[int, Sequence[str]]:
        """How many products have no row in the feed, and the first of them."""
        without = and_(
            ~exists().where(source_rows.c.sku == products.c.sku, source_rows.c.layout == layout),
            products.c.status == "active",
            *self._chosen(order),
        )
        found = await self._session.execute(select(func.count()).select_from(products).where(without))
        number: int = found.scalar_one()
        if not number:
            return 0, ()
        named = await self._session.execute(
            select(products.c.sku).where(without).order_by(products.c.sku).limit(limit)
        )
        return number, tuple(named.scalars())

    async def any_by_model(self, order: ExportOrder) -> bool:
        """Whether a language model wrote any text of this order."""
        found = await self._session.execute(
            select(copies.c.id)
            .join(products, products.c.sku == copies.c.sku)
            .where(
                copies.c.status.in_((order.status, "stale")),
                copies.c.data.contains('"authorship":"llm'),
                *self._chosen(order),
            )
            .limit(1)
        )
        return found.first() is not None

    # -- products and texts ------------------------------------------------------------------------------------

    async def count_products(self, order: ExportOrder) -> int:
        """How many products an export of our own has."""
        chosen = select(func.count()).select_from(products).where(and_(True, *self._chosen(order)))
        number: int = (await self._session.execute(chosen)).scalar_one()
        return number

    async def products(self, order: ExportOrder, after: str, limit: int) -> Sequence[StoredRow]:
        """Products in order of SKU, as they are stored."""
        found = await self._session.execute(
            select(products.c.sku, products.c.title, products.c.status, products.c.data)
            .where(products.c.sku > after, *self._chosen(order))
            .order_by(products.c.sku)
            .limit(limit)
        )
        return [StoredRow._make(row) for row in found]

    async def texts(self, skus: Sequence[str], status: str, now: datetime) -> Mapping[str, Sequence[Text]]:
        """SKU → its texts in a state, of each place the newest. Of published ones those that stand on the shelf now.

        A text that stands there may be stale meanwhile: what is shown of it is the caller's to find out.
        """
        states = ("published", "stale") if status == "published" else (status,)
        found = await self._session.execute(
            select(*_TEXT)
            .where(self._dialect.among(copies.c.sku, skus), copies.c.status.in_(states))
            .order_by(copies.c.sku, copies.c.id.desc(), copies.c.version.desc())
        )
        rows = found.all()
        shown = await self._shown(skus, now) if status == "published" and rows else None
        texts: dict[str, dict[tuple[Any, ...], Text]] = {}
        for row in rows:
            if shown is None or (row[0], row[1]) in shown:
                # Of a place: template, channel, locale, angle and variant.
                texts.setdefault(row[2], {}).setdefault(
                    tuple(row[3:8]),
                    Text(*row[:9], orjson.loads(row[9]), _MAY_BE_SLOT.search(row[9]) is not None),
                )
        return {sku: tuple(by_place.values()) for sku, by_place in texts.items()}

    async def _shown(self, skus: Sequence[str], now: datetime) -> frozenset[tuple[str, int]]:
        """The versions that stand on the shelf now."""
        found = await self._session.execute(
            select(*(publications.c[name] for name in _PUBLICATION))
            .where(self._dialect.among(publications.c.sku, skus), publications.c.ended_at.is_(None))
            .order_by(publications.c.id)
        )
        standing = on_shelf([Publication(**row) for row in found.mappings()], now)
        return frozenset((p.shown.copy_id, p.shown.version) for p in standing.values() if p.shown)

    # -- what was exported -------------------------------------------------------------------------------------

    async def known(self, places: Sequence[str]) -> Mapping[str, Sequence[Exported]]:
        """Place → the texts of ours that were ever written there, oldest first."""
        found = await self._session.execute(
            select(*(exported_texts.c[name] for name in _EXPORTED))
            .where(self._dialect.among(exported_texts.c.place, places))
            .order_by(exported_texts.c.place, exported_texts.c.exported_at, exported_texts.c.version)
        )
        known: dict[str, list[Exported]] = {}
        for row in found:
            known.setdefault(row[0], []).append(Exported(*row))
        return known

    async def known_hashes(self, places: Sequence[str]) -> frozenset[tuple[str, str, str]]:
        """Place, spot and hash of texts that were written there: what need not be stored again."""
        t = exported_texts.c
        found = await self._session.execute(
            select(t.place, t.spot, t.text_hash).where(self._dialect.among(t.place, places))
        )
        return frozenset((place, spot, said) for place, spot, said in found)

    async def any_exported(self) -> bool:
        """Whether any text of ours was ever exported."""
        return (await self._session.execute(select(exported_texts.c.place).limit(1))).first() is not None

    async def remember(self, new: Sequence[Exported], now: datetime) -> None:
        """Store what was written where."""
        statement = self._dialect.insert_new(exported_texts, ("place", "spot", "text_hash"))
        rows = [{name: getattr(one, name) for name in _EXPORTED} for one in new]
        await insert_many(self._session, statement, rows, {"exported_at": now})

    async def originals(self, skus: Sequence[str]) -> Sequence[OriginalRow]:
        """The rows of these products as the shop had them."""
        s = source_rows.c
        found = await self._session.execute(
            select(s.sku, s.layout, s.cells)
            .where(self._dialect.among(s.sku, skus))
            .order_by(s.sku, s.layout, s.ordinal)
        )
        return [OriginalRow._make(row) for row in found]

    async def shapes(self) -> Mapping[str, FeedShape]:
        """Layout → how its newest file was written."""
        newest = select(func.max(imports.c.id)).group_by(imports.c.layout)
        found = await self._session.execute(select(imports).where(imports.c.id.in_(newest)))
        return {row.layout: _shape(row, frozenset()) for row in found}

    async def fields_of(self, versions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], Any]:
        """Copy id and version → its fields."""
        ids = sorted({copy_id for copy_id, _ in versions})
        found = await self._session.execute(
            select(copies.c.id, copies.c.version, copies.c.data).where(self._dialect.among(copies.c.id, ids))
        )
        return {
            (copy_id, version): orjson.loads(data)["fields"]
            for copy_id, version, data in found
            if (copy_id, version) in versions
        }

    # -- what was changed outside ------------------------------------------------------------------------------

    async def add_edits(self, edits: Sequence[OutsideEdit]) -> None:
        """Keep texts that were changed in the shop; one that was met before stays as it is."""
        statement = self._dialect.insert_new(outside_edits, ("place", "spot", "text_hash"))
        rows = [{f.name: getattr(edit, f.name) for f in members(OutsideEdit)} for edit in edits]
        await insert_many(self._session, statement, rows)

    async def edits(
        self, status: str | None, sku: str | None, limit: int, before: str | None
    ) -> Sequence[OutsideEdit]:
        """Texts that were changed in the shop, newest first."""
        e = outside_edits.c
        where: list[ColumnElement[bool]] = [e.status == status] if status else []
        where += [e.sku == sku] if sku else []
        where += [e.id < before] if before else []
        found = await self._session.execute(
            select(outside_edits).where(and_(True, *where)).order_by(e.id.desc()).limit(limit)
        )
        return [OutsideEdit(**row) for row in found.mappings()]

    async def edit(self, edit_id: str) -> OutsideEdit | None:
        """One of them; None where there is none of that id."""
        found = await self._session.execute(select(outside_edits).where(outside_edits.c.id == edit_id))
        row = found.mappings().one_or_none()
        return None if row is None else OutsideEdit(**row)

    async def decide(self, edit_id: str, status: str, actor: str, now: datetime) -> bool:
        """Settle one that is open; False where somebody else has."""
        result = await self._session.execute(
            update(outside_edits)
            .where(outside_edits.c.id == edit_id, outside_edits.c.status == "open")
            .values(status=status, decided_by=actor, decided_at=now)
            .returning(outside_edits.c.id)
        )
        return result.first() is not None


def _still_there() -> ColumnElement[bool]:
    """Not the rows of products that a full import did not list any more: the shop has taken them out of its file."""
    full = imports.alias("full_import")
    gone = exists().where(
        products.c.status == "discontinued",
        full.c.id == products.c.import_id,
        full.c.mode == "full",
        full.c.id != source_rows.c.import_id,
    )
    return ~gone


def _shape(row: Row[Any], encodings: frozenset[str]) -> FeedShape:
    dialect = dict(row.dialect)
    if len(encodings) > 1 and row.format != "jsonl":
        dialect |= {"encoding": "utf-8-sig", "bom": "true"}  # the only one that has all their letters
    return FeedShape(row.format, tuple(row.header), dialect)
