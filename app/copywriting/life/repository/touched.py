"""What changed facts touch: versions looked up by the facts that they cite, opened as they are stored."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.life.publications import EndedWhy
from app.storage.tables import copies, document_citations, products, publications

Key = tuple[str, int]
"""Id and version of a copy."""
_PART = 500
_RAW = (copies.c.id, copies.c.version, copies.c.sku, copies.c.status, copies.c.data)
_CITED = and_(document_citations.c.copy_id == copies.c.id, document_citations.c.version == copies.c.version)


class TouchedRepository:
    """Reads and writes within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def cited_by(self, skus: Sequence[str]) -> Sequence["CitedFacts"]:
        """The living copies of these products, held as `opened` holds them, with the ids of the facts of each.

        The text comes along unread: it costs less than asking a second time.
        """
        found: list[CitedFacts] = []
        for part in _parts(skus):
            rows = await self._session.execute(
                select(*_RAW, copies.c.cited_facts)
                .where(copies.c.sku.in_(part), copies.c.status != "withdrawn")
                .order_by(copies.c.id, copies.c.version)
                .with_for_update()
            )
            found += (CitedFacts(RawCopy(*row[:-1]), row[-1]) for row in rows)
        return found

    async def citing_documents(self, skus: Sequence[str]) -> Sequence["CitedStatements"]:
        """The living copies of these products that rest on documents, with the ids of those statements."""
        found: dict[Key, list[str]] = {}
        for part in _parts(skus):
            rows = await self._session.execute(
                select(copies.c.id, copies.c.version, document_citations.c.fact_id)
                .join(document_citations, _CITED)
                .where(copies.c.sku.in_(part), copies.c.status != "withdrawn")
            )
            for row in rows:
                found.setdefault((row.id, row.version), []).append(row.fact_id)
        return [CitedStatements(key, tuple(ids)) for key, ids in found.items()]

    async def citing(self, document_id: str) -> Sequence["Citing"]:
        """The living copies that rest on a document: held, with the statements and what scopes judge products by."""
        rows = await self._session.execute(
            select(copies.c.id, copies.c.version, document_citations.c.fact_id)
            .join(document_citations, _CITED)
            .where(document_citations.c.document_id == document_id, copies.c.status != "withdrawn")
        )
        ids: dict[Key, list[str]] = {}
        for row in rows:
            ids.setdefault((row.id, row.version), []).append(row.fact_id)
        opened = await self.opened(list(ids))
        scopes: dict[str, Row[Any]] = {}
        for part in _parts([copy.sku for copy in opened]):
            of_products = await self._session.execute(
                select(products.c.sku, products.c.brand_key, products.c.category_key).where(
                    products.c.sku.in_(part)
                )
            )
            scopes |= {row.sku: row for row in of_products}
        return [
            Citing(copy, tuple(ids[copy.key]), scopes[copy.sku].brand_key, scopes[copy.sku].category_key)
            for copy in opened
            if copy.sku in scopes
        ]

    async def opened(self, keys: Sequence["Key"]) -> Sequence["RawCopy"]:
        """These versions as they are stored, and nobody else changes them until the transaction ends."""
        wanted = set(keys)
        found: list[RawCopy] = []
        for part in _parts(sorted({copy_id for copy_id, _ in keys})):
            found += await self._raw(copies.c.id.in_(part), copies.c.status != "withdrawn")
        return [copy for copy in found if copy.key in wanted]

    async def opened_of(self, skus: Sequence[str]) -> Sequence["RawCopy"]:
        """As `opened`, all living copies of these products."""
        found: list[RawCopy] = []
        for part in _parts(skus):
            found += await self._raw(copies.c.sku.in_(part), copies.c.status != "withdrawn")
        return found

    async def _raw(self, *where: ColumnElement[bool]) -> Sequence["RawCopy"]:
        rows = await self._session.execute(
            select(*_RAW).where(*where).order_by(copies.c.id, copies.c.version).with_for_update()
        )
        return [RawCopy._make(row) for row in rows]

    async def store(self, changed: Sequence["RawCopy"], now: datetime) -> None:
        """Write these versions, which `opened` gave, with their new state."""
        if not changed:
            return
        await self._session.execute(
            update(copies)
            .where(copies.c.id == bindparam("of_id"), copies.c.version == bindparam("of_version"))
            .values(status=bindparam("to_status"), data=bindparam("to_data"), updated_at=bindparam("at")),
            [
                {
                    "of_id": copy.id,
                    "of_version": copy.version,
                    "to_status": copy.status,
                    "to_data": copy.data,
                    "at": now,
                }
                for copy in changed
            ],
        )

    async def end_of(self, skus: Sequence[str], why: EndedWhy, by: str, now: datetime) -> None:
        """End every publication of these products."""
        for part in _parts(skus):
            await self._session.execute(
                update(publications)
                .where(publications.c.sku.in_(part), publications.c.ended_at.is_(None))
                .values(ended_at=now, ended_by=by, ended_why=why)
            )


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Values in parts that one statement may name."""
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]


class CitedFacts(NamedTuple):
    """A version as it is stored, and the facts that it rests on, " F1 F3 "."""

    copy: "RawCopy"
    cited: str


class CitedStatements(NamedTuple):
    """A version and the statements of documents that it rests on."""

    key: Key
    fact_ids: tuple[str, ...]


class RawCopy(NamedTuple):
    """A version as it is stored: many are opened at once, and few things in them change."""

    id: str
    version: int
    sku: str
    status: str
    data: str

    @property
    def key(self) -> Key:
        """What the version is known by."""
        return self.id, self.version


class Citing(NamedTuple):
    """A version, the statements of one document that it rests on, and what scopes judge its product by."""

    copy: RawCopy
    fact_ids: tuple[str, ...]
    brand_key: str
    category_key: str
