"""The commands that come in groups (`copy list`, `keys create` …) with their options: what `--help` shows."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

copy_app = typer.Typer(help="Read, edit, approve and publish copy.", rich_markup_mode=None)
keys_app = typer.Typer(help="Create, list and revoke keys.", rich_markup_mode=None)
index_app = typer.Typer(help="Look after the search index.", rich_markup_mode=None)
embeddings_app = typer.Typer(help="Look after the model that reads meaning.", rich_markup_mode=None)
documents_app = typer.Typer(
    help="Guides and FAQs, whose sentences become facts of products.", rich_markup_mode=None
)
outside_app = typer.Typer(help="Texts of ours that were changed in the shop.", rich_markup_mode=None)
db_app = typer.Typer(help="Look after the database.", rich_markup_mode=None)

audit_app = typer.Typer(
    help="Read the audit, newest first: who did what when.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of copies, as `copy list` shows them.")]


class DocumentFormat(StrEnum):
    """Formats of documents."""

    auto = "auto"
    markdown = "markdown"
    html = "html"
    text = "text"
    pdf = "pdf"


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
def documents_show(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    limit: Annotated[
        int, typer.Option(min=1, help="How many lines below the headings at most; --json has all.")
    ] = 50,
    as_json: AsJson = False,
) -> int:
    """Show a document's pieces, each statement with the id of its fact."""
    from app.cli import documenting  # noqa: PLC0415 - lazily

    return documenting.show(document_id, limit, as_json=as_json)


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
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="90d, 12h, 2027-01-31; never, if not given.")
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Of storefront keys: a page that may send it, https://shop.example; may be repeated."
        ),
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(help="Calls in a minute; as the role has it, if not given.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Create a key. It is shown once; from the first on, the API needs one."""
    from app.cli import keyring  # noqa: PLC0415 - lazily

    return keyring.create(
        role, name, keyring.Terms(expires, tuple(origin or ()), per_minute), as_json=as_json
    )


@keys_app.command("rotate")
def keys_rotate(
    key_id: Annotated[str, typer.Argument(metavar="ID")],
    overlap: Annotated[
        str, typer.Option(metavar="TIME", help="How long the old key stays valid: 0, 30m, 12h, 7d.")
    ] = "1d",
    as_json: AsJson = False,
) -> int:
    """Give a key's holder a new one; the old one ends after the overlap."""
    from app.cli import keyring  # noqa: PLC0415 - lazily

    return keyring.rotate(key_id, overlap, as_json=as_json)


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


@audit_app.callback()
def audit(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    context: typer.Context,
    actor: Annotated[str | None, typer.Option(help="The name on the key.")] = None,
    action: Annotated[str | None, typer.Option(help="copy.approve, or copy for all of its actions.")] = None,
    subject: Annotated[str | None, typer.Option(help="Kind and id: copy:cp_1a2b.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="2026-11-24, or 12h for so long ago.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Go on with what is done from now on; with --json one object a line."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Read the audit, newest first: who did what when."""
    if context.invoked_subcommand is not None:
        return 0
    from app.cli import auditing  # noqa: PLC0415 - lazily

    wanted = auditing.Wanted(actor, action, subject, since, limit)
    return auditing.follow(wanted, as_json=as_json) if follow else auditing.show(wanted, as_json=as_json)


@audit_app.command("export")
def audit_export(
    after: Annotated[int, typer.Option(min=0, help="The last number that you have.")] = 0,
) -> int:
    """Print all entries as JSON Lines, oldest first."""
    from app.cli import auditing  # noqa: PLC0415 - lazily

    return auditing.export(after)


@audit_app.command("verify")
def audit_verify(as_json: AsJson = False) -> int:
    """Check that no entry is missing and none was changed; exit code 1 where one is."""
    from app.cli import auditing  # noqa: PLC0415 - lazily

    return auditing.verify(as_json=as_json)


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


@outside_app.command("list")
def outside_list(
    status: Annotated[str, typer.Option(help="open, accepted, dismissed or all.")] = "open",
    sku: Annotated[str | None, typer.Option(help="Of one product.")] = None,
    as_json: AsJson = False,
) -> int:
    """List texts that an import found changed, newest first."""
    from app.cli import exporting  # noqa: PLC0415 - lazily

    return exporting.list_edits(status, sku, as_json=as_json)


@outside_app.command("accept")
def outside_accept(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Ids as `outside-edits list` shows them.")
    ],
    as_json: AsJson = False,
) -> int:
    """Take them over as versions of their copies, waiting for review."""
    from app.cli import exporting  # noqa: PLC0415 - lazily

    return exporting.settle("accept", ids, as_json=as_json)


@outside_app.command("dismiss")
def outside_dismiss(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Ids as `outside-edits list` shows them.")
    ],
    as_json: AsJson = False,
) -> int:
    """Leave them: the next export writes our texts over them."""
    from app.cli import exporting  # noqa: PLC0415 - lazily

    return exporting.settle("dismiss", ids, as_json=as_json)
