"""The catalog's use cases: import, list, read, put, delete, facts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.expiry import holding_now, without_expired
from app.catalog.attestation.layer import with_hand
from app.catalog.attestation.repository import HandFactRepository
from app.catalog.attestation.service import AttestationService
from app.catalog.attestation.values import Origin
from app.catalog.codec import decode_product, digest, encode_product
from app.catalog.documents.service import DocumentService
from app.catalog.facts import FactChange, FactRules, changes
from app.catalog.importing import Import, ImportOrder, OnProgress, OnWritten
from app.catalog.imports import ImportProgress, ImportReport, check_mode
from app.catalog.planner import Rules
from app.catalog.planning import Before, Planned, Task, plan
from app.catalog.product import Product
from app.catalog.repository import ImportRepository, ProductRepository
from app.catalog.returned import Returned
from app.catalog.rules import rules_version
from app.catalog.stored import FactNews, ProductFactChanges, ProductQuery, StoredProduct
from app.catalog.tidy import tidied
from app.catalog.unknown import unknown_product
from app.errors import Invalid, NotFound
from app.storage import audit
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from retrieval.facts import Fact

__all__ = [
    "CatalogService",
    "FactNews",
    "ImportProgress",
    "ImportReport",
    "OnFactsChanged",
    "ProductFactChanges",
    "ProductQuery",
    "StoredProduct",
]


RECORDED_FACTS = 100
OnFactsChanged = Callable[[AsyncSession, Sequence[FactNews]], Awaitable[int]]


async def nobody(session: AsyncSession, news: Sequence[FactNews]) -> int:  # noqa: ARG001 - a hook's signature
    """The hook of a catalog that nobody listens to."""
    return 0


def unheard() -> None:
    """The hook of a catalog that nobody follows."""


class CatalogService:
    """The catalog of one shop.

    `on_facts_changed` is called within the transaction that changes or removes products or documents, and returns how
    many copies turned stale: either both happen or neither. `on_written` is called after a transaction that wrote or removed
    products is committed, and must not wait. `returned` knows texts of ours in the file of an import. `clock` gives the time of every change. `evidence_needed`: facts are
    attested with evidence only.
    """

    def __init__(
        self,
        database: Database,
        *,
        on_facts_changed: OnFactsChanged = nobody,
        on_written: OnWritten = unheard,
        rules: FactRules | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        evidence_needed: bool = False,
        returned: Returned | None = None,
    ) -> None:
        self._database = database
        self._returned = returned
        self._on_facts_changed = on_facts_changed
        self._on_written = on_written
        facts = rules or FactRules()
        self._rules = Rules(facts, rules_version(facts))
        self._clock = clock
        self.documents = DocumentService(database, on_changed=on_facts_changed, clock=clock)
        self.attestation = AttestationService(
            database,
            self._rules,
            on_facts_changed=on_facts_changed,
            on_written=on_written,
            clock=clock,
            evidence_needed=evidence_needed,
        )

    # -- imports -----------------------------------------------------------------------------------------------

    async def import_file(  # noqa: PLR0913 - one keyword for each word of the command and of the HTTP form
        self,
        path: Path,
        *,
        filename: str,
        format: str = "auto",  # noqa: A002 - the word of the CLI and the API
        mode: str = "delta",
        dry_run: bool = False,
        force: bool = False,
        progress: OnProgress | None = None,
        actor: str = "local",
    ) -> ImportReport:
        """Read a product file into the catalog.

        `delta` adds and changes; `full` also discontinues products that the file does not list, and is held (nothing
        changes) where that would be more than 30 % of the active ones, unless `force`. `dry_run` reports the same
        and writes nothing. Products are written whole, in batches: an import that is killed leaves each product as
        it was or as the file has it, and running it again does the rest. Importing a file twice changes nothing.

        Raises Invalid for a file that cannot be read at all or an unknown format or mode (nothing has changed then),
        Unavailable where the database or the disk fails (whole products may have been written; run it again).
        """
        import_id = sortable_id("imp", self._clock())
        order = ImportOrder(
            id=import_id,
            path=path,
            filename=filename,
            format=format,
            mode=check_mode(mode),
            dry_run=dry_run,
            force=force,
            actor=actor,
            returned=self._returned(import_id) if self._returned else None,
        )
        work = Import(
            order,
            self._database,
            self._rules,
            self._on_facts_changed,
            self._on_written,
            progress=progress,
            clock=self._clock,
        )
        return await work.run()

    async def list_imports(self, limit: int, cursor: str | None = None) -> Page[ImportReport]:
        """Imports, newest first."""
        checked_limit(limit)
        async with self._database.session() as session:
            rows = await ImportRepository(session).page(limit + 1, decode_cursor(cursor) if cursor else None)
        return page_of(rows, limit, [row.id for row in rows])

    async def get_import(self, import_id: str) -> ImportReport:
        """What an import did. Raises NotFound."""
        async with self._database.session() as session:
            found = await ImportRepository(session).get(import_id)
        if found is None:
            raise NotFound(f"no import {import_id!r}")
        return found

    # -- products ----------------------------------------------------------------------------------------------

    async def list_products(
        self, query: ProductQuery, limit: int, cursor: str | None = None
    ) -> Page[StoredProduct]:
        """Products in order of SKU. Raises Invalid for a limit or cursor that cannot be."""
        checked_limit(limit)
        after = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await self._products(session).page(query, limit + 1, after)
            rows = await without_expired(session, self._database.dialect, rows, self._clock())
        return page_of(rows, limit, [row.product.sku for row in rows])

    async def count_products(self, query: ProductQuery) -> int:
        """How many products a query finds."""
        async with self._database.session() as session:
            return await self._products(session).count(query)

    async def get_product(self, sku: str) -> StoredProduct:
        """A product with its facts. Raises NotFound, naming SKUs that look like it."""
        async with self._database.session() as session:
            products = self._products(session)
            found = await products.get(sku)
            if found is None:
                raise unknown_product(sku, await products.near(sku, 200))
            (found,) = await without_expired(session, self._database.dialect, [found], self._clock())
        return found

    async def put_product(self, sku: str, product: Product, actor: str = "local") -> StoredProduct:
        """Create or replace a product, whole: what is left out is empty afterwards.

        Texts are cleaned as those of a feed are. Raises Invalid where no SKU or title is left.
        """
        if product.sku != sku:
            raise Invalid(f"sku: {sku!r} and {product.sku!r} are two products", pointer="/sku")
        product = tidied(product)
        try:
            data = encode_product(product)
        except ValueError as error:
            raise Invalid(str(error)) from error
        async with self._database.transaction() as session:
            products = self._products(session)
            await products.lock()
            before = (await products.before([product.sku])).get(product.sku)
            own = (await products.own_sentences([product.sku])).get(product.sku, ())
            planned = plan(
                Task(data, digest(data), None, 0, before, own),
                self._rules.facts,
                self._rules.version,
                product,
            )
            if isinstance(planned, Planned):
                planned = await self._with_hand(session, planned, before)
                if planned.changes:
                    await self._on_facts_changed(session, [ProductFactChanges(product.sku, planned.changes)])
                now = self._clock()
                await products.write([planned], import_id=None, now=now)
                old, new = _recorded(planned.changes)
                await audit.record(
                    session, actor, "product.put", f"product:{sku}", at=now, before=old, after=new
                )
            stored = await products.get(product.sku)
        if isinstance(planned, Planned):
            self._on_written()
        if stored is None:
            raise AssertionError("a product that was just written is there")
        return stored

    async def variants_of(self, skus: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """SKU → the SKUs of its variants, for those of these products that there are."""
        async with self._database.session() as session:
            found = await self._products(session).before(skus)
        return {
            sku: frozenset(variant.sku for variant in decode_product(row.data).variants)
            for sku, row in found.items()
        }

    async def delete_product(self, sku: str, actor: str = "local") -> None:
        """Remove a product, its facts and its source rows; the hook withdraws its copy. Raises NotFound."""
        async with self._database.transaction() as session:
            products = self._products(session)
            await products.lock()
            stored = await products.get(sku)
            if stored is None:
                raise unknown_product(sku, await products.near(sku, 200))
            news = ProductFactChanges(sku, changes(stored.facts, ()), removed=True)
            await self._on_facts_changed(session, [news])
            now = self._clock()
            await products.delete(sku, now)
            gone = {"title": stored.product.title, "facts": len(stored.facts)}
            await audit.record(session, actor, "product.delete", f"product:{sku}", at=now, before=gone)
        self._on_written()

    async def facts(self, sku: str, locale: str | None = None) -> tuple[Fact, ...]:
        """The product's own facts, in their order; with `locale` in its words, where the product has some.

        Raises NotFound for an unknown SKU.
        """
        facts = (await self.get_product(sku)).facts
        if locale is not None:
            async with self._database.session() as session:
                spoken = await self._products(session).localized_facts(sku)
            words = next((spoken[known] for known in spoken if _same_locale(known, locale)), None)
            if words is not None:
                attested = {
                    fact.id for fact in facts if fact.trust == "attested"
                }  # those that have not expired
                facts = tuple(fact for fact in words if fact.trust != "attested" or fact.id in attested)
        return facts

    async def with_documents(self, products: Sequence[StoredProduct]) -> tuple[StoredProduct, ...]:
        """The same products, each with the statements of the shop's documents that may speak of it."""
        found = await self.documents.for_products({p.product.sku: (p.product, p.facts) for p in products})
        return tuple(replace(p, documents=said) if (said := found[p.product.sku]) else p for p in products)

    async def _with_hand(self, session: AsyncSession, planned: Planned, before: Before | None) -> Planned:
        """The plan with what people say of the product laid over it."""
        hand = HandFactRepository(session, self._database.dialect)
        now = self._clock()
        holding = (await holding_now(session, hand, [planned.sku], now)).get(planned.sku, ())
        if not holding:
            return planned
        applied = with_hand(planned, before, holding, Origin(None, now))
        await hand.set_standing(applied.rows)
        return applied.planned

    def _products(self, session: AsyncSession) -> ProductRepository:
        return ProductRepository(session, self._database.dialect)


def _recorded(news: Sequence[FactChange]) -> tuple[dict[str, str], dict[str, str]]:
    """What the audit keeps of a product's change: the texts of its facts by id, before and after; 100 of them at most."""
    told = news[:RECORDED_FACTS]
    return {c.id: c.old.text for c in told if c.old}, {c.id: c.new.text for c in told if c.new}


def _same_locale(known: str, wanted: str) -> bool:
    return known.replace("_", "-").lower() == wanted.replace("_", "-").lower()
