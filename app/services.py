"""The composition root: every object is built here, once, from settings, and closed in reverse."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.service import AccessService
from app.catalog.extraction.rules import CLAIM_KINDS
from app.catalog.facts import FactRules
from app.catalog.service import CatalogService, ProductFactChanges
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
        # The two know each other in one direction: news of facts goes up through a hook.
        async def tell_copywriting(session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
            return await copy.on_facts_changed(session, news)

        catalog = CatalogService(
            database,
            on_facts_changed=tell_copywriting,
            rules=FactRules(proof_needed=frozenset(CLAIM_KINDS) - settings.merchant_claims),
        )
        copy = CopyService(database, catalog)
        yield Services(settings, database, catalog, copy, AccessService(database))
