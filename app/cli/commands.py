"""Every command with its options: what `--help` shows. The work is in the module of the same name."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="shelftalker",
    help="Writes a shop's product copy, and proves every sentence of it.",
    add_completion=False,
    rich_markup_mode=None,  # plain help needs no rich, which would double its time
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 the thing checked failed, 2 bad input or usage, 3 a dependency is unreachable.",
)
copy_app = typer.Typer(help="Read, edit, approve and publish copy.", rich_markup_mode=None)
keys_app = typer.Typer(help="Create, list and revoke keys.", rich_markup_mode=None)
index_app = typer.Typer(help="Look after the search index.", rich_markup_mode=None)
embeddings_app = typer.Typer(help="Look after the model that reads meaning.", rich_markup_mode=None)
documents_app = typer.Typer(
    help="Guides and FAQs, whose sentences become facts of products.", rich_markup_mode=None
)
db_app = typer.Typer(help="Look after the database.", rich_markup_mode=None)
app.add_typer(copy_app, name="copy")
app.add_typer(keys_app, name="keys")
app.add_typer(index_app, name="index")
app.add_typer(embeddings_app, name="embeddings")
app.add_typer(documents_app, name="documents")
app.add_typer(db_app, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Template = Annotated[
    str, typer.Option(help="product_description or headline_variants, with @VERSION if need be.")
]
Voice = Annotated[str, typer.Option(help="plain, warm or premium.")]
Locale = Annotated[str, typer.Option(help="en-US or en-GB.")]
Angle = Annotated[
    str | None,
    typer.Option(help="Which facts lead: material, weather, comfort, use, value, care, choice or technical."),
]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of copies, as `copy list` shows them.")]


class Format(StrEnum):
    """Feed formats."""

    auto = "auto"
    shopify = "shopify"
    magento = "magento"
    google = "google"
    csv = "csv"
    jsonl = "jsonl"


class Mode(StrEnum):
    """What an import does with products that the file does not name."""

    delta = "delta"
    full = "full"


class DocumentFormat(StrEnum):
    """Formats of documents."""

    auto = "auto"
    markdown = "markdown"
    html = "html"
    text = "text"
    pdf = "pdf"


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
    variants: Annotated[int, typer.Option(help="How many different texts, 1 to 8.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Write anew where the copy is current.")] = False,
    as_json: AsJson = False,
) -> int:
    """Write copy; products whose copy is current are skipped. Ctrl-C stops, the same command goes on."""
    from app.cli import generating  # noqa: PLC0415 - lazily

    options = generating.Options(
        tuple(skus or ()), everything, template, voice, locale, angle, variants, force, as_json
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


@copy_app.command("list")
def copy_list(
    status: Annotated[
        str | None, typer.Option(help="draft, needs_review, approved, published, rejected, stale.")
    ] = None,
    sku: Annotated[str | None, typer.Option(help="Of one product.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List copies, newest first."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.list_copies(status, sku, limit, as_json=as_json)


@copy_app.command("show")
def copy_show(copy_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> int:
    """Show a copy with the facts behind each sentence."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.show(copy_id, as_json=as_json)


