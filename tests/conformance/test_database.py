"""What `Database` promises, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text, update

from app.storage.database import Database
from app.storage.tables import api_keys, copy_sentences, idempotency

ROW = {"fingerprint": "f", "sku": "A", "copy_id": "c", "text": "It is blue."}


async def sentences(database: Database) -> list[str]:
    async with database.session() as session:
        return list((await session.execute(select(copy_sentences.c.text))).scalars())


async def test_a_transaction_is_kept_whole(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(insert(copy_sentences), [ROW, ROW | {"text": "It is green."}])
    assert sorted(await sentences(database)) == ["It is blue.", "It is green."]


async def test_nothing_of_a_failed_transaction_is_kept(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            await session.execute(insert(copy_sentences), [ROW])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await fail()
    assert await sentences(database) == []


async def test_a_rehearsal_sees_its_own_writes_and_keeps_none(database: Database) -> None:
    async with database.transaction(keep=False) as session:
        await session.execute(insert(copy_sentences), [ROW])
        assert (await session.execute(select(copy_sentences.c.text))).scalars().all() == ["It is blue."]
    assert await sentences(database) == []


async def test_what_a_reading_session_writes_is_lost(database: Database) -> None:
    async with database.session() as session:
        await session.execute(insert(copy_sentences), [ROW])
    assert await sentences(database) == []


async def test_a_reader_sees_nothing_of_an_open_transaction_and_does_not_wait_for_it(
    database: Database,
) -> None:
    async with database.transaction() as session:
        await session.execute(insert(copy_sentences), [ROW])
        assert await asyncio.wait_for(sentences(database), 2) == []


async def test_writers_at_the_same_time_lose_no_update(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(insert(copy_sentences), [ROW | {"text": "0"}])

    async def add_one() -> None:
        async with database.transaction() as session:
            await database.dialect.lock(session, "count")
            count = int((await session.execute(select(copy_sentences.c.text))).scalar_one())
            await asyncio.sleep(0)
            await session.execute(update(copy_sentences).values(text=str(count + 1)))

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert await sentences(database) == ["20"]


async def test_two_processes_worth_of_writers_wait_for_each_other(
    database: Database, database_url: str
) -> None:
    async with Database(database_url) as other:

        async def write(target: Database, count: int) -> None:
            for _ in range(count):
                async with target.transaction() as session:
                    await session.execute(insert(copy_sentences), [ROW])

        await asyncio.gather(write(database, 20), write(other, 20))
    assert len(await sentences(database)) == 40


async def test_moments_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    row = {"id": "k", "secret_hash": b"\0\xff", "role": "admin", "name": "Ada", "created_at": moment}
    async with database.transaction() as session:
        await session.execute(insert(api_keys), [row])
    async with database.session() as session:
        found = (await session.execute(select(api_keys))).one()
    assert found.created_at == moment
    assert found.created_at.tzinfo is UTC
    assert found.secret_hash == b"\0\xff"


async def test_a_moment_without_zone_is_refused(database: Database) -> None:
    row = {"id": "k", "secret_hash": b"", "role": "admin", "name": "Ada", "created_at": datetime(2026, 1, 1)}  # noqa: DTZ001
    with pytest.raises(Exception, match="without time zone"):
        async with database.transaction() as session:
            await session.execute(insert(api_keys), [row])


async def test_json_keeps_its_order_and_any_letter(database: Database) -> None:
    value = {"z": "1", "a": "\0 \N{SNOWMAN} \"'\\", "m": [None, True, 0.1]}
    row = {"scope": "s", "key": "k", "body_hash": "h", "headers": value, "created_at": datetime.now(UTC)}
    async with database.transaction() as session:
        await session.execute(insert(idempotency), [row])
    async with database.session() as session:
        found = (await session.execute(select(idempotency.c.headers))).scalar_one()
    assert found == value
    assert list(found) == list(value)


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO source_rows (sku, layout, ordinal, import_id, position, line, cells) "
                    "VALUES ('nobody', 'l', 0, 'i', 0, 1, '[]')"
                )
            )


async def test_ping_answers(database: Database) -> None:
    await database.ping()


@pytest.mark.parametrize("text_", ["a_b", "100%", "back\\slash"])
async def test_wildcards_in_what_is_looked_for_are_letters(database: Database, text_: str) -> None:
    async with database.transaction() as session:
        await session.execute(insert(copy_sentences), [ROW | {"text": t} for t in (text_, "axb", "1000")])
    async with database.session() as session:
        found = await session.execute(
            select(copy_sentences.c.text).where(copy_sentences.c.text.contains(text_, autoescape=True))
        )
    assert found.scalars().all() == [text_]
