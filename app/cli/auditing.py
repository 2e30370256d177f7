"""`shelftalker audit …`."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from app.api.models.audit import AuditEntry, AuditPage
from app.api.outcomes import DONE, FAILED
from app.cli import output
from app.cli.interrupts import stop_at_interrupt
from app.cli.keyring import duration, moment
from app.cli.session import with_services
from app.errors import Invalid
from app.services import Services
from app.storage.audit_trail import AuditQuery, Entry

EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of `audit`: `since` in words, as it was typed."""

    actor: str | None
    action: str | None
    subject: str | None
    since: str | None
    limit: int

    def to_query(self, now: datetime) -> AuditQuery:
        """Raises Invalid for a time that is none."""
        since = None if self.since is None else _since(self.since, now)
        return AuditQuery(self.actor, self.action, self.subject, since)


def _since(words: str, now: datetime) -> datetime:
    try:
        return now - duration(words)
    except Invalid:
        return moment(words, now)


def show(wanted: Wanted, *, as_json: bool) -> int:
    """Print entries, newest first. Raises Invalid."""

    async def work(services: Services) -> int:
        page = await services.audit.page(wanted.to_query(datetime.now(UTC)), wanted.limit)
        if as_json:
            items = [AuditEntry.of(entry) for entry in page.items]
            output.document(AuditPage(items=items, next_cursor=page.next_cursor))
        elif not page.items:
            print("Nothing.")
        for entry in () if as_json else page.items:
            print(_line(entry))
        return DONE

    return with_services(work)


def follow(wanted: Wanted, *, as_json: bool) -> int:
    """Print the last entries, oldest first, and go on with each that is added, until Ctrl-C."""

    async def work(services: Services) -> int:
        query = wanted.to_query(datetime.now(UTC))
        last, shown = await _last(services), await services.audit.page(query, wanted.limit)
        for entry in reversed(shown.items):
            if entry.id <= last:
                _print(entry, as_json=as_json)
        with stop_at_interrupt() as asked:
            while not asked.is_set():
                async for entries in services.audit.after(last):
                    for entry in entries:
                        if _fits(entry, query):
                            _print(entry, as_json=as_json)
                    last = entries[-1].id
                try:
                    await asyncio.wait_for(asked.wait(), EVERY_S)
                except TimeoutError:
                    continue
        return DONE

    return with_services(work)


def export(after: int) -> int:
    """Print all entries behind a number as JSON Lines."""

    async def work(services: Services) -> int:
        async for entries in services.audit.after(after):
            for entry in entries:
                _print(entry, as_json=True)
        return DONE

    return with_services(work)


def verify(*, as_json: bool) -> int:
    """Say whether the audit is whole; gives FAILED where it is not."""

    async def work(services: Services) -> int:
        verdict = await services.audit.verify()
        if as_json:
            output.document(
                {
                    "whole": verdict.broken_at is None,
                    "entries": verdict.entries,
                    "last_hash": verdict.last_hash.hex(),
                    "broken_at": verdict.broken_at,
                    "why": verdict.why,
                }
            )
        elif verdict.broken_at is None:
            print(
                f"whole: {output.counted(verdict.entries, 'entry', 'entries')}; the last hash is {verdict.last_hash.hex()}"
            )
        else:
            print(f"not whole: {verdict.why}; {verdict.entries:,} before it are as they were written")
        return DONE if verdict.broken_at is None else FAILED

    return with_services(work)


async def _last(services: Services) -> int:
    newest = (await services.audit.page(AuditQuery(), 1)).items
    return newest[0].id if newest else 0


def _fits(entry: Entry, query: AuditQuery) -> bool:
    deed = entry.deed
    action = query.action
    return (
        query.actor in {None, deed.actor}
        and (action is None or deed.action == action or deed.action.startswith(f"{action}."))
        and query.subject in {None, deed.subject}
    )


def _print(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(AuditEntry.of(entry).model_dump_json() + "\n")
    else:
        print(_line(entry))
    sys.stdout.flush()


def _line(entry: Entry) -> str:
    deed = entry.deed
    changed = orjson.dumps(deed.after).decode() if deed.after else ""
    words = f"{deed.at:%Y-%m-%d %H:%M:%S} {deed.actor}: {deed.action} {deed.subject} {changed}"
    return f"{entry.id:>6} {output.plain(words)}"
