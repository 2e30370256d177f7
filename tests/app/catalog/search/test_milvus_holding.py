"""Shelves in Milvus with vectors: the one that feeds makes them, all search by meaning; a model of its own each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.catalog.search.milvus_holding import MilvusHolding
from app.catalog.search.vectors import PATIENCE_S, Given
from app.storage.database import Database
from retrieval.embedding_values import Vectors
from retrieval.items import Pending
from retrieval.milvus_places import MilvusPlace, milvus_place
from tests.app.catalog.search.conftest import Shop, until
from tests.builders import a_product
from tests.searching import LETTERS, LetterEmbedder


@dataclass
class LetterEncoder:
    """A model that is small enough for a test, and counts the texts that it has read."""

    model: str = "letters"
    reason: str | None = None
    quick: bool = True
    dimension: int = LETTERS
    embedded: int = 0

    async def open(self) -> None: ...

    async def warm_up(self) -> None: ...

    async def query(self, text: str, patience_s: float = PATIENCE_S) -> Vectors | None:  # noqa: ARG002
        return LetterEmbedder().embed([text])[0]

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:
        if not pending or not embed:
            return Given((), None)
        self.embedded += len(pending)
        return Given(pending, LetterEmbedder().embed([one.text for one in pending]))

    async def forget_all_but(self, text_hashes: frozenset[str]) -> None: ...

    async def close(self) -> None: ...


async def dense(shop: Shop) -> None:
    async def is_dense() -> bool:
        return (await shop.search.search("meadow")).dense

    await until(is_dense, 15)


async def test_one_makes_the_vectors_that_all_search_with(sqlite_database: Database, tmp_path: Path) -> None:
    place = milvus_place(f"milvus://{tmp_path}/shop.db")

    def process(place: MilvusPlace, encoder: LetterEncoder) -> Shop:
        return Shop(sqlite_database, MilvusHolding(place, sqlite_database), encoder)

    feeding, reading = LetterEncoder(), LetterEncoder()
    first = process(place, feeding)
    async with first.keeper, first.keeper.running():
        await first.ready(20)
        second = process(place, reading)
        async with second.keeper, second.keeper.running():
            await second.ready(20)
            for number in range(12):
                await second.catalog.put_product(
                    f"P-{number}", a_product(f"P-{number}", f"Meadow Tee {number}")
                )
            await dense(first)
            await dense(second)
            assert (feeding.embedded, reading.embedded) == (12, 0)
            status = second.keeper.status()
            assert (status.role, status.store, status.model, status.dense) == (
                "reader",
                "milvus",
                "letters",
                True,
            )

    async def took_over() -> bool:
        return third.keeper.status().role == "keeper"

    again = LetterEncoder()
    third = process(place, again)
    async with third.keeper, third.keeper.running():
        await until(took_over, 10)
        await dense(third)
        await third.catalog.put_product("P-0", a_product("P-0", "Harbour Shirt"))
        await third.finds("harbour shirt p-0", ["P-0"], within=5, limit=1)
        await asyncio.sleep(0.5)
        assert again.embedded <= 1  # what was there has its vectors still

    other = LetterEncoder(model="others")
    fourth = process(place, other)
    async with fourth.keeper, fourth.keeper.running():
        await dense(fourth)
        assert other.embedded >= 12
