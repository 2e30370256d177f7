"""`shelftalker search`: a question to the catalog, without a server."""

from dataclasses import dataclass
from typing import cast

from rich.table import Table
from rich.text import Text

from app.api.models.search import SearchOut
from app.api.outcomes import DONE
from app.catalog.product import Status
from app.cli import output
from app.cli.progress import progress
from app.cli.session import load_settings, with_services
from app.services import Services
from app.settings import NO_EMBEDDING_MODEL

PATIENCE_S = 60.0  # nobody waits here but who asked, and for an answer by meaning too
SLOW = (
    "loading the model to read the query takes some seconds; shelftalker embeddings export, once, makes it quick "
    "(--words-only does without)"
)
BY_WORDS = "by words alone"
BUILD = "shelftalker index build makes them now, shelftalker serve in the background"
INCOMPLETE = "the index is still being built"


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    query: str
    limit: int
    category: str | None
    brand: str | None
    status: str
    words_only: bool
    as_json: bool


def search(options: Options) -> int:
    """Search and show. Raises Invalid for a query that cannot be, Unavailable where the database does not answer."""

    async def work(services: Services) -> int:
        services.search.check(options.query, options.limit, options.status)  # before anything is read
        with progress("Reading what changed", quiet=options.as_json) as advance:
            await services.index.catch_up(
                lambda done, total: advance(done / max(total, 1), f"{done:,} of {total:,} products")
            )
        await services.index.give_known_vectors()
        if services.search.status().dense and not services.index.quick:
            output.warn(SLOW)
        found = await services.search.search(
            options.query,
            limit=options.limit,
            category=options.category,
            brand=options.brand,
            status=cast("Status", options.status),
            patience_s=PATIENCE_S,
        )
        answer = SearchOut.of(found)
        if options.as_json:
            output.document(answer)
            return DONE
        _show(answer)
        status = services.search.status()
        reason = status.reason
        if status.pending and status.role == "keeper" and reason:
            reason += f"; {BUILD}"
        if not found.complete:
            output.warn(f"products may be missing: {reason or INCOMPLETE}")
        if not found.dense and (reason := "--words-only" if options.words_only else reason):
            output.warn(reason if BY_WORDS in reason else f"{BY_WORDS}: {reason}")
        return DONE

    settings = load_settings()
    if options.words_only:
        settings = settings.model_copy(update={"embedding_model": NO_EMBEDDING_MODEL})
    return with_services(work, settings)


def _show(answer: SearchOut) -> None:
    console = output.console()
    if not answer.items:
        console.print("Nothing was found.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    any_exact = any(hit.exact for hit in answer.items)
    for heading in ("", "SKU", "Title", "Words", "Meaning", *(["Code"] if any_exact else [])):
        table.add_column(heading, justify="left" if heading in {"SKU", "Title"} else "right")
    for place, hit in enumerate(answer.items, 1):
        ranks = [str(rank) if rank else "-" for rank in (hit.lexical_rank, hit.dense_rank)]
        if any_exact:
            ranks.append("exact" if hit.exact else "")
        table.add_row(
            str(place), Text(output.plain(hit.sku), style="bold"), Text(output.plain(hit.title)), *ranks
        )
    console.print(table)
