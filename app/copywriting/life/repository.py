"""The SQL of the life of copy: states of versions, publications, and what an import touches."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.codec import decode_copy
from app.copywriting.copy import Authorship, Copy
from app.copywriting.life.preconditions import Deed
from app.copywriting.life.publications import EndedWhy, Publication
from app.storage.tables import audit, copies, disputes, document_citations, products, publications

Key = tuple[str, int]
"""Id and version of a copy."""
_PART = 500
_CITED = and_(document_citations.c.copy_id == copies.c.id, document_citations.c.version == copies.c.version)
_PUBLICATION = tuple(publications.c[field.name] for field in fields(Publication))


class LifeRepository:
    """Reads and writes within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # -- versions ----------------------------------------------------------------------------------------------

    async def version(self, copy_id: str, version: int) -> Copy | None:
        """One version of a copy."""
        found = await self._session.execute(
            select(copies.c.data).where(copies.c.id == copy_id, copies.c.version == version)
        )
        data = found.scalar_one_or_none()
        return None if data is None else decode_copy(data)

    async def versions(self, copy_id: str, limit: int, before: int | None = None) -> Sequence[Copy]:
        """The versions of a copy, newest first; those below `before`."""
        where = [copies.c.id == copy_id]
        if before is not None:
            where.append(copies.c.version < before)
        found = await self._session.execute(
            select(copies.c.data).where(*where).order_by(copies.c.version.desc()).limit(limit)
        )
        return [decode_copy(data) for data in found.scalars()]

    async def makers(self, copy_id: str) -> Sequence[tuple[str, Authorship]]:
        """Who made each version of a copy, and whose words it then was."""
        found = await self._session.execute(
            select(copies.c.data).where(copies.c.id == copy_id).order_by(copies.c.version)
        )
        made = [decode_copy(data) for data in found.scalars()]
        return [(copy.created_by, copy.provenance.authorship) for copy in made]

    async def deeds(self, copy_id: str, since: datetime, limit: int = 20) -> Sequence[Deed]:
        """What people and the system did to a copy after a moment, oldest first."""
        found = await self._session.execute(
            select(audit.c.actor, audit.c.action)
            .where(audit.c.subject == f"copy:{copy_id}", audit.c.at > since)
            .order_by(audit.c.id)
            .limit(limit)
        )
        return [Deed(row.actor, row.action) for row in found]

    async def approved_over(self, dispute_ids: Collection[str], actor: str) -> None:
        """Keep with these disputes who approved over them."""
        if dispute_ids:
            await self._session.execute(
                update(disputes).where(disputes.c.id.in_(dispute_ids)).values(approved_by=actor)
            )

    # -- what facts touch --------------------------------------------------------------------------------------

    async def cited_by(self, skus: Sequence[str]) -> Sequence["CitedFacts"]:
        """The living copies of these products with the ids of the facts that each rests on."""
        found: list[CitedFacts] = []
        for part in _parts(skus):
            rows = await self._session.execute(
                select(copies.c.id, copies.c.version, copies.c.sku, copies.c.cited_facts).where(
                    copies.c.sku.in_(part), copies.c.status != "withdrawn"
                )
            )
            found += (CitedFacts._make(row) for row in rows)
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
            select(copies.c.id, copies.c.version, copies.c.sku, copies.c.status, copies.c.data)
            .where(*where)
            .order_by(copies.c.id, copies.c.version)
            .with_for_update()
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

    # -- publications ------------------------------------------------------------------------------------------

    async def publish(self, publication: Publication) -> None:
        """Add a publication."""
        await self._session.execute(insert(publications), [asdict(publication)])

    async def open_in(self, place: str) -> Sequence[Publication]:
        """The publications of a place that have not ended, oldest first."""
        return await self._publications(publications.c.place == place, publications.c.ended_at.is_(None))

    async def open_of(self, copy_id: str, version: int | None = None) -> Sequence[Publication]:
        """The publications of a copy, or of one version of it, that have not ended, oldest first."""
        where = [publications.c.copy_id == copy_id, publications.c.ended_at.is_(None)]
        if version is not None:
            where.append(publications.c.version == version)
        return await self._publications(*where)

    async def publication(self, publication_id: str) -> Publication | None:
        """A publication by id."""
        found = await self._publications(publications.c.id == publication_id)
        return found[0] if found else None

    async def end(self, ids: Collection[str], why: EndedWhy, by: str, now: datetime) -> int:
        """End those of these publications that have not ended; how many that were."""
        if not ids:
            return 0
        result = await self._session.execute(
            update(publications)
            .where(publications.c.id.in_(ids), publications.c.ended_at.is_(None))
            .values(ended_at=now, ended_by=by, ended_why=why)
        )
        return int(result.rowcount)  # type: ignore[attr-defined]  # UPDATE gives a CursorResult

    async def set_before(self, publication_id: str, before_id: str) -> None:
        """Keep which publication one took the place of."""
        await self._session.execute(
            update(publications).where(publications.c.id == publication_id).values(before_id=before_id)
        )

    async def over(self, now: datetime, limit: int) -> Sequence[Publication]:
        """Publications whose end has come and that nobody ended yet."""
        found = await self._session.execute(
            select(*_PUBLICATION)
            .where(publications.c.ended_at.is_(None), publications.c.ends_at <= now)
            .order_by(publications.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_publication(row) for row in found]

    async def passed_over(self, now: datetime, limit: int) -> Sequence["Passed"]:
        """Base texts that run although a scheduled one of their place has taken over."""
        later = publications.alias("later")
        base = [
            publications.c.ended_at.is_(None),
            publications.c.ends_at.is_(None),
            publications.c.campaign.is_(None),
        ]
        found = await self._session.execute(
            select(*_PUBLICATION, later.c.id.label("successor"))
            .join(later, later.c.place == publications.c.place)
            .where(
                *base,
                later.c.ended_at.is_(None),
                later.c.ends_at.is_(None),
                later.c.campaign.is_(None),
                later.c.starts_at > later.c.published_at,  # scheduled; the others replaced what they found
                later.c.starts_at <= now,
                tuple_(publications.c.starts_at, publications.c.id) < tuple_(later.c.starts_at, later.c.id),
            )
            .order_by(publications.c.id, later.c.starts_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=publications)
        )
        first: dict[str, Passed] = {}
        for row in found:
            values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
            successor = values.pop("successor")
            first.setdefault(row.id, Passed(Publication(**values), successor))
        return list(first.values())

    async def _publications(self, *where: Any) -> Sequence[Publication]:
        found = await self._session.execute(select(*_PUBLICATION).where(*where).order_by(publications.c.id))
        return [_publication(row) for row in found]


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Values in parts that one statement may name."""
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]


class CitedFacts(NamedTuple):
    """A version and the facts that it rests on, " F1 F3 "."""

    id: str
    version: int
    sku: str
    cited: str

    @property
    def key(self) -> Key:
        """What the version is known by."""
        return self.id, self.version


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


class Passed(NamedTuple):
    """A base text that gave way, and the publication that took its place."""

    publication: Publication
    successor: str


def _publication(row: Row[Any]) -> Publication:
    return Publication(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
