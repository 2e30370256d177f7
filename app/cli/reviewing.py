"""`shelftalker copy …`: the way of a copy to the shelf, from the terminal."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rich.table import Table
from rich.text import Text

from app.api.models.copy import CopyOut, CopyPage
from app.api.models.reviews import QueuePage, SheetOut, WaitingOut
from app.api.outcomes import DONE, FAILED, outcome_of
from app.cli import output
from app.cli.inputs import read_json
from app.cli.session import with_services
from app.cli.showing import STATUS_STYLES, show_copy
from app.copywriting.copy import Status, Window
from app.copywriting.service import CopyQuery
from app.errors import Invalid, ShelftalkerError, Unavailable
from app.services import Services

ACTOR = "local"
STATUSES: tuple[Status, ...] = get_args(Status)
Step = Literal["approve", "reject", "publish"]
DONE_WORDS: dict[Step, str] = {"approve": "approved", "reject": "rejected", "publish": "published"}
EMPTY = "No copy yet: shelftalker generate --all writes some."


def list_copies(status: str | None, sku: str | None, limit: int, *, as_json: bool) -> int:
    """Print a table, newest first."""
    if status is not None:
        _checked(status)

    async def work(services: Services) -> int:
        page = await services.copy.list(CopyQuery(status=status, sku=sku), limit)
        copies = [CopyOut.of(copy) for copy in page.items]
        if as_json:
            output.document(CopyPage(items=copies, next_cursor=page.next_cursor))
            return DONE
        console = output.console()
        if not copies:
            console.print(EMPTY if status is None and sku is None else "No copy fits.")
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("ID", "SKU", "Template", "Locale", "Status", "Title"):
            table.add_column(
                column, no_wrap=True, overflow="fold" if column in ("ID", "Status") else "ellipsis"
            )
        for copy in copies:
            title = copy.fields.get("title") or copy.fields.get("headline") or ""
            row = (copy.id, copy.sku, copy.template, copy.locale, copy.status, str(title))
            style = STATUS_STYLES.get(copy.status, "")
            table.add_row(*(Text(output.plain(cell), style if i == 4 else "") for i, cell in enumerate(row)))
        console.print(table)
        if page.next_cursor:
            console.print(f"… and more: --limit {limit * 2}")
        return DONE

    return with_services(work)


def show(copy_id: str, *, as_json: bool) -> int:
    """Print one copy."""

    async def work(services: Services) -> int:
        _print_one(CopyOut.of(await services.copy.get(copy_id)), as_json=as_json)
        return DONE

    return with_services(work)


def edit(copy_id: str, changes: list[str], file: str | None, *, as_json: bool) -> int:
    """Make the edit and print the new version. Raises Invalid where no field is named."""
    fields = _changes(changes, file)

    async def work(services: Services) -> int:
        _print_one(CopyOut.of(await services.life.edit(copy_id, fields, ACTOR)), as_json=as_json)
        return DONE

    return with_services(work)


def act(step: Step, ids: list[str], *, as_json: bool, window: Window | None = None) -> int:
    """Take each copy through the step; the exit code is the worst that came of any. `window`: to publish with."""

    async def work(services: Services) -> int:
        done: list[CopyOut] = []
        refused: list[dict[str, Any]] = []
        worst = DONE
        for copy_id in dict.fromkeys(ids):
            try:
                copy = await (
                    services.life.publish(copy_id, ACTOR, window)
                    if step == "publish"
                    else services.life.act(copy_id, step, ACTOR)
                )
                done.append(CopyOut.of(copy))
                if not as_json:
                    print(f"{copy_id}: {DONE_WORDS[step]}")
            except ShelftalkerError as error:
                outcome = outcome_of(error)
                worst = max(worst, outcome.exit_code)
                refused.append({**error.extra, "id": copy_id, "type": outcome.slug, "detail": error.detail})
                output.fail(f"{copy_id}: {error.detail}", worst, as_json=False, slug=outcome.slug)
        if as_json:
            output.document({"items": [copy.model_dump(mode="json") for copy in done], "refused": refused})
        return worst

    return with_services(work)


def _changes(changes: list[str], file: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if file is not None:
        found = read_json(file)
        fields = found.get("fields", found) if isinstance(found, dict) else {}
        if not isinstance(found, dict) or not isinstance(fields, dict):
            raise Invalid(f"{file}: an edit is a JSON object of fields")
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals or not name:
            raise Invalid(f"--set {change!r}: write FIELD=TEXT")
        fields = {**fields, name: text}
    if not fields:
        raise Invalid("say what to change: --set FIELD=TEXT, or --file FILE")
    return fields


def _print_one(copy: CopyOut, *, as_json: bool) -> None:
    if as_json:
        output.document(copy)
    else:
        show_copy(output.console(), copy)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which copies a review is about."""

    status: str
    category: str | None = None
    assignee: str | None = None
    check: str | None = None
    text: str | None = None

    def query(self) -> CopyQuery:
        """Riskiest first. Raises Invalid for a status that there is not."""
        return CopyQuery(
            status=_checked(self.status),
            category=self.category,
            assignee=self.assignee,
            check=self.check,
            text=self.text,
            order="risk",
        )


