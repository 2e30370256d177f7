"""`shelftalker facts …` with its options: what `--help` shows. `facts SKU` is short for `facts show SKU`."""

from datetime import datetime
from typing import Annotated

import typer
from typer.core import TyperGroup

from app.cli.groups import AsJson


class _OrShow(TyperGroup):
    """A group whose first word may be a SKU: what is the name of no command is shown."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer names click's own context
        """The arguments, with `show` before them where no command is named."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


facts_app = typer.Typer(
    cls=_OrShow,
    help="What copy may rest on. `facts SKU` shows it; the others say what a person knows better than the feed.",
    rich_markup_mode=None,
)
Sku = Annotated[str, typer.Argument(metavar="SKU", help="A product.")]
FactId = Annotated[str, typer.Argument(metavar="ID", help="A fact of it, as `facts SKU` shows it: F12.")]


@facts_app.command("show")
def facts_show(
    sku: Sku,
    query: Annotated[
        str | None, typer.Option(help="Those that a text with this keyphrase is given, best first.")
    ] = None,
    template: Annotated[str | None, typer.Option(help="Those that a text of this template is given.")] = None,
    angle: Annotated[
        str | None,
        typer.Option(
            help="Which facts lead: material, weather, comfort, use, value, care, choice or technical."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=200, help="How many at most.")] = None,
    locale: Annotated[str | None, typer.Option(help="In the words of a locale, where it has some.")] = None,
    as_json: AsJson = False,
) -> int:
    """Show what copy about a product may rest on: its own facts, and those of guides that apply to it."""
    from app.cli import stating  # noqa: PLC0415 - lazily

    return stating.facts(stating.Options(sku, query, template, angle, limit, locale, as_json))


@facts_app.command("attest")
def facts_attest(
    sku: Sku,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is about: warranty, material …")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help='As a column would say it: "2 years".')],
    unit: Annotated[str | None, typer.Option(help="Where the value is a number without one.")] = None,
    evidence: Annotated[str | None, typer.Option(help="A note or a link.")] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
            help="When it no longer counts: a day or a moment, UTC unless it says otherwise.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Answer for a fact: no import writes over it."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    return attesting.attest(sku, name, value, unit, evidence, expires, as_json=as_json)


@facts_app.command("suppress")
def facts_suppress(
    sku: Sku,
    fact_id: FactId,
    reason: Annotated[str, typer.Option(help="Why it is wrong.")],
    as_json: AsJson = False,
) -> int:
    """Take a supplier's wrong fact out, in every import to come."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    return attesting.suppress(sku, fact_id, reason, as_json=as_json)


@facts_app.command("undo")
def facts_undo(sku: Sku, fact_id: FactId, as_json: AsJson = False) -> int:
    """Undo an attestation, or let a suppressed fact in again."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    return attesting.undo(sku, fact_id, as_json=as_json)


@facts_app.command("list")
def facts_list(
    attested: Annotated[
        bool, typer.Option("--attested", help="Attested ones alone, not the suppressed.")
    ] = False,
    sku: Annotated[str | None, typer.Option(help="Of one product.")] = None,
    actor: Annotated[str | None, typer.Option(help="Of one person.")] = None,
    differs: Annotated[
        bool, typer.Option("--differs", help="Those of which a supplier says something else since.")
    ] = False,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that no longer hold.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List the facts that people attested or suppressed, newest first."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    query = attesting.Wanted("attest" if attested else None, sku, actor, differs, ended)
    return attesting.list_facts(query, limit, as_json=as_json)


@facts_app.command("export")
def facts_export() -> int:
    """Print all of them as JSON Lines, those that no longer hold too."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    return attesting.export()


@facts_app.command("gaps")
def facts_gaps(
    category: Annotated[str | None, typer.Option(help="A category and all below it: 'Men > Tops'.")] = None,
    share: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="The share of its peers that must have a fact.")
    ] = 0.6,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """Show which facts products lack that most of their peers have."""
    from app.cli import attesting  # noqa: PLC0415 - lazily

    return attesting.gaps(category, share, limit, as_json=as_json)
