"""The copywriting use cases: write, list, read; and writing a whole catalog. What becomes of a copy is `life`'s."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from app.catalog.service import CatalogService, StoredProduct
from app.copywriting.assembly import (
    brief_for,
    finished_copy,
    nothing_to_say,
    texts_of,
)
from app.copywriting.bulk import BulkWriter, GenerateProgress
from app.copywriting.copy import Copy
from app.copywriting.fact_choice import DocumentConflict, choose, choose_for, ranked
from app.copywriting.judging import Judge
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.tools import Tools
from app.copywriting.pipeline import (
    Checked,
    Drafted,
    FactsSelected,
    Stage,
    Written,
    write_copy,
)
from app.copywriting.regeneration.service import Regeneration, Rewrite
from app.copywriting.repository import CopyQuery, CopyRepository, checked_cursor
from app.copywriting.request import DEFAULT_TEMPLATE, CopyRequest, check_request
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.copywriting.writers import TemplateWriter, Writer
from app.errors import NotFound
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, page_of
from retrieval.selection import Limits, Selected, SelectionBrief

__all__ = ["CopyQuery", "CopyService", "FactAnswer", "StageEvent"]

MAX_SHOWN = 100
"""Statements of documents that one answer about a product's facts holds at most."""


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """The facts of a product as a reader asked for them, and the statements of documents that it contradicts.

    `scored`: they were chosen for something, and their scores say how much each has to do with it.
    """

    items: tuple[Selected, ...]
    conflicts: tuple[DocumentConflict, ...]
    scored: bool


@dataclass(frozen=True, slots=True)
class StageEvent:
    """A stage of one text on its way to a reader: `facts`, `draft`, `check`, `copy`, and `done` at the very end."""

    event: Literal["facts", "draft", "check", "copy", "done"]
    value: Stage | Copy | int


