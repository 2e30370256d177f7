"""A shop with its catalog, its shelf and its exports, on a database of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.catalog.imports import ImportReport
from app.catalog.service import CatalogService
from app.copywriting.life.service import LifeService
from app.exporting.order import ExportOrder
from app.exporting.outside import OutsideEdits
from app.exporting.returning import ReturnedTexts
from app.exporting.service import ExportService
from app.storage.database import Database


@dataclass(frozen=True)
class Shop:
    """Files in, files out."""

    database: Database
    catalog: CatalogService
    life: LifeService
    exports: ExportService
    edits: OutsideEdits
    folder: Path

    async def take(self, data: bytes | str, name: str = "feed.csv", **how: Any) -> ImportReport:
        """Import a file of this content."""
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return await self.catalog.import_file(path, filename=name, **how)

    async def give(self, **order: Any) -> bytes:
        """Export, whole."""
        async with self.exports.open(ExportOrder(**order)) as opened:
            return b"".join([chunk async for chunk in opened.read()])


@asynccontextmanager
async def open_shop(database: Database, folder: Path) -> AsyncIterator[Shop]:
    async def tell(session: Any, news: Any) -> int:
        return await life.on_facts_changed(session, news)

    catalog = CatalogService(
        database, on_facts_changed=tell, returned=lambda import_id: ReturnedTexts(database, import_id)
    )
    life = LifeService(database, catalog)
    yield Shop(
        database, catalog, life, ExportService(database, life=life), OutsideEdits(database, life), folder
    )


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """On SQLite and PostgreSQL in turn."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def small_shop(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """On SQLite, for what does not depend on the database."""
    async with open_shop(sqlite_database, tmp_path) as opened:
        yield opened
