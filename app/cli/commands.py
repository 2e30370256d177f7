"""Every command that stands by itself, with its options: what `--help` shows; those in groups are in `groups`. The work is in the module of the same name."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.fact_commands import facts_app
from app.cli.groups import (
    AsJson,
    audit_app,
    copy_app,
    db_app,
    documents_app,
    embeddings_app,
    index_app,
    keys_app,
    outside_app,
)
from app.cli.groups_review import review_app
from app.cli.shelf_commands import campaigns
from app.cli.voice_commands import rules_app, voices_app
from app.cli.webhook_commands import webhooks_app

app = typer.Typer(
    name="shelftalker",
    help="Writes a shop's product copy, and proves every sentence of it.",
    add_completion=False,
    rich_markup_mode=None,  # plain help needs no rich, which would double its time
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 the thing checked failed, 2 bad input or usage, 3 a dependency is unreachable.",
)
app.add_typer(copy_app, name="copy")
app.add_typer(review_app, name="review")
app.add_typer(outside_app, name="outside-edits")
app.add_typer(facts_app, name="facts")
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(index_app, name="index")
app.add_typer(embeddings_app, name="embeddings")
app.add_typer(documents_app, name="documents")
app.add_typer(webhooks_app, name="webhooks")
app.add_typer(voices_app, name="voices")
app.add_typer(rules_app, name="rules")
app.add_typer(db_app, name="db")
app.command("campaigns")(campaigns)

Template = Annotated[
    str, typer.Option(help="product_description or headline_variants, with @VERSION if need be.")
]
Voice = Annotated[str, typer.Option(help="plain, warm, premium, or one of the shop's own.")]
Locale = Annotated[str, typer.Option(help="en-US or en-GB.")]
Angle = Annotated[
    str | None,
    typer.Option(help="Which facts lead: material, weather, comfort, use, value, care, choice or technical."),
]


class Format(StrEnum):
    """Feed formats."""

    auto = "auto"
    shopify = "shopify"
    magento = "magento"
    google = "google"
    csv = "csv"
    jsonl = "jsonl"


class ExportFormat(StrEnum):
    """Formats of exports."""

    feed = "feed"
    shopify = "shopify"
    magento = "magento"
    google = "google"
    xlsx = "xlsx"
    jsonl = "jsonl"
    csv = "csv"


class Mode(StrEnum):
    """What an import does with products that the file does not name."""

    delta = "delta"
    full = "full"


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Show the version where asked."""
    if version:
        from importlib.metadata import version as installed  # noqa: PLC0415 - not needed otherwise

        print(f"shelftalker {installed('shelftalker')}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on. Another than this machine's needs a key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
) -> int:
    """Serve the API over HTTP."""
    from app.cli import serving  # noqa: PLC0415 - lazily, so that --help answers at once

    return serving.serve(host, port)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A product export; `-` reads standard input.")],
    format: Annotated[Format, typer.Option(help="Found out from the content, if not given.")] = Format.auto,  # noqa: A002 - the option's name
    mode: Annotated[
        Mode, typer.Option(help="full: products that the file does not name become discontinued.")
    ] = Mode.delta,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Import even what looks like a mistake.")] = False,
    as_json: AsJson = False,
) -> int:
    """Import a product export: Shopify, Magento, Google Merchant, CSV or JSON Lines."""
    from app.cli import importing  # noqa: PLC0415 - lazily

    options = importing.Options(file, format.value, mode.value, dry_run, force, as_json)
    return importing.import_file(options)


