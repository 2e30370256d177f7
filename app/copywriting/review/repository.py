"""The review's only SQL: assignments, samples, disputes, feedback, and the texts that a sheet shows beside each other."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, and_, func, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.codec import decode_copy
from app.copywriting.copy import Copy
from app.copywriting.review.values import Case, Rating, Sample
from app.storage.dialects import insert_new
from app.storage.tables import (
    copies,
    copy_feedback,
    disputed_words,
    disputes,
    products,
    publications,
    review_samples,
)

T = TypeVar("T")
PART = 500  # ids in one statement


class Edit(NamedTuple):
    """Two versions of a copy, one after the other, and the first there was."""

    first: Copy
    before: Copy
    after: Copy


class ReviewRepository:
    """Reads and writes within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # -- copies ------------------------------------------------------------------------------------------------

    async def newest(self, ids: Sequence[str]) -> Mapping[str, Copy]:
        """The newest version of each copy that there is."""
        found: dict[str, Copy] = {}
        for part in _parts(ids):
            later = copies.alias("later")
            newest = select(func.max(later.c.version)).where(later.c.id == copies.c.id).scalar_subquery()
            rows = await self._session.execute(
                select(copies.c.data).where(copies.c.id.in_(part), copies.c.version == newest)
            )
            found.update((copy.id, copy) for copy in map(decode_copy, rows.scalars()))
        return found

    async def assign(self, keys: Sequence[tuple[str, int]], assignee: str | None) -> int:
        """Give versions to somebody, or to nobody; how many there are."""
        count = 0
        for part in _parts(keys):
            done = await self._session.execute(
                update(copies)
                .where(
                    copies.c.id.in_({key[0] for key in part}), tuple_(copies.c.id, copies.c.version).in_(part)
                )
                .values(assignee=assignee)
            )
            count += done.rowcount  # type: ignore[attr-defined]  # UPDATE gives a CursorResult
        return count

    async def on_shelf_beside(self, shown: Sequence[Copy], now: datetime) -> Mapping[str, Copy]:
        """The base text that stands on the shelf in the place of each copy, by the copy's id."""
        rows = await self._session.execute(
            select(copies.c.data)
            .join(
                publications,
                and_(publications.c.copy_id == copies.c.id, publications.c.version == copies.c.version),
            )
            .where(
                publications.c.sku.in_({copy.sku for copy in shown}),
                publications.c.ended_at.is_(None),
                publications.c.ends_at.is_(None),
                publications.c.campaign.is_(None),
                publications.c.starts_at <= now,
            )
            .order_by(publications.c.starts_at)
        )
        there = {_place(copy): copy for copy in map(decode_copy, rows.scalars())}
        return {copy.id: there[_place(copy)] for copy in shown if _place(copy) in there}

    async def categories(self, skus: Collection[str]) -> Mapping[str, str]:
        """The category of each product, as the shop spells it."""
        found: dict[str, str] = {}
        for part in _parts(sorted(skus)):
            rows = await self._session.execute(
                select(products.c.sku, products.c.category).where(products.c.sku.in_(part))
            )
            found.update((row.sku, row.category) for row in rows)
        return found

    async def titles(self, skus: Sequence[str]) -> Mapping[str, str]:
        """The title of each product that there is."""
        rows = await self._session.execute(
            select(products.c.sku, products.c.title).where(products.c.sku.in_(set(skus)))
        )
        return {row.sku: row.title for row in rows}

    async def versions(self, keys: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Copy]:
        """Versions by id and number, each with the first of its copy."""
        found: dict[tuple[str, int], Copy] = {}
        for part in _parts(keys):
            wanted = {*part, *((copy_id, 1) for copy_id, _ in part)}
            rows = await self._session.execute(
                select(copies.c.data).where(
                    copies.c.id.in_({key[0] for key in part}),
                    tuple_(copies.c.id, copies.c.version).in_(wanted),
                )
            )
            found.update(((copy.id, copy.version), copy) for copy in map(decode_copy, rows.scalars()))
        return found

    async def edits(self, limit: int, after: tuple[str, int] | None = None) -> Sequence[Edit]:
        """Edits by copy, newest copies first; `after`: the key of the last one of the page before."""
        where = [copies.c.version > 1]
        if after is not None:
            where.append(tuple_(copies.c.id, copies.c.version) < tuple_(*map(literal, after)))
        rows = await self._session.execute(
            select(copies.c.id, copies.c.version)
            .where(*where)
            .order_by(copies.c.id.desc(), copies.c.version.desc())
            .limit(limit)
        )
        keys = [(row.id, row.version) for row in rows]
        known = await self.versions([*keys, *((copy_id, version - 1) for copy_id, version in keys)])
        return [
            Edit(known[copy_id, 1], known[copy_id, version - 1], known[copy_id, version])
            for copy_id, version in keys
        ]

    # -- samples -----------------------------------------------------------------------------------------------

    async def add_sample(self, sample: Sample) -> None:
        """Keep a sample that was drawn."""
        row = {**asdict(sample), "sample": sample.drawn}
        await self._session.execute(
            insert(review_samples), [{c.name: row[c.name] for c in review_samples.columns}]
        )

    async def sample(self, sample_id: str, *, locked: bool = False) -> Sample | None:
        """A sample; `locked`: nobody else decides on it until the transaction ends."""
        wanted = select(review_samples).where(review_samples.c.id == sample_id)
        row = (await self._session.execute(wanted.with_for_update() if locked else wanted)).one_or_none()
        return None if row is None else _sample(row)

    async def samples(self, limit: int, before: str | None) -> Sequence[Sample]:
        """Newest first."""
        wanted = select(review_samples).order_by(review_samples.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(review_samples.c.id < before)
        return [_sample(row) for row in await self._session.execute(wanted)]

    async def decide_sample(self, sample: Sample) -> None:
        """Keep what came of a sample."""
        await self._session.execute(
            update(review_samples)
            .where(review_samples.c.id == sample.id)
            .values(
                status=sample.status,
                decisions=dict(sample.decisions),
                refused=dict(sample.refused),
                approved=sample.approved,
                decided_by=sample.decided_by,
                decided_at=sample.decided_at,
            )
        )

    # -- disputes ----------------------------------------------------------------------------------------------

    async def add_case(self, case: Case, words: Collection[str]) -> None:
        """Keep a case; `words`: the folded claims that it is about."""
        row = asdict(case)
        await self._session.execute(insert(disputes), [{c.name: row[c.name] for c in disputes.columns}])
        if words:
            about = [{"words": said, "dispute_id": case.id} for said in sorted(words)]
            await self._session.execute(insert_new(self._session, disputed_words).values(about))

    async def case_about(self, copy_id: str, version: int, field: str, sentence: str) -> Case | None:
        """The case about a sentence of a version, if there is one."""
        found = await self._session.execute(
            _CASES.where(
                disputes.c.copy_id == copy_id,
                disputes.c.version == version,
                disputes.c.field == field,
                disputes.c.sentence == sentence,
            ).limit(1)
        )
        row = found.one_or_none()
        return None if row is None else _case(row)

    async def cases(self, limit: int, before: str | None, copy_id: str | None = None) -> Sequence[Case]:
        """Newest first."""
        wanted = _CASES.order_by(disputes.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(disputes.c.id < before)
        if copy_id is not None:
            wanted = wanted.where(disputes.c.copy_id == copy_id)
        return [_case(row) for row in await self._session.execute(wanted)]

    # -- feedback ----------------------------------------------------------------------------------------------

    async def add_rating(self, rating: Rating) -> None:
        """Keep what somebody says of a version."""
        await self._session.execute(insert(copy_feedback), [asdict(rating)])

    async def ratings(self, limit: int, before: str | None = None) -> Sequence[Rating]:
        """Newest first."""
        wanted = select(copy_feedback).order_by(copy_feedback.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(copy_feedback.c.id < before)
        return [Rating(**row._mapping) for row in await self._session.execute(wanted)]  # noqa: SLF001 - a row's public mapping


_CASES = select(
    disputes,
    select(copies.c.sku)
    .where(copies.c.id == disputes.c.copy_id, copies.c.version == disputes.c.version)
    .scalar_subquery()
    .label("sku"),
)


def _case(row: Row[Any]) -> Case:
    return Case(**{**row._mapping, "sku": row.sku or ""})  # noqa: SLF001 - a row's public mapping


def _sample(row: Row[Any]) -> Sample:
    return Sample(
        id=row.id,
        status=row.status,
        query=row.query,
        seed=row.seed,
        population=tuple((copy_id, version) for copy_id, version in row.population),
        drawn=tuple((copy_id, version) for copy_id, version in row.sample),
        actor=row.actor,
        created_at=row.created_at,
        decisions=row.decisions,
        refused=row.refused,
        approved=row.approved,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def _place(copy: Copy) -> tuple[str, str, str, str, str | None, int]:
    return copy.sku, copy.template, copy.channel, copy.locale, copy.angle, copy.variant


def _parts(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + PART] for start in range(0, len(items), PART))
