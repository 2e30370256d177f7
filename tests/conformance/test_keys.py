"""What `AccessService` promises, on both databases."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from app.access.service import LOCAL, AccessService, KeyTerms
from app.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from app.storage import epochs
from app.storage.audit_trail import AuditTrail
from app.storage.database import Database


async def test_without_a_key_the_local_user_is_admin(database: Database) -> None:
    access = AccessService(database)
    assert not await access.any_keys()
    assert await access.authenticate(None) == LOCAL
    assert LOCAL.role == "admin"


async def test_a_key_names_its_holder_and_closes_the_door(database: Database) -> None:
    access = AccessService(database)
    created = await access.create_key("reviewer", "  Ada   Lovelace ")
    assert re.fullmatch(r"st_[0-9a-z]{12}_[\w-]{43}", created.key)
    caller = await access.authenticate(created.key)
    assert (caller.name, caller.role, caller.key_id) == ("Ada Lovelace", "reviewer", created.id)
    assert await access.any_keys()
    with pytest.raises(Unauthenticated):
        await access.authenticate(None)


async def test_the_secret_is_nowhere_in_the_database(database: Database) -> None:
    access = AccessService(database)
    created = await access.create_key("admin", "Ada")
    assert created.key not in repr(created)
    secret = created.key.rsplit("_", 1)[-1]
    async with database.session() as session:
        rows = (await session.execute(text("SELECT * FROM api_keys"))).all()
    assert created.key not in repr(rows)
    assert secret.encode() not in b"".join(bytes(row.secret_hash) for row in rows)


@pytest.mark.parametrize("key", ["{upper}", "{cut}", "{whole}A", "st_x_y", "", "\ud800", "Bearer {whole}"])
async def test_what_is_no_key_is_refused(database: Database, key: str) -> None:
    access = AccessService(database)
    whole = (await access.create_key("admin", "Ada")).key
    with pytest.raises(Unauthenticated):
        await access.authenticate(key.format(whole=whole, cut=whole[:-1], upper=whole.upper()))


async def test_the_id_of_one_key_with_the_secret_of_another_is_refused(database: Database) -> None:
    access = AccessService(database)
    one, two = await access.create_key("admin", "Ada"), await access.create_key("storefront", "Shop")
    crossed = f"st_{one.id}_{two.key.split('_', 2)[2]}"
    with pytest.raises(Unauthenticated):
        await access.authenticate(crossed)


async def test_a_revoked_key_is_refused_and_does_not_open_the_service_again(database: Database) -> None:
    access = AccessService(database)
    created = await access.create_key("admin", "Ada")
    await access.revoke(created.id)
    await access.revoke(created.id)
    with pytest.raises(Unauthenticated, match="revoked"):
        await access.authenticate(created.key)
    with pytest.raises(Unauthenticated):
        await access.authenticate(None)
    (listed,) = await access.list_keys()
    assert listed.revoked_at is not None


async def test_unknown_roles_and_empty_names_are_refused(database: Database) -> None:
    access = AccessService(database)
    with pytest.raises(Invalid, match="merchandiser"):
        await access.create_key("boss", "Ada")
    with pytest.raises(Invalid, match="name"):
        await access.create_key("admin", " \n ")
    with pytest.raises(NotFound):
        await access.revoke("nothing")


async def test_keys_are_listed_oldest_first(database: Database) -> None:
    access = AccessService(database)
    await asyncio.gather(*(access.create_key("admin", f"Holder {i}") for i in range(10)))
    listed = await access.list_keys()
    assert len({key.id for key in listed}) == 10
    assert [key.created_at for key in listed] == sorted(key.created_at for key in listed)


class Clock:
    """A wall clock that a test moves, and the seconds that it lets pass."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)
        self.seconds = 1000.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(database: Database, clock: Clock) -> AccessService:
    return AccessService(database, clock=clock, monotonic=clock.monotonic)


async def test_a_key_expires(access: AccessService, clock: Clock) -> None:
    created = await access.create_key("admin", "Ada", KeyTerms(expires_at=clock.now + timedelta(hours=1)))
    clock.passes(3599)
    assert (await access.authenticate(created.key)).name == "Ada"
    clock.passes(1)
    with pytest.raises(Unauthenticated, match=r"expired on 2026-11-24 at 09:00 UTC \(Ada\)"):
        await access.authenticate(created.key)
    with pytest.raises(Invalid, match="future"):
        await access.create_key("admin", "Ada", KeyTerms(expires_at=clock.now))


async def test_a_clock_that_is_set_back_revives_nothing(access: AccessService, clock: Clock) -> None:
    ends = clock.now + timedelta(hours=1)
    expiring = await access.create_key("admin", "Ada", KeyTerms(expires_at=ends))
    revoked = await access.create_key("admin", "Bob")
    await access.revoke(revoked.id)
    clock.passes(3601)
    with pytest.raises(Unauthenticated, match="expired"):
        await access.authenticate(expiring.key)
    clock.now -= timedelta(days=365)
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="expired"):
            await access.authenticate(expiring.key)
        with pytest.raises(Unauthenticated, match="revoked"):
            await access.authenticate(revoked.key)
        clock.seconds += 60
    # Nor does it keep one alive that would have ended meanwhile.
    later = await access.create_key("admin", "Cid", KeyTerms(expires_at=ends + timedelta(hours=1)))
    clock.seconds += 7200
    with pytest.raises(Unauthenticated, match="expired"):
        await access.authenticate(later.key)


