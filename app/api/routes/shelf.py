"""What stands on the shelf, and the calendar of campaigns."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from app.api.deps import Catalog, CopyLife, SkuInPath, may
from app.api.models.base import Text
from app.api.models.copy_life import CampaignOut, CampaignPage, PublicationOut, ShelfOut, ShelfTextOut
from app.api.models.paging import PageQuery
from app.api.problems import problems

router = APIRouter(prefix="/v1", tags=["copy"], responses=problems(401, 403, 422, 503))
READ = may("copy:read")


class CampaignQuery(PageQuery):
    """Campaigns that have a text in this span."""

    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = None


@router.get("/campaigns", dependencies=[READ], summary="The calendar of campaigns")
async def list_campaigns(life: CopyLife, query: Annotated[CampaignQuery, Query()]) -> CampaignPage:
    """By name, each with the others that stand in the same places at the same time."""
    since: datetime | None = query.since
    page = await life.campaigns(since, query.until, query.limit, query.cursor)
    return CampaignPage(
        items=[CampaignOut.model_validate(campaign) for campaign in page.items], next_cursor=page.next_cursor
    )


@router.get(
    "/products/{sku:path}/shelf",
    dependencies=[READ],
    summary="What stands on a product's shelf now",
    responses=problems(404),
)
async def product_shelf(
    sku: SkuInPath,
    catalog: Catalog,
    life: CopyLife,
    locale: Annotated[Text | None, Query(max_length=35)] = None,
    channel: Annotated[Text, Query(max_length=100)] = "storefront",
) -> ShelfOut:
    """Each text as it is served, why that one, what lies beneath it and what is to come."""
    await catalog.get_product(sku)
    texts = (await life.served([sku], locale, channel=channel))[sku]
    scheduled = await life.scheduled(sku)
    return ShelfOut(
        sku=sku,
        items=[ShelfTextOut.of(text) for text in texts],
        upcoming=[PublicationOut.model_validate(publication) for publication in scheduled],
    )
