"""The webhooks domain's only SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import outbox, webhook_deliveries, webhooks
from app.webhooks.values import Delivery, DeliveryStatus, Webhook

_D = webhook_deliveries.c


class WebhookRepository:
    """Receivers and deliveries within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # -- receivers ---------------------------------------------------------------------------------------------

    async def add(self, webhook: Webhook) -> None:
        """Store a new one."""
        await self._session.execute(
            insert(webhooks).values(
                id=webhook.id,
                url=webhook.url,
                events=list(webhook.events),
                secret=webhook.secret,
                description=webhook.description,
                created_by=webhook.created_by,
                created_at=webhook.created_at,
            )
        )

    async def all(self) -> Sequence[Webhook]:
        """Every one, oldest first."""
        found = await self._session.execute(select(webhooks).order_by(webhooks.c.id))
        return [_webhook(row) for row in found]

    async def get(self, webhook_id: str) -> Webhook | None:
        """One of them; None for an unknown id."""
        row = (await self._session.execute(select(webhooks).where(webhooks.c.id == webhook_id))).one_or_none()
        return None if row is None else _webhook(row)

    async def remove(self, webhook_id: str) -> None:
        """Forget a receiver and all that was sent to it."""
        await self._session.execute(delete(webhook_deliveries).where(_D.webhook_id == webhook_id))
        await self._session.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    async def disable(self, webhook_id: str, why: str | None, now: datetime) -> None:
        """Send nothing more; with `why` None send again."""
        await self._session.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook_id)
            .values(disabled_at=None if why is None else now, disabled_why=why)
        )

    async def set_secret(self, webhook_id: str, secret: str) -> None:
        """Sign with another secret from now on."""
        await self._session.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(secret=secret))

    # -- deliveries --------------------------------------------------------------------------------------------

    async def page(
        self, webhook_id: str, status: DeliveryStatus | None, limit: int, after: str | None
    ) -> Sequence[Delivery]:
        """Newest first."""
        query = _deliveries().where(_D.webhook_id == webhook_id).order_by(_D.id.desc()).limit(limit)
        if status is not None:
            query = query.where(_D.status == status)
        if after is not None:
            query = query.where(_D.id < after)
        return [_delivery(row) for row in await self._session.execute(query)]

    async def delivery(self, delivery_id: str) -> Delivery | None:
        """One of them; None for an unknown id."""
        row = (await self._session.execute(_deliveries().where(_D.id == delivery_id))).one_or_none()
        return None if row is None else _delivery(row)

    async def claim(
        self, now: datetime, lease: timedelta, limit: int, each: int, busy: Collection[str] = ()
    ) -> Sequence[Delivery]:
        """Deliveries that are due, taken so that nobody else takes them while the lease lasts.

        At most `each` of one receiver and none of those that are `busy`, so that one that hangs does not hold up the
        others.
        """
        rank = func.row_number().over(partition_by=_D.webhook_id, order_by=(_D.next_at, _D.id))
        due = (
            select(_D.id, rank.label("place"))
            .join(webhooks, webhooks.c.id == _D.webhook_id)
            .where(_D.status == "waiting", _D.next_at <= now, webhooks.c.disabled_at.is_(None))
            .where(_D.webhook_id.not_in(busy))
            .subquery()
        )
        wanted = select(due.c.id).where(due.c.place <= each).limit(limit)
        ids = (await self._session.scalars(wanted)).all()
        if not ids:
            return ()
        taken = await self._session.scalars(
            update(webhook_deliveries)
            .where(_D.id.in_(ids), _D.status == "waiting", _D.next_at <= now)
            .values(next_at=now + lease)
            .returning(_D.id)
        )
        found = await self._session.execute(_deliveries().where(_D.id.in_(taken.all())).order_by(_D.id))
        return [_delivery(row) for row in found]

    async def set_outcome(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        *,
        next_at: datetime | None,
        answer: int | None,
        detail: str | None,
        delivered_at: datetime | None,
    ) -> None:
        """What came of an attempt, which is counted."""
        await self._session.execute(
            update(webhook_deliveries)
            .where(_D.id == delivery.id)
            .values(
                status=status,
                attempts=_D.attempts + 1,
                next_at=next_at,
                answer=answer,
                detail=detail,
                delivered_at=delivered_at,
            )
        )

    async def again(
        self, webhook_id: str, ids: Sequence[str] | None, since: datetime | None, now: datetime
    ) -> int:
        """Have deliveries sent again at once: those named, or all that failed, or all since a moment; how many."""
        query = update(webhook_deliveries).where(_D.webhook_id == webhook_id)
        if ids is not None:
            query = query.where(_D.id.in_(ids))
        elif since is not None:
            query = query.where(_D.created_at >= since, _D.status != "waiting")
        else:
            query = query.where(_D.status == "failed")
        done = await self._session.execute(
            query.values(status="waiting", attempts=0, next_at=now, detail=None).returning(_D.id)
        )
        return len(done.all())

    async def next_due(self) -> datetime | None:
        """When the next delivery is due; None where none waits."""
        found: datetime | None = await self._session.scalar(
            select(func.min(_D.next_at))
            .join(webhooks, webhooks.c.id == _D.webhook_id)
            .where(_D.status == "waiting", webhooks.c.disabled_at.is_(None))
        )
        return found

    async def heard_since(self, webhook_id: str, moment: datetime) -> bool:
        """Whether a receiver has taken anything since."""
        found = await self._session.execute(
            select(_D.id)
            .where(_D.webhook_id == webhook_id, _D.status == "delivered", _D.delivered_at >= moment)
            .limit(1)
        )
        return found.first() is not None

    async def forget_before(self, moment: datetime) -> None:
        """Forget what was delivered or given up before a moment, and the news that nobody needs any more."""
        old = (_D.status != "waiting", _D.created_at < moment)
        await self._session.execute(delete(webhook_deliveries).where(*old))
        still = select(_D.event)
        await self._session.execute(
            delete(outbox).where(outbox.c.created_at < moment, outbox.c.id.not_in(still))
        )


def _deliveries() -> Select[tuple[object, ...]]:
    return select(webhook_deliveries, outbox.c.type, outbox.c.data).join(outbox, outbox.c.id == _D.event)


def _webhook(row: Row[tuple[object, ...]]) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        events=tuple(row.events),
        description=row.description,
        created_by=row.created_by,
        created_at=row.created_at,
        secret=row.secret,
        disabled_at=row.disabled_at,
        disabled_why=row.disabled_why,
    )


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event=f"evt_{row.event}",
        type=row.type,
        data=row.data,
        status=row.status,
        attempts=row.attempts,
        next_at=row.next_at,
        answer=row.answer,
        detail=row.detail,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )
