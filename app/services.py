"""The composition root: every object is built here, once, from settings, and closed in reverse."""

from dataclasses import dataclass

from app.access.service import AccessService
from app.catalog.service import CatalogService
from app.copywriting.service import CopyService
from app.settings import Settings
from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What a front end works with."""

    settings: Settings
    database: Database
    catalog: CatalogService
    copy: CopyService
    access: AccessService


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open everything that a front end needs. Raises Unavailable where the database cannot be opened."""
    async with Database(settings.database_url) as database:
        # The catalog tells copywriting of changed facts without knowing it.
        catalog = CatalogService(
            database, on_facts_changed=lambda session, changes: copy.on_facts_changed(session, changes)
        )
        copy = CopyService(database, catalog)
        yield Services(settings, database, catalog, copy, AccessService(database))
