"""Versions of copies, and what stands or stood on the shelf."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.codec import decode_copy
from app.copywriting.copy import Authorship, Copy
from app.copywriting.life.preconditions import Deed
from app.copywriting.life.publications import EndedWhy, Publication
from app.storage.tables import audit, copies, disputes, publications

_PART = 500
_PUBLISHED = and_(copies.c.id == publications.c.copy_id, copies.c.version == publications.c.version)
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

    async def deeds(self, copy_id: str, version: int, status: str | None, limit: int = 20) -> Sequence[Deed]:
        """What people and the system did to a copy since it was in this version and state, oldest first."""
        found = await self._session.execute(
            select(audit.c.actor, audit.c.action, audit.c.after)
            .where(audit.c.subject == f"copy:{copy_id}")
            .order_by(audit.c.id.desc())
            .limit(limit)
        )
        since: list[Deed] = []
        for row in found:
            after = row.after or {}
            if after.get("version") == version and status in (None, after.get("status")):
                break
            since.insert(0, Deed(row.actor, row.action))
        return since

    async def approved_over(self, dispute_ids: Collection[str], actor: str) -> None:
        """Keep with these disputes who approved over them."""
        if dispute_ids:
            await self._session.execute(
                update(disputes).where(disputes.c.id.in_(dispute_ids)).values(approved_by=actor)
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

    async def shelved(self, skus: Sequence[str]) -> Sequence["Shelved"]:
        """What stands on the shelf or is to stand there, of these products, with the texts."""
        found: list[Shelved] = []
        for start in range(0, len(skus), _PART):
            rows = await self._session.execute(
                select(*_PUBLICATION, copies.c.data)
                .join(copies, _PUBLISHED)
                .where(publications.c.sku.in_(skus[start : start + _PART]), publications.c.ended_at.is_(None))
                .order_by(publications.c.id)
            )
            for row in rows:
                values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
                copy = decode_copy(values.pop("data"))
                found.append(Shelved(Publication(**values), copy))
        return found

    async def history(self, copy_ids: Sequence[str]) -> Sequence[Publication]:
        """Every publication of these copies, oldest first."""
        found: list[Publication] = []
        for start in range(0, len(copy_ids), _PART):
            found += await self._publications(publications.c.copy_id.in_(copy_ids[start : start + _PART]))
        return found

    async def bar(self, publication_ids: Sequence[str]) -> None:
        """Let no rollback bring back what was replaced and is now withdrawn."""
        for start in range(0, len(publication_ids), _PART):
            await self._session.execute(
                update(publications)
                .where(publications.c.id.in_(publication_ids[start : start + _PART]))
                .values(ended_why="withdrawn")
            )

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


class Shelved(NamedTuple):
    """A publication that has not ended, and its text."""

    publication: Publication
    copy: Copy


class Passed(NamedTuple):
    """A base text that gave way, and the publication that took its place."""

    publication: Publication
    successor: str


def _publication(row: Row[Any]) -> Publication:
    return Publication(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
