"""Reading the audit: by filter, from a number on, and whether it is whole."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.errors import Invalid
from app.storage.audit import BEGINNING, Deed
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, decode_cursor, page_of
from app.storage.tables import audit

AT_ONCE = 1000  # entries that are read in one go


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its number, what was done, and the hash of it and of all before it."""

    id: int
    deed: Deed
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries. `action` may be a domain ("copy") and then means all of its actions; `since` ≤ at < `until`."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the audit is whole. `broken_at` is the number at which it is not, `why` says how; both None if it is.

    `entries`, `last_hash`: how many there are, and the hash of the last one, which stands for them all.
    """

    entries: int
    last_hash: bytes
    broken_at: int | None = None
    why: str | None = None


class AuditTrail:
    """The audit of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, query: AuditQuery, limit: int, cursor: str | None = None) -> Page[Entry]:
        """Entries, newest first. Raises Invalid for a limit or cursor that cannot be, and for `until` before `since`."""
        checked_limit(limit)
        if query.since and query.until and query.until <= query.since:
            raise Invalid("to: must be after `from`", pointer="query/to")
        conditions = _conditions(query)
        if cursor is not None:
            conditions.append(audit.c.id < _number(cursor))
        statement = select(audit).where(*conditions).order_by(audit.c.id.desc()).limit(limit + 1)
        async with self._database.session() as session:
            rows = [_entry(row) for row in await session.execute(statement)]
        return page_of(rows, limit, [str(row.id) for row in rows])

    async def after(self, number: int) -> AsyncIterator[Sequence[Entry]]:
        """All entries behind `number`, oldest first, some at a time.

        Numbers follow the order of commits: whoever asks again with the last one that he got misses none.
        """
        while True:
            statement = select(audit).where(audit.c.id > number).order_by(audit.c.id).limit(AT_ONCE)
            async with self._database.session() as session:
                found = [_entry(row) for row in await session.execute(statement)]
            if not found:
                return
            yield found
            number = found[-1].id

    async def verify(self) -> Verdict:
        """Read it all, and see that no number is missing and every hash is that of its entry and those before."""
        number, last = 0, BEGINNING
        async for entries in self.after(0):
            for entry in entries:
                if entry.id != number + 1:
                    return Verdict(number, last, number + 1, f"entry {number + 1} is missing")
                if entry.deed.chained(entry.id, last) != entry.hash:
                    return Verdict(number, last, entry.id, f"entry {entry.id} is not what was written")
                number, last = entry.id, entry.hash
        return Verdict(number, last)


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.actor is not None:
        found.append(audit.c.actor == query.actor)
    if query.action is not None:
        prefix = f"{query.action}."
        whole_domain = audit.c.action.startswith(prefix, autoescape=True)
        found.append(or_(audit.c.action == query.action, whole_domain))
    if query.subject is not None:
        found.append(audit.c.subject == query.subject)
    if query.since is not None:
        found.append(audit.c.at >= query.since)
    if query.until is not None:
        found.append(audit.c.at < query.until)
    return found


def _number(cursor: str) -> int:
    key = decode_cursor(cursor)
    if not key.isdecimal() or len(key) > 18:  # 18 digits fit the databases' integers
        raise Invalid("cursor: this one belongs to another list", pointer="query/cursor")
    return int(key)


def _entry(row: Any) -> Entry:
    deed = Deed(row.at, row.actor, row.action, row.subject, row.before, row.after, row.request_id)
    return Entry(row.id, deed, bytes(row.hash))
