"""Products with their facts and source rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Insert, Row, Select, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.codec import decode_facts, decode_localized, decode_product
from app.catalog.planning import Before, Planned
from app.catalog.reading import Encoded
from app.catalog.repository.changes import log_changes
from app.catalog.repository.filters import conditions
from app.catalog.stored import ProductQuery, StoredProduct
from app.catalog.text import fold
from app.storage.bulk import insert_many
from app.storage.dialects import Dialect
from app.storage.tables import copy_sentences, products, source_rows
from retrieval.facts import Fact

_STORED = (
    products.c.data,
    products.c.facts,
    products.c.facts_hash,
    products.c.created_at,
    products.c.updated_at,
    products.c.import_id,
)
_BEFORE = (
    products.c.data,
    products.c.data_hash,
    products.c.facts,
    products.c.facts_hash,
    products.c.fact_ids,
    products.c.facts_rules,
)
_DRAWN = ("facts", "localized_facts", "fact_ids", "facts_hash", "facts_rules")
_KEPT_ON_UPDATE = frozenset({"sku", "created_at"})
_INSERT_ROWS = insert(source_rows)
_UPSERTS: dict[str, Insert] = {}  # by dialect


class Stamp(NamedTuple):
    """Hash of a stored product and the version of the rules its facts were drawn by.

    Equal stamps mean equal products and equal facts. A tuple, because a batch compares hundreds.
    """

    data_hash: str
    facts_rules: str


class ProductRepository:
    """Products within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    async def lock(self) -> None:
        """Wait for other writers of the catalog: what is compared now must still hold when it is written."""
        await self._dialect.lock(self._session, "catalog")

    async def get(self, sku: str) -> StoredProduct | None:
        """A product; None where there is none of that SKU."""
        row = (await self._session.execute(select(*_STORED).where(products.c.sku == sku))).one_or_none()
        return None if row is None else _stored(row)

    async def localized_facts(self, sku: str) -> Mapping[str, tuple[Fact, ...]]:
        """Locale → facts, for the locales in which the product has words of its own."""
        found = await self._session.execute(select(products.c.localized_facts).where(products.c.sku == sku))
        text = found.scalar_one_or_none()
        return {} if text is None else decode_localized(text)

    async def page(self, query: ProductQuery, limit: int, after: str | None) -> Sequence[StoredProduct]:
        """Products in order of SKU, after `after`."""
        statement = _where(select(*_STORED), query).order_by(products.c.sku).limit(limit)
        if after is not None:
            statement = statement.where(products.c.sku > after)
        return [_stored(row) for row in await self._session.execute(statement)]

    async def count(self, query: ProductQuery) -> int:
        """How many products a query finds."""
        found = await self._session.execute(_where(select(func.count()).select_from(products), query))
        number: int = found.scalar_one()
        return number

    async def near(self, sku: str, limit: int) -> Sequence[str]:
        """SKUs that stand beside this one in order, and those of products that mention it (as a variant)."""
        before = (
            select(products.c.sku).where(products.c.sku < sku).order_by(products.c.sku.desc()).limit(limit)
        )
        after = select(products.c.sku).where(products.c.sku >= sku).order_by(products.c.sku).limit(limit)
        mention = (
            select(products.c.sku).where(products.c.search.contains(fold(sku), autoescape=True)).limit(limit)
        )
        found: dict[str, None] = {}
        for statement in (mention, before, after):
            found.update(dict.fromkeys((await self._session.execute(statement)).scalars()))
        return list(found)

    async def stamps(self, skus: Sequence[str]) -> Mapping[str, Stamp]:
        """SKU → what tells whether the stored product is another than before."""
        rows = await self._session.execute(
            select(products.c.sku, products.c.data_hash, products.c.facts_rules).where(
                self._dialect.among(products.c.sku, skus)
            )
        )
        return {sku: Stamp(data_hash, rules) for sku, data_hash, rules in rows}

    async def before(self, skus: Sequence[str]) -> Mapping[str, Before]:
        """The stored products of these SKUs as imports compare them."""
        rows = await self._session.execute(
            select(products.c.sku, *_BEFORE).where(self._dialect.among(products.c.sku, skus))
        )
        return {row[0]: Before(*row[1:]) for row in rows}

    async def own_sentences(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """SKU → the sentences that we wrote about it."""
        found: dict[str, list[str]] = {}
        rows = await self._session.execute(
            select(copy_sentences.c.sku, copy_sentences.c.text)
            .where(self._dialect.among(copy_sentences.c.sku, skus))
            .order_by(copy_sentences.c.id)
        )
        for sku, sentence in rows:
            found.setdefault(sku, []).append(sentence)
        return found

    async def write(self, planned: Sequence[Planned], *, import_id: str | None, now: datetime) -> None:
        """Create or replace products."""
        stamp = {"import_id": import_id, "created_at": now, "updated_at": now}
        await insert_many(self._session, self._upsert(), [item.columns for item in planned], stamp)
        await log_changes(self._session, [item.sku for item in planned], now)

    def _upsert(self) -> Insert:
        """The same statement for all batches, so that it is compiled once."""
        name = self._dialect.name
        if name not in _UPSERTS:
            replaced = [column.name for column in products.columns if column.name not in _KEPT_ON_UPDATE]
            _UPSERTS[name] = self._dialect.upsert(products, ("sku",), replaced)
        return _UPSERTS[name]

    async def write_rows(
        self, planned: Sequence[tuple[Planned, Encoded]], *, import_id: str, layout: str
    ) -> None:
        """Replace the source rows of products that a feed of this layout brought before."""
        known = [item.sku for item, _ in planned if item.outcome != "created"]
        if known:
            await self._session.execute(
                delete(source_rows).where(
                    self._dialect.among(source_rows.c.sku, known), source_rows.c.layout == layout
                )
            )
        await self._insert_rows([source for _, source in planned], import_id, layout)

    async def refresh_rows(self, unchanged: Sequence[Encoded], *, import_id: str, layout: str) -> None:
        """Replace the source rows of products that are as they were where the rows are not.

        Cells that say nothing about a product (settings of the shop, its own columns) change too, and an export gives
        them back.
        """
        if not unchanged:
            return
        stored: dict[str, list[str]] = {}
        found = await self._session.execute(
            select(source_rows.c.sku, source_rows.c.cells)
            .where(
                self._dialect.among(source_rows.c.sku, [item.sku for item in unchanged]),
                source_rows.c.layout == layout,
            )
            .order_by(source_rows.c.sku, source_rows.c.ordinal)
        )
        for sku, cells in found:
            stored.setdefault(sku, []).append(cells)
        changed = [item for item in unchanged if stored.get(item.sku, []) != [row.cells for row in item.rows]]
        if changed:
            await self._session.execute(
                delete(source_rows).where(
                    self._dialect.among(source_rows.c.sku, [item.sku for item in changed]),
                    source_rows.c.layout == layout,
                )
            )
            await self._insert_rows(changed, import_id, layout)

    async def _insert_rows(self, sources: Sequence[Encoded], import_id: str, layout: str) -> None:
        rows = [
            {
                "sku": source.sku,
                "ordinal": ordinal,
                "position": source.position,
                "line": row.line,
                "cells": row.cells,
            }
            for source in sources
            for ordinal, row in enumerate(source.rows)
        ]
        shared = {"layout": layout, "import_id": import_id}
        await insert_many(self._session, _INSERT_ROWS, rows, shared)

    async def active_skus(self, limit: int, after: str | None) -> Sequence[str]:
        """SKUs of active products in order, after `after`."""
        statement = select(products.c.sku).where(products.c.status == "active").order_by(products.c.sku)
        if after is not None:
            statement = statement.where(products.c.sku > after)
        return (await self._session.execute(statement.limit(limit))).scalars().all()

    async def set_data(
        self, changed: Sequence[tuple[str, str, str, str]], import_id: str, now: datetime
    ) -> None:
        """Store (SKU, status, data, hash) of products whose facts did not change."""
        for sku, status, data, data_hash in changed:
            await self._session.execute(
                update(products)
                .where(products.c.sku == sku)
                .values(status=status, data=data, data_hash=data_hash, import_id=import_id, updated_at=now)
            )
        await log_changes(self._session, [sku for sku, _, _, _ in changed], now)

    async def set_facts(self, planned: Sequence[Planned], now: datetime) -> None:
        """Store the facts of products that are otherwise as they were, whichever import brought them."""
        for item in planned:
            drawn = {name: item.columns[name] for name in _DRAWN}
            await self._session.execute(
                update(products).where(products.c.sku == item.sku).values(**drawn, updated_at=now)
            )
        await log_changes(self._session, [item.sku for item in planned], now)

    async def delete(self, sku: str, now: datetime) -> bool:
        """Remove a product with its facts and source rows; False where there is none."""
        result = await self._session.execute(
            delete(products).where(products.c.sku == sku).returning(products.c.sku)
        )
        if result.first() is None:
            return False
        await log_changes(self._session, [sku], now)
        return True


def _where(statement: Select[Any], query: ProductQuery) -> Select[Any]:
    return statement.where(and_(True, *conditions(query)))


def _stored(row: Row[str, str, str, datetime, datetime, str | None]) -> StoredProduct:
    data, facts, facts_hash, created_at, updated_at, import_id = row
    return StoredProduct(
        decode_product(data), decode_facts(facts), facts_hash, created_at, updated_at, import_id
    )
