"""Facts: what copy may rest on, what people say of it, and what is lacked."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.access.service import Principal
from app.api.deps import Catalog, Copywriting, May, SkuInPath, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.base import Text
from app.api.models.facts import (
    AttestIn,
    AttestManyIn,
    AttestResults,
    GapOut,
    GapPage,
    HandFactChange,
    HandFactOut,
    HandFactPage,
    ProductFacts,
    SuppressIn,
)
from app.api.models.paging import MAX_LIMIT, PageQuery
from app.api.problems import problems
from app.catalog.attestation.gaps import SHARE
from app.catalog.attestation.service import AttestationService
from app.catalog.attestation.values import HandQuery, Kind

router = APIRouter(tags=["facts"], route_class=IdempotentRoute, responses=problems(401, 403, 422, 503))
READ = may("catalog:read")
Writer = Annotated[Principal, Depends(May("catalog:write"))]
FactId = Annotated[str, Path(description="As the list of facts shows it.", max_length=40, examples=["F12"])]


class FactQuery(BaseModel):
    """Which facts."""

    model_config = ConfigDict(extra="forbid")

    query: Text | None = Field(
        None,
        max_length=500,
        description="The facts that a text with these words as its keyphrase is given, best first.",
    )
    template: Text | None = Field(None, max_length=100, description="The text's template.")
    angle: Text | None = Field(None, max_length=50, description="The text's angle.")
    limit: int | None = Field(None, ge=1, le=MAX_LIMIT)
    locale: Text | None = Field(None, max_length=35)


class HandFactFilter(PageQuery):
    """Which facts by hand."""

    sku: Text | None = Field(None, max_length=255)
    actor: Text | None = Field(None, max_length=200)
    kind: Kind | None = None
    differs: bool | None = Field(
        None, description="`true`: only those of which a supplier has said something new and different since."
    )
    ended: bool = Field(False, description="Also those that were undone, replaced or have expired.")

    def to_query(self) -> HandQuery:
        """The value that the catalog takes."""
        return HandQuery(self.sku, self.actor, self.kind, self.differs, self.ended)


class GapFilter(PageQuery):
    """Which gaps."""

    category: Text | None = Field(None, max_length=500, description="A category or one above it.")
    share: float = Field(
        SHARE,
        gt=0,
        le=1,
        description="The share of its peers that must have a fact for a product to lack it.",
    )


# All below a product stand before the product itself, whose SKU would take in their last segments.
@router.get(
    "/v1/products/{sku:path}/facts",
    dependencies=[READ],
    summary="The facts of a product",
    responses=problems(404),
)
async def product_facts(
    sku: SkuInPath, catalog: Catalog, copywriting: Copywriting, query: Annotated[FactQuery, Query()]
) -> ProductFacts:
    """The atomic statements that copy about it may rest on: its own facts, and those of documents that apply to it.

    What people attest stands among them; what that or a suppression sets aside is listed apart.
    """
    answer = await copywriting.facts(sku, **query.model_dump())
    return ProductFacts.with_aside(answer, list(await catalog.attestation.setting_aside(sku)))


@router.post(
    "/v1/products/{sku:path}/facts",
    status_code=201,
    summary="Attest a fact",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def attest(sku: SkuInPath, caller: Writer, catalog: Catalog, body: AttestIn) -> HandFactChange:
    """The caller answers for it: it takes the place of the supplier's facts of its name, in every import to come.

    One of that name that was attested before is replaced, and the fact keeps its id.
    """
    return HandFactChange.of_told(await catalog.attestation.attest(body.to_value(sku), caller.name))


@router.post(
    "/v1/products/{sku:path}/facts/{id}/suppress",
    status_code=201,
    summary="Take a supplier's wrong fact out",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def suppress(
    sku: SkuInPath,
    id: FactId,  # noqa: A002 - the name in the address
    caller: Writer,
    catalog: Catalog,
    body: SuppressIn,
) -> HandFactChange:
    """It stays out whatever imports say, and with it whatever else of the product states the same."""
    return HandFactChange.of_told(await catalog.attestation.suppress(sku, id, body.reason, caller.name))


@router.delete(
    "/v1/products/{sku:path}/facts/{id}/suppress",
    summary="Let a suppressed fact in again",
    responses=problems(404, 409),
)
async def undo_suppression(
    sku: SkuInPath,
    id: FactId,  # noqa: A002 - the name in the address
    caller: Writer,
    catalog: Catalog,
) -> HandFactChange:
    """The fact is as the supplier states it now."""
    return HandFactChange.of_told(await catalog.attestation.undo(sku, id, "suppress", caller.name))


@router.delete(
    "/v1/products/{sku:path}/facts/{id}",
    summary="Undo an attestation",
    responses=problems(404, 409),
)
async def undo_attestation(
    sku: SkuInPath,
    id: FactId,  # noqa: A002 - the name in the address
    caller: Writer,
    catalog: Catalog,
) -> HandFactChange:
    """The supplier's facts that it set aside count again; its id is never given to another fact."""
    return HandFactChange.of_told(await catalog.attestation.undo(sku, id, "attest", caller.name))


@router.post(
    "/v1/facts/attestations",
    summary="Attest facts of many products",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def attest_many(caller: Writer, catalog: Catalog, body: AttestManyIn) -> AttestResults:
    """A result for each item: what one is refused for keeps none of the others out."""
    orders = [item.to_value(item.sku) for item in body.items]
    return AttestResults.of(body.items, await catalog.attestation.attest_all(orders, caller.name))


@router.get("/v1/facts/attested", dependencies=[READ], summary="List facts by hand")
async def list_attested(catalog: Catalog, query: Annotated[HandFactFilter, Query()]) -> HandFactPage:
    """Attested and suppressed ones, newest first."""
    page = await catalog.attestation.list(query.to_query(), query.limit, query.cursor)
    return HandFactPage(items=[HandFactOut.of(row) for row in page.items], next_cursor=page.next_cursor)


class ExportFilter(BaseModel):
    """Which facts by hand to export."""

    model_config = ConfigDict(extra="forbid")

    sku: Text | None = Field(None, max_length=255)
    actor: Text | None = Field(None, max_length=200)
    differs: bool | None = None
    ended: bool = Field(True, description="Also those that were undone, replaced or have expired.")


@router.get(
    "/v1/facts/attested/export",
    dependencies=[READ],
    summary="Export facts by hand",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)
async def export_attested(catalog: Catalog, query: Annotated[ExportFilter, Query()]) -> StreamingResponse:
    """JSON Lines: an object as in the list for each, newest first."""
    wanted = HandQuery(sku=query.sku, actor=query.actor, differs=query.differs, ended=query.ended)
    return StreamingResponse(_lines(catalog.attestation, wanted), media_type="application/jsonl")


@router.get("/v1/facts/gaps", dependencies=[READ], summary="What facts products lack")
async def list_gaps(catalog: Catalog, query: Annotated[GapFilter, Query()]) -> GapPage:
    """Facts that most products of a kind have and some lack; where most products lack one first."""
    page = await catalog.attestation.gaps(query.category, query.share, limit=query.limit, cursor=query.cursor)
    return GapPage(items=[GapOut.of(gap) for gap in page.items], next_cursor=page.next_cursor)


async def _lines(attestation: AttestationService, query: HandQuery) -> AsyncIterator[str]:
    async for row in attestation.export(query):
        yield HandFactOut.of(row).model_dump_json() + "\n"
