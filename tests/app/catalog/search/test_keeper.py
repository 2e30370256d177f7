"""The index follows the database, whoever writes it and whatever happens to its files."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app.errors import Unavailable
from app.storage.database import Database
from tests.app.catalog.search.conftest import Shop, opened, until
from tests.builders import a_product, csv_file


async def put(shop: Shop, *products) -> None:
    for product in products:
        await shop.catalog.put_product(product.sku, product)


async def test_what_is_put_is_found_within_a_second(shop: Shop) -> None:
    await shop.ready()
    await put(shop, a_product("TS-1", "Meadow Tee"), a_product("MUG-1", "Blue Mug"))
    await shop.finds("meadow tee", ["TS-1"])
    await shop.finds("mug", ["MUG-1"])


async def test_what_was_there_before_the_start_is_found(database: Database, folder: Path) -> None:
    early = Shop(database, folder)
    await put(early, *(a_product(f"P-{i}", f"Lantern {i}") for i in range(120)))
    async with opened(database, folder) as shop:
        await shop.ready()
        assert len(await shop.found("lantern", limit=200)) == 120
        assert shop.keeper.status().products == 120


async def test_a_changed_product_is_found_by_its_new_words_alone(shop: Shop) -> None:
    await put(shop, a_product("TS-1", "Meadow Tee"))
    await shop.finds("meadow", ["TS-1"])
    await put(shop, a_product("TS-1", "Harbour Tee"))
    await shop.finds("harbour", ["TS-1"])
    assert await shop.found("meadow") == []


async def test_a_deleted_product_is_gone_within_a_second(shop: Shop) -> None:
    await put(shop, a_product("TS-1", "Meadow Tee"), a_product("TS-2", "Meadow Shirt"))
    await shop.finds("meadow", ["TS-1", "TS-2"])
    await shop.catalog.delete_product("TS-1")
    await shop.finds("meadow", ["TS-2"])


async def test_discontinued_products_are_found_where_they_are_asked_for(shop: Shop) -> None:
    await put(shop, a_product("TS-1", "Meadow Tee"), a_product("TS-2", "Meadow Shirt", status="discontinued"))
    await shop.finds("meadow", ["TS-1"])
    await shop.finds("meadow", ["TS-2"], status="discontinued")
    await put(shop, a_product("TS-2", "Meadow Shirt"))
    await shop.finds("meadow", ["TS-1", "TS-2"])
    assert await shop.found("meadow", status="discontinued") == []


async def test_changes_of_another_process_are_followed(
    shop: Shop, database: Database, tmp_path: Path
) -> None:
    await shop.ready()
    other = Shop(database, tmp_path / "elsewhere")  # it nudges nobody but its own index, which does not run
    await put(other, a_product("TS-1", "Meadow Tee"))
    await shop.finds("meadow", ["TS-1"])
    await other.catalog.delete_product("TS-1")
    await shop.finds("meadow", [])


async def test_a_saved_index_is_read_and_only_what_changed_is_read_again(
    database: Database, folder: Path
) -> None:
    async with opened(database, folder) as first:
        await put(first, *(a_product(f"P-{i}", f"Lantern {i}") for i in range(60)))
        await first.finds("lantern", [f"P-{i}" for i in range(60)], limit=100)
    away = Shop(database, folder)
    await put(away, a_product("P-1", "Candle"), a_product("NEW", "Lantern of the new kind"))
    await away.catalog.delete_product("P-2")
    again = Shop(database, folder)
    read: list[int] = []
    async with again.keeper:
        await again.keeper.catch_up(lambda _done, total: read.append(total))
        assert set(read) == {3}
        assert again.keeper.status().rebuilds == 0
        await again.finds("lantern", ["NEW", "P-0", *(f"P-{i}" for i in range(3, 60))], limit=100)
        assert await again.found("candle") == ["P-1"]


@pytest.mark.parametrize("damage", ["cut", "altered", "gone", "no manifest", "nonsense"])
async def test_a_damaged_index_is_built_anew_and_says_so(
    database: Database, folder: Path, damage: str
) -> None:
    async with opened(database, folder) as first:
        await put(first, a_product("TS-1", "Meadow Tee"))
        await first.finds("meadow", ["TS-1"])
    await asyncio.to_thread(_damage, folder, damage)
    async with opened(database, folder) as again:
        await again.finds("meadow", ["TS-1"], within=5)
        assert again.keeper.status().rebuilds == 1
        assert any(news.troubling for news in again.news)
    async with opened(database, folder) as healed:
        await healed.ready()
        assert healed.keeper.status().rebuilds == 0


def _damage(folder: Path, kind: str) -> None:
    shelf = folder / "shelves" / "active"
    manifest = shelf / "manifest.json"
    largest = max((p for p in shelf.iterdir() if p != manifest), key=lambda p: p.stat().st_size)
    content = largest.read_bytes()
    match kind:
        case "cut":
            largest.write_bytes(content[: len(content) // 2])
        case "altered":
            middle = len(content) // 2
            largest.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "gone":
            largest.unlink()
        case "no manifest":
            manifest.unlink()
        case "nonsense":
            manifest.write_bytes(b"\xff\x00{")


async def test_two_processes_share_a_folder(database: Database, folder: Path) -> None:
    async with opened(database, folder) as keeper:
        await put(keeper, a_product("TS-1", "Meadow Tee"))
        await keeper.finds("meadow", ["TS-1"])
        async with opened(database, folder) as reader:
            await reader.ready()
            assert (keeper.keeper.status().role, reader.keeper.status().role) == ("keeper", "reader")
            await put(keeper, a_product("TS-2", "Meadow Shirt"))
            await reader.finds("meadow", ["TS-1", "TS-2"])
            await put(reader, a_product("TS-3", "Meadow Hat"))
            await keeper.finds("meadow", ["TS-1", "TS-2", "TS-3"])
            saves = reader.keeper.status().saves
        assert saves == 0


async def test_a_reader_takes_over_when_the_keeper_has_gone(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.catalog.search.folder_holding.TAKE_OVER_S", 0.1)
    async with opened(database, folder) as first:
        await first.ready()
        second = Shop(database, folder)
        async with second.keeper, second.keeper.running():
            await second.ready()
            assert second.keeper.status().role == "reader"
            await first.keeper.close()

            async def took_over() -> bool:
                return second.keeper.status().role == "keeper"

            await until(took_over, 3)


async def test_an_import_is_searched_while_it_runs(shop: Shop, tmp_path: Path) -> None:
    rows = [{"sku": f"P-{i}", "title": f"Lantern number {i}", "price": "9.00 EUR"} for i in range(1500)]
    file = csv_file(tmp_path / "feed.csv", rows)
    await shop.ready()
    importing = asyncio.create_task(shop.catalog.import_file(file, filename="feed.csv"))
    answers = 0
    while not importing.done():
        await shop.found("lantern")
        answers += 1
        await asyncio.sleep(0.005)
    assert (await importing).counts.created == 1500
    assert answers > 3
    await shop.ready(30)
    await until(lambda: _count(shop, 1500), 30)


async def _count(shop: Shop, expected: int) -> bool:
    return shop.keeper.status().products == expected


async def test_products_are_deleted_while_the_index_is_built(database: Database, folder: Path) -> None:
    early = Shop(database, folder)
    await put(early, *(a_product(f"P-{i:03}", f"Lantern {i}") for i in range(200)))
    async with opened(database, folder) as shop:
        for i in range(0, 200, 2):
            await shop.catalog.delete_product(f"P-{i:03}")
        await shop.finds("lantern", [f"P-{i:03}" for i in range(1, 200, 2)], within=10, limit=300)


async def test_who_was_away_longer_than_the_log_reaches_compares(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.catalog.repository.changes.KEPT_ENTRIES", 3)
    monkeypatch.setattr("app.catalog.repository.changes._TRIMMED_EVERY", 1)
    async with opened(database, folder) as shop:
        await shop.ready()
        away = Shop(database, folder)
        # All within one turn of the follower, so that the first entries are gone before it can have read them.
        await put(away, *(a_product(f"P-{i}", f"Lantern {i}") for i in range(40)))
        await away.catalog.delete_product("P-0")
        await shop.finds("lantern", [f"P-{i}" for i in range(1, 40)], limit=100, within=5)


async def test_a_database_put_back_from_a_copy_is_compared(
    sqlite_database: Database, folder: Path, tmp_path: Path
) -> None:
    async with opened(sqlite_database, folder) as shop:
        await put(shop, a_product("TS-1", "Meadow Tee"), a_product("TS-2", "Meadow Shirt"))
        await shop.finds("meadow", ["TS-1", "TS-2"])
        await asyncio.to_thread(_forget, tmp_path / "shelftalker.db")
        await shop.finds("meadow", ["TS-1"], within=2)


def _forget(file: Path) -> None:
    """The database as it was before the second product."""
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM products WHERE sku = 'TS-2'")
        connection.execute("DELETE FROM product_changes WHERE id = (SELECT max(id) FROM product_changes)")


async def test_a_search_before_the_index_is_there_is_told_to_come_again(
    sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.catalog.search.keeper.OPENING_S", 0.05)
    shop = Shop(sqlite_database, folder)
    async with shop.keeper:
        with pytest.raises(Unavailable, match="ask again") as caught:
            await shop.found("lantern")
    assert caught.value.dependency == "index"


async def test_trouble_with_the_database_is_told_and_passes(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.catalog.search.keeper.RETRY_S", 0.05)
    async with opened(database, folder) as shop:
        await put(shop, a_product("TS-1", "Meadow Tee"))
        await shop.finds("meadow", ["TS-1"])
        await rename(database, "product_changes", "elsewhere")

        async def told() -> bool:
            return "product_changes" in (shop.keeper.status().reason or "")

        await until(told, 5)
        assert await shop.found("meadow") == ["TS-1"]  # searches go on
        assert len([news for news in shop.news if news.troubling]) == 1
        await rename(database, "elsewhere", "product_changes")
        await put(shop, a_product("TS-2", "Meadow Shirt"))
        await shop.finds("meadow", ["TS-1", "TS-2"], within=5)

        async def well() -> bool:
            return shop.keeper.status().reason == "by words alone"

        await until(well, 5)


async def rename(database: Database, old: str, new: str) -> None:
    async with database.transaction() as session:
        await session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
