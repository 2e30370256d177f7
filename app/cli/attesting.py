"""`shelftalker facts attest|suppress|undo|list|export|gaps`: what people know better than the feed."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.api.models.facts import GapOut, GapPage, HandFactChange, HandFactOut, HandFactPage
from app.api.outcomes import DONE
from app.catalog.attestation.values import Attestation, HandQuery, Kind
from app.cli import output
from app.cli.session import with_services
from app.services import Services

ACTOR = "local"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: which facts to list."""

    kind: Kind | None
    sku: str | None
    actor: str | None
    differs: bool
    ended: bool


def attest(
    sku: str,
    name: str,
    value: str,
    unit: str | None,
    evidence: str | None,
    expires: datetime | None,
    *,
    as_json: bool,
) -> int:
    """Attest a fact. Raises NotFound, Invalid."""
    at = expires.replace(tzinfo=UTC) if expires is not None and expires.tzinfo is None else expires

    async def work(services: Services) -> int:
        order = Attestation(sku, name, value, unit, evidence, at)
        told = await services.catalog.attestation.attest(order, ACTOR)
        _done(HandFactChange.of_told(told), "attested", as_json=as_json)
        return DONE

    return with_services(work)


def suppress(sku: str, fact_id: str, reason: str, *, as_json: bool) -> int:
    """Suppress a fact. Raises NotFound, Conflict, Invalid."""

    async def work(services: Services) -> int:
        told = await services.catalog.attestation.suppress(sku, fact_id, reason, ACTOR)
        _done(HandFactChange.of_told(told), "suppressed", as_json=as_json)
        return DONE

    return with_services(work)


def undo(sku: str, fact_id: str, *, as_json: bool) -> int:
    """Undo whichever was done to the fact. Raises NotFound, Conflict."""

    async def work(services: Services) -> int:
        service = services.catalog.attestation
        said = await service.setting_aside(sku)
        kind: Kind = next((row.kind for row in said if row.fact_id == fact_id), "attest")
        told = await service.undo(sku, fact_id, kind, ACTOR)
        what = "no longer attested" if kind == "attest" else "no longer suppressed"
        _done(HandFactChange.of_told(told), what, as_json=as_json)
        return DONE

    return with_services(work)


def list_facts(wanted: Wanted, limit: int, *, as_json: bool) -> int:
    """Print a table, newest first."""

    async def work(services: Services) -> int:
        query = HandQuery(wanted.sku, wanted.actor, wanted.kind, wanted.differs or None, wanted.ended)
        page = await services.catalog.attestation.list(query, limit)
        answer = HandFactPage(items=[HandFactOut.of(r) for r in page.items], next_cursor=page.next_cursor)
        if as_json:
            output.document(answer)
        else:
            _show(output.console(), answer, limit)
        return DONE

    return with_services(work)


def export() -> int:
    """Print JSON Lines."""

    async def work(services: Services) -> int:
        async for row in services.catalog.attestation.export(HandQuery(ended=True)):
            sys.stdout.write(HandFactOut.of(row).model_dump_json() + "\n")
        return DONE

    return with_services(work)


def gaps(category: str | None, share: float, limit: int, *, as_json: bool) -> int:
    """Print what is lacked, where most products lack it first."""

    async def work(services: Services) -> int:
        page = await services.catalog.attestation.gaps(category, share, limit=limit)
        answer = GapPage(items=[GapOut.of(gap) for gap in page.items], next_cursor=page.next_cursor)
        if as_json:
            output.document(answer)
            return DONE
        console = output.console()
        if not answer.items:
            console.print("No gap: no product lacks what most of its peers have.")
        for gap in answer.items:
            console.print(_gap_line(gap))
        return DONE

    return with_services(work)


def _done(change: HandFactChange, what: str, *, as_json: bool) -> None:
    if as_json:
        output.document(change)
        return
    console = output.console()
    console.print(Text.assemble((change.id, "green"), f" {what}: ", _statement(change)))
    for fact in change.aside:
        if fact.id == change.id:
            continue  # it is the suppressed one itself
        console.print(f"  {fact.id} set aside: {output.plain(fact.text)}")
    if change.copy_stale:
        console.print(f"  {output.counted(change.copy_stale, 'copy', 'copies')} turned stale")


def _show(console: Console, answer: HandFactPage, limit: int) -> None:
    if not answer.items:
        console.print("Nobody has attested or suppressed such a fact.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("SKU", "Fact", "What", "By", "When", "Note"):
        table.add_column(column, no_wrap=True, overflow="fold" if column in {"SKU", "Fact"} else "ellipsis")
    for row in answer.items:
        said = row.ended_why or row.kind
        notes = [row.evidence or row.reason or ""]
        if row.differs:
            notes.append("the supplier says: " + "; ".join(fact.text for fact in row.differs.facts))
        cells = (row.sku, row.id, f"{said}: {_statement(row)}", row.actor, f"{row.created_at:%Y-%m-%d}")
        table.add_row(*(output.plain(cell) for cell in cells), output.plain(" · ".join(filter(None, notes))))
    console.print(table)
    if answer.next_cursor:
        console.print(f"… and more: --limit {limit * 2}")


def _statement(row: HandFactOut) -> str:
    values = row.value if isinstance(row.value, str) else ", ".join(row.value)
    return output.plain(f"{row.name} {values}{' ' + row.unit if row.unit else ''}")


def _gap_line(gap: GapOut) -> Text:
    where = " · ".join(filter(None, (gap.category, gap.type)))
    examples = ", ".join(gap.examples[:3]) + (" …" if gap.lacking > 3 else "")
    return Text.assemble(
        (output.plain(gap.name), "green"),
        f"  {output.plain(where)}: {gap.lacking:,} of {gap.products:,} lack it ({gap.share_without:.0%})",
        (f"  {output.plain(examples)}", "dim"),
    )
