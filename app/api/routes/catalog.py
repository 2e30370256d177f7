"""Products."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from app.access.service import Principal
from app.api.deps import Catalog, Copywriting, May, SkuInPath, may
from app.api.models.base import Text
from app.api.models.catalog import ProductIn, ProductOut, ProductPage
from app.api.models.copy import CopyPage
from app.api.models.paging import PageQuery
from app.api.problems import problems
from app.api.routes.copy import copy_page
from app.catalog.product import Status
from app.catalog.stored import ProductQuery
from app.copywriting.copy import Status as CopyStatus
from app.errors import Invalid, NotFound

router = APIRouter(prefix="/v1/products", tags=["catalog"], responses=problems(401, 403, 422, 503))
READ = may("catalog:read")
Writer = Annotated[Principal, Depends(May("catalog:write"))]


class ProductFilter(PageQuery):
    """Which products."""

    q: Text | None = Field(None, max_length=200, description="Words in the SKU or the title.")
    category: Text | None = Field(None, max_length=500, description="A category or one above it.")
    brand: Text | None = Field(None, max_length=200)
    status: Status | None = None
    copy_status: CopyStatus | Literal["missing"] | None = Field(
        None, description="Products that have a copy in this state; `missing`: none at all."
    )
    locale: Text | None = Field(None, max_length=35)


@router.get("", dependencies=[READ], summary="List products")
async def list_products(catalog: Catalog, query: Annotated[ProductFilter, Query()]) -> ProductPage:
    """In order of SKU."""
    wanted = ProductQuery(**query.model_dump(exclude={"limit", "cursor"}))
    page = await catalog.list_products(wanted, query.limit, query.cursor)
    return ProductPage(items=[ProductOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


# Stands before the product itself, whose SKU would take in its last segment, as the routes of `facts` do.
@router.get(
    "/{sku:path}/copy", dependencies=[READ], summary="The copies of a product", responses=problems(404)
)
async def product_copy(
    sku: SkuInPath, copywriting: Copywriting, query: Annotated[PageQuery, Query()]
) -> CopyPage:
    """Newest first."""
    return copy_page(await copywriting.for_product(sku, query.limit, query.cursor))


@router.get("/{sku:path}", dependencies=[READ], summary="A product", responses=problems(404))
async def get_product(sku: SkuInPath, catalog: Catalog) -> ProductOut:
    """As the catalog keeps it."""
    return ProductOut.of(await catalog.get_product(sku))


@router.put(
    "/{sku:path}",
    summary="Create or replace a product",
    responses=problems(400, 413, 415) | {201: {"model": ProductOut, "description": "Created"}},
)
async def put_product(
    sku: SkuInPath, caller: Writer, catalog: Catalog, body: ProductIn, response: Response
) -> ProductOut:
    """The whole product: what is left out is empty afterwards. Facts follow; copy on changed facts turns stale."""
    if body.sku not in (None, sku):
        raise Invalid(f"sku: the address says {sku!r}, the body {body.sku!r}", pointer="/sku")
    try:
        await catalog.get_product(sku)
    except NotFound:
        response.status_code = 201
    return ProductOut.of(await catalog.put_product(sku, body.to_value(sku), caller.name))


@router.delete("/{sku:path}", status_code=204, summary="Remove a product", responses=problems(404))
async def delete_product(sku: SkuInPath, caller: Writer, catalog: Catalog) -> Response:
    """With its facts and its place in every index; its copy is withdrawn."""
    await catalog.delete_product(sku, caller.name)
    return Response(status_code=204)