def queue(wanted: Wanted, limit: int, *, as_json: bool) -> int:
    """Print what waits, riskiest first."""
    query = wanted.query()

    async def work(services: Services) -> int:
        page = await services.reviews.queue(query, limit)
        if as_json:
            items = [WaitingOut.of(one) for one in page.items]
            shown = QueuePage(items=items, next_cursor=page.next_cursor)
            output.document(shown.model_dump(mode="json", by_alias=True))
            return DONE
        console = output.console()
        if not page.items:
            console.print("Nothing waits.")
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("Risk", "ID", "SKU", "Assignee", "Why"):
            table.add_column(column, no_wrap=True, overflow="fold" if column == "ID" else "ellipsis")
        for one in page.items:
            why = ", ".join(one.reasons)
            row = (str(one.risk), one.copy.id, one.copy.sku, one.assignee or "", why)
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        console.print(table)
        if page.next_cursor:
            console.print(f"… and more: --limit {limit * 2}")
        return DONE

    return with_services(work)


def export_sheet(wanted: Wanted, file: Path, limit: int, *, as_json: bool) -> int:
    """Write the sheet. Raises Unavailable where the file cannot be written."""
    query = wanted.query()

    async def work(services: Services) -> int:
        try:
            count = await services.reviews.write_sheet(query, file, limit)
        except OSError as error:
            raise Unavailable(f"{file} cannot be written: {error.strerror}", dependency="disk") from error
        if as_json:
            output.document({"file": str(file), "copies": count})
        else:
            print(f"{output.counted(count, 'copy', 'copies')} in {file}")
        return DONE

    return with_services(work)


def import_sheet(file: Path, *, as_json: bool) -> int:
    """Carry out the sheet and print what became of it."""
    if not file.is_file():
        raise Invalid(f"{file}: there is no such file")

    async def work(services: Services) -> int:
        report = await services.reviews.read_sheet(file, ACTOR)
        if as_json:
            output.document(SheetOut.model_validate(report))
        else:
            for row in report.rows:
                if row.result in BAD:
                    print(output.plain(f"row {row.row} ({row.id}): {row.result}: {row.detail}"))
            print(
                ", ".join(
                    f"{output.counted(n, 'copy', 'copies')} {what}" for what, n in report.copies.items()
                )
            )
        return FAILED if BAD & report.copies.keys() else DONE

    return with_services(work)


BAD = frozenset({"conflict", "unknown", "invalid", "refused"})


def _checked(status: str) -> Status:
    if status not in STATUSES:
        raise Invalid(f"unknown status {status!r}; known: {', '.join(STATUSES)}")
    return status
