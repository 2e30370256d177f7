"""The use cases of a copy's life, from review to the shelf and off it again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.service import CatalogService, FactNews
from app.copywriting.copy import Copy, Dispute, Window
from app.copywriting.judging import Judge
from app.copywriting.life.calendar import Campaign
from app.copywriting.life.differences import VersionDiff, differences
from app.copywriting.life.editing import Editing, MerchantText
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.publications import Publication
from app.copywriting.life.repository import CalendarRepository, LifeRepository
from app.copywriting.life.shelf import Fill, Shelf, ShelfText
from app.copywriting.life.shelving import Shelving
from app.copywriting.life.staleness import expire
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import Action, transition_of
from app.copywriting.life.withdrawal import Withdrawal, WithdrawOrder, withdraw
from app.copywriting.refusals import refuse_unless_clean
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.errors import Invalid, NotFound
from app.storage.database import Database, after_commit
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, decode_cursor, page_of

SWEEP_S = 30.0
_log = logging.getLogger(__name__)


class LifeService:
    """The life of the copies of one shop. `clock` gives the time of every deed, `policy` what the shop has set.

    `fill` fills the live slots of what is served.
    """

    def __init__(
        self,
        database: Database,
        catalog: CatalogService,
        *,
        policy: LifePolicy | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        twins: Twins | None = None,
        voices: VoiceService | None = None,
        fill: Fill | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy or LifePolicy()
        self._twins = twins
        self._voices = voices or VoiceService(database, clock=clock)
        judge = Judge(catalog, self._voices, twins)
        self._shelf = Shelf(database, catalog, judge, self._policy, fill=fill)
        self._tools = Tools(database, judge, self._policy, clock, sortable_id, self._on_changed)
        self._editing = Editing(self._tools, twins)
        self._shelving = Shelving(self._tools)

    # -- versions ----------------------------------------------------------------------------------------------

    async def get(self, copy_id: str, expected: Expected | None = None) -> Copy:
        """The newest version of a copy. Raises NotFound; StaleVersion where it is not as the caller saw it."""
        return await self._tools.newest(copy_id, expected)

    async def edit(
        self,
        copy_id: str,
        changes: Mapping[str, Any],
        actor: str,
        *,
        expected: Expected | None = None,
        fix: bool = False,
    ) -> Copy:
        """A human edit: version n+1, judged anew against the product's facts of today, `needs_review`.

        What stands on the shelf stays there until n+1 replaces it; any other version n is withdrawn. `fix` puts right
        what breaks a rule of its voice, where that is safe; the notes say what.
        Raises NotFound, Invalid (unknown field, wrong form), StaleVersion, Conflict (withdrawn copy).
        """
        return await self._editing.edit(copy_id, changes, actor, expected=expected, fix=fix)

    async def write_merchant(self, text: MerchantText, actor: str) -> Copy:
        """The merchant's own words as a copy: judged like any other, waiting for review.

        With `copy_id` as version n+1 of that copy, else a new one. Raises NotFound (product, copy), Invalid (unknown
        template, field, locale, wrong form).
        """
        return await self._editing.merchant(text, actor)

    async def versions(self, copy_id: str, limit: int = 50, cursor: str | None = None) -> Page[Copy]:
        """The versions of a copy, newest first. Raises NotFound, Invalid for a cursor of another list."""
        after = decode_cursor(cursor) if cursor else None
        if after is not None and not after.isdecimal():
            raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
        async with self._database.session() as session:
            below = None if after is None else int(after)
            rows = await LifeRepository(session).versions(copy_id, checked_limit(limit) + 1, below)
        if not rows and after is None:
            raise NotFound(f"there is no copy {copy_id!r}")
        return page_of(rows, limit, [str(copy.version) for copy in rows])

    async def diff(self, copy_id: str, older: int | None = None, newer: int | None = None) -> VersionDiff:
        """Two versions of a copy by sentence; the newest and the one before, unless told. Raises NotFound."""
        after = await self._version(copy_id, newer)
        before = await self._version(copy_id, older or max(1, after.version - 1))
        return VersionDiff(before, after, differences(before, after))

    async def _version(self, copy_id: str, version: int | None) -> Copy:
        if version is None:
            return await self._tools.newest(copy_id)
        async with self._database.session() as session:
            found = await LifeRepository(session).version(copy_id, version)
        if found is None:
            raise NotFound(f"there is no version {version} of a copy {copy_id!r}")
        return found

    # -- states ------------------------------------------------------------------------------------------------

    async def act(
        self, copy_id: str, action: Action, actor: str, *, expected: Expected | None = None
    ) -> Copy:
        """Take a copy's newest version through one action of the table.

        Approving and publishing judge it once more, against the product's facts of today. Raises NotFound;
        StaleVersion where it is not as the caller saw it; Forbidden where the setting FOUR_EYES asks for another;
        Conflict where the table does not lead there, or where a sentence is not supported: it names the sentence, the
        words and the ways out.
        """
        match action:
            case "publish":
                return await self.publish(copy_id, actor, expected=expected)
            case "rollback":
                return await self.rollback(copy_id, actor, expected=expected)
            case "end":
                return await self.end(copy_id, actor, expected=expected)
            case "approve":
                return await self._approve(copy_id, actor, expected)
            case "reject":
                return await self._reject(copy_id, actor, expected)
            case _:
                raise ValueError(f"{action} is no action on one copy alone")

    async def _approve(self, copy_id: str, actor: str, expected: Expected | None) -> Copy:
        copy = await self._tools.newest(copy_id, expected)
        transition = transition_of("approve", copy.status)
        if self._policy.four_eyes:
            self._policy.refuse_own_work(await self._tools.makers(copy_id), actor)
        gate = await self._tools.judge.as_it_stands(copy)
        over = copy.disputes if self._policy.approve_over_disputes and not gate.passed else ()
        refuse_unless_clean(gate, copy, transition.past, excused=over)
        if over:
            self._policy.refuse_unnamed(actor)
        async with self._tools.deeds(actor) as deeds:
            ids = [dispute.id for dispute in over]
            await deeds.repository.approved_over(ids, actor)
            note = {"over_disputes": ids} if ids else None
            return await deeds.move(copy, "approve", reviewed_by=actor, note=note)

    async def _reject(self, copy_id: str, actor: str, expected: Expected | None) -> Copy:
        copy = await self._tools.newest(copy_id, expected)
        async with self._tools.deeds(actor) as deeds:
            changed = await deeds.move(copy, "reject", reviewed_by=actor)
            await deeds.refuse_on_shelf(copy)
            return changed

    async def mark_disputed(self, session: AsyncSession, copy: Copy, dispute: Dispute) -> Copy:
        """Within the caller's transaction: the copy with a disputed verdict, waiting for a reviewer.

        Raises Conflict where the table does not lead there or somebody else was faster.
        """
        deeds = self._tools.deeds_within(session, dispute.actor)
        changed = await deeds.move(
            copy, "dispute", disputes=(*copy.disputes, dispute), note={"dispute": dispute.id}
        )
        await deeds.finish()
        return changed

    # -- the shelf ---------------------------------------------------------------------------------------------

    async def publish(
        self, copy_id: str, actor: str, window: Window | None = None, *, expected: Expected | None = None
    ) -> Copy:
        """Put a copy's newest version on the shelf, at once or at its time.

        A base text (no end, no campaign) replaces the base text of its place; one with an end or a campaign lies over
        it while it lasts. With a window, a published copy is given other dates. Raises as `act` does; Invalid for a
        window that ends before it begins; Conflict where somebody else published in this place at the same moment.
        """
        return await self._shelving.publish(copy_id, actor, window, expected=expected)

    async def rollback(self, copy_id: str, actor: str, *, expected: Expected | None = None) -> Copy:
        """Take a copy off the shelf and bring the text before it back, judged against the facts of today.

        The answer is the text that returned; where the copy lay over a base text, which shows again by itself, the
        copy. Raises Conflict where there is no text before it, or it is no longer clean.
        """
        return await self._shelving.rollback(copy_id, actor, expected=expected)

    async def end(self, copy_id: str, actor: str, *, expected: Expected | None = None) -> Copy:
        """End a text with an end or a campaign before its time. Raises Conflict where it is a base text."""
        return await self._shelving.end(copy_id, actor, expected=expected)

    async def withdraw(self, order: WithdrawOrder, actor: str) -> Withdrawal:
        """Withdraw texts by id or by query, in every locale, variant and campaign; or show what that would take.

        A rollback brings none of them back. Raises Invalid, NotFound, Conflict.
        """
        withdrawal = await withdraw(self._tools, self._voices.brand, order, actor)
        if withdrawal.rule is not None:
            self._voices.look_again()
        return withdrawal

    async def served(
        self,
        skus: Sequence[str],
        locale: str | None = None,
        now: datetime | None = None,
        *,
        channel: str = "storefront",
    ) -> Mapping[str, tuple[ShelfText, ...]]:
        """SKU → the texts on the shelf now, stale sentences taken out and live slots filled; one that has none has ()."""
        return await self._shelf.served(skus, locale, now or self._clock(), channel=channel)

    async def scheduled(self, sku: str) -> Sequence[Publication]:
        """What is scheduled for a product in places where nothing stands yet."""
        return await self._shelf.upcoming(sku, self._clock())

    async def campaigns(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Campaign]:
        """Campaigns by name, with those that overlap them; `since` and `until`: that have a text in this span."""
        after = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await CalendarRepository(session).campaigns(
                since, until, self._clock(), checked_limit(limit) + 1, after
            )
        return page_of(rows, limit, [campaign.campaign for campaign in rows])

    # -- the clock ---------------------------------------------------------------------------------------------

    async def sweep(self) -> int:
        """End what the clock has ended: texts with an end, and base texts that a scheduled one replaced. How many."""
        return await self._shelving.sweep()

    @asynccontextmanager
    async def running(self, every_s: float = SWEEP_S) -> AsyncIterator[None]:
        """Sweep now and then while the block runs. What is served goes by the clock and waits for no sweep."""
        task = asyncio.create_task(self._sweeping(every_s))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _sweeping(self, every_s: float) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:  # noqa: BLE001 - in the background nobody else would hear of it; the next round tries again
                _log.warning("texts whose time is over could not be ended", exc_info=True)
            await asyncio.sleep(every_s)

    # -- facts -------------------------------------------------------------------------------------------------

    async def on_facts_changed(self, session: AsyncSession, changes: Sequence[FactNews]) -> int:
        """Mark copies stale that rest on a changed or vanished fact; withdraw those of removed products.

        Called by the catalog within its own transaction. The answer counts the copies that turned stale.
        """
        after_commit(session, self._on_changed)
        return await expire(self._tools.deeds_within(session), changes)

    def _on_changed(self) -> None:
        self._shelf.doubt()
        if self._twins:
            self._twins.mark()
