"""What the demo does: import the catalog, write all copy, try to approve a sentence that no fact supports.

It goes the way that every caller goes, through the services, and gives back values; showing them is others' work.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import as_file, files
from time import perf_counter
from typing import Any

from app.catalog.service import ImportReport, ProductQuery, StoredProduct
from app.copywriting.copy import Copy
from app.copywriting.request import CopyRequest
from app.errors import Conflict
from app.services import Services

FEATURED = "Brae Fleece Hoodie"
INVENTED = "It keeps you dry in heavy rain and comes with a lifetime warranty."
ACTOR = "demo"


Progress = Callable[[str], AbstractContextManager[Callable[[float, str], None]]]
"""Shows one stretch of work: given its title, a context whose value is told the share done and a note."""


@dataclass(frozen=True, slots=True)
class Written:
    """A product with its facts and all that was written about it."""

    stored: StoredProduct
    description: Copy
    headlines: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """An edit that the service took and would not approve. `sentences` are as the API's 409 names them."""

    product: str
    sentence: str
    detail: str
    sentences: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened, and how long importing and writing took (in seconds)."""

    report: ImportReport
    products: tuple[Written, ...]
    refused: RefusedEdit
    seconds: float

    @property
    def featured(self) -> Written:
        """The product that the terminal shows in full, and whose copy was edited."""
        return _featured(self.products)

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Every copy that was written."""
        return tuple(copy for written in self.products for copy in (written.description, *written.headlines))


async def tell(services: Services, progress: Progress) -> Story:
    """Do it all, from the file to the refused edit."""
    started = perf_counter()
    with as_file(files("app.demo") / "catalog.csv") as path, progress("Reading the catalog") as advance:
        report = await services.catalog.import_file(
            path,
            filename="catalog.csv",
            format="shopify",
            progress=lambda at: advance(at.bytes_read / (at.total_bytes or 1), f"{at.products} products"),
        )
    copies: dict[str, list[Copy]] = {}
    for template, title in (
        ("product_description", "Writing descriptions"),
        ("headline_variants", "Writing headlines"),
    ):
        with progress(title) as advance:
            request = CopyRequest(sku="", template=template)
            async for step in services.copy.generate_all(request, force=True, actor=ACTOR):
                copies.setdefault(step.sku, []).extend(step.copies)
                advance(step.done / (step.total or 1), f"{step.done} of {step.total}")
    seconds = perf_counter() - started
    products = tuple(_written(stored, copies[stored.product.sku]) for stored in await _all_products(services))
    return Story(report, products, await _refused(services, _featured(products)), seconds)


def _featured(products: Sequence[Written]) -> Written:
    return next((w for w in products if w.stored.product.title == FEATURED), products[0])


async def _all_products(services: Services) -> list[StoredProduct]:
    """In the order of the catalog: that of their SKUs."""
    found: list[StoredProduct] = []
    cursor: str | None = None
    while True:
        page = await services.catalog.list_products(ProductQuery(status="active"), 200, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def _written(stored: StoredProduct, copies: Sequence[Copy]) -> Written:
    return Written(
        stored,
        description=next(copy for copy in copies if copy.template == "product_description"),
        headlines=tuple(copy for copy in copies if copy.template == "headline_variants"),
    )


async def _refused(services: Services, written: Written) -> RefusedEdit:
    """Edit the description as an over-eager colleague would, and ask for approval."""
    html = f"{written.description.fields['description_html']}<p>{INVENTED}</p>"
    edited = await services.life.edit(written.description.id, {"description_html": html}, ACTOR)
    try:
        await services.life.act(edited.id, "approve", ACTOR)
    except Conflict as refusal:
        named = tuple(dict(sentence) for sentence in refusal.extra["sentences"])
        return RefusedEdit(written.stored.product.title, INVENTED, refusal.detail, named)
    raise AssertionError(
        "an invented claim was approved"
    )  # the gate's whole purpose; a demo must not hide its failure
