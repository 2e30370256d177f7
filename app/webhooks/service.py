"""The webhooks' use cases: make, list, stop and start receivers; look at deliveries; send again; and sending itself."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.errors import Conflict, Invalid, NotFound, ShelftalkerError
from app.storage.audit import record
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.outbox import EVENTS, give_out
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from app.webhooks import signing
from app.webhooks.addresses import target_of
from app.webhooks.delivery import TIMEOUT_S, Sender, later, next_wait
from app.webhooks.repository import WebhookRepository
from app.webhooks.values import Delivery, DeliveryStatus, Webhook

AT_ONCE = 16
"""Attempts of one process at the same time."""
OF_ONE = 4
"""Of them to one receiver: one that hangs holds up nobody else."""
POLL_S = 1.0
KEPT = timedelta(days=30)
TIDY_S = 3600.0
MOST = 50
"""Receivers that a shop may have: each multiplies what is sent."""
STATUSES: tuple[DeliveryStatus, ...] = ("waiting", "delivered", "failed")
SUBSCRIBABLE = tuple(event for event in EVENTS if not event.startswith("webhook."))


class WebhookService:
    """Receivers of one shop's news. `private` allows addresses of the own network, and plain http.

    `async with service.sending()` sends in the background until it is left; several processes share the work.
    """

    def __init__(
        self,
        database: Database,
        *,
        private: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: random.Random | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._database = database
        self._private = private
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311 - spreads attempts, guards nothing
        self._sender = Sender(private=private, timeout_s=timeout_s)
        self._lease = timedelta(seconds=2 * timeout_s + 30)
        self._nudged = asyncio.Event()

    # -- receivers ---------------------------------------------------------------------------------------------

    async def create(
        self, url: str, events: Sequence[str], actor: str, description: str | None = None
    ) -> Webhook:
        """A new receiver with a new secret. Raises Invalid for a URL that cannot be or an unknown event."""
        target_of(url, private=self._private)
        for position, event in enumerate(events):
            if event not in SUBSCRIBABLE:
                raise Invalid(
                    f"events: no event {event!r}; known are {', '.join(SUBSCRIBABLE)}",
                    pointer=f"/events/{position}",
                )
        now = self._clock()
        webhook = Webhook(
            sortable_id("wh", now),
            url,
            tuple(dict.fromkeys(events)) or SUBSCRIBABLE,
            description,
            actor,
            now,
            signing.new_secret(),
        )
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            await self._database.dialect.lock(session, "webhooks")
            if len(await repository.all()) >= MOST:
                raise Conflict(
                    f"there are {MOST} webhooks already, as many as there may be; remove one first"
                )
            await repository.add(webhook)
            await record(
                session, actor, "webhook.create", f"webhook:{webhook.id}", at=now, after=_shown(webhook)
            )
        return webhook

    async def list(self) -> tuple[Webhook, ...]:
        """Every receiver, oldest first."""
        async with self._database.session() as session:
            return tuple(await WebhookRepository(session).all())

    async def get(self, webhook_id: str) -> Webhook:
        """A receiver. Raises NotFound."""
        async with self._database.session() as session:
            return await _known(WebhookRepository(session), webhook_id)

    async def remove(self, webhook_id: str, actor: str) -> None:
        """Forget a receiver, and what was sent to it. Raises NotFound."""
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            before = await _known(repository, webhook_id)
            await repository.remove(webhook_id)
            await record(
                session,
                actor,
                "webhook.remove",
                f"webhook:{webhook_id}",
                at=self._clock(),
                before=_shown(before),
            )

    async def switch(self, webhook_id: str, *, on: bool, actor: str) -> Webhook:
        """Stop sending, or begin again: what waits is kept meanwhile, news of the meantime is not. Raises NotFound."""
        now = self._clock()
        why = None if on else f"by {actor}"
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            before = await _known(repository, webhook_id)
            if (before.disabled_at is None) == on:
                return before
            await repository.disable(webhook_id, why, now)
            action = "webhook.enable" if on else "webhook.disable"
            await record(session, actor, action, f"webhook:{webhook_id}", at=now)
        self._nudged.set()
        return replace(before, disabled_at=None if on else now, disabled_why=why)

    async def rotate(self, webhook_id: str, actor: str) -> Webhook:
        """A new secret, by which the next attempt is signed. Raises NotFound."""
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            before = await _known(repository, webhook_id)
            after = replace(before, secret=signing.new_secret())
            await repository.set_secret(webhook_id, after.secret)
            await record(session, actor, "webhook.rotate", f"webhook:{webhook_id}", at=self._clock())
        return after

    # -- deliveries --------------------------------------------------------------------------------------------

    async def deliveries(
        self, webhook_id: str, status: str | None, limit: int, cursor: str | None = None
    ) -> Page[Delivery]:
        """What was and is to be sent to a receiver, newest first. Raises NotFound, Invalid (an unknown status)."""
        if status is not None and status not in STATUSES:
            raise Invalid(f"status: {status!r}; known are {', '.join(STATUSES)}", pointer="query/status")
        checked_limit(limit)
        after = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            repository = WebhookRepository(session)
            await _known(repository, webhook_id)
            rows = await repository.page(webhook_id, status, limit + 1, after)
        return page_of(rows, limit, [row.id for row in rows])

    async def test(self, webhook_id: str, actor: str) -> Delivery:
        """Send an event that means nothing, to see whether it arrives. Raises NotFound, Conflict where it is stopped."""
        now = self._clock()
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            webhook = await _known(repository, webhook_id)
            if webhook.disabled_at is not None:
                raise Conflict(f"{webhook_id} is stopped ({webhook.disabled_why}); start it first")
            (delivery_id,) = await give_out(
                session, "webhook.test", [{"asked_by": actor}], [webhook_id], at=now
            )
            found = await repository.delivery(delivery_id)
        if found is None:
            raise AssertionError("what was just written is there")
        self._nudged.set()
        return found

    async def replay(
        self, webhook_id: str, actor: str, *, ids: Sequence[str] | None = None, since: datetime | None = None
    ) -> int:
        """Send again: deliveries by id, or all since a moment, or all that failed; how many.

        The event's id stays, so that a receiver knows what it has seen. Raises NotFound.
        """
        now = self._clock()
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            await _known(repository, webhook_id)
            count = await repository.again(webhook_id, ids, since, now)
            await record(
                session, actor, "webhook.replay", f"webhook:{webhook_id}", at=now, after={"deliveries": count}
            )
        self._nudged.set()
        return count

    # -- sending -----------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send in the background what is due."""
        task = asyncio.create_task(self._keep_sending())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_sending(self) -> None:
        tidied = float("-inf")
        loop = asyncio.get_running_loop()
        under_way: dict[asyncio.Task[None], str] = {}  # → the receiver
        try:
            while True:
                self._nudged.clear()
                with contextlib.suppress(ShelftalkerError):  # a database that is away comes back
                    if loop.time() - tidied > TIDY_S:
                        await self._tidy()
                        tidied = loop.time()
                    for delivery, webhook in await self._claimed(
                        AT_ONCE - len(under_way), busy=set(under_way.values())
                    ):
                        task = asyncio.create_task(self._send(webhook, delivery))
                        under_way[task] = webhook.id
                        task.add_done_callback(under_way.pop)
                        task.add_done_callback(lambda _: self._nudged.set())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._nudged.wait()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def send_due(self) -> int:
        """Send what is due now, once, and wait for it: how many attempts were made."""
        claimed = await self._claimed(AT_ONCE)
        await asyncio.gather(*(self._send(webhook, delivery) for delivery, webhook in claimed))
        return len(claimed)

    async def _claimed(self, room: int, busy: Collection[str] = ()) -> Sequence[tuple[Delivery, Webhook]]:
        if room <= 0:
            return ()
        now = self._clock()
        async with self._database.session() as session:
            due = await WebhookRepository(session).next_due()
        if due is None or due > now:
            return ()  # as nearly always: no writer's turn is taken for it
        async with self._database.transaction() as session:
            repository = WebhookRepository(session)
            deliveries = await repository.claim(now, self._lease, room, OF_ONE, busy)
            receivers = {webhook.id: webhook for webhook in await repository.all()}
        return [(one, receivers[one.webhook_id]) for one in deliveries if one.webhook_id in receivers]

    async def _send(self, webhook: Webhook, delivery: Delivery) -> None:
        attempt = await self._sender.attempt(webhook, delivery)
        now = self._clock()
        wait = None if attempt.gone else next_wait(delivery.attempts + 1, attempt.wait_s, self._chance)
        status: DeliveryStatus = "delivered" if attempt.delivered else "waiting" if wait else "failed"
        with contextlib.suppress(ShelftalkerError):  # the lease ends, and it is sent once more
            async with self._database.transaction() as session:
                repository = WebhookRepository(session)
                await repository.set_outcome(
                    delivery,
                    status,
                    next_at=later(now, wait) if wait and status == "waiting" else None,
                    answer=attempt.answer,
                    detail=attempt.detail,
                    delivered_at=now if attempt.delivered else None,
                )
                heard = not attempt.gone and await repository.heard_since(webhook.id, delivery.created_at)
                if status == "failed" and not heard:
                    why = (
                        "the receiver said 410 Gone"
                        if attempt.gone
                        else f"{delivery.attempts + 1} attempts failed"
                    )
                    await repository.disable(webhook.id, why, now)

    async def _tidy(self) -> None:
        async with self._database.transaction() as session:
            await WebhookRepository(session).forget_before(self._clock() - KEPT)


async def _known(repository: WebhookRepository, webhook_id: str) -> Webhook:
    found = await repository.get(webhook_id)
    if found is None:
        raise NotFound(f"no webhook {webhook_id!r}")
    return found


def _shown(webhook: Webhook) -> dict[str, object]:
    """What the audit may know: not the secret."""
    return {"url": webhook.url, "events": list(webhook.events), "description": webhook.description}
