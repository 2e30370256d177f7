"""`shelftalker webhooks …` with its options: what `--help` shows."""

from typing import Annotated

import typer

from app.cli.groups import AsJson

webhooks_app = typer.Typer(help="Programs that are told what happens to copy.", rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `webhooks list` shows it.")]


@webhooks_app.command("add")
def webhooks_add(
    url: str,
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event", help="copy.published, copy.stale or copy.withdrawn; may be repeated; none: all."
        ),
    ] = None,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    as_json: AsJson = False,
) -> int:
    """Add a receiver; its secret is printed this once."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.add(url, event or [], description, as_json=as_json)


@webhooks_app.command("list")
def webhooks_list(as_json: AsJson = False) -> int:
    """List the receivers."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.list_all(as_json=as_json)


@webhooks_app.command("remove")
def webhooks_remove(webhook_id: Id, as_json: AsJson = False) -> int:
    """Remove a receiver and its deliveries."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.remove(webhook_id, as_json=as_json)


@webhooks_app.command("stop")
def webhooks_stop(webhook_id: Id, as_json: AsJson = False) -> int:
    """Send nothing more; what waits is kept."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.switch(webhook_id, on=False, as_json=as_json)


@webhooks_app.command("start")
def webhooks_start(webhook_id: Id, as_json: AsJson = False) -> int:
    """Send again."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.switch(webhook_id, on=True, as_json=as_json)


@webhooks_app.command("deliveries")
def webhooks_deliveries(
    webhook_id: Id,
    status: Annotated[str | None, typer.Option(help="waiting, delivered or failed.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List what was sent to a receiver, newest first."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.deliveries(webhook_id, status, limit, as_json=as_json)


@webhooks_app.command("replay")
def webhooks_replay(
    webhook_id: Id,
    delivery: Annotated[
        list[str] | None,
        typer.Option("--delivery", help="This one; may be repeated; none: all that failed."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Have deliveries sent again by the running service."""
    from app.cli import webhooking  # noqa: PLC0415 - lazily

    return webhooking.replay(webhook_id, delivery, as_json=as_json)
