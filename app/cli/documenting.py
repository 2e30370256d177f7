"""`shelftalker documents …`: guides in, and what they say."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.api.models.documents import (
    DocumentChange,
    DocumentOut,
    DocumentPage,
    DocumentSummary,
    PieceOut,
    ScopeOut,
)
from app.api.outcomes import DONE
from app.catalog.documents.service import MAX_BYTES, too_large
from app.catalog.documents.values import ALL, NewDocument, Scope, path_of
from app.cli import output
from app.cli.session import with_services
from app.errors import Invalid, Problem
from app.services import Services
from retrieval.readers import FORMATS

ACTOR = "local"
EMPTY = "No document yet: shelftalker documents add FILE takes one in."


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    file: Path
    brand: str | None
    category: str | None
    skus: tuple[str, ...]
    all_products: bool
    title: str | None
    format: str
    replace: str | None
    as_json: bool


def add(options: Options) -> int:
    """Take a document in, or put it in another's place, and say what it states."""
    scope = _scope(options)
    chosen = next((known for known in FORMATS if known == options.format), None)
    name = None if str(options.file) == "-" else options.file.name
    new = NewDocument(_read(options.file), chosen, options.title, scope, name)

    async def work(services: Services) -> int:
        documents = services.catalog.documents
        if options.replace is None:
            update = await documents.add(new, ACTOR)
        else:
            update = await documents.replace(options.replace, new, ACTOR)
        answer = DocumentChange.of_update(update)
        if options.as_json:
            output.document(answer)
        else:
            _show_change(
                output.console(), answer, replaced=options.replace is not None, same=update.unchanged
            )
        return DONE

    return with_services(work)


def list_documents(limit: int, *, as_json: bool) -> int:
    """Print a table, newest first."""

    async def work(services: Services) -> int:
        page = await services.catalog.documents.list(limit)
        items = [DocumentSummary.of(document) for document in page.items]
        if as_json:
            output.document(DocumentPage(items=items, next_cursor=page.next_cursor))
            return DONE
        console = output.console()
        if not items:
            console.print(EMPTY)
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("ID", "Title", "For", "Facts"):
            table.add_column(column, no_wrap=True, overflow="fold" if column == "ID" else "ellipsis")
        for item in items:
            table.add_row(
                item.id, Text(output.plain(item.title)), Text(_for(item.scope)), str(item.facts_count)
            )
        console.print(table)
        if page.next_cursor:
            console.print(f"… and more: --limit {limit * 2}")
        return DONE

    return with_services(work)


def show(document_id: str, limit: int, *, as_json: bool) -> int:
    """Print a document: each piece below its headings, each statement with its fact's id, `limit` at most."""

    async def work(services: Services) -> int:
        answer = DocumentOut.of_stored(await services.catalog.documents.get(document_id))
        if as_json:
            output.document(answer)
        else:
            _show(output.console(), answer, limit)
        return DONE

    return with_services(work)


def remove(document_id: str, *, as_json: bool) -> int:
    """Remove a document and say how much copy rested on it."""

    async def work(services: Services) -> int:
        stale = await services.catalog.documents.remove(document_id, ACTOR)
        if as_json:
            output.document({"id": document_id, "removed": True, "copy_stale": stale})
        else:
            output.console().print(
                f"Removed {output.plain(document_id)}; {output.counted(stale, 'copy', 'copies')} turned stale"
            )
        return DONE

    return with_services(work)


def _scope(options: Options) -> Scope | None:
    given = {
        "brand": options.brand,
        "category": options.category,
        "sku": options.skus or None,
        "all-products": options.all_products or None,
    }
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        detail = f"give one of {', '.join('--' + name for name in named)}"
        raise Invalid(detail, problems=[Problem(f"/scope/{name}", detail) for name in named])
    if options.brand is not None:
        return Scope("brand", (_filled(options.brand, "brand"),))
    if options.category is not None:
        return Scope("category", path_of(_filled(options.category, "category")))
    if options.skus:
        return Scope("sku", tuple(dict.fromkeys(options.skus)))
    return ALL if options.all_products else None


def _filled(value: str, name: str) -> str:
    if not value.strip(" >"):
        raise Invalid(f"--{name} is empty", pointer=f"/scope/{name}")
    return value.strip()


def _read(file: Path) -> bytes:
    """The file. Raises Invalid where it cannot be read, TooLarge: what is larger is refused, not read."""
    try:
        if str(file) == "-":
            content, size = sys.stdin.buffer.read(MAX_BYTES + 1), 0
        else:
            with file.open("rb") as opened:
                size = os.fstat(opened.fileno()).st_size  # 0 of a pipe
                content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise too_large("standard input" if str(file) == "-" else str(file), size or None)
    return content


def _for(scope: ScopeOut) -> str:
    if scope.brand is not None:
        return f"brand {output.plain(scope.brand)}"
    if scope.category is not None:
        return f"category {output.plain(' > '.join(scope.category))}"
    if scope.skus is not None:
        more = f" and {len(scope.skus) - 3} more" if len(scope.skus) > 3 else ""
        return f"{output.plain(', '.join(scope.skus[:3]))}{more}"
    return "all products"


def _show_change(console: Console, answer: DocumentChange, *, replaced: bool, same: bool) -> None:
    done = "Unchanged" if same else "Replaced" if replaced else "Added"
    head = f"{done} {answer.id}: {output.plain(answer.title)}"
    console.print(
        Text.assemble(
            (head, "bold"),
            f" ({answer.format}, {output.counted(answer.facts_count, 'fact')}) for {_for(answer.scope)}",
        )
    )
    if same:
        return
    if replaced:
        console.print(
            f"  {output.counted(answer.facts_changed, 'fact')} changed or gone, "
            f"{output.counted(answer.copy_stale, 'copy', 'copies')} turned stale"
        )
    for note in answer.notes:
        console.print(Text(f"  {output.plain(note)}", style="dim"))
    console.print("Next: shelftalker generate --all")


def _show(console: Console, answer: DocumentOut, limit: int) -> None:
    console.print(
        Text.assemble((f"{answer.id}  {output.plain(answer.title)}", "bold"), f"  for {_for(answer.scope)}")
    )
    texts = {fact.id: fact.text for fact in answer.facts}
    left = limit
    hidden = 0
    for piece in answer.pieces:
        lines = _lines(piece, texts)
        hidden += max(len(lines) - left, 0)
        if left:
            console.print(Text(f"#{piece.n}  {output.plain(' > '.join(piece.heading))}", style="dim"))
        for line in lines[:left]:
            console.print(line)
        left -= len(lines[:left])
    if hidden:
        console.print(f"… and {output.counted(hidden, 'more line')}: --limit {limit + hidden} shows all")
    for note in answer.notes:
        console.print(Text(f"  {output.plain(note)}", style="dim"))


def _lines(piece: PieceOut, texts: Mapping[str, str]) -> list[Text]:
    """A line for each statement, each sentence that is none, and for the text of a piece that has neither."""
    facts = [
        Text.assemble((f"  {fact_id:>6} ", "green"), output.plain(texts[fact_id])) for fact_id in piece.facts
    ]
    guidance = [Text(f"  no fact {output.plain(sentence)}", style="dim") for sentence in piece.guidance]
    if facts or guidance or not piece.text:
        return facts + guidance
    return [Text(f"         {output.plain(piece.text)}")]
