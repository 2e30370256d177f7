"""`shelftalker review …` with its options: what `--help` shows."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.groups import AsJson

review_app = typer.Typer(help="What waits for review, and sheets to review it in.", rich_markup_mode=None)

Category = Annotated[str | None, typer.Option(help="That category and all below it: 'Men > Tops'.")]
Assignee = Annotated[str | None, typer.Option(help="Whose to review.")]
Status = Annotated[
    str, typer.Option(help="draft, needs_review, approved, published, rejected, stale or withdrawn.")
]
Check = Annotated[str | None, typer.Option(help="The id of a check that failed.")]
Words = Annotated[str | None, typer.Option("--text", help="Words in a row that stand in it.")]


@review_app.command("queue")
def review_queue(
    status: Status = "needs_review",
    category: Category = None,
    assignee: Assignee = None,
    check: Check = None,
    text: Words = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> int:
    """List what waits for review, riskiest first, and why."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.queue(reviewing.Wanted(status, category, assignee, check, text), limit, as_json=as_json)


@review_app.command("export")
def review_export(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The sheet to write, an .xlsx.")],
    status: Status = "needs_review",
    category: Category = None,
    assignee: Assignee = None,
    check: Check = None,
    text: Words = None,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="How many copies at most.")] = 1000,
    as_json: AsJson = False,
) -> int:
    """Write a review sheet: a row for each field, with columns for decision and comment."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    wanted = reviewing.Wanted(status, category, assignee, check, text)
    return reviewing.export_sheet(wanted, file, limit, as_json=as_json)


@review_app.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The sheet, filled in.")],
    as_json: AsJson = False,
) -> int:
    """Carry out the decisions of a sheet; exit code 1 where a row could not be."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.import_sheet(file, as_json=as_json)
