"""Decisions on many copies at once: each in a transaction of its own, each with its own answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from app.copywriting.copy import Copy, Status
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.service import LifeService
from app.copywriting.repository import CopyQuery, CopyRepository
from app.copywriting.review.values import Decision, Outcome, Ref, Selection
from app.errors import Conflict, Invalid, ShelftalkerError, Unavailable
from app.storage import audit
from app.storage.database import Database

MAX_DECISIONS = 500
"""Copies that one call decides on at most: each is judged once more."""

_REACHED: dict[Decision, tuple[Status, ...]] = {
    "approve": ("approved", "published"),
    "reject": ("rejected",),
    "publish": ("published",),
}
_ASKED: dict[Decision, Status] = {"approve": "needs_review", "reject": "needs_review", "publish": "approved"}
"""The state of copies that a query without one is about."""


class Deciding:
    """Takes copies through the table of transitions, one after the other."""

    def __init__(self, database: Database, life: LifeService, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._life = life
        self._clock = clock

    async def selected(self, selection: Selection, limit: int, status: Status | None = None) -> list[Ref]:
        """The copies that are meant; those of a query in its order, in `status` where it names none.

        Raises Invalid for none at all, and for more than `limit`.
        """
        if (selection.query is None) == (not selection.ids):
            raise Invalid("name the copies with `ids`, or find them with `query`: one of the two")
        if selection.query is None:
            named = list({ref.id: ref for ref in selection.ids}.values())
            if len(named) > limit:
                raise Invalid(f"ids: at most {limit} in one call, not {len(named)}", pointer="/ids")
            return named
        query: CopyQuery = replace(selection.query, status=selection.query.status or status)
        async with self._database.session() as session:
            keys = await CopyRepository(session).keys(query, limit + 1)
        if len(keys) > limit:
            raise Invalid(f"query: it finds more than {limit} copies; narrow it down", pointer="/query")
        return [Ref(copy_id, version) for copy_id, version in keys]

    async def decide(
        self, action: Decision, selection: Selection, actor: str, reason: str | None = None
    ) -> Sequence[Outcome]:
        """Approve, reject or publish each; what one refuses does not keep back the others.

        Raises Invalid for no copies, or more than `MAX_DECISIONS`.
        """
        refs = await self.selected(selection, MAX_DECISIONS, _ASKED[action])
        outcomes: list[Outcome] = []
        for ref in refs:
            away = outcomes[-1].error if outcomes else None
            if isinstance(away, Unavailable):  # a database that is away is not asked five hundred times
                outcomes.append(Outcome(ref, error=away))
            else:
                outcomes.append(await self.one(action, ref, actor))
        await self.note(action, outcomes, actor, reason)
        return outcomes

    async def one(self, action: Decision, ref: Ref, actor: str) -> Outcome:
        """Take one copy through. What is so already is done, and nothing is done twice."""
        expected = None if ref.version is None else Expected(ref.version)
        try:
            return Outcome(ref, await self._life.act(ref.id, action, actor, expected=expected))
        except Conflict as error:
            there = await self._reached(action, ref)
            return Outcome(ref, there, already=True) if there else Outcome(ref, error=error)
        except ShelftalkerError as error:
            return Outcome(ref, error=error)

    async def note(
        self, action: Decision, outcomes: Sequence[Outcome], actor: str, reason: str | None
    ) -> None:
        """Keep the reason of decisions in the audit; the deeds themselves are recorded where they are done."""
        if reason is None:
            return
        now = self._clock()
        deeds = [
            (f"copy:{outcome.ref.id}", None, {"version": outcome.copy.version, "reason": reason})
            for outcome in outcomes
            if outcome.copy is not None and not outcome.already
        ]
        if deeds:
            async with self._database.transaction() as session:
                await audit.record_all(session, actor, f"review.{action}", list(deeds), at=now)

    async def _reached(self, action: Decision, ref: Ref) -> Copy | None:
        async with self._database.session() as session:
            copy = await CopyRepository(session).newest(ref.id)
        as_meant = copy is not None and ref.version in (None, copy.version)
        return copy if copy is not None and as_meant and copy.status in _REACHED[action] else None
