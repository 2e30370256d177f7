"""The use cases of a review: queue, assignment, decisions, samples, sheets, disputes, feedback."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from app.catalog.attestation.values import HandQuery
from app.catalog.service import CatalogService
from app.copywriting.judging import Judge
from app.copywriting.life.service import LifeService
from app.copywriting.repository import CopyQuery, CopyRepository, Listed, checked_cursor
from app.copywriting.review.deciding import Deciding
from app.copywriting.review.disputes import Disputes
from app.copywriting.review.feedback import Feedback
from app.copywriting.review.imports import SheetImports, SheetReport
from app.copywriting.review.repository import ReviewRepository
from app.copywriting.review.samples import Samples
from app.copywriting.review.sheets import SheetWriter, read_sheet
from app.copywriting.review.summary import Summary, summed
from app.copywriting.review.values import Decision, Outcome, Selection, Story, Waiting
from app.copywriting.risk import risk_of
from app.copywriting.voices.brand import BrandRules
from app.copywriting.voices.service import VoiceService
from app.copywriting.voices.values import BrandRule
from app.errors import Invalid
from app.storage import audit
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, page_of

MAX_ASSIGNED = 5_000
MAX_SHEET = 5_000
"""Copies in one sheet."""
MAX_STORIES = 10_000
"""Ratings and edits that a summary counts, the newest of each first."""
_SHEET_PAGE = 100


class ReviewService:
    """The review of one shop's copy. `clock` gives the time of every deed."""

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        life: LifeService,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        voices: VoiceService | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._deciding = Deciding(database, life, clock)
        self._imports = SheetImports(database, life, self._deciding, clock)
        self._rules = BrandRules(database.dialect, clock=clock)
        self.samples = Samples(database, self._deciding, clock)
        self.disputes = Disputes(
            database, Judge(catalog, voices or VoiceService(database, clock=clock)), life, clock
        )
        self.feedback = Feedback(database, clock)

    # -- the queue ---------------------------------------------------------------------------------------------

    async def queue(self, query: CopyQuery, limit: int = 50, cursor: str | None = None) -> Page[Waiting]:
        """Copies with what a reviewer should know of each, in the query's order."""
        after = checked_cursor(query, cursor)
        async with self._database.session() as session:
            repository = CopyRepository(session)
            rows = await repository.listed(query, checked_limit(limit) + 1, after)
            waiting = await _waiting(repository, rows)
        return page_of(waiting, limit, [row.key(query.order) for row in rows])

    async def assign(self, selection: Selection, assignee: str | None, actor: str) -> int:
        """Give copies to somebody, or (None) back to everybody; how many. Ids that there are not are not counted.

        An edit stays with whoever its copy was given to. Raises Invalid for none, or more than `MAX_ASSIGNED`.
        """
        refs = await self._deciding.selected(selection, MAX_ASSIGNED, "needs_review")
        now = self._clock()
        async with self._database.transaction() as session:
            repository = ReviewRepository(session)
            newest = await repository.newest([ref.id for ref in refs])
            keys = [(copy.id, copy.version) for copy in newest.values()]
            count = await repository.assign(keys, assignee)
            deeds = [(f"copy:{copy_id}", None, {"assignee": assignee}) for copy_id, _ in keys]
            await audit.record_all(session, actor, "review.assign", list(deeds), at=now)
        return count

    async def decide(
        self, action: Decision, selection: Selection, actor: str, reason: str | None = None
    ) -> Sequence[Outcome]:
        """Approve, reject or publish many, each for itself; see `Deciding.decide`."""
        return await self._deciding.decide(action, selection, actor, reason)

    # -- sheets ------------------------------------------------------------------------------------------------

    async def write_sheet(self, query: CopyQuery, path: Path, limit: int = MAX_SHEET) -> int:
        """Write the first copies of a list into a sheet; how many."""
        if not 1 <= limit <= MAX_SHEET:
            raise Invalid(f"limit: from 1 to {MAX_SHEET}, not {limit}", pointer="query/limit")
        writer = await asyncio.to_thread(SheetWriter, path)
        cursor, count = None, 0
        while count < limit:
            page = await self.queue(query, min(_SHEET_PAGE, limit - count), cursor)
            shown = [waiting.copy for waiting in page.items]
            async with self._database.session() as session:
                old = await ReviewRepository(session).on_shelf_beside(shown, self._clock())
            titles = await self._titles([copy.sku for copy in shown])
            for waiting in page.items:
                copy = waiting.copy
                await asyncio.to_thread(writer.add, waiting, titles.get(copy.sku, ""), old.get(copy.id))
            count, cursor = count + len(shown), page.next_cursor
            if cursor is None:
                break
        await asyncio.to_thread(writer.close)
        return count

    async def read_sheet(self, path: Path, actor: str) -> SheetReport:
        """Carry out the decisions of a filled-in sheet. Raises Invalid, TooLarge where it cannot be read at all."""
        return await self._imports.apply(await asyncio.to_thread(read_sheet, path), actor)

    async def _titles(self, skus: Sequence[str]) -> Mapping[str, str]:
        async with self._database.session() as session:
            return await ReviewRepository(session).titles(skus)

    # -- feedback ----------------------------------------------------------------------------------------------

    async def summary(self) -> Summary:
        """Ratings, edits and attested facts by template, category and writer; phrases that keep being struck out."""
        kept: dict[Literal["rating", "edit"], list[Story]] = {"rating": [], "edit": []}
        complete = True
        async for story in self.feedback.export():
            if len(kept[story.kind]) < MAX_STORIES:
                kept[story.kind].append(story)
            else:
                complete = False
                if story.kind == "edit":
                    break
        stories = [*kept["rating"], *kept["edit"]]
        attested = [(f.sku, f.name) async for f in self._catalog.attestation.export(HandQuery(kind="attest"))]
        skus = {story.sku for story in stories} | {sku for sku, _ in attested}
        async with self._database.session() as session:
            categories = await ReviewRepository(session).categories(skus)
        return await asyncio.to_thread(summed, stories, categories, attested, complete=complete)

    async def forbid(self, phrase: str, reason: str, actor: str, replacement: str | None = None) -> BrandRule:
        """Make a phrase that keeps being struck out a brand rule. Raises as `BrandRules.add` does."""
        async with self._database.transaction() as session:
            return await self._rules.add(session, phrase, reason, actor, replacement)


async def _waiting(repository: CopyRepository, rows: Sequence[Listed]) -> list[Waiting]:
    copies = [row.copy for row in rows]
    disputed, new = await repository.disputed_words(copies), await repository.new_in_category(copies)
    return [
        Waiting(
            row.copy,
            row.risk,
            risk_of(row.copy, disputed, new_category=row.copy.sku in new).reasons,
            row.assignee,
        )
        for row in rows
    ]
