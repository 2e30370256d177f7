"""What the audit promises, on both databases: in the deed's transaction, append-only, without a gap, readable."""

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import Invalid, Unavailable
from app.storage import epochs
from app.storage.audit import REQUEST_ID, Pseudonyms, record, record_all
from app.storage.audit_trail import AuditQuery, AuditTrail
from app.storage.database import Database

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


async def _did(database: Database, *subjects: str, actor: str = "Ada", action: str = "copy.approve") -> None:
    async with database.transaction() as session:
        await record_all(
            session, actor, action, [(s, None, {"status": "approved"}) for s in subjects], at=NOW
        )


async def _all(database: Database) -> list[tuple[int, str]]:
    return [(e.id, e.deed.subject) async for some in AuditTrail(database).after(0) for e in some]


async def test_an_entry_holds_who_when_what_and_the_request(database: Database) -> None:
    token = REQUEST_ID.set("req-1")
    async with database.transaction() as session:
        await record(
            session,
            "Ada",
            "copy.edit",
            "copy:cp_1",
            at=NOW,
            before={"title": "Tee"},
            after={"title": "Té \ud7ff 🥂", "score": 0.1, "big": 2**53, "none": None},
        )
    REQUEST_ID.reset(token)
    (entry,) = (await AuditTrail(database).page(AuditQuery(), 10)).items
    deed = entry.deed
    assert (entry.id, deed.at, deed.actor, deed.action, deed.subject) == (
        1,
        NOW,
        "Ada",
        "copy.edit",
        "copy:cp_1",
    )
    assert deed.request_id == "req-1"
    assert deed.before == {"title": "Tee"}
    assert deed.after == {"title": "Té \ud7ff 🥂", "score": 0.1, "big": 2**53, "none": None}
    assert (await AuditTrail(database).verify()).broken_at is None


async def test_what_is_rolled_back_leaves_neither_entry_nor_gap(database: Database) -> None:
    await _did(database, "copy:1")
    with suppress(RuntimeError):
        async with database.transaction() as session:
            await record(session, "Ada", "copy.approve", "copy:lost", at=NOW)
            raise RuntimeError
    async with database.transaction(keep=False) as session:
        await record(session, "Ada", "copy.approve", "copy:rehearsed", at=NOW)
    await _did(database, "copy:2")
    assert await _all(database) == [(1, "copy:1"), (2, "copy:2")]


async def test_a_savepoint_takes_its_entries_with_it(database: Database) -> None:
    async with database.transaction() as session:
        await record(session, "Ada", "copy.approve", "copy:1", at=NOW)
        with suppress(RuntimeError):
            async with session.begin_nested():
                await record(session, "Ada", "copy.approve", "copy:lost", at=NOW)
                async with session.begin_nested():
                    await record(session, "Ada", "copy.approve", "copy:lost too", at=NOW)
                raise RuntimeError
        async with session.begin_nested():
            await record(session, "Ada", "copy.approve", "copy:2", at=NOW)
    assert [subject for _, subject in await _all(database)] == ["copy:1", "copy:2"]


