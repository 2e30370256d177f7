"""Many copies judged by some of them: drawn by chance, decided by people, kept as evidence."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from app.copywriting.copy import Copy
from app.copywriting.review.deciding import Deciding
from app.copywriting.review.repository import ReviewRepository
from app.copywriting.review.sampling import draw
from app.copywriting.review.values import Ref, Sample, Selection
from app.errors import Conflict, Invalid, NotFound
from app.storage import audit
from app.storage.database import Database
from app.storage.ids import sortable_id
from app.storage.pages import Page, checked_limit, decode_cursor, page_of

MAX_POPULATION = 2_000
"""Copies that one sample stands for at most: each is judged once more when it is approved with the sample."""
MAX_SAMPLE = 200


class Samples:
    """Draws samples and carries out what people decide on them."""

    def __init__(self, database: Database, deciding: Deciding, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._deciding = deciding
        self._clock = clock

    async def draw(
        self, selection: Selection, size: int, actor: str, *, seed: int | None = None
    ) -> tuple[Sample, Sequence[Copy]]:
        """A sample of copies that wait for review and are clean, and the copies in it.

        Others in the selection are not part of what the sample stands for. `seed`: chance's own, unless given.
        Raises Invalid (no copies, too many, a sample that is larger than the whole).
        """
        if not 1 <= size <= MAX_SAMPLE:
            raise Invalid(f"size: from 1 to {MAX_SAMPLE}, not {size}", pointer="/size")
        refs = await self._deciding.selected(selection, MAX_POPULATION, "needs_review")
        async with self._database.session() as session:
            newest = await ReviewRepository(session).newest([ref.id for ref in refs])
        population = sorted(
            (copy.id, copy.version)
            for ref in refs
            if (copy := newest.get(ref.id)) and ref.version in (None, copy.version) and _why_not(copy) is None
        )
        if size > len(population):
            raise Invalid(
                f"size: {size} of {len(population)} copies cannot be drawn (those that wait for review and are clean)",
                pointer="/size",
            )
        seed = secrets.randbelow(2**31) if seed is None else seed
        now = self._clock()
        sample = Sample(
            id=sortable_id("sa", now),
            status="open",
            query=_told(selection),
            seed=seed,
            population=tuple(population),
            drawn=draw(population, size, seed),
            actor=actor,
            created_at=now,
        )
        async with self._database.transaction() as session:
            await ReviewRepository(session).add_sample(sample)
            after = {"population": len(population), "size": size, "seed": seed}
            await audit.record(session, actor, "sample.draw", f"sample:{sample.id}", at=now, after=after)
        return sample, [newest[copy_id] for copy_id, _ in sample.drawn]

    async def get(self, sample_id: str) -> Sample:
        """A sample. Raises NotFound."""
        async with self._database.session() as session:
            sample = await ReviewRepository(session).sample(sample_id)
        if sample is None:
            raise NotFound(f"there is no sample {sample_id!r}")
        return sample

    async def copies(self, sample: Sample) -> Sequence[Copy]:
        """The copies of a sample, in the versions that were drawn."""
        async with self._database.session() as session:
            known = await ReviewRepository(session).versions(sample.drawn)
        return [known[key] for key in sample.drawn]

    async def list(self, limit: int = 50, cursor: str | None = None) -> Page[Sample]:
        """Newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await ReviewRepository(session).samples(checked_limit(limit) + 1, before)
        return page_of(rows, limit, [sample.id for sample in rows])

    async def decide(
        self, sample_id: str, approved: Sequence[str], rejected: Mapping[str, str | None], actor: str
    ) -> Sample:
        """Approve and reject the copies of a sample; where all of them pass, approve the rest with it.

        What people decided on the copies of the sample holds either way. The rest is approved only where every one
        passed, and of the rest only what is clean and unchanged since the draw: `refused` names the others. The same
        decisions again go on where a broken call ended. Raises NotFound, Invalid (not every copy decided on, once), Conflict
        (decided otherwise already).
        """
        sample = await self.get(sample_id)
        _check(sample, approved, rejected)
        wanted = {"decisions": {**dict.fromkeys(approved, "approved"), **dict.fromkeys(rejected, "rejected")}}
        if sample.status != "open":
            same = {key: said.partition(":")[0] for key, said in sample.decisions.items()}
            if same != wanted["decisions"]:
                raise Conflict(f"{sample_id} was decided by {sample.decided_by}: it {sample.status}")
            return await self._with_rest(sample, actor)
        decisions: dict[str, str] = {}
        for copy_id, version in sample.drawn:
            reason = rejected.get(copy_id)
            action = "reject" if copy_id in rejected else "approve"
            outcome = await self._deciding.one(action, Ref(copy_id, version), actor)  # type: ignore[arg-type]
            await self._deciding.note("reject", [outcome] if action == "reject" else [], actor, reason)
            if outcome.error is not None:
                decisions[copy_id] = f"refused: {outcome.error.detail}"
            else:
                decisions[copy_id] = f"rejected: {reason}" if reason else wanted["decisions"][copy_id]
        passed = all(said == "approved" for said in decisions.values())
        decided = replace(
            sample,
            status="passed" if passed else "failed",
            decisions=decisions,
            approved=sum(said == "approved" for said in decisions.values()),
            decided_by=actor,
            decided_at=self._clock(),
        )
        await self._keep(decided, "sample.decide")
        return await self._with_rest(decided, actor)

    async def _with_rest(self, sample: Sample, actor: str) -> Sample:
        """Approve what the sample stands for, where it passed."""
        rest = [key for key in sample.population if key not in set(sample.drawn)]
        if sample.status != "passed" or not rest:
            return sample
        async with self._database.session() as session:
            newest = await ReviewRepository(session).newest([copy_id for copy_id, _ in rest])
        refused: dict[str, str] = {}
        for copy_id, version in rest:
            copy = newest.get(copy_id)
            why = "it is gone" if copy is None else _why_not(copy, version)
            if why is None:
                outcome = await self._deciding.one("approve", Ref(copy_id, version), actor)
                why = outcome.error.detail if outcome.error is not None else None
            if why is not None:
                refused[copy_id] = why
        whole = replace(sample, refused=refused, approved=len(sample.population) - len(refused))
        await self._keep(whole, "sample.approve_rest")
        return whole

    async def _keep(self, sample: Sample, deed: str) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            repository = ReviewRepository(session)
            there = await repository.sample(sample.id, locked=True)
            if deed == "sample.decide" and there is not None and there.status != "open":
                raise Conflict(f"{sample.id} was decided by {there.decided_by} at the same time")
            await repository.decide_sample(sample)
            after = {"status": sample.status, "approved": sample.approved, "refused": len(sample.refused)}
            await audit.record(
                session, sample.decided_by or "", deed, f"sample:{sample.id}", at=now, after=after
            )


