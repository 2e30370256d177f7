"""`shelftalker copy publish|rollback|end|withdraw`, `shelftalker campaigns`: onto the shelf and off it again."""

from typing import Literal

from rich.table import Table
from rich.text import Text

from app.api.models.copy import CopyOut
from app.api.models.copy_life import CampaignOut, CampaignPage, WithdrawalOut
from app.api.outcomes import DONE
from app.cli import output
from app.cli.reviewing import ACTOR
from app.cli.session import with_services
from app.copywriting.life.windows import window_of
from app.copywriting.life.withdrawal import WithdrawOrder
from app.errors import Invalid
from app.services import Services


def publish(
    ids: list[str],
    starts: str | None,
    ends: str | None,
    campaign: str | None,
    time_zone: str | None,
    *,
    as_json: bool,
) -> int:
    """Publish copies, all with the same dates."""
    from app.cli import reviewing  # noqa: PLC0415 - it names this module's commands, too

    dated = any(value is not None for value in (starts, ends, campaign, time_zone))
    window = window_of(starts, ends, campaign, time_zone) if dated else None
    return reviewing.act("publish", ids, as_json=as_json, window=window)


def take_back(step: Literal["rollback", "end"], copy_id: str, *, as_json: bool) -> int:
    """Roll a copy back, or end its campaign; print the copy that came of it."""

    async def work(services: Services) -> int:
        copy = await services.life.act(copy_id, step, ACTOR)
        if as_json:
            output.document(CopyOut.of(copy))
        elif step == "rollback" and copy.status == "published":
            print(f"{copy_id}: rolled back; {copy.id} (version {copy.version}) is on the shelf again")
        else:
            print(f"{copy_id}: taken off the shelf")
        return DONE

    return with_services(work)


def withdraw(order: WithdrawOrder, *, as_json: bool) -> int:
    """Withdraw what the order names, or show what would go; print where it was shown."""
    if not order.ids and order.query is None:
        raise Invalid("say which: ids, or --text, --claim, --fact, --check, --campaign, --sku, --locale")

    async def work(services: Services) -> int:
        withdrawal = await services.life.withdraw(order, ACTOR)
        if as_json:
            output.document(WithdrawalOut.model_validate(withdrawal))
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("ID", "Version", "SKU", "Locale", "Was", "Shown"):
            table.add_column(column, no_wrap=True)
        for item in withdrawal.items:
            shown = "; ".join(
                f"{s.starts_at:%Y-%m-%d %H:%M} to {f'{s.ends_at:%Y-%m-%d %H:%M}' if s.ends_at else 'now'}"
                + (f" ({s.campaign})" if s.campaign else "")
                for s in item.shown
            )
            row = (item.id, str(item.version), item.sku, item.locale, item.status, shown or "never")
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        console = output.console()
        if withdrawal.items:
            console.print(table)
        count = output.counted(len(withdrawal.items), "text")
        console.print(f"{count} would be withdrawn" if order.preview else f"{count} withdrawn")
        return DONE

    return with_services(work)


def campaigns(limit: int, *, as_json: bool) -> int:
    """Print the calendar of campaigns."""

    async def work(services: Services) -> int:
        page = await services.life.campaigns(limit=limit)
        items = [CampaignOut.model_validate(campaign) for campaign in page.items]
        if as_json:
            output.document(CampaignPage(items=items, next_cursor=page.next_cursor))
            return DONE
        console = output.console()
        if not items:
            console.print(
                "No campaign yet: shelftalker copy publish ID --campaign NAME --until DAY starts one."
            )
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("Campaign", "State", "From", "Until", "Products", "Overlaps"):
            table.add_column(column, no_wrap=True)
        for item in items:
            until = f"{item.ends_at:%Y-%m-%d %H:%M}" if item.ends_at else "no end"
            overlaps = ", ".join(f"{o.campaign or 'dated texts'} ({o.places})" for o in item.overlaps)
            row = (
                item.campaign,
                item.state,
                f"{item.starts_at:%Y-%m-%d %H:%M}",
                until,
                str(item.products),
                overlaps,
            )
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        console.print(table)
        if page.next_cursor:
            console.print(f"… and more: --limit {limit * 2}")
        return DONE

    return with_services(work)
