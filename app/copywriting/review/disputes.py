"""Verdicts that people hold to be wrong: kept as cases for the checker, and seen by whoever approves."""

from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import datetime

from app.copywriting.copy import Copy, Dispute
from app.copywriting.judging import Judge
from app.copywriting.life.service import LifeService
from app.copywriting.repository import CopyRepository
from app.copywriting.review.repository import ReviewRepository
from app.copywriting.review.values import Case
from app.errors import Conflict, Invalid
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from app.storage.phrases import folded
from evaluators.checks import JudgedSentence

PAGE = 200
_REFUSED = ("unsupported", "contradicted")


class Disputes:
    """Takes disputes and tells of them."""

    def __init__(
        self, database: Database, judge: Judge, life: LifeService, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._life = life
        self._judge = judge
        self._clock = clock

    async def dispute(self, copy_id: str, field: str, sentence: str, reason: str, actor: str) -> Case:
        """Keep the verdict on a sentence as a case. The same one again is the same case.

        The copy waits for a reviewer, who may approve over it where the setting APPROVE_OVER_DISPUTES allows that and
        nothing is contradicted. Raises NotFound; Invalid (no such sentence); Conflict (it is not refused, or the copy is in
        a state in which nobody waits for a verdict).
        """
        copy = await self._life.get(copy_id)
        judged = _found(copy, (await self._judge.as_it_stands(copy)).sentences, field, sentence)
        now = self._clock()
        blamed = [claim for claim in judged.claims if claim.verdict in _REFUSED]
        cited = {fact for claim in blamed if (fact := claim.fact)} | set(judged.facts)
        product = await self._judge.product(copy.sku)
        case = Case(
            id=sortable_id("ds", now),
            copy_id=copy.id,
            version=copy.version,
            sku=copy.sku,
            field=judged.field,
            sentence=judged.text,
            verdict=judged.verdict,
            claims=[asdict(claim) for claim in blamed],
            # The whole product's, for the checker may have looked at the wrong one; documents' where they were cited.
            facts=[asdict(f) for f in (*product.facts, *(d for d in product.documents if d.id in cited))],
            reason=reason,
            actor=actor,
            created_at=now,
        )
        async with self._database.transaction() as session:
            repository = ReviewRepository(session)
            known = await repository.case_about(copy.id, copy.version, judged.field, judged.text)
            if known is not None:
                return known
            marked = await self._life.mark_disputed(
                session, copy, Dispute(case.id, judged.field, judged.text, reason, actor)
            )
            await repository.add_case(case, {folded([claim.text]).strip() for claim in blamed} - {""})
            await CopyRepository(session).weigh(marked)
        return case

    async def list(
        self, limit: int = 50, cursor: str | None = None, copy_id: str | None = None
    ) -> Page[Case]:
        """Newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await ReviewRepository(session).cases(checked_limit(limit) + 1, before, copy_id)
        return page_of(rows, limit, [case.id for case in rows])

    async def export(self) -> AsyncIterator[Case]:
        """Every case, newest first."""
        before: str | None = None
        while True:
            async with self._database.session() as session:
                rows = await ReviewRepository(session).cases(PAGE, before)
            for case in rows:
                yield case
            if len(rows) < PAGE:
                return
            before = rows[-1].id


def _found(copy: Copy, judged: tuple[JudgedSentence, ...], field: str, sentence: str) -> JudgedSentence:
    """The sentence that is meant, blanks aside. Raises Invalid, Conflict."""
    within = [one for one in judged if one.field == field]
    if not within:
        fields = ", ".join(dict.fromkeys(one.field for one in judged))
        raise Invalid(f"field: {copy.id} has no sentence in {field!r}; there are: {fields}", pointer="/field")
    found = [one for one in within if one.text.split() == sentence.split()]
    if not found:
        said = "; ".join(f"“{one.text}”" for one in within)
        raise Invalid(f"sentence: {field} does not say so; it says: {said}", pointer="/sentence")
    if found[0].verdict not in _REFUSED:
        raise Conflict(
            f"“{found[0].text}” is {found[0].verdict}: there is no verdict against it to dispute",
            extra={"verdict": found[0].verdict},
        )
    return found[0]
