"""`shelftalker index …`: how the search index stands, and building it before anybody asks."""

from datetime import UTC, datetime

from pydantic import BaseModel

from app.api.models.base import Time
from app.api.models.search import IndexOut
from app.api.outcomes import DONE, STOPPED
from app.catalog.search.status import IndexStatus
from app.cli import output
from app.cli.interrupts import stop_at_interrupt
from app.cli.progress import progress
from app.cli.session import with_services
from app.services import Services


class SavedIndex(BaseModel):
    """What outlives a process: in the folder, or in Milvus, which is always saved."""

    products: int
    products_in_catalog: int
    vectors: int
    model: str | None
    saved_at: Time | None
    kept_by: int | str | None
    folder: str  # or the address of a server
    trouble: str | None = None  # why nothing can be said of what is saved


def status(*, as_json: bool) -> int:
    """Say what is saved, and by whom it is kept; reads no index."""

    async def work(services: Services) -> int:
        saved = await services.index.saved()
        answer = SavedIndex(
            products=saved.products,
            products_in_catalog=await services.index.products_in_catalog(),
            vectors=saved.vectors,
            model=saved.model,
            saved_at=None if saved.at is None else datetime.fromtimestamp(saved.at, UTC),
            kept_by=services.index.kept_by(),
            folder=services.index.where,
            trouble=saved.trouble,
        )
        if as_json:
            output.document(answer)
        else:
            _show(answer, in_milvus=services.search.status().store == "milvus")
        return DONE

    return with_services(work)


def _show(saved: SavedIndex, *, in_milvus: bool) -> None:
    if in_milvus:
        print(
            f"{output.counted(saved.products, 'product')} of {saved.products_in_catalog:,} in the catalog, "
            f"{output.counted(saved.vectors, 'vector')} ({saved.model or 'no model'})"
        )
    elif saved.trouble is not None:
        print(
            f"An index is saved, but what it is cannot be told: {saved.trouble}. The next search or server builds it anew if need be; "
            f"the catalog has {output.counted(saved.products_in_catalog, 'product')}."
        )
    elif saved.saved_at is None:
        print(f"No index is saved; the catalog has {output.counted(saved.products_in_catalog, 'product')}.")
    else:
        print(
            f"Saved {saved.saved_at:%Y-%m-%d %H:%M} UTC: {output.counted(saved.products, 'product')} of "
            f"{saved.products_in_catalog:,} in the catalog, {output.counted(saved.vectors, 'vector')}"
            f" ({saved.model or 'no model'})"
        )
    print(f"In {saved.folder}")
    if saved.kept_by is not None:
        print(f"Process {saved.kept_by} keeps it: it follows the catalog by itself.")
    else:
        print("Next: shelftalker index build, or shelftalker serve, which keeps it")


def build(*, as_json: bool) -> int:
    """Build and save. Raises Conflict where another process keeps the index, Unavailable where it cannot be."""

    async def work(services: Services) -> int:
        stopped = False
        await services.index.keep()
        with stop_at_interrupt() as stopping:
            with progress("Reading products", quiet=as_json) as advance:
                await services.index.catch_up(
                    lambda done, total: advance(done / max(total, 1), f"{done:,} of {total:,} products"),
                    stopping.is_set,
                )
            with progress("Embedding", quiet=as_json) as advance:
                await services.index.give_all_vectors(
                    lambda done, total: advance(done / max(total, 1), f"{done:,} of {total:,} vectors"),
                    stopping.is_set,
                )
            stopped = stopping.is_set()
        await services.index.save()
        now = services.search.status()
        if as_json:
            output.document(IndexOut.of(now))
        else:
            _tell(now)
        return STOPPED if stopped else DONE

    return with_services(work)


def _tell(now: IndexStatus) -> None:
    print(f"{output.counted(now.products, 'product')}, {output.counted(now.vectors, 'vector')}")
    if now.reason:
        print(output.plain(now.reason))
