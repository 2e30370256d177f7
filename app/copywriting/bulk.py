"""Writing a whole catalog: batches, progress, and a run that can be stopped and started again."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.catalog.service import CatalogService, ProductQuery, StoredProduct
from app.copywriting.assembly import TextOrder, brief_for, finished_copy, nothing_to_say, texts_of
from app.copywriting.copy import Copy
from app.copywriting.fact_choice import DocumentConflict
from app.copywriting.pipeline import Written, write_copy
from app.copywriting.repository import CopyRepository
from app.copywriting.request import CopyRequest, Order, check_request
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.copywriting.writers import Writer
from app.errors import NotFound, ShelftalkerError
from app.storage.database import Database

BATCH = 50  # products written between two commits: what a kill can cost


@dataclass(frozen=True, slots=True)
class GenerateProgress:
    """What became of one product in a bulk run. `done` and `total` count products.

    `copies` are those that were written; of a product that was asked for by name and skipped, its current ones.
    `conflicts`: the statements of documents that were set aside, because the product's own facts contradict them.
    """

    sku: str
    outcome: Literal["written", "skipped", "failed"]
    detail: str
    copies: tuple[Copy, ...]
    done: int
    total: int
    conflicts: tuple[DocumentConflict, ...] = ()


class BulkWriter:
    """Writes copy for many products of a catalog."""

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        writer: Writer,
        clock: Callable[[], datetime],
        new_id: Callable[[datetime], str],
        twins: Twins | None = None,
        voices: VoiceService | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._twins = twins
        self._voices = voices or VoiceService(database, clock=clock)

    async def run(
        self, request: CopyRequest, skus: Sequence[str] | None, *, force: bool, actor: str
    ) -> AsyncGenerator[GenerateProgress]:
        """Tell of each product once its texts are stored, so that a run that was stopped goes on where it was.

        Products with a current copy are skipped unless `force`. One product's failure does not end the run.
        """
        check_request(request, await self._voices.book())
        total = (
            len(skus)
            if skus is not None
            else await self._catalog.count_products(ProductQuery(status="active"))
        )
        if self._twins:
            await self._twins.ready(None)  # a run of many texts compares every one of them
        done = 0
        async for bare in self._batches(skus):
            batch = await self._with_documents(bare)
            found = [stored.product.sku for stored in batch if isinstance(stored, StoredProduct)]
            current: frozenset[str] = frozenset()
            if not force:
                async with self._database.session() as session:
                    current = await CopyRepository(session).request_hashes(found)
            results = []
            for stored in batch:
                done += 1
                told = await self._one(request, stored, current, actor, named=skus is not None)
                results.append(replace(told, done=done, total=total))
            new = [copy for result in results if result.outcome == "written" for copy in result.copies]
            await self._store(new)
            for result in results:
                yield result

    async def _store(self, new: Sequence[Copy]) -> None:
        if not new:
            return
        try:
            async with self._database.transaction() as session:
                await CopyRepository(session).add(new)
        except BaseException:
            if self._twins:
                await self._twins.forget(new)
            raise

    async def _one(
        self,
        request: CopyRequest,
        stored: StoredProduct | str,
        current: frozenset[str],
        actor: str,
        *,
        named: bool,
    ) -> GenerateProgress:
        """What became of one product; how far the run is, is filled in by it."""
        if isinstance(stored, str):
            return GenerateProgress(stored, "failed", f"there is no product {stored!r}", (), 0, 0)
        sku = stored.product.sku
        order = check_request(replace(request, sku=stored.product.sku), await self._voices.book())
        try:
            texts = await texts_of(order, stored)
            if not texts:
                raise nothing_to_say(order, stored)
            had = [text.request_hash for text in texts if text.request_hash in current]
            kept = await self._current(had) if named or len(had) < len(texts) else ()
            written: list[Copy] = []
            for text in texts:
                if text.request_hash not in current:
                    copy = await self._write(order, stored, text, actor)
                    # Few facts carry few texts: one that says the same as another is none.
                    if all(copy.fields != other.fields for other in (*kept, *written)):
                        written.append(copy)
        except ShelftalkerError as error:
            return GenerateProgress(sku, "failed", error.detail, (), 0, 0)
        if self._twins:
            self._twins.put(
                written
            )  # before they are stored: the next text of this run is compared with them
        if not written:
            return GenerateProgress(sku, "skipped", "current", kept, 0, 0, _conflicts(texts))
        return GenerateProgress(sku, "written", "", tuple(written), 0, 0, _conflicts(texts))

    async def _current(self, hashes: Sequence[str]) -> tuple[Copy, ...]:
        if not hashes:
            return ()
        async with self._database.session() as session:
            return tuple(await CopyRepository(session).of_requests(hashes))

    async def _write(self, order: Order, stored: StoredProduct, text: TextOrder, actor: str) -> Copy:
        brief = brief_for(order, stored, text.angle, text.variant)
        stages = write_copy(
            brief,
            writer=self._writer,
            order=order,
            facts_hash=stored.facts_hash,
            compare=self._twins.compare if self._twins else None,
            choice=text.choice,
        )
        (stage,) = [stage async for stage in stages if isinstance(stage, Written)]
        now = self._clock()
        return finished_copy(order, stored, text, stage, self._new_id(now), now, actor)

    async def _batches(self, skus: Sequence[str] | None) -> AsyncIterator[list[StoredProduct | str]]:
        if skus is not None:
            for start in range(0, len(skus), BATCH):
                yield [await self._product_or_sku(sku) for sku in skus[start : start + BATCH]]
            return
        cursor: str | None = None
        while True:
            page = await self._catalog.list_products(ProductQuery(status="active"), BATCH, cursor)
            if page.items:
                yield list(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    async def _with_documents(self, batch: list[StoredProduct | str]) -> list[StoredProduct | str]:
        found = [stored for stored in batch if isinstance(stored, StoredProduct)]
        complete = {stored.product.sku: stored for stored in await self._catalog.with_documents(found)}
        return [item if isinstance(item, str) else complete[item.product.sku] for item in batch]

    async def _product_or_sku(self, sku: str) -> StoredProduct | str:
        try:
            return await self._catalog.get_product(sku)
        except NotFound:
            return sku


def _conflicts(texts: Sequence[TextOrder]) -> tuple[DocumentConflict, ...]:
    """What was set aside for any of the texts, each statement once."""
    found = {
        conflict.fact.id: conflict for text in texts if text.choice for conflict in text.choice.conflicts
    }
    return tuple(found.values())