class CopyService:
    """Copy over a catalog. `clock` gives the time of new versions, `new_id` their ids (sortable by age).

    With `twins` each new text is compared with those of other products.
    """

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[datetime], str] | None = None,
        twins: Twins | None = None,
        voices: VoiceService | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._new_id = new_id or (lambda now: sortable_id("cp", now))
        self._writer: Writer = TemplateWriter()
        self._twins = twins
        self._voices = voices or VoiceService(database, clock=clock)
        self._bulk = BulkWriter(
            database, catalog, self._writer, self._clock, self._new_id, twins, self._voices
        )
        judge = Judge(catalog, self._voices, twins)
        # Nothing that is written anew is on the shelf before somebody publishes it: nobody there has to be told.
        tools = Tools(database, judge, LifePolicy(), clock, sortable_id, lambda: None)
        self._regeneration = Regeneration(tools, self._writer, self._voices, twins)

    # -- writing -----------------------------------------------------------------------------------------------

    async def write(self, request: CopyRequest, actor: str) -> tuple[Copy, ...]:
        """Write, judge and store the copies that a request asks for.

        Raises Invalid (unknown names, with the known ones), NotFound (the product), Conflict (no angle that the
        product's facts could carry).
        """
        events = [event async for event in self._compose(request, actor)]
        copies = tuple(event.value for event in events if isinstance(event.value, Copy))
        await self._store(copies)  # all or none: who asks again after a failure gets no text twice
        return copies

    async def stream(self, request: CopyRequest, actor: str) -> AsyncIterator[StageEvent]:
        """As `write`, telling of each stage. `copy` comes after its text is stored: what was shown is kept."""
        async for event in self._compose(request, actor):
            if isinstance(event.value, Copy):
                await self._store([event.value])
            yield event

    async def _compose(self, request: CopyRequest, actor: str) -> AsyncIterator[StageEvent]:
        """The stages of each text that a request asks for; nothing is stored."""
        order = check_request(request, await self._voices.book())
        stored = await self._with_documents(request.sku)
        written: list[Copy] = []
        for text in await texts_of(order, stored):
            brief = brief_for(order, stored, text.angle, text.variant)
            async for stage in write_copy(
                brief,
                writer=self._writer,
                order=order,
                facts_hash=stored.facts_hash,
                compare=self._twins.compare if self._twins else None,
                choice=text.choice,
            ):
                if not isinstance(stage, Written):
                    yield StageEvent(_EVENT_OF[type(stage)], stage)
                    continue
                now = self._clock()
                copy = finished_copy(order, stored, text, stage, self._new_id(now), now, actor)
                # Few facts carry few texts: one that says the same as another is none.
                if all(copy.fields != other.fields for other in written):
                    written.append(copy)
                    yield StageEvent("copy", copy)
        if not written:
            raise nothing_to_say(order, stored)
        yield StageEvent("done", len(written))

    async def _with_documents(self, sku: str) -> StoredProduct:
        (stored,) = await self._catalog.with_documents([await self._catalog.get_product(sku)])
        return stored

    async def _store(self, copies: Sequence[Copy]) -> None:
        async with self._database.transaction() as session:
            await CopyRepository(session).add(copies)
        if self._twins:
            self._twins.put(copies)

    async def generate_all(
        self,
        request: CopyRequest,
        *,
        skus: Sequence[str] | None = None,
        force: bool = False,
        stale: bool = False,
        actor: str = "local",
    ) -> AsyncIterator[GenerateProgress]:
        """Write copy for many products (all active ones where `skus` is None); see `BulkWriter.run`.

        With `stale` mend the stale copies of these products, each as the version after it: what still holds in them
        stays. Of the request only keyphrase, audience and instructions count then; `done` and `total` count copies.
        """
        run = (
            self._refresh(request, skus, actor)
            if stale
            else self._bulk.run(request, skus, force=force, actor=actor)
        )
        async with aclosing(run):
            async for progress in run:
                yield progress

    async def _refresh(
        self, request: CopyRequest, skus: Sequence[str] | None, actor: str
    ) -> AsyncGenerator[GenerateProgress]:
        rewrite = Rewrite(
            keyphrase=request.keyphrase, audience=request.audience, instructions=request.instructions
        )
        done = 0
        async for one, total in self._regeneration.refresh(skus, rewrite, actor):
            done += 1
            if one.copy is not None:
                yield GenerateProgress(one.sku, "written", "", (one.copy,), done, total)
            else:
                yield GenerateProgress(one.sku, "failed" if one.why else "skipped", one.why, (), done, total)

    async def regenerate(
        self, copy_id: str, rewrite: Rewrite, actor: str, *, expected: Expected | None = None
    ) -> Copy:
        """Write fields of a copy anew; see `Regeneration.regenerate`."""
        return await self._regeneration.regenerate(copy_id, rewrite, actor, expected=expected)

    async def lock(
        self,
        copy_id: str,
        fields: Collection[str],
        sentences: Collection[str],
        actor: str,
        *,
        expected: Expected | None = None,
    ) -> Copy:
        """Say what of a copy is never written anew; see `Regeneration.lock`."""
        return await self._regeneration.lock(copy_id, fields, sentences, actor, expected=expected)

    # -- reading -----------------------------------------------------------------------------------------------

    async def get(self, copy_id: str) -> Copy:
        """The newest version of a copy. Raises NotFound."""
        async with self._database.session() as session:
            return await _newest(CopyRepository(session), copy_id)

    async def list(self, query: CopyQuery, limit: int = 50, cursor: str | None = None) -> Page[Copy]:
        """Copies that fit the query, in its order."""
        after = checked_cursor(query, cursor)
        async with self._database.session() as session:
            rows = await CopyRepository(session).listed(query, checked_limit(limit) + 1, after)
        return page_of([row.copy for row in rows], limit, [row.key(query.order) for row in rows])

    async def for_product(self, sku: str, limit: int = 50, cursor: str | None = None) -> Page[Copy]:
        """A product's copies, newest first. Raises NotFound where there is no such product."""
        await self._catalog.get_product(sku)
        return await self.list(CopyQuery(sku=sku), limit, cursor)

    async def facts(
        self,
        sku: str,
        *,
        query: str | None = None,
        template: str | None = None,
        angle: str | None = None,
        limit: int | None = None,
        locale: str | None = None,
    ) -> FactAnswer:
        """The statements that copy about a product may rest on: its own facts, and those of documents that apply to it.

        With a query, a template or an angle those that a text of this order is given, best first: the choice that is
        made for a brief with the query as its keyphrase. Their scores say how well each answers the query; with none,
        how much it has to do with the angle. `locale` asks for the product's facts in its words, where it
        has some. Raises NotFound for an unknown SKU, Invalid for an unknown template or angle.
        """
        asked = query is not None or template is not None or angle is not None
        order = check_request(
            CopyRequest(sku, template=template or DEFAULT_TEMPLATE, angle=angle, keyphrase=query)
        )
        stored = await self._with_documents(sku)
        if locale is not None:
            stored = replace(stored, facts=await self._catalog.facts(sku, locale))
        count = MAX_SHOWN if limit is None else checked_limit(limit)
        if asked:
            choice = await asyncio.to_thread(choose_for, brief_for(order, stored, order.angle, 0))
            chosen = ranked(choice, query or "")
        else:
            limits = Limits(documents=min(count, MAX_SHOWN), document_share=1.0)
            everything = SelectionBrief(everything=True)
            choice = await asyncio.to_thread(choose, stored.facts, stored.documents, everything, limits)
            chosen = choice.selection.chosen
        return FactAnswer(chosen if limit is None else chosen[:count], choice.conflicts, scored=asked)


_EVENT_OF: dict[type[Stage], Literal["facts", "draft", "check"]] = {
    FactsSelected: "facts",
    Drafted: "draft",
    Checked: "check",
}


async def _newest(repository: CopyRepository, copy_id: str) -> Copy:
    copy = await repository.newest(copy_id)
    if copy is None:
        raise NotFound(f"there is no copy {copy_id!r}")
    return copy
