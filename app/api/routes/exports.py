"""Copy on its way back into the shop, and what was changed of it there."""

from contextlib import AsyncExitStack
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.access.service import Principal
from app.api.deps import CurrentServices, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.base import Locale, Sku, Text
from app.api.models.copy import CopyOut
from app.api.models.exports import FeedList, FeedOut, OutsideEditOut, OutsideEditPage, OutsideEditQuery
from app.api.problems import problems
from app.exporting.order import ExportOrder
from app.exporting.service import Export

router = APIRouter(tags=["exports"], route_class=IdempotentRoute, responses=problems(401, 403, 422, 503))
READ = may("copy:read")
Author = Annotated[Principal, Depends(May("copy:write"))]
_TYPES = (
    "text/csv",
    "text/tab-separated-values",
    "application/xml",
    "application/x-ndjson",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


class ExportQuery(BaseModel):
    """What to export, and of what."""

    model_config = ConfigDict(extra="forbid")

    format: Text = Field(
        "feed",
        max_length=20,
        description="`feed`: the feed with most products, in the format it came in. `shopify`, `magento`, `google`: the one "
        "of that format. `xlsx`, `csv`, `jsonl`: tables of our own, a row (or line) a product and text.",
    )
    status: Text = Field(
        "published",
        max_length=20,
        description="Copies in this state; `published`: what stands on the shelf now.",
    )
    layout: Text | None = Field(None, max_length=100, description="A feed of `GET /v1/exports/feeds`.")
    import_id: Text | None = Field(None, max_length=100, description="The feed that this import brought.")
    sku: Sku | None = Field(None, description="Of one product.")
    category: Text | None = Field(
        None, max_length=500, description="Of a category and all below it: `Men > Tops`."
    )
    locale: Locale | None = Field(None, description="Texts in this language alone.")
    fields: Text | None = Field(
        None,
        max_length=200,
        description="Of the copy, with commas: title, description_html, bullets, meta_title, meta_description, alt. Without "
        "it all but the title, which only a Merchant feed gets by itself.",
    )


@router.get(
    "/v1/export",
    dependencies=[READ],
    summary="Export copy",
    response_class=Response,
    responses={
        200: {
            "description": "The file, as it is made. `X-Shelftalker-Left-Out` counts active products that the feed has no "
            "rows for, `X-Shelftalker-Left-Out-Skus` names the first of them.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _TYPES},
        },
        **problems(404),
    },
)
async def export(current: CurrentServices, query: Annotated[ExportQuery, Query()]) -> Response:
    """The shop's feed as it came, with copy in it: same rows, order, columns, encoding. Or a table of our own.

    All of it is of one moment, whatever is imported or published meanwhile; the same state gives the same bytes.
    """
    order = ExportOrder(
        format=query.format,
        status=query.status,
        layout=query.layout,
        import_id=query.import_id,
        skus=(query.sku,) if query.sku else (),
        category=query.category,
        locale=query.locale,
        fields=tuple(part.strip() for part in query.fields.split(",")) if query.fields else (),
    )
    stack = AsyncExitStack()
    opened = await stack.enter_async_context(current.exports.open(order))
    return _Streamed(opened, stack)


class _Streamed(StreamingResponse):
    """The export as it is made; it ends with the answer, also where nobody waits for it any more."""

    def __init__(self, export: Export, stack: AsyncExitStack) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{export.filename}"',
            "Cache-Control": "no-store",
        }
        if export.feed is not None:
            headers["X-Shelftalker-Layout"] = export.feed.layout
            headers["X-Shelftalker-Left-Out"] = str(export.left_out)
            if export.left_out_skus:
                headers["X-Shelftalker-Left-Out-Skus"] = ",".join(
                    quote(s, safe="") for s in export.left_out_skus
                )
        super().__init__(export.read(), headers=headers)
        self.headers["Content-Type"] = export.media_type
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with self._stack:
            await super().__call__(scope, receive, send)


@router.get("/v1/exports/feeds", dependencies=[READ], summary="Feeds that can be given back")
async def feeds(current: CurrentServices) -> FeedList:
    """Those with most products first; the first is what `GET /v1/export` gives without a choice."""
    return FeedList(items=[FeedOut.of(feed) for feed in await current.exports.layouts()])


@router.get("/v1/exports/outside-edits", dependencies=[READ], summary="Texts that were changed in the shop")
async def outside_edits(
    current: CurrentServices, query: Annotated[OutsideEditQuery, Query()]
) -> OutsideEditPage:
    """Newest first: what an import found in the place of a text that an export of ours had put there."""
    status = None if query.status == "all" else query.status
    page = await current.outside_edits.list(
        status=status, sku=query.sku, limit=query.limit, cursor=query.cursor
    )
    return OutsideEditPage(
        items=[OutsideEditOut.model_validate(edit) for edit in page.items], next_cursor=page.next_cursor
    )


@router.post(
    "/v1/exports/outside-edits/{id}/accept",
    summary="Take a changed text over as a version",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def accept_outside_edit(id: str, caller: Author, current: CurrentServices) -> CopyOut:  # noqa: A002 - the name in the address
    """The copy's next version, in the merchant's words: judged like any other, waiting for review."""
    return CopyOut.of(await current.outside_edits.accept(id, caller.name))


@router.post(
    "/v1/exports/outside-edits/{id}/dismiss",
    summary="Leave a changed text",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def dismiss_outside_edit(id: str, caller: Author, current: CurrentServices) -> OutsideEditOut:  # noqa: A002 - the name in the address
    """The next export writes our text over it."""
    return OutsideEditOut.model_validate(await current.outside_edits.dismiss(id, caller.name))
