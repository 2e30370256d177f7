"""What `AccessService` promises, on both databases."""

import asyncio
import re

import pytest
from sqlalchemy import text

from app.access.service import LOCAL, AccessService
from app.errors import Invalid, NotFound, Unauthenticated
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
