"""`shelftalker copy publish …`, `copy withdraw …`, `campaigns` with their options: what `--help` shows."""

from typing import Annotated

import typer

from app.cli.groups import AsJson, Ids, copy_app

CopyId = Annotated[str, typer.Argument(metavar="ID", help="Id of a copy, as `copy list` shows it.")]


@copy_app.command("publish")
def copy_publish(
    ids: Ids,
    starts: Annotated[
        str | None,
        typer.Option("--from", metavar="WHEN", help="2026-11-27, 2026-11-27T08:00; at once, if not given."),
    ] = None,
    ends: Annotated[
        str | None,
        typer.Option("--until", metavar="WHEN", help="A day is meant whole; without, there is no end."),
    ] = None,
    campaign: Annotated[
        str | None, typer.Option(help="It lies over the base text, which shows again afterwards.")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="Of the two: Europe/Berlin.")] = None,
    as_json: AsJson = False,
) -> int:
    """Publish approved copies, or give published ones other dates."""
    from app.cli import shelving  # noqa: PLC0415 - lazily

    return shelving.publish(ids, starts, ends, campaign, time_zone, as_json=as_json)


@copy_app.command("rollback")
def copy_rollback(copy_id: CopyId, as_json: AsJson = False) -> int:
    """Take a copy off the shelf and bring the text before it back."""
    from app.cli import shelving  # noqa: PLC0415 - lazily

    return shelving.take_back("rollback", copy_id, as_json=as_json)


@copy_app.command("end")
def copy_end(copy_id: CopyId, as_json: AsJson = False) -> int:
    """End a campaign's text before its time."""
    from app.cli import shelving  # noqa: PLC0415 - lazily

    return shelving.take_back("end", copy_id, as_json=as_json)


@copy_app.command("withdraw")
def copy_withdraw(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Copies; or a query.")] = None,
    text: Annotated[str | None, typer.Option(help="All that say these words in a row.")] = None,
    claim: Annotated[str | None, typer.Option(help="All with these words in a claim.")] = None,
    fact: Annotated[str | None, typer.Option(help="All that rest on this fact: F12.")] = None,
    check: Annotated[str | None, typer.Option(help="All that failed this check.")] = None,
    campaign: Annotated[str | None, typer.Option(help="All of this campaign.")] = None,
    sku: Annotated[str | None, typer.Option(help="All of this product.")] = None,
    locale: Annotated[str | None, typer.Option(help="In this locale alone.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; the audit keeps it.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would go, and change nothing.")
    ] = False,
    rule: Annotated[
        bool, typer.Option("--rule", help="Forbid the words of --text or --claim from now on.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Take texts off every page, in every locale, variant and campaign; say where each was shown and when."""
    from app.cli import shelving  # noqa: PLC0415 - lazily
    from app.copywriting.life.withdrawal import WithdrawOrder  # noqa: PLC0415 - lazily
    from app.copywriting.service import CopyQuery  # noqa: PLC0415 - lazily

    query = CopyQuery(
        text=text, claim=claim, fact=fact, check=check, campaign=campaign, sku=sku, locale=locale
    )
    order = WithdrawOrder(tuple(ids or ()), None if query == CopyQuery() else query, reason, preview, rule)
    return shelving.withdraw(order, as_json=as_json)


def campaigns(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """Show the calendar of campaigns, and which overlap."""
    from app.cli import shelving  # noqa: PLC0415 - lazily

    return shelving.campaigns(limit, as_json=as_json)