def _why_not(copy: Copy, version: int | None = None) -> str | None:
    """Why a copy cannot be approved by a sample; None where it can, or is."""
    if version is not None and copy.version != version:
        return f"it changed since the sample was drawn: it is at version {copy.version}"
    if version is not None and copy.status in ("approved", "published"):
        return None
    if copy.status != "needs_review":
        return f"it is {copy.status}"
    failed = [check.id for check in copy.checks if check.severity == "error" and not check.passed]
    return f"these checks fail: {', '.join(failed)}" if failed else None


def _check(sample: Sample, approved: Sequence[str], rejected: Mapping[str, str | None]) -> None:
    drawn = {copy_id for copy_id, _ in sample.drawn}
    told = [*approved, *rejected]
    if twice := sorted({copy_id for copy_id in told if told.count(copy_id) > 1}):
        raise Invalid(f"decided on twice: {', '.join(twice)}", pointer="/approved")
    if strange := sorted(set(told) - drawn):
        raise Invalid(f"not in the sample: {', '.join(strange)}", pointer="/approved")
    if missing := sorted(drawn - set(told)):
        raise Invalid(f"every copy of the sample is decided on; missing: {', '.join(missing)}")


def _told(selection: Selection) -> dict[str, object]:
    """The selection as evidence."""
    if selection.query is None:
        return {"ids": len(selection.ids)}
    return {name: value for name, value in asdict(selection.query).items() if value is not None}