async def test_rotation_overlaps(access: AccessService, clock: Clock) -> None:
    old = await access.create_key("storefront", "Shop", KeyTerms(None, ("https://shop.example",), 99))
    new = await access.rotate(old.id, overlap_s=60)
    assert (new.role, new.name, new.origins, new.rate_per_minute) == ("storefront", "Shop", old.origins, 99)
    assert new.replaces == old.id
    assert new.key != old.key
    assert new.expires_at is None
    clock.passes(59)
    assert await access.authenticate(old.key)
    assert await access.authenticate(new.key)
    clock.passes(1)
    with pytest.raises(Unauthenticated, match="expired"):
        await access.authenticate(old.key)
    assert await access.authenticate(new.key)
    newest = await access.rotate(new.id, overlap_s=0)
    with pytest.raises(Unauthenticated, match="expired"):
        await access.authenticate(new.key)
    assert await access.authenticate(newest.key)


async def test_a_rotated_key_lives_as_long_as_the_old_one_was_meant_to(
    access: AccessService, clock: Clock
) -> None:
    old = await access.create_key("server", "Shop", KeyTerms(expires_at=clock.now + timedelta(days=90)))
    clock.passes(86_400 * 89.5)
    new = await access.rotate(old.id, overlap_s=86_400)
    assert new.expires_at == clock.now + timedelta(days=90)
    listed = {key.id: key for key in await access.list_keys()}
    assert listed[old.id].expires_at == old.expires_at  # an overlap makes no key last longer
    third = await access.rotate(new.id, expires_at=clock.now + timedelta(days=1))
    assert third.expires_at == clock.now + timedelta(days=1)


