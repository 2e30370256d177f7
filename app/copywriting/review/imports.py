"""The decisions of a filled-in sheet, carried out row by row: good ones are done, the others are told of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.copywriting.copy import Copy
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.service import LifeService
from app.copywriting.review.deciding import Deciding
from app.copywriting.review.repository import ReviewRepository
from app.copywriting.review.sheets import SheetRow, cells_of, changes_of, plain
from app.copywriting.review.values import Decision, Ref
from app.errors import Invalid, NotFound, ShelftalkerError, StaleVersion
from app.storage import audit
from app.storage.database import Database

Result = Literal[
    "approved", "rejected", "edited", "already", "none", "conflict", "unknown", "invalid", "refused"
]
_DONE: dict[str, tuple[Decision, Result]] = {
    "approve": ("approve", "approved"),
    "reject": ("reject", "rejected"),
}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row; all rows of a copy have the same end. `detail` says why, where it was not done."""

    row: int
    id: str
    version: int
    decision: str
    result: Result
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of a sheet: each row, and how many copies ended how."""

    rows: tuple[RowResult, ...]
    copies: Mapping[str, int]


class SheetImports:
    """Carries out sheets."""

    def __init__(
        self, database: Database, life: LifeService, deciding: Deciding, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._life = life
        self._deciding = deciding
        self._clock = clock

    async def apply(self, rows: Sequence[SheetRow], actor: str) -> SheetReport:
        """Do what the rows say. The same sheet again finds everything done already.

        A copy is left alone where its rows do not agree, one of them cannot be read, or it is at another version.
        """
        by_copy: dict[str, list[SheetRow]] = {}
        for row in rows:
            by_copy.setdefault(row.copy_id, []).append(row)
        async with self._database.session() as session:
            newest = await ReviewRepository(session).newest([copy_id for copy_id in by_copy if copy_id])
        results: list[RowResult] = []
        ended: Counter[str] = Counter()
        for copy_id, its in by_copy.items():
            decision = next((row.decision for row in its if row.decision), "")
            result, detail = await self._copy(its, newest.get(copy_id), actor)
            ended[result] += 1
            results += [
                RowResult(
                    row.number, copy_id, row.version, row.decision or decision, result, row.problem or detail
                )
                for row in its
            ]
        async with self._database.transaction() as session:
            await audit.record(session, actor, "review.import", "sheet", at=self._clock(), after=dict(ended))
        return SheetReport(tuple(sorted(results, key=lambda result: result.row)), dict(ended))

    async def _copy(self, rows: Sequence[SheetRow], newest: Copy | None, actor: str) -> tuple[Result, str]:
        if disagreement := _disagreement(rows):
            return "invalid", disagreement
        if newest is None:
            return "unknown", "there is no such copy"
        decision, version = next((row.decision for row in rows if row.decision), ""), rows[0].version
        cells = {row.field: row.text for row in rows}
        try:
            if decision == "edit":
                return await self._edit(newest, version, cells, actor)
            changed = newest.version == version and changes_of(newest.fields, cells)
        except Invalid as error:
            return "invalid", error.detail
        if changed:
            return "invalid", "the text was changed: write edit as the decision, or leave it as it was"
        return await self._decided(decision, newest, version, rows, actor)

    async def _decided(
        self, decision: str, newest: Copy, version: int, rows: Sequence[SheetRow], actor: str
    ) -> tuple[Result, str]:
        if not decision:
            return "none", ""
        if newest.version != version:
            return _conflict(newest, version)
        action, done = _DONE[decision]
        comment = "; ".join(dict.fromkeys(row.comment for row in rows if row.comment))
        outcome = await self._deciding.one(action, Ref(newest.id, version), actor)
        await self._deciding.note(action, [outcome], actor, comment or None)
        if outcome.error is not None:
            return _refused(outcome.error)
        return ("already" if outcome.already else done), ""

    async def _edit(
        self, newest: Copy, version: int, cells: Mapping[str, str], actor: str
    ) -> tuple[Result, str]:
        if newest.version == version + 1:
            there = dict(cells_of(newest.fields))
            if all(plain(there.get(field, "")) == text for field, text in cells.items()):
                return "already", ""
        if newest.version != version:
            return _conflict(newest, version)
        changes = changes_of(newest.fields, cells)
        if not changes:
            return "invalid", "edit: the new text is as it was"
        try:
            await self._life.edit(newest.id, changes, actor, expected=Expected(version))
        except ShelftalkerError as error:
            return _refused(error)
        return "edited", ""


def _disagreement(rows: Sequence[SheetRow]) -> str | None:
    """Why the rows of one copy cannot be carried out; None where they can."""
    decisions = {row.decision for row in rows if row.decision}
    if any(row.problem for row in rows):
        return "another row of this copy cannot be read"
    if len(decisions) > 1:
        return f"the rows of this copy do not agree: {', '.join(sorted(decisions))}"
    if len({row.version for row in rows}) > 1:
        return "the rows of this copy name several versions"
    if len({row.field for row in rows}) < len(rows):
        return "a field of this copy stands in two rows"
    return None


def _conflict(newest: Copy, version: int) -> tuple[Result, str]:
    return "conflict", f"it is at version {newest.version} (by {newest.created_by}), not {version}"


def _refused(error: ShelftalkerError) -> tuple[Result, str]:
    if isinstance(error, StaleVersion):
        return "conflict", error.detail
    if isinstance(error, NotFound):
        return "unknown", error.detail
    return ("invalid" if isinstance(error, Invalid) else "refused"), error.detail
