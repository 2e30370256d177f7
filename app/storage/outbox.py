"""News for others, written in the transaction of the deed itself: told if and only if it happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import outbox


async def announce(
    session: AsyncSession, event: str, news: Sequence[Mapping[str, Any]], *, at: datetime
) -> None:
    """Add an entry of one type ("copy.published") for each piece of news; webhooks take it from there."""
    if news:
        await session.execute(
            insert(outbox), [{"type": event, "data": dict(data), "created_at": at} for data in news]
        )
