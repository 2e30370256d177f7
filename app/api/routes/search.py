"""Search in the catalog."""

import time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CurrentMetrics, CurrentServices, may
from app.api.models.base import Text
from app.api.models.paging import MAX_LIMIT
from app.api.models.search import SearchOut
from app.api.problems import problems
from app.catalog.product import Status
from app.catalog.search.service import LONGEST_QUERY

router = APIRouter(prefix="/v1/search", tags=["catalog"], responses=problems(401, 403, 422, 503))


class SearchQuery(BaseModel):
    """What is searched for, and among which products."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field(
        min_length=1,
        max_length=LONGEST_QUERY,
        description="Words as a shopper types them, a SKU, a GTIN or a part number.",
        examples=["waterproof jacket"],
    )
    limit: int = Field(10, ge=1, le=MAX_LIMIT, description="How many at most.")
    category: Text | None = Field(
        None, max_length=500, description="A category or one above it; or the end of its path."
    )
    brand: Text | None = Field(None, max_length=200)
    status: Status = Field("active", description="`discontinued` searches what is not sold any more.")


@router.get("", dependencies=[may("catalog:read")], summary="Search products")
async def search_products(
    current: CurrentServices, counters: CurrentMetrics, query: Annotated[SearchQuery, Query()]
) -> SearchOut:
    """By words and by meaning; the product whose SKU, GTIN or part number the query is comes first.

    Words alone answer until the products have their vectors (`dense` is false then). A query without a letter or digit,
    such as an emoji, finds nothing. While the index is being built, products may be missing (`complete` is false then). A
    brand or category that the catalog does not have is an error.
    """
    started = time.perf_counter()
    found = await current.search.search(
        query.q, limit=query.limit, category=query.category, brand=query.brand, status=query.status
    )
    counters.searches.labels(str(found.dense).lower()).observe(time.perf_counter() - started)
    return SearchOut.of(found)
