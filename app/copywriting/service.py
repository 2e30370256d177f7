"""The copywriting use cases: write, list, edit, approve, publish; and writing a whole catalog."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

import prompts
from app.catalog.documents.values import DocumentFactChanges
from app.catalog.service import CatalogService, FactNews, ProductFactChanges, StoredProduct
from app.copywriting.assembly import (
    brief_for,
    finished_copy,
    nothing_to_say,
    texts_of,
)
from app.copywriting.bulk import BulkWriter, GenerateProgress
from app.copywriting.copy import Copy
from app.copywriting.edits import apply_edit
from app.copywriting.fact_choice import DocumentConflict, bearing, choose, choose_for, ranked
from app.copywriting.pipeline import (
    Checked,
    Drafted,
    FactsSelected,
    Stage,
    Written,
    candidate_for,
    cited_facts,
    judged_sentences,
    write_copy,
)
from app.copywriting.prose import names_of, quotes_in, statements
from app.copywriting.refusals import refuse_unless_clean
from app.copywriting.repository import Citing, CopyQuery, CopyRepository, page_key
from app.copywriting.request import DEFAULT_TEMPLATE, CopyRequest, check_request
from app.copywriting.transitions import BY_ACTION, Action, transition_of
from app.copywriting.twins import Twins
from app.copywriting.writers import TemplateWriter, Writer
from app.errors import Conflict, Invalid, NotFound, StaleVersion
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from evaluators.checks import GateResult, run_checks, sentences_of
from evaluators.neighbours import Neighbourhood
from retrieval.facts import Fact
from retrieval.selection import Limits, Selected, SelectionBrief, is_document

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
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._new_id = new_id or (lambda now: sortable_id("cp", now))
        self._writer: Writer = TemplateWriter()
        self._twins = twins
        self._bulk = BulkWriter(database, catalog, self._writer, self._clock, self._new_id, twins)

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
        order = check_request(request)
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
        actor: str = "local",
    ) -> AsyncIterator[GenerateProgress]:
        """Write copy for many products (all active ones where `skus` is None); see `BulkWriter.run`."""
        async for progress in self._bulk.run(request, skus, force=force, actor=actor):
            yield progress

    # -- reading -----------------------------------------------------------------------------------------------

    async def get(self, copy_id: str) -> Copy:
        """The newest version of a copy. Raises NotFound."""
        async with self._database.session() as session:
            return await _newest(CopyRepository(session), copy_id)

    async def list(self, query: CopyQuery, limit: int = 50, cursor: str | None = None) -> Page[Copy]:
        """Copies that fit the query, newest first."""
        after = decode_cursor(cursor) if cursor else None
        if after is not None and not after.rpartition(":")[2].isdecimal():
            raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
        async with self._database.session() as session:
            rows = await CopyRepository(session).page(query, checked_limit(limit) + 1, after)
        return page_of(rows, limit, [page_key(copy) for copy in rows])

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

    # -- the way to the shelf ----------------------------------------------------------------------------------

    async def edit(
        self, copy_id: str, changes: Mapping[str, Any], actor: str, *, expected_version: int | None = None
    ) -> Copy:
        """A human edit: version n+1, judged anew against the product's facts of today, `needs_review`.

        A published version n stays published until n+1 replaces it; any other is withdrawn.
        Raises NotFound, Invalid (unknown field, wrong form), StaleVersion, Conflict (withdrawn copy).
        """
        before = await self.get(copy_id)
        if expected_version is not None and expected_version != before.version:
            raise StaleVersion(f"{copy_id} is at version {before.version}, not {expected_version}")
        transition = transition_of("edit", before.status)
        fields = apply_edit(
            before.fields, changes, prompts.load(f"{before.template}@{before.template_version}")
        )
        stored = await self._with_documents(before.sku)
        said = " ".join(s.text for s in sentences_of(fields))
        cited = [fact.id for fact in before.facts]
        facts = await asyncio.to_thread(bearing, said, cited, stored.facts, stored.documents)
        gate = await asyncio.to_thread(
            _judge, replace(before, fields=fields), facts, await self._neighbours(stored, before, fields)
        )
        now = self._clock()
        after = replace(
            before,
            version=before.version + 1,
            status=transition.target,
            fields=fields,
            sentences=judged_sentences(gate),
            facts=cited_facts(gate, facts),
            checks=gate.checks,
            provenance=replace(
                before.provenance,
                authorship="llm_edited" if before.provenance.authorship.startswith("llm") else "human",
                writer=actor,
                facts_hash=stored.facts_hash,
            ),
            reviewed_by=None,
            created_at=now,
            created_by=actor,
            notes=(),
        )
        async with self._database.transaction() as session:
            repository = CopyRepository(session)
            newest = await repository.newest_locked(copy_id) or before
            if newest.version != before.version:
                raise StaleVersion(
                    f"{copy_id} was edited by somebody else: it is at version {newest.version}"
                )
            if newest.status != "published":
                await repository.set_status(newest, transition_of("supersede", newest.status).target, now)
            await repository.add([after])
        if self._twins:
            self._twins.put([after])
        return after

    async def _neighbours(
        self, stored: StoredProduct, before: Copy, fields: Mapping[str, Any]
    ) -> Neighbourhood | None:
        if self._twins is None:
            return None
        variants = [variant.sku for variant in stored.product.variants]
        names = names_of((fact.name, fact.value) for fact in stored.facts)
        told = (sentence.text for sentence in sentences_of(fields))
        cited = [fact.text for fact in before.facts if is_document(fact)]
        quotes = quotes_in(told, cited) | await asyncio.to_thread(statements, stored.documents)
        return await self._twins.neighbours(stored.product.sku, variants, fields, names, quotes)

    async def act(self, copy_id: str, action: Action, actor: str) -> Copy:
        """Approve, reject or publish a copy's newest version.

        Approving and publishing judge it once more, against the product's facts of today. Publishing withdraws
        the published text that had its place. Raises NotFound; Conflict where the table of transitions does not
        lead there, or where a sentence is not supported: it names the sentence, the words and the ways out.
        """
        copy = await self.get(copy_id)
        transition = transition_of(action, copy.status)
        if transition.needs_clean:
            stored = await self._with_documents(copy.sku)
            cited = [fact.id for fact in copy.facts]
            facts = await asyncio.to_thread(bearing, "", cited, stored.facts, stored.documents)
            refuse_unless_clean(await asyncio.to_thread(_judge, copy, facts), transition.target)
        now = self._clock()
        async with self._database.transaction() as session:
            repository = CopyRepository(session)
            if action == "publish":
                # Two texts for one place: the second waits, and finds the first on the shelf.
                await self._database.dialect.lock(session, f"publish:{copy.sku}")
                for other in await repository.published_beside(copy):
                    await repository.set_status(other, transition_of("replace", other.status).target, now)
            changed = await repository.set_status(copy, transition.target, now, reviewed_by=actor)
            if changed is None:
                raise Conflict(f"{copy_id} was changed by somebody else just now; look at it again")
        if self._twins:
            self._twins.mark()
        return changed

    async def on_facts_changed(self, session: AsyncSession, changes: Sequence[FactNews]) -> int:
        """Mark copies stale that rest on a changed or vanished fact; withdraw those of removed products.

        Of a document those are looked up that cite it, whatever products it applies to. A product that moved to another
        brand or category may have left a document's scope: its copy that cites one turns stale too. Called by the
        catalog within its own transaction. The answer counts the copies that turned stale.
        """
        repository = CopyRepository(session)
        by_sku = {change.sku: change for change in changes if isinstance(change, ProductFactChanges)}
        now, stale = self._clock(), 0
        for news in changes:
            if isinstance(news, DocumentFactChanges):
                for copy in _expired(news, await repository.citing(news.document_id)):
                    await repository.set_status(copy, transition_of("expire", copy.status).target, now)
                    stale += 1
        for copy in await repository.living(list(by_sku)):
            change = by_sku[copy.sku]
            touched = {c.id for c in change.changes if c.old is not None}
            if any(c.old is not None and c.old.name in _SCOPES for c in change.changes):
                touched |= {fact.id for fact in copy.facts if is_document(fact)}
            if change.removed:
                await repository.set_status(copy, transition_of("withdraw", copy.status).target, now)
            elif copy.status in BY_ACTION["expire"].sources and touched & {fact.id for fact in copy.facts}:
                await repository.set_status(copy, transition_of("expire", copy.status).target, now)
                stale += 1
        if self._twins:
            self._twins.mark()
        return stale


_EVENT_OF: dict[type[Stage], Literal["facts", "draft", "check"]] = {
    FactsSelected: "facts",
    Drafted: "draft",
    Checked: "check",
}


_SCOPES = frozenset({"brand", "category"})


def _expired(news: DocumentFactChanges, citing: Sequence[Citing]) -> Iterator[Copy]:
    """The copies that turn stale: a statement that they rest on changed or went, or their product left the scope."""
    touched = {change.id for change in news.changes if change.old is not None}
    for copy, brand, category in citing:
        outside = news.scope is not None and not news.scope.covers(copy.sku, brand, category)
        rests = news.removed or outside or touched & {fact.id for fact in copy.facts}
        if rests and copy.status in BY_ACTION["expire"].sources:
            yield copy


def _judge(copy: Copy, facts: tuple[Fact, ...], neighbours: Neighbourhood | None = None) -> GateResult:
    template = prompts.load(f"{copy.template}@{copy.template_version}")
    candidate = candidate_for(
        copy.fields,
        sentences_of(copy.fields),
        facts,
        template,
        prompts.load_voice(copy.voice),
        copy.locale,
        wanted=tuple(copy.fields),
    )
    return run_checks(replace(candidate, neighbours=neighbours))


async def _newest(repository: CopyRepository, copy_id: str) -> Copy:
    copy = await repository.newest(copy_id)
    if copy is None:
        raise NotFound(f"there is no copy {copy_id!r}")
    return copy
