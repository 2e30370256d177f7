"""Onto the shelf and off it again: publish, reschedule, roll back, end, and the sweep over what the clock has ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.copywriting.copy import Copy, Window
from app.copywriting.life.deeds import SYSTEM, Deeds
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.publications import Place, Publication, on_shelf
from app.copywriting.life.repository import LifeRepository
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import ON_SHELF, Action, transition_of
from app.copywriting.refusals import refuse_unless_clean
from app.errors import Conflict, Invalid

SWEPT = 200
"""Publications that one transaction of the sweep ends."""


class Shelving:
    """Puts versions on the shelf and takes them off."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def publish(
        self, copy_id: str, actor: str, window: Window | None = None, *, expected: Expected | None = None
    ) -> Copy:
        """Put a copy's newest version on the shelf, now or at its time."""
        copy = await self._tools.newest(copy_id, expected)
        action = self._way(copy, window)
        transition = transition_of(action, copy.status)
        window = _checked(window or Window(), self._tools.clock())
        place = Place.of(copy)
        seen = await self._in_place(place)
        if transition.needs_clean:
            gate = await self._tools.judge.as_it_stands(copy)
            refuse_unless_clean(gate, copy, transition.past, excused=self._tools.policy.excused(copy))
        async with self._tools.deeds(actor) as deeds:
            there = await self._hold(deeds, place, seen)
            own = [p for p in there if (p.copy_id, p.version) == (copy.id, copy.version)]
            now = deeds.now
            starts = max(window.starts_at or now, now)
            new = Publication(
                id=self._tools.new_id("pb", now),
                sku=copy.sku,
                place=place.key,
                copy_id=copy.id,
                version=copy.version,
                starts_at=starts,
                ends_at=window.ends_at,
                campaign=window.campaign,
                time_zone=window.time_zone,
                published_by=actor,
                published_at=now,
            )
            if own:
                await deeds.take_down(own, "rescheduled")
                new = replace(new, before_id=own[-1].before_id)
            others = [p for p in there if p not in own]
            if not new.over and starts <= now:
                new = await self._replace_base(deeds, others, new)
            changed = await deeds.move(
                copy, action, publish=replace(window, starts_at=starts), note=_dates(new)
            )
            await deeds.repository.publish(new)
            deeds.put_up(changed, replace(window, starts_at=starts))
        return changed

    async def rollback(self, copy_id: str, actor: str, *, expected: Expected | None = None) -> Copy:
        """Take a copy off the shelf and bring back the text before it; that text, or the copy where it lay over one."""
        await self._tools.newest(copy_id, expected)
        async with self._tools.database.session() as session:
            repository = LifeRepository(session)
            open_ones = await repository.open_of(copy_id)
            if not open_ones:
                newest = await self._tools.newest(copy_id)
                transition_of("rollback", newest.status)
                raise Conflict(f"{copy_id} does not stand on the shelf")
            current = max(open_ones, key=lambda p: p.version)
            leaving = await repository.version(copy_id, current.version)
            before = await repository.publication(current.before_id) if current.before_id else None
            returning = await repository.version(before.copy_id, before.version) if before else None
            seen = await repository.open_in(current.place)
        if leaving is None:
            raise AssertionError("a publication is of a version that there is")
        transition_of("rollback", leaving.status)
        if not current.over:
            if before is None or returning is None:
                raise Conflict(f"no text stood there before {copy_id}; withdraw it to take it off the shelf")
            if before.ended_why == "withdrawn":
                raise Conflict(f"the text before it, {before.copy_id}, was withdrawn and does not return")
            restore = transition_of("restore", returning.status)
            gate = await self._tools.judge.as_it_stands(returning)
            refuse_unless_clean(gate, returning, restore.past, excused=self._tools.policy.excused(returning))
        async with self._tools.deeds(actor) as deeds:
            await self._hold(deeds, Place.of(leaving), [p.id for p in seen])
            await deeds.take_down([current], "rolled_back")
            left = await deeds.move(leaving, "rollback")
            deeds.tell("copy.withdrawn", left, {"why": "rolled_back"})
            if current.over or before is None or returning is None:
                return left
            new = replace(
                before,
                id=self._tools.new_id("pb", deeds.now),
                starts_at=deeds.now,
                published_by=actor,
                published_at=deeds.now,
                ended_at=None,
                ended_by=None,
                ended_why=None,
            )
            window = Window(starts_at=deeds.now)
            back = await deeds.move(returning, "restore", publish=window, stale=(), note={"after": copy_id})
            await deeds.repository.publish(new)
            deeds.put_up(back, window)
        return back

    async def end(self, copy_id: str, actor: str, *, expected: Expected | None = None) -> Copy:
        """End a text with an end or a campaign before its time; what it lay over shows again."""
        copy = await self._tools.newest(copy_id, expected)
        async with self._tools.deeds(actor) as deeds:
            there = [p for p in await deeds.repository.open_of(copy_id) if p.over]
            if not there:
                transition_of("end", copy.status)
                raise Conflict(
                    f"{copy_id} has neither an end nor a campaign: it is the base text of its place; "
                    "withdraw it, or roll it back"
                )
            for publication in there:
                copy = await self._take(deeds, publication) or copy
        return copy

    async def sweep(self) -> int:
        """End what the clock has ended, and base texts that a scheduled one has replaced. How many it were."""
        total = 0
        while True:
            async with self._tools.deeds(SYSTEM) as deeds:
                over = await deeds.repository.over(deeds.now, SWEPT)
                for publication in over:
                    await self._take(deeds, publication)
                passed = await deeds.repository.passed_over(deeds.now, SWEPT)
                for publication, successor in passed:
                    await self._give_way(deeds, publication, successor)
            total += len(over) + len(passed)
            if len(over) < SWEPT and len(passed) < SWEPT:
                return total

    # -- parts -------------------------------------------------------------------------------------------------

    def _way(self, copy: Copy, window: Window | None) -> Action:
        if copy.status == "published" and window is not None:
            return "reschedule"
        if copy.status == "needs_review" and self._tools.policy.may_skip_review(copy):
            return "publish_unreviewed"
        return "publish"

    async def _in_place(self, place: Place) -> Sequence[str]:
        async with self._tools.database.session() as session:
            repository = LifeRepository(session)
            return [p.id for p in await repository.open_in(place.key)]

    async def _hold(self, deeds: Deeds, place: Place, seen: Sequence[str]) -> Sequence[Publication]:
        """What stands in a place, which nobody else changes before this transaction ends.

        Raises Conflict where it is not what was seen when the deed began: of two who publish at once one is told.
        """
        await self._tools.database.dialect.lock(deeds.session, f"publish:{place.key}")
        there = await deeds.repository.open_in(place.key)
        new = [p for p in there if p.id not in seen]
        if new:
            raise Conflict(
                f"{new[-1].published_by} published {new[-1].copy_id} (version {new[-1].version}) in this place "
                "just now; look at it before you replace it",
                extra={"published": {"id": new[-1].copy_id, "version": new[-1].version}},
            )
        return there

    async def _replace_base(
        self, deeds: Deeds, others: Sequence[Publication], new: Publication
    ) -> Publication:
        """Take down the base texts that run; the last of them is what a rollback brings back."""
        running = [p for p in others if not p.over and p.runs(deeds.now)]
        for publication in running:
            await self._give_way(deeds, publication, None)
        shown = next(iter(on_shelf(running, deeds.now).values()), None)
        return replace(new, before_id=shown.shown.id) if shown and shown.shown else new

    async def _give_way(self, deeds: Deeds, publication: Publication, successor: str | None) -> None:
        await deeds.take_down([publication], "replaced")
        if successor is not None:
            await deeds.repository.set_before(successor, publication.id)
        copy = await deeds.repository.version(publication.copy_id, publication.version)
        if copy is not None and copy.status in ON_SHELF:
            deeds.tell("copy.withdrawn", await deeds.move(copy, "replace"), {"why": "replaced"})

    async def _take(self, deeds: Deeds, publication: Publication) -> Copy | None:
        await deeds.take_down([publication], "over")
        copy = await deeds.repository.version(publication.copy_id, publication.version)
        if copy is not None and copy.status in ON_SHELF:
            copy = await deeds.move(copy, "end")
            deeds.tell("copy.withdrawn", copy, {"why": "over"})
        return copy


def _checked(window: Window, now: datetime) -> Window:
    """The window itself. Raises Invalid where it ends before it begins or before now."""
    start = window.starts_at or now
    if window.ends_at is not None and window.ends_at <= start:
        raise Invalid("until: it ends before it begins", pointer="/until")
    if window.ends_at is not None and window.ends_at <= now:
        raise Invalid("until: that moment is past", pointer="/until")
    return window


def _dates(publication: Publication) -> dict[str, str | None]:
    return {
        "from": publication.starts_at.isoformat(),
        "until": publication.ends_at.isoformat() if publication.ends_at else None,
        "campaign": publication.campaign,
    }
