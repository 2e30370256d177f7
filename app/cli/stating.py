"""`shelftalker facts`: what copy about a product may rest on."""

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from app.api.models.catalog import FactOut
from app.api.models.facts import ProductFacts
from app.api.outcomes import DONE
from app.cli import output
from app.cli.session import with_services
from app.services import Services


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    sku: str
    query: str | None
    template: str | None
    angle: str | None
    limit: int | None
    locale: str | None
    as_json: bool


def facts(options: Options) -> int:
    """Print facts and conflicts. Raises NotFound for an unknown SKU, Invalid for an unknown template or angle."""

    async def work(services: Services) -> int:
        found = await services.copy.facts(
            options.sku,
            query=options.query,
            template=options.template,
            angle=options.angle,
            limit=options.limit,
            locale=options.locale,
        )
        said = await services.catalog.attestation.setting_aside(options.sku)
        answer = ProductFacts.with_aside(found, list(said))
        if options.as_json:
            output.document(answer)
        else:
            _show(output.console(), answer)
        return DONE

    return with_services(work)


def _show(console: Console, answer: ProductFacts) -> None:
    if not answer.items:
        console.print("No fact.")
    wide = max((len(fact.id) for fact in answer.items), default=0)
    for fact in answer.items:
        console.print(
            Text.assemble(
                (f"{fact.id:>{wide}} ", "green"), output.plain(fact.text), (f"  {_about(fact)}", "dim")
            )
        )
    for conflict in answer.conflicts:
        against = f" (against {conflict.against})" if conflict.against else ""
        console.print(
            Text.assemble(
                (f"{conflict.id} ", "yellow"),
                f"not used: {output.plain(conflict.text)}",
                (f"  {output.plain(conflict.reason)}{against}", "dim"),
            )
        )
    for aside in answer.set_aside:
        why = f"{aside.actor} attests {aside.against}" if aside.against else f"suppressed by {aside.actor}"
        note = f": {aside.reason}" if aside.reason else ""
        console.print(
            Text.assemble(
                (f"{aside.id} ", "yellow"),
                f"set aside: {output.plain(aside.text)}",
                (f"  {output.plain(why + note)}", "dim"),
            )
        )


def _about(fact: FactOut) -> str:
    told = [output.plain(fact.source)]
    if fact.trust not in {"data", "document"}:
        told.append(fact.trust)
    if fact.live:
        told.append("live")
    if fact.score is not None:
        told.append(f"{fact.score:.2f}")
    return ", ".join(told)
