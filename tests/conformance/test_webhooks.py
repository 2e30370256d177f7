"""What `WebhookService` promises, on both databases, to a receiver that is a program of its own."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Invalid, NotFound
from app.storage.database import Database
from app.storage.outbox import announce
from app.storage.tables import outbox, webhook_deliveries
from app.webhooks.service import WebhookService
from tests.receiver import Receiver, receiving


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def webhooks(database: Database, clock: Clock) -> WebhookService:
    return WebhookService(database, private=True, clock=clock, timeout_s=3)


async def publish(database: Database, clock: Clock, *ids: str, event: str = "copy.published") -> None:
    async with database.transaction() as session:
        await announce(session, event, [{"id": one} for one in ids], at=clock())


async def test_news_arrive_signed_as_the_standard_has_it(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    await publish(database, clock, "cp_1")
    assert await webhooks.send_due() == 1
    (heard,) = receiver.heard
    assert heard.path == "/hooks?shop=1"
    assert json.loads(heard.body) == {
        "type": "copy.published",
        "timestamp": "2026-11-24T12:00:00Z",
        "data": {"id": "cp_1"},
    }
    # Computed by hand, as a receiver in another language would.
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    message_id, timestamp = heard.headers["webhook-id"], heard.headers["webhook-timestamp"]
    signed = f"{message_id}.{timestamp}.".encode() + heard.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert heard.headers["webhook-signature"] == f"v1,{expected}"
    (delivery,) = (await webhooks.deliveries(webhook.id, None, 10)).items
    assert (delivery.status, delivery.attempts, delivery.answer) == ("delivered", 1, 200)
    assert delivery.event == message_id
    assert await webhooks.send_due() == 0


async def test_what_is_not_committed_is_not_told(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    await webhooks.create(receiver.url, [], "Ada")
    async with database.transaction(keep=False) as session:
        await announce(session, "copy.published", [{"id": "cp_1"}], at=clock())
    assert await webhooks.send_due() == 0
    assert receiver.heard == []


async def test_who_listens_to_one_thing_hears_no_other_and_without_listeners_nothing_is_kept(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    await publish(database, clock, "cp_0")
    await webhooks.create(receiver.url, ["copy.stale"], "Ada")
    await publish(database, clock, "cp_1")
    await publish(database, clock, "cp_2", event="copy.stale")
    await webhooks.send_due()
    assert [json.loads(heard.body)["data"]["id"] for heard in receiver.heard] == ["cp_2"]
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(outbox)) == 1


async def test_a_failure_is_tried_again_later_and_later_with_the_same_id(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    receiver.answers = [500, 503, 200]
    await publish(database, clock, "cp_1")
    assert await webhooks.send_due() == 1
    assert await webhooks.send_due() == 0  # not at once
    clock.on(4)
    assert await webhooks.send_due() == 0
    clock.on(2)
    assert await webhooks.send_due() == 1
    (delivery,) = (await webhooks.deliveries(webhook.id, "waiting", 10)).items
    assert (delivery.attempts, delivery.answer, delivery.detail) == (2, 503, "answered 503")
    assert delivery.next_at is not None
    assert timedelta(seconds=270) <= delivery.next_at - clock() <= timedelta(seconds=330)
    clock.on(331)
    assert await webhooks.send_due() == 1
    assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1
    assert len(receiver.heard) == 3


async def test_a_receiver_that_asks_for_more_time_gets_it(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    await webhooks.create(receiver.url, [], "Ada")
    receiver.answers, receiver.headers = [429], {"Retry-After": "120"}
    await publish(database, clock, "cp_1")
    await webhooks.send_due()
    clock.on(119)
    assert await webhooks.send_due() == 0
    clock.on(2)
    assert await webhooks.send_due() == 1


async def test_after_ten_attempts_in_vain_a_receiver_is_stopped_and_what_failed_can_be_sent_again(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    receiver.answers = [500] * 10
    await publish(database, clock, "cp_1")
    while await webhooks.send_due():
        clock.on(100_000)
    assert len(receiver.heard) == 10
    stopped = await webhooks.get(webhook.id)
    assert stopped.disabled_why == "10 attempts failed"
    await publish(database, clock, "cp_2")  # of the meantime: not told
    with pytest.raises(Conflict, match="stopped"):
        await webhooks.test(webhook.id, "Ada")
    await webhooks.switch(webhook.id, on=True, actor="Ada")
    assert await webhooks.replay(webhook.id, "Ada") == 1
    assert await webhooks.send_due() == 1
    assert json.loads(receiver.heard[-1].body)["data"] == {"id": "cp_1"}
    assert receiver.heard[-1].headers["webhook-id"] == receiver.heard[0].headers["webhook-id"]


async def test_gone_means_no_more(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    receiver.answers = [410]
    await publish(database, clock, "cp_1")
    await webhooks.send_due()
    assert (await webhooks.get(webhook.id)).disabled_why == "the receiver said 410 Gone"


async def test_a_redirect_is_not_followed(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    receiver.answers, receiver.headers = [302], {"Location": receiver.url.replace("/hooks", "/elsewhere")}
    await publish(database, clock, "cp_1")
    await webhooks.send_due()
    assert [heard.path for heard in receiver.heard] == ["/hooks?shop=1"]
    (delivery,) = (await webhooks.deliveries(webhook.id, None, 10)).items
    assert "redirects are not followed" in (delivery.detail or "")


async def test_one_that_hangs_holds_up_nobody_else(
    database: Database, clock: Clock, receiver: Receiver
) -> None:
    webhooks = WebhookService(database, private=True, clock=clock, timeout_s=2)
    with receiving() as slow:
        slow.hang_s = 5
        hanging = await webhooks.create(slow.url, [], "Ada")
        await webhooks.create(receiver.url, [], "Ada")
        await publish(database, clock, *(f"cp_{number}" for number in range(6)))
        async with webhooks.sending(), asyncio.timeout(30):
            while len(receiver.heard) < 6:  # noqa: ASYNC110 - as the receiver sees it
                await asyncio.sleep(0.02)
            assert len(slow.heard) <= 4  # no more than that at once
            while not (await webhooks.deliveries(hanging.id, None, 10)).items[-1].attempts:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    (*_, first) = (await webhooks.deliveries(hanging.id, None, 10)).items
    assert first.detail == "no answer within 2 s"


async def test_two_processes_share_the_work(database: Database, clock: Clock, receiver: Receiver) -> None:
    one, two = (WebhookService(database, private=True, clock=clock) for _ in range(2))
    webhook = await one.create(receiver.url, [], "Ada")
    for number in range(3):
        with_another = await one.create(f"{receiver.url}&n={number}", [], "Ada")
        assert with_another.id != webhook.id
    await publish(database, clock, *(f"cp_{number}" for number in range(4)))
    counts = await asyncio.gather(one.send_due(), two.send_due())
    while more := await one.send_due():
        counts.append(more)
    assert sum(counts) == 16
    assert len({(h.path, h.headers["webhook-id"]) for h in receiver.heard}) == len(receiver.heard) == 16


async def test_a_process_that_died_in_the_middle_is_made_up_for(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    await webhooks.create(receiver.url, [], "Ada")
    await publish(database, clock, "cp_1")
    assert len(await webhooks._claimed(16)) == 1  # and nothing more is heard of whoever took it
    assert await webhooks.send_due() == 0
    clock.on(120)
    assert await webhooks.send_due() == 1


async def test_after_a_rotation_the_new_secret_signs(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    rotated = await webhooks.rotate(webhook.id, "Ada")
    assert rotated.secret != webhook.secret
    assert webhook.secret not in repr(webhook)
    await webhooks.test(webhook.id, "Ada")
    await webhooks.send_due()
    (heard,) = receiver.heard
    key = base64.b64decode(rotated.secret.removeprefix("whsec_"))
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    assert hmac.new(key, signed, hashlib.sha256).digest() == base64.b64decode(
        heard.headers["webhook-signature"].removeprefix("v1,")
    )


async def test_a_name_that_leads_into_the_own_network_is_not_called(
    database: Database, clock: Clock, receiver: Receiver
) -> None:
    allowed = WebhookService(database, private=True, clock=clock)
    webhook = await allowed.create(receiver.url.replace("http://127.0.0.1", "http://localhost"), [], "Ada")
    await publish(database, clock, "cp_1")
    strict = WebhookService(database, private=False, clock=clock)
    with pytest.raises(Invalid):
        await strict.create("https://127.0.0.1/hooks", [], "Ada")
    named = await strict.create("https://localhost/hooks", [], "Ada")  # a name is looked at when it is called
    await publish(database, clock, "cp_2")
    await strict.send_due()
    (delivery,) = (await strict.deliveries(named.id, None, 10)).items
    assert "an address of a private network" in (delivery.detail or "")
    assert receiver.heard == []
    assert all(one.status != "delivered" for one in (await strict.deliveries(webhook.id, None, 10)).items)


async def test_a_removed_one_is_forgotten(
    webhooks: WebhookService, receiver: Receiver, database: Database, clock: Clock
) -> None:
    webhook = await webhooks.create(receiver.url, [], "Ada")
    await publish(database, clock, "cp_1")
    await webhooks.remove(webhook.id, "Ada")
    assert await webhooks.send_due() == 0
    with pytest.raises(NotFound):
        await webhooks.get(webhook.id)
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(webhook_deliveries)) == 0
