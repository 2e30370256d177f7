"""What an index reads of the database: which products there are, which have changed, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.dialects import Dialect
from app.storage.tables import index_leases, product_changes, products


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as it is stored, still encoded: decoding is work for a thread."""

    sku: str
    status: str
    data: str
    facts: str
    version: str


@dataclass(frozen=True, slots=True)
class LogSpan:
    """How far the log of changes reaches: first and last entry, 0 where it is empty."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A transaction that changed products."""

    id: int
    skus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """The right to feed an index, as it stands: `holder` is empty where nobody has it."""

    holder: str
    beat: int
    position: int | None
    renewed_at: datetime


class LeaseRepository:
    """Leases within one session."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    async def find(self, name: str) -> LeaseRow | None:
        """The lease of an index; None where nobody ever had it."""
        found = await self._session.execute(
            select(
                index_leases.c.holder,
                index_leases.c.beat,
                index_leases.c.position,
                index_leases.c.renewed_at,
            ).where(index_leases.c.name == name)
        )
        row = found.one_or_none()
        return None if row is None else LeaseRow(*row)

    async def make(self, name: str) -> None:
        """Make a lease that nobody has, where there is none."""
        await self._session.execute(
            self._dialect.insert_new(index_leases, ["name"]).values(
                name=name, holder="", beat=0, position=None, renewed_at=datetime.now(UTC)
            )
        )

    async def change(self, name: str, seen: LeaseRow, holder: str, position: int | None) -> bool:
        """Write the next beat, if the lease is still as it was seen; whether it was."""
        done = await self._session.execute(
            update(index_leases)
            .where(
                index_leases.c.name == name,
                index_leases.c.holder == seen.holder,
                index_leases.c.beat == seen.beat,
            )
            .values(holder=holder, beat=seen.beat + 1, position=position, renewed_at=datetime.now(UTC))
            .returning(index_leases.c.beat)
        )
        return done.one_or_none() is not None


class IndexRepository:
    """Reads within one session."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    async def log_span(self) -> LogSpan:
        """How far the log of changes reaches."""
        found = await self._session.execute(
            select(func.min(product_changes.c.id), func.max(product_changes.c.id))
        )
        first, last = found.one()
        return LogSpan(first or 0, last or 0)

    async def log_after(self, position: int, limit: int) -> list[LogEntry]:
        """Entries of the log after a position, oldest first."""
        rows = await self._session.execute(
            select(product_changes.c.id, product_changes.c.skus)
            .where(product_changes.c.id > position)
            .order_by(product_changes.c.id)
            .limit(limit)
        )
        return [LogEntry(number, tuple(orjson.loads(skus))) for number, skus in rows]

    async def versions(self, limit: int, after: str | None) -> list[tuple[str, str]]:
        """(SKU, version) in order of SKU, after `after`: equal versions mean equal products."""
        statement = select(products.c.sku, products.c.data_hash, products.c.facts_hash).order_by(
            products.c.sku
        )
        if after is not None:
            statement = statement.where(products.c.sku > after)
        rows = await self._session.execute(statement.limit(limit))
        return [(sku, _version(data_hash, facts_hash)) for sku, data_hash, facts_hash in rows]

    async def count(self) -> int:
        """How many products there are, whatever their status."""
        found = await self._session.execute(select(func.count()).select_from(products))
        number: int = found.scalar_one()
        return number

    async def rows(self, skus: Sequence[str]) -> list[ProductRow]:
        """The products of these SKUs, those that are there."""
        found = await self._session.execute(
            select(
                products.c.sku,
                products.c.status,
                products.c.data,
                products.c.facts,
                products.c.data_hash,
                products.c.facts_hash,
            ).where(self._dialect.among(products.c.sku, skus))
        )
        return [
            ProductRow(sku, status, data, facts, _version(data_hash, facts_hash))
            for sku, status, data, facts, data_hash, facts_hash in found
        ]


def _version(data_hash: str, facts_hash: str) -> str:
    """Half of each hash: 64 bits tell two states of one product apart."""
    return f"{data_hash[:16]}{facts_hash[:16]}"
