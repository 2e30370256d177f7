"""`shelftalker webhooks …`."""

from rich.table import Table
from rich.text import Text

from app.api.models.webhooks import DeliveryOut, DeliveryPage, NewWebhook, Replayed, WebhookList, WebhookOut
from app.api.outcomes import DONE
from app.cli import output
from app.cli.session import with_services
from app.services import Services

ACTOR = "local"


def add(url: str, events: list[str], description: str | None, *, as_json: bool) -> int:
    """Add a receiver and show its secret, this once. Raises Invalid."""

    async def work(services: Services) -> int:
        made = NewWebhook.model_validate(await services.webhooks.create(url, events, ACTOR, description))
        if as_json:
            output.document(made)
            return DONE
        print(made.secret)
        output.warn(f"{made.id} hears {', '.join(made.events)}. The secret is not shown again.")
        return DONE

    return with_services(work)


def list_all(*, as_json: bool) -> int:
    """Print the receivers."""

    async def work(services: Services) -> int:
        items = [WebhookOut.model_validate(one) for one in await services.webhooks.list()]
        if as_json:
            output.document(WebhookList(items=items))
            return DONE
        if not items:
            print("No webhook yet: shelftalker webhooks add https://…")
            return DONE
        _table(
            ("ID", "URL", "Events", "Stopped"),
            [(one.id, one.url, " ".join(one.events), one.disabled_why or "") for one in items],
        )
        return DONE

    return with_services(work)


def remove(webhook_id: str, *, as_json: bool) -> int:
    """Remove a receiver. Raises NotFound."""

    async def work(services: Services) -> int:
        await services.webhooks.remove(webhook_id, ACTOR)
        if as_json:
            output.document({"id": webhook_id, "removed": True})
        else:
            print(f"{webhook_id}: removed")
        return DONE

    return with_services(work)


def switch(webhook_id: str, *, on: bool, as_json: bool) -> int:
    """Stop or start a receiver. Raises NotFound."""

    async def work(services: Services) -> int:
        after = WebhookOut.model_validate(await services.webhooks.switch(webhook_id, on=on, actor=ACTOR))
        if as_json:
            output.document(after)
        else:
            print(f"{webhook_id}: {'sending' if on else 'stopped'}")
        return DONE

    return with_services(work)


def deliveries(webhook_id: str, status: str | None, limit: int, *, as_json: bool) -> int:
    """Print what was sent, newest first. Raises NotFound, Invalid."""

    async def work(services: Services) -> int:
        page = await services.webhooks.deliveries(webhook_id, status, limit)
        items = [DeliveryOut.model_validate(one) for one in page.items]
        if as_json:
            output.document(DeliveryPage(items=items, next_cursor=page.next_cursor))
            return DONE
        _table(
            ("ID", "Event", "Type", "Status", "Attempts", "Last answer"),
            [
                (
                    one.id,
                    one.event,
                    one.type,
                    one.status,
                    str(one.attempts),
                    one.detail or str(one.answer or ""),
                )
                for one in items
            ],
        )
        return DONE

    return with_services(work)


def replay(webhook_id: str, ids: list[str] | None, *, as_json: bool) -> int:
    """Have deliveries sent again by the running service: those named, or all that failed. Raises NotFound."""

    async def work(services: Services) -> int:
        count = await services.webhooks.replay(webhook_id, ACTOR, ids=ids or None)
        if as_json:
            output.document(Replayed(replayed=count))
        else:
            print(
                f"{output.counted(count, 'delivery', 'deliveries')} to be sent again by `shelftalker serve`"
            )
        return DONE

    return with_services(work)


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(output.plain(cell)) for cell in row))
    output.console().print(table)
