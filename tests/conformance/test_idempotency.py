"""What `IdempotencyStore` promises, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Conflict
from app.storage.database import Database
from app.storage.idempotency import ABANDONED, KEPT, IdempotencyStore, StoredAnswer

ANSWER = StoredAnswer(201, {"content-type": "application/json"}, b'{"id": "\xc3\xa9"}\0')


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_the_first_works_and_later_ones_get_its_answer(database: Database) -> None:
    store = IdempotencyStore(database)
    assert await store.begin("k1", "order-1", "body") is None
    await store.finish("k1", "order-1", ANSWER)
    assert await store.begin("k1", "order-1", "body") == ANSWER
    assert await IdempotencyStore(database).begin("k1", "order-1", "body") == ANSWER


async def test_another_body_is_a_conflict_before_and_after_the_answer(database: Database) -> None:
    store = IdempotencyStore(database)
    await store.begin("k1", "order-1", "body")
    with pytest.raises(Conflict, match="another request"):
        await store.begin("k1", "order-1", "other")
    await store.finish("k1", "order-1", ANSWER)
    with pytest.raises(Conflict, match="another request"):
        await store.begin("k1", "order-1", "other")


async def test_a_request_in_progress_is_a_conflict(database: Database) -> None:
    store = IdempotencyStore(database)
    await store.begin("k1", "order-1", "body")
    with pytest.raises(Conflict, match="still being worked on"):
        await store.begin("k1", "order-1", "body")


async def test_of_many_at_once_one_works(database: Database) -> None:
    store = IdempotencyStore(database)
    outcomes = await asyncio.gather(
        *(store.begin("k1", "order-1", "body") for _ in range(12)), return_exceptions=True
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 11


async def test_a_key_given_back_is_free_again(database: Database) -> None:
    store = IdempotencyStore(database)
    await store.begin("k1", "order-1", "body")
    await store.abandon("k1", "order-1")
    assert await store.begin("k1", "order-1", "other") is None


async def test_giving_back_takes_no_answer_away(database: Database) -> None:
    store = IdempotencyStore(database)
    await store.begin("k1", "order-1", "body")
    await store.finish("k1", "order-1", ANSWER)
    await store.abandon("k1", "order-1")
    assert await store.begin("k1", "order-1", "body") == ANSWER


async def test_keys_of_two_callers_have_nothing_in_common(database: Database) -> None:
    store = IdempotencyStore(database)
    await store.begin("k1", "order-1", "body")
    assert await store.begin("k2", "order-1", "other") is None


async def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    clock = Clock()
    store = IdempotencyStore(database, clock=clock)
    await store.begin("k1", "order-1", "body")
    await store.finish("k1", "order-1", ANSWER)
    clock.now += KEPT - timedelta(seconds=1)
    assert await store.begin("k1", "order-1", "body") == ANSWER
    clock.now += timedelta(seconds=2)
    assert await store.begin("k1", "order-1", "other") is None


async def test_what_a_dead_process_reserved_is_taken_over(database: Database) -> None:
    clock = Clock()
    await IdempotencyStore(database, clock=clock).begin("k1", "order-1", "body")
    clock.now += ABANDONED + timedelta(seconds=1)
    assert await IdempotencyStore(database, clock=clock).begin("k1", "order-1", "body") is None
