"""Campaigns, summed up over their publications."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.life.calendar import Campaign, Overlap, state_of
from app.storage.tables import publications

_OVERLAPS = 20
"""Other campaigns that one names at most, those with the most places first."""


class CalendarRepository:
    """Reads within one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def campaigns(
        self, since: datetime | None, until: datetime | None, now: datetime, limit: int, after: str | None
    ) -> Sequence[Campaign]:
        """Campaigns by name that have a text in this span; texts that were given other dates do not count."""
        p = publications.c
        where = [p.campaign.is_not(None), or_(p.ended_why.is_(None), p.ended_why != "rescheduled")]
        where += [] if after is None else [p.campaign > after]
        where += [] if until is None else [p.starts_at < until]
        where += [] if since is None else [or_(p.ends_at.is_(None), p.ends_at > since), or_(p.ended_at.is_(None), p.ended_at > since)]  # fmt: skip
        found = await self._session.execute(
            select(
                p.campaign,
                func.min(p.starts_at).label("starts_at"),
                func.max(p.ends_at).label("ends_at"),
                func.sum(case((p.ends_at.is_(None), 1), else_=0)).label("endless"),
                func.sum(case((p.ended_at.is_(None), 1), else_=0)).label("open"),
                func.max(p.time_zone).label("time_zone"),
                func.count().label("texts"),
                func.count(p.sku.distinct()).label("products"),
            )
            .where(*where)
            .group_by(p.campaign)
            .order_by(p.campaign)
            .limit(limit)
        )
        return [await self._campaign(row, now) for row in found.all()]

    async def _campaign(self, row: Row, now: datetime) -> Campaign:  # type: ignore[type-arg]
        ends_at = None if row.endless else row.ends_at
        return Campaign(
            campaign=row.campaign,
            starts_at=row.starts_at,
            ends_at=ends_at,
            time_zone=row.time_zone,
            texts=row.texts,
            products=row.products,
            state=state_of(row.starts_at, ends_at, now, open_texts=row.open),
            overlaps=await self._overlaps(row.campaign),
        )

    async def _overlaps(self, campaign: str) -> tuple[Overlap, ...]:
        """Texts of other campaigns, or with an end alone, in the same places at the same time; open ones."""
        one, other = publications.c, publications.alias("other").c
        found = await self._session.execute(
            select(
                other.campaign,
                func.count(other.place.distinct()).label("places"),
                func.min(other.starts_at).label("starts_at"),
                func.max(other.ends_at).label("ends_at"),
                func.sum(case((other.ends_at.is_(None), 1), else_=0)).label("endless"),
                func.min(other.sku).label("example"),
            )
            .where(
                one.campaign == campaign,
                one.ended_at.is_(None),
                other.place == one.place,
                other.id != one.id,
                other.ended_at.is_(None),
                or_(other.campaign.is_not(None), other.ends_at.is_not(None)),
                or_(other.campaign.is_(None), other.campaign != campaign),
                or_(one.ends_at.is_(None), other.starts_at < one.ends_at),
                or_(other.ends_at.is_(None), one.starts_at < other.ends_at),
            )
            .group_by(other.campaign)
            .order_by(func.count(other.place.distinct()).desc(), other.campaign)
            .limit(_OVERLAPS)
        )
        return tuple(
            Overlap(
                row.campaign, row.places, row.starts_at, None if row.endless else row.ends_at, row.example
            )
            for row in found
        )
