"""The audit: who did what, when. Written in the transaction of the deed itself; nothing in it is ever changed.

Personal ids (visitors, customers) never stand in it in the clear: whoever records them hands over keyed hashes.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import audit

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered; the HTTP front end sets it."""


async def record(
    session: AsyncSession,
    actor: str,
    action: str,
    subject: str,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry. `action` is domain and verb ("copy.approve"), `subject` kind and id ("copy:cp_1a2b").

    `before` and `after` hold what the deed changed, as JSON values; whole texts only where they are short.
    """
    await record_all(session, actor, action, [(subject, before, after)], at=at)


async def record_all(
    session: AsyncSession,
    actor: str,
    action: str,
    deeds: list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    *,
    at: datetime,
) -> None:
    """As `record`, for many subjects at once: (subject, before, after) each."""
    if not deeds:
        return
    request = REQUEST_ID.get()
    rows = [
        {
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "before": before and dict(before),
            "after": after and dict(after),
            "request_id": request,
        }
        for subject, before, after in deeds
    ]
    await session.execute(insert(audit), rows)
