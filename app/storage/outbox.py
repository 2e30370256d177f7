"""News for others, written in the transaction of the deed itself: told if and only if it happened.

Each entry is given out to the webhooks that ask for its type right here, so that nobody has to follow the outbox:
what was committed is waiting for its receiver already.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.ids import sortable_id
from app.storage.tables import outbox, webhook_deliveries, webhooks

EVENTS = ("copy.published", "copy.stale", "copy.withdrawn", "webhook.test")
"""What there is to hear; the last one only when it is asked for."""


async def announce(
    session: AsyncSession, event: str, news: Sequence[Mapping[str, Any]], *, at: datetime
) -> None:
    """Add an entry of one type ("copy.published") for each piece of news, for every webhook that listens to it."""
    if not news:
        return
    found = await session.execute(
        select(webhooks.c.id, webhooks.c.events).where(webhooks.c.disabled_at.is_(None))
    )
    listening = [row.id for row in found if event in row.events]
    if listening:  # where nobody listens nothing is kept
        await give_out(session, event, news, listening, at=at)


async def give_out(
    session: AsyncSession,
    event: str,
    news: Sequence[Mapping[str, Any]],
    receivers: Sequence[str],
    *,
    at: datetime,
) -> list[str]:
    """Add entries for these webhooks alone; the ids of their deliveries."""
    entries = [{"type": event, "data": dict(data), "created_at": at} for data in news]
    numbers = (await session.scalars(insert(outbox).returning(outbox.c.id), entries)).all()
    deliveries = [
        {
            "id": sortable_id("wd", at),
            "webhook_id": receiver,
            "event": number,
            "status": "waiting",
            "attempts": 0,
            "next_at": at,
            "created_at": at,
        }
        for receiver in receivers
        for number in numbers
    ]
    await session.execute(insert(webhook_deliveries), deliveries)
    return [str(delivery["id"]) for delivery in deliveries]