@app.command("export")
def export_(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="Where to; a name in this folder if not given, `-` for standard output."
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        ExportFormat,
        typer.Option(help="feed: as it came. xlsx, jsonl and csv are tables of our own."),
    ] = ExportFormat.feed,
    status: Annotated[str, typer.Option(help="Copies in this state.")] = "published",
    fields: Annotated[
        list[str] | None,
        typer.Option(
            help="title, description_html, bullets, meta_title, meta_description or alt; may be repeated. All but the "
            "title, if not given; a Merchant feed gets it too."
        ),
    ] = None,
    layout: Annotated[str | None, typer.Option(help="Which feed, where several came in one format.")] = None,
    import_id: Annotated[
        str | None, typer.Option("--import", help="The feed that this import brought.")
    ] = None,
    sku: Annotated[list[str] | None, typer.Option(help="Of this product; may be repeated.")] = None,
    category: Annotated[str | None, typer.Option(help="A category or one above it: 'Men > Tops'.")] = None,
    locale: Annotated[str | None, typer.Option(help="Texts in this language alone.")] = None,
    as_json: AsJson = False,
) -> int:
    """Give a feed back as it came, with copy in it."""
    from app.cli import exporting  # noqa: PLC0415 - lazily
    from app.exporting.order import ExportOrder  # noqa: PLC0415 - lazily

    order = ExportOrder(
        format=format.value,
        status=status,
        layout=layout,
        import_id=import_id,
        skus=tuple(sku or ()),
        category=category,
        locale=locale,
        fields=tuple(part.strip() for one in fields or () for part in one.split(",")),
    )
    return exporting.export(exporting.Options(file, order, as_json))


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words, a SKU, a GTIN or a part number.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 10,
    category: Annotated[str | None, typer.Option(help="A category or one above it: 'Men > Tops'.")] = None,
    brand: Annotated[str | None, typer.Option(help="Of one brand.")] = None,
    status: Annotated[str, typer.Option(help="active or discontinued.")] = "active",
    words_only: Annotated[bool, typer.Option("--words-only", help="Do not load the model.")] = False,
    as_json: AsJson = False,
) -> int:
    """Search the catalog by words and by meaning; needs no running server."""
    from app.cli import searching  # noqa: PLC0415 - lazily

    options = searching.Options(query, limit, category, brand, status, words_only, as_json)
    return searching.search(options)


@app.command()
def generate(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    skus: Annotated[
        list[str] | None, typer.Argument(metavar="[SKU]...", help="Products to write for.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All active products.")] = False,
    template: Template = "product_description",
    voice: Voice = "plain",
    locale: Locale = "en-US",
    angle: Angle = None,
    keyphrase: Annotated[str | None, typer.Option(help="What shoppers search for.")] = None,
    audience: Annotated[str | None, typer.Option(help="Whom the text is for.")] = None,
    instructions: Annotated[str | None, typer.Option(help="What the writer should mind.")] = None,
    variants: Annotated[int, typer.Option(help="How many different texts, 1 to 8.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Write anew where the copy is current.")] = False,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Mend the copies whose facts changed, of these products or of all."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Write copy; products whose copy is current are skipped. Ctrl-C stops, the same command goes on."""
    from app.cli import generating  # noqa: PLC0415 - lazily

    options = generating.Options(
        skus=tuple(skus or ()),
        everything=everything,
        template=template,
        voice=voice,
        locale=locale,
        angle=angle,
        keyphrase=keyphrase,
        audience=audience,
        instructions=instructions,
        variants=variants,
        force=force,
        stale=stale,
        as_json=as_json,
    )
    return generating.generate(options)


@app.command()
def ground(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text; `-` reads standard input.")],
    facts: Annotated[
        str,
        typer.Option(metavar="FILE", help='JSON: a list of facts, {"facts": […]}, or JSON Lines; `-` too.'),
    ],
    as_json: AsJson = False,
) -> int:
    """Judge a text by facts; exit code 1 where a sentence is unsupported or contradicted."""
    from app.cli import grounding  # noqa: PLC0415 - lazily

    return grounding.ground(file, facts, as_json=as_json)


@app.command()
def duplicates(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|SKU", help="A text, `-` for standard input; or a product that has copy."
        ),
    ],
    sku: Annotated[
        str | None, typer.Option(help="What the text is about: its own texts are left out.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many at most.")] = 10,
    as_json: AsJson = False,
) -> int:
    """Find texts of the catalog that nearly say the same; exit code 1 where one does."""
    from app.cli import comparing  # noqa: PLC0415 - lazily

    return comparing.duplicates(what, sku, limit, as_json=as_json)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="The page to write.")] = Path("demo.html"),
    data_dir: Annotated[Path | None, typer.Option(help="Keep the demo's database here.")] = None,
    as_json: AsJson = False,
) -> int:
    """Write copy for a built-in catalog and show every sentence with its facts."""
    from app.cli import demonstrating  # noqa: PLC0415 - lazily

    return demonstrating.demo(output, data_dir, as_json=as_json)