@copy_app.command("edit")
def copy_edit(
    copy_id: Annotated[str, typer.Argument(metavar="ID")],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=TEXT", help="A field's new text; may be repeated."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="FILE", help="JSON object of fields; `-` reads standard input."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Edit a copy: a new version, judged anew, waiting for review."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.edit(copy_id, changes or [], file, as_json=as_json)


@copy_app.command("approve")
def copy_approve(ids: Ids, as_json: AsJson = False) -> int:
    """Approve copies; exit code 1 where a claim is unsupported."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.act("approve", ids, as_json=as_json)


@copy_app.command("reject")
def copy_reject(ids: Ids, as_json: AsJson = False) -> int:
    """Reject copies."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.act("reject", ids, as_json=as_json)


@copy_app.command("publish")
def copy_publish(ids: Ids, as_json: AsJson = False) -> int:
    """Publish approved copies."""
    from app.cli import reviewing  # noqa: PLC0415 - lazily

    return reviewing.act("publish", ids, as_json=as_json)


@documents_app.command("add")
def documents_add(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Markdown, HTML, text or PDF; `-` reads standard input.")
    ],
    brand: Annotated[str | None, typer.Option(help="For products of this brand.")] = None,
    category: Annotated[
        str | None, typer.Option(help='For this category and all below it: "Clothing > T-Shirts".')
    ] = None,
    sku: Annotated[list[str] | None, typer.Option(help="For this product; may be repeated.")] = None,
    all_products: Annotated[bool, typer.Option("--all-products", help="For all products.")] = False,
    title: Annotated[str | None, typer.Option(help="What it calls itself, if not given.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        DocumentFormat, typer.Option(help="Found out from the name and content, if not given.")
    ] = DocumentFormat.auto,
    replace: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Put it in the place of this document, and keep for what it is."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Add a document for all products, or those of a brand, a category or some SKUs."""
    from app.cli import documenting  # noqa: PLC0415 - lazily

    options = documenting.Options(
        file, brand, category, tuple(sku or ()), all_products, title, format.value, replace, as_json
    )
    return documenting.add(options)


@documents_app.command("list")
def documents_list(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List documents, newest first."""
    from app.cli import documenting  # noqa: PLC0415 - lazily

    return documenting.list_documents(limit, as_json=as_json)


@documents_app.command("show")
def documents_show(document_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> int:
    """Show a document's pieces, each statement with the id of its fact."""
    from app.cli import documenting  # noqa: PLC0415 - lazily

    return documenting.show(document_id, as_json=as_json)


@documents_app.command("remove")
def documents_remove(
    document_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False
) -> int:
    """Remove a document; copy that rests on it turns stale."""
    from app.cli import documenting  # noqa: PLC0415 - lazily

    return documenting.remove(document_id, as_json=as_json)


@keys_app.command("create")
def keys_create(
    role: Annotated[str, typer.Option(help="admin, merchandiser, reviewer, marketer, server or storefront.")],
    name: Annotated[str, typer.Option(help="The holder, the actor in the audit; you, if not given.")] = "",
    as_json: AsJson = False,
) -> int:
    """Create a key. It is shown once; from the first on, the API needs one."""
    from app.cli import keyring  # noqa: PLC0415 - lazily

    return keyring.create(role, name, as_json=as_json)


@keys_app.command("list")
def keys_list(as_json: AsJson = False) -> int:
    """List keys, without their secrets."""
    from app.cli import keyring  # noqa: PLC0415 - lazily

    return keyring.list_keys(as_json=as_json)


@keys_app.command("revoke")
def keys_revoke(key_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> int:
    """Revoke a key."""
    from app.cli import keyring  # noqa: PLC0415 - lazily

    return keyring.revoke(key_id, as_json=as_json)


@index_app.command("status")
def index_status(as_json: AsJson = False) -> int:
    """Say how the saved search index stands, and which process keeps it."""
    from app.cli import indexing  # noqa: PLC0415 - lazily

    return indexing.status(as_json=as_json)


@index_app.command("build")
def index_build(as_json: AsJson = False) -> int:
    """Bring the search index level with the catalog, vectors too, and save it. Ctrl-C keeps what is done."""
    from app.cli import indexing  # noqa: PLC0415 - lazily

    return indexing.build(as_json=as_json)


@embeddings_app.command("export")
def embeddings_export(
    force: Annotated[bool, typer.Option("--force", help="Export anew where the export is current.")] = False,
    as_json: AsJson = False,
) -> int:
    """Make a copy of the model that needs no PyTorch: 8-bit ONNX, in the data folder, compared with the original."""
    from app.cli import embedding  # noqa: PLC0415 - lazily

    return embedding.export(force=force, as_json=as_json)


@embeddings_app.command("status")
def embeddings_status(as_json: AsJson = False) -> int:
    """Say which model embeds, on what, and why."""
    from app.cli import embedding  # noqa: PLC0415 - lazily

    return embedding.status(as_json=as_json)


@db_app.command("upgrade")
def db_upgrade(as_json: AsJson = False) -> int:
    """Bring the database to this version's shape (SQLite does it by itself)."""
    from app.cli import databases  # noqa: PLC0415 - lazily

    return databases.upgrade(as_json=as_json)
