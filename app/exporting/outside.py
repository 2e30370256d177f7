"""Texts of ours that were changed in the shop: listed, taken over as versions, or dismissed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.catalog.feeds.text import title
from app.catalog.feeds.writing.prose import as_html, as_plain
from app.catalog.feeds.writing.rows import BULLETS, DESCRIPTION, STRUCTURED
from app.catalog.feeds.writing.tables import structured_text
from app.copywriting.copy import Copy
from app.copywriting.life.editing import MerchantText
from app.copywriting.life.service import LifeService
from app.errors import Conflict, Invalid, NotFound
from app.exporting.order import OUTSIDE_STATUSES
from app.exporting.repository import ExportRepository
from app.exporting.texts import Exported, OutsideEdit
from app.storage import audit
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, decode_cursor, page_of


class OutsideEdits:
    """What people wrote over our texts in the shop. Once settled, the text is known and no import tells of it again."""

    def __init__(
        self,
        database: Database,
        life: LifeService,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._life = life
        self._clock = clock

    async def list(
        self,
        *,
        status: str | None = "open",
        sku: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[OutsideEdit]:
        """Newest first. Raises Invalid for an unknown status, limit or cursor."""
        if status is not None and status not in OUTSIDE_STATUSES:
            raise Invalid(
                f"unknown status {status!r}; known: {', '.join(OUTSIDE_STATUSES)}", pointer="query/status"
            )
        before = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            repository = ExportRepository(session, self._database.dialect)
            rows = await repository.edits(status, sku, checked_limit(limit) + 1, before)
        return page_of(rows, limit, [row.id for row in rows])

    async def get(self, edit_id: str) -> OutsideEdit:
        """One of them. Raises NotFound."""
        async with self._database.session() as session:
            found = await ExportRepository(session, self._database.dialect).edit(edit_id)
        if found is None:
            raise NotFound(f"there is no outside edit {edit_id!r}")
        return found

    async def accept(self, edit_id: str, actor: str) -> Copy:
        """Make it the copy's next version, in the merchant's words: judged like any other, waiting for review.

        Raises NotFound, Conflict where it is settled already or the copy was withdrawn.
        """
        edit = await self._open(edit_id)
        copy = await self._life.get(edit.copy_id)
        changes = _changes(edit, copy.fields)
        version = await self._life.write_merchant(MerchantText(changes, copy_id=edit.copy_id), actor)
        await self._settle(edit, "accepted", actor, version.version)
        return version

    async def dismiss(self, edit_id: str, actor: str) -> OutsideEdit:
        """Leave it: the next export writes our text over it. Raises NotFound, Conflict where it is settled already."""
        edit = await self._open(edit_id)
        await self._settle(edit, "dismissed", actor, edit.version)
        return await self.get(edit_id)

    async def _open(self, edit_id: str) -> OutsideEdit:
        edit = await self.get(edit_id)
        if edit.status != "open":
            raise Conflict(f"{edit_id} was {edit.status} by {edit.decided_by} already")
        return edit

    async def _settle(self, edit: OutsideEdit, status: str, actor: str, version: int) -> None:
        now = self._clock()
        known = Exported(
            edit.place,
            edit.spot,
            edit.text_hash,
            edit.sku,
            edit.locale,
            edit.field,
            edit.copy_id,
            version,
        )
        async with self._database.transaction() as session:
            repository = ExportRepository(session, self._database.dialect)
            if not await repository.decide(edit.id, status, actor, now):
                raise Conflict(f"{edit.id} was settled by somebody else just now")
            await repository.remember([known], now)
            verb = {"accepted": "accept", "dismissed": "dismiss"}[status]
            await audit.record(
                session,
                actor,
                f"outside_edit.{verb}",
                f"outside_edit:{edit.id}",
                at=now,
                after={"copy": edit.copy_id, "version": version, "field": edit.field},
            )


def _changes(edit: OutsideEdit, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The edit as a change of the copy's fields."""
    said = structured_text(edit.text) if edit.spot.startswith(STRUCTURED) else edit.text
    name, _, item = edit.field.partition("/")
    if item:
        return {name: {**(fields.get(name) or {}), item: title(said)}}
    if name == DESCRIPTION:
        return {name: as_html(said)}
    if name == BULLETS:
        return {name: _items(said)}
    return {name: title(said)}


def _items(said: str) -> Sequence[str]:
    listed = re.findall(r"<li\b[^>]*>(.*?)(?=<li\b|</li|</[uo]l|$)", said, flags=re.IGNORECASE | re.DOTALL)
    items = [title(item) for item in listed] if listed else as_plain(said, "\n").splitlines()
    return [item.removeprefix("- ") for item in items if item]