async def test_many_writers_at_once_number_without_gap_in_the_order_of_commits(database: Database) -> None:
    dice = random.Random(1)  # noqa: S311 - pauses, no secret
    pauses = [dice.uniform(0, 0.01) for _ in range(40)]
    seen: list[int] = []
    done = False

    async def deed(number: int) -> None:
        with suppress(RuntimeError):
            async with database.transaction() as session:
                await record(session, "Ada", "copy.approve", f"copy:{number}", at=NOW)
                await epochs.advance(session, database.dialect, ("copy", "keys")[number % 2])
                if database.dialect.name == "postgresql":  # on SQLite a writer would only keep the others out
                    await asyncio.sleep(pauses[number])
                if number % 4 == 3:
                    raise RuntimeError

    async def reader() -> None:
        while not done:
            async for some in AuditTrail(database).after(seen[-1] if seen else 0):
                seen.extend(entry.id for entry in some)
            await asyncio.sleep(0.002)

    reading = asyncio.create_task(reader())
    await asyncio.gather(*(deed(number) for number in range(40)))
    done = True
    await reading
    verdict = await AuditTrail(database).verify()
    assert (verdict.entries, verdict.broken_at) == (30, None)
    # Whoever reads on while others write misses none.
    async for some in AuditTrail(database).after(seen[-1]):
        seen.extend(entry.id for entry in some)
    assert seen == list(range(1, 31))
    async with database.session() as session:
        assert await epochs.current(session) == {"copy": 20, "keys": 10}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'Eve'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 9, at, actor, action, subject, before, after, request_id, hash FROM audit WHERE id = 1",
        "TRUNCATE audit",
    ],
)
async def test_the_database_refuses_whatever_is_not_the_next_entry(
    database: Database, statement: str
) -> None:
    if statement == "TRUNCATE audit" and database.dialect.name == "sqlite":
        statement = "REPLACE INTO audit SELECT 1, at, 'Eve', action, subject, before, after, request_id, hash FROM audit WHERE id = 1"
    await _did(database, "copy:1", "copy:2")
    with pytest.raises(DBAPIError, match=r"append-only|leaves no number out"):
        async with database.transaction() as session:
            await session.execute(text(statement))
    assert await _all(database) == [(1, "copy:1"), (2, "copy:2")]


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        ("UPDATE audit SET actor = 'Eve' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("UPDATE audit SET after = NULL WHERE id = 3", 3),
    ],
)
async def test_what_was_done_behind_the_triggers_is_found(database: Database, harm: str, broken: int) -> None:
    await _did(database, "copy:1", "copy:2")
    await _did(database, "copy:3")
    async with database.transaction() as session:
        if database.dialect.name == "postgresql":
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            await session.execute(text("DROP TRIGGER audit_no_update"))
            await session.execute(text("DROP TRIGGER audit_no_delete"))
        await session.execute(text(harm))
    verdict = await AuditTrail(database).verify()
    assert verdict.broken_at == broken
    assert str(broken) in (verdict.why or "")


async def test_a_whole_audit_is_known_by_its_last_hash(database: Database) -> None:
    empty = await AuditTrail(database).verify()
    assert (empty.entries, empty.broken_at) == (0, None)
    await _did(database, *(f"copy:{n}" for n in range(1500)))
    verdict = await AuditTrail(database).verify()
    assert (verdict.entries, verdict.broken_at) == (1500, None)
    (last,) = (await AuditTrail(database).page(AuditQuery(), 1)).items
    assert verdict.last_hash == last.hash


async def test_filters_and_pages(database: Database) -> None:
    await _did(database, "copy:1", "copy:2")
    await _did(database, "copy:1", actor="Bob", action="copy.publish")
    async with database.transaction() as session:
        await record(session, "Bob", "copyright.check", "copy:3", at=NOW + timedelta(hours=1))
    trail = AuditTrail(database)

    async def ids(**query: object) -> list[int]:
        return [entry.id for entry in (await trail.page(AuditQuery(**query), 50)).items]  # type: ignore[arg-type]

    assert await ids() == [4, 3, 2, 1]
    assert await ids(actor="Bob") == [4, 3]
    assert await ids(action="copy.approve") == [2, 1]
    assert await ids(action="copy") == [3, 2, 1]  # the domain, and no other that begins like it
    assert await ids(action="c%") == []
    assert await ids(subject="copy:1") == [3, 1]
    assert await ids(since=NOW + timedelta(minutes=1)) == [4]
    assert await ids(until=NOW + timedelta(hours=1)) == [3, 2, 1]
    first = await trail.page(AuditQuery(action="copy"), 2)
    rest = await trail.page(AuditQuery(action="copy"), 2, first.next_cursor)
    assert [e.id for e in (*first.items, *rest.items)] == [3, 2, 1]
    assert rest.next_cursor is None
    with pytest.raises(Invalid, match="after"):
        await trail.page(AuditQuery(since=NOW, until=NOW), 10)
    with pytest.raises(Invalid, match="another list"):
        await trail.page(AuditQuery(), 10, "InRoaW5nIg")


def test_a_person_is_one_word_that_says_nothing() -> None:
    asked = []

    def key() -> bytes:
        asked.append(1)
        return b"k" * 32

    name = Pseudonyms(key)
    assert asked == []
    assert name("visitor-1") == name("visitor-1") != name("visitor-2")
    assert name("visitor-1").startswith("p_")
    assert "visitor" not in name("visitor-1")
    assert Pseudonyms(lambda: b"q" * 32)("visitor-1") != name("visitor-1")
    assert asked == [1]


async def test_a_locked_audit_is_an_unavailable_database(postgres_url: str) -> None:
    """Whoever holds the turn too long makes the others give up, and nothing of theirs is kept."""
    async with Database(postgres_url, wait_s=0.3) as database, database.transaction() as holder:
        await database.dialect.lock(holder, "audit")
        with pytest.raises(Unavailable):
            await _did(database, "copy:1")
