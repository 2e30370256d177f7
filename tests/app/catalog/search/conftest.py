"""A catalog and its index, with real parts, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.catalog.search.folder_holding import FolderHolding
from app.catalog.search.holding import Holding
from app.catalog.search.keeper import Keeper
from app.catalog.search.service import SearchService
from app.catalog.search.status import News
from app.catalog.search.vectors import Encoder, WordsOnly
from app.catalog.service import CatalogService
from app.storage.database import Database


class Shop:
    """A catalog with an index, in a folder or elsewhere, as one process has it."""

    def __init__(self, database: Database, place: Path | Holding, encoder: Encoder | None = None) -> None:
        self.news: list[News] = []
        self.keeper = Keeper(
            database,
            FolderHolding(place, tell=self.news.append) if isinstance(place, Path) else place,
            encoder or WordsOnly("by words alone"),
            tell=self.news.append,
        )
        self.search = SearchService(self.keeper, database)
        self.catalog = CatalogService(database, on_written=self.keeper.nudge)

    async def found(self, query: str, **wanted) -> list[str]:
        return [hit.key for hit in (await self.search.search(query, **wanted)).hits]

    async def finds(self, query: str, skus: list[str], within: float = 10.0, **wanted) -> None:
        """Wait until a search finds exactly these, in any order."""
        await until(lambda: self._finds(query, skus, wanted), within)

    async def _finds(self, query: str, skus: list[str], wanted) -> bool:
        return sorted(await self.found(query, **wanted)) == sorted(skus)

    async def ready(self, within: float = 10.0) -> None:
        async def level() -> bool:
            status = self.keeper.status()
            return status.ready and status.behind == 0

        await until(level, within)


async def until(holds: Callable, within: float) -> None:
    deadline = asyncio.get_running_loop().time() + within
    while not await holds():
        assert asyncio.get_running_loop().time() < deadline, "it did not come to hold in time"
        await asyncio.sleep(0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@asynccontextmanager
async def opened(database: Database, folder: Path, encoder: Encoder | None = None) -> AsyncIterator[Shop]:
    """A process that follows the catalog."""
    shop = Shop(database, folder, encoder)
    async with shop.keeper, shop.keeper.running():
        yield shop


@pytest.fixture
async def shop(database: Database, folder: Path) -> AsyncIterator[Shop]:
    async with opened(database, folder) as one:
        yield one