async def test_what_cannot_be_rotated(access: AccessService, clock: Clock) -> None:
    with pytest.raises(NotFound):
        await access.rotate("nothing")
    key = await access.create_key("admin", "Ada")
    for seconds in (-1, 31 * 86_400):
        with pytest.raises(Invalid, match="overlap_s"):
            await access.rotate(key.id, overlap_s=seconds)
    outcomes = await asyncio.gather(*(access.rotate(key.id) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
    assert all("rotate that one" in str(outcome) for outcome in outcomes if isinstance(outcome, Conflict))
    await access.revoke(key.id)
    with pytest.raises(Conflict, match="revoked"):
        await access.rotate(key.id)


async def test_a_revocation_holds_on_every_replica_within_two_seconds(database: Database) -> None:
    here, there = AccessService(database), AccessService(database)
    created = await here.create_key("admin", "Ada")
    stays = await here.create_key("admin", "Bob")
    caller = await there.authenticate(created.key)
    await there.authenticate(stays.key)
    await here.revoke(created.id)
    revoked_at = time.monotonic()
    with pytest.raises(Unauthenticated, match="revoked"):
        await here.authenticate(created.key)
    refused_after = None
    while refused_after is None:
        try:
            await there.authenticate(created.key)
            await there.check(caller)
            await asyncio.sleep(0.02)
        except Unauthenticated:
            refused_after = time.monotonic() - revoked_at
        assert time.monotonic() - revoked_at < 2
    with pytest.raises(Unauthenticated, match="revoked"):
        await there.check(caller)
    assert await there.authenticate(stays.key)


async def test_the_first_key_closes_the_door_on_every_replica(database: Database, clock: Clock) -> None:
    here = AccessService(database)
    there = AccessService(database, clock=clock, monotonic=clock.monotonic)
    assert await there.authenticate(None) == LOCAL
    await here.create_key("admin", "Ada")
    clock.passes(1)
    with pytest.raises(Unauthenticated):
        await there.authenticate(None)


async def test_a_held_key_asks_the_database_nothing_and_its_secret_is_not_held(
    database: Database, clock: Clock
) -> None:
    access = AccessService(database, clock=clock, monotonic=clock.monotonic)
    created = await access.create_key("admin", "Ada")
    await access.authenticate(created.key)
    asked = []

    @contextmanager
    def counted() -> Iterator[None]:
        def count(*_: object) -> None:
            asked.append(1)

        engine = database._engine.sync_engine
        event.listen(engine, "before_cursor_execute", count)
        yield
        event.remove(engine, "before_cursor_execute", count)

    with counted():
        for _ in range(100):
            await access.authenticate(created.key)
        with pytest.raises(Unauthenticated):
            await access.authenticate(created.key[:-1] + ("A" if created.key[-1] != "A" else "B"))
    assert asked == []
    held = repr(vars(access._held)) + repr(vars(access))
    assert created.key.split("_", 2)[2] not in held  # it may have a "_" itself


async def test_publishable_keys_name_their_pages(access: AccessService, clock: Clock) -> None:
    terms = KeyTerms(clock.now + timedelta(hours=1), ("HTTPS://Shop.example:443/", "http://localhost:3000"))
    created = await access.create_key("storefront", "Shop", terms)
    assert created.origins == ("https://shop.example", "http://localhost:3000")
    assert await access.authenticate(created.key, "https://shop.example")
    assert await access.authenticate(created.key)  # no page sends it
    for origin in ("https://evil.example", "http://shop.example", "https://shop.example.evil", "null"):
        with pytest.raises(Forbidden, match=r"https://shop\.example"):
            await access.authenticate(created.key, origin)
        assert not await access.is_for_pages_of(origin)
    assert await access.is_for_pages_of("https://shop.example")
    bare = await access.create_key("storefront", "Shop")
    with pytest.raises(Forbidden, match="none"):
        await access.authenticate(bare.key, "https://shop.example")
    await access.revoke(bare.id)
    clock.passes(3600)
    assert not await access.is_for_pages_of("https://shop.example")  # its key has expired


@pytest.mark.parametrize(
    "origin",
    [
        *("", "*", "null", "shop.example", "https://", "https://*.shop.example", "ftp://shop.example"),
        *("https://shop.example/path", "https://u@shop.example", "https://shop.example:x", "https://a b"),
    ],
)
async def test_what_is_no_origin(access: AccessService, origin: str) -> None:
    with pytest.raises(Invalid) as caught:
        await access.create_key("storefront", "Shop", KeyTerms(origins=("https://shop.example", origin)))
    assert [problem.pointer for problem in caught.value.problems] == ["/origins/1"]


async def test_terms_that_make_no_sense(access: AccessService) -> None:
    with pytest.raises(Invalid, match="belongs in no web page"):
        await access.create_key("admin", "Ada", KeyTerms(origins=("https://shop.example",)))
    with pytest.raises(Invalid, match="rate_per_minute"):
        await access.create_key("admin", "Ada", KeyTerms(per_minute=0))


async def test_limits_are_the_keys_own_or_the_roles(database: Database) -> None:
    access = AccessService(database, per_minute={"admin": 2, "reviewer": 0})
    one = await access.authenticate((await access.create_key("admin", "Ada")).key)
    own = await access.authenticate((await access.create_key("admin", "Bob", KeyTerms(per_minute=3))).key)
    free = await access.authenticate((await access.create_key("reviewer", "Cid")).key)
    for caller, allowed in ((one, 2), (own, 3)):
        standings = [await access.take(caller) for _ in range(4)]
        assert sum(s is not None and s.allowed for s in standings) == allowed
    assert await access.take(free) is None
    assert await access.take(LOCAL) is None


async def test_what_is_done_to_keys_is_recorded_without_secrets(
    access: AccessService, database: Database
) -> None:
    created = await access.create_key("admin", "Ada", actor="Root")
    new = await access.rotate(created.id, actor="Ada")
    await access.revoke(created.id, actor="Ada")
    await access.revoke(created.id, actor="Ada")  # does nothing, and nothing is recorded
    entries = [e async for some in AuditTrail(database).after(0) for e in some]
    assert [(e.deed.actor, e.deed.action, e.deed.subject) for e in entries] == [
        ("Root", "key.create", f"key:{created.id}"),
        ("Ada", "key.rotate", f"key:{created.id}"),
        ("Ada", "key.create", f"key:{new.id}"),
        ("Ada", "key.revoke", f"key:{created.id}"),
    ]
    assert created.key.rsplit("_", 1)[-1] not in repr(entries)
    assert (await AuditTrail(database).verify()).broken_at is None


async def test_among_ten_thousand_keys_one_is_found_as_quickly(sqlite_database: Database) -> None:
    """Neither the first call of a key nor a later one depends on how many there are."""
    access = AccessService(sqlite_database)

    async def seconds(key: str, times: int) -> float:
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(times):
                await access.authenticate(key)
            best = min(best, (time.perf_counter() - started) / times)
        return best

    alone = (await access.create_key("admin", "Ada")).key
    before = await seconds(alone, 300)
    rows = [
        {
            "id": f"{n:012d}",
            "hash": b"x" * 32,
            "role": "server",
            "name": "S",
            "at": "2026-11-24 08:00:00.000000",
        }
        for n in range(10_000)
    ]
    async with sqlite_database.transaction() as session:
        insert = "INSERT INTO api_keys (id, secret_hash, role, name, created_at) VALUES (:id, :hash, :role, :name, :at)"
        await session.execute(text(insert), rows)
        await epochs.advance(session, sqlite_database.dialect, "keys")
    last = (await access.create_key("admin", "Bob")).key
    assert (await access.authenticate(last)).name == "Bob"
    assert await seconds(alone, 300) < 5 * before
    first = await access.page_keys(200)
    assert len(first.items) == 200
    async with sqlite_database.session() as session:
        plan = (await session.execute(text("EXPLAIN QUERY PLAN SELECT * FROM api_keys WHERE id = 'a'"))).all()
    assert "SEARCH" in repr(plan)
