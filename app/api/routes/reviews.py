"""The review: its queue, samples, sheets; disputes and feedback as they are read."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask

from app.access.service import Principal
from app.api.copy_filters import QueueFilter, SheetFilter
from app.api.deps import May, Reviews, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.feedback import ForbidIn, RuleOut, StoryOut, SummaryOut
from app.api.models.paging import PageQuery
from app.api.models.reviews import (
    CaseOut,
    CasePage,
    QueuePage,
    SampleDecisionIn,
    SampleIn,
    SampleOut,
    SamplePage,
    SampleSummary,
    SheetOut,
    WaitingOut,
)
from app.api.problems import problems
from app.api.uploads import ReceivedUpload, parsed

router = APIRouter(
    prefix="/v1",
    tags=["review"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
MAX_SHEET_BYTES = 32 * 2**20
READ = may("copy:read")
Approver = Annotated[Principal, Depends(May("copy:approve"))]
RuleWriter = Annotated[Principal, Depends(May("voices:write"))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES = "application/x-ndjson"
_SHEET: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {"file": {"type": "string", "format": "binary", "description": "The XLSX."}},
            }
        }
    },
}
_LINES: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON Lines.", "content": {LINES: {"schema": {"type": "string"}}}}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sheet.",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class NoFields(BaseModel):
    """Beside the sheet nothing is said."""

    model_config = ConfigDict(extra="forbid")


@router.get("/reviews/queue", dependencies=[READ], summary="What waits for review")
async def review_queue(reviews: Reviews, query: Annotated[QueueFilter, Query()]) -> QueuePage:
    """Riskiest first, each with its risk and what that is made of."""
    page = await reviews.queue(query.to_value(), query.limit, query.cursor)
    return QueuePage(items=[WaitingOut.of(one) for one in page.items], next_cursor=page.next_cursor)


# -- samples ---------------------------------------------------------------------------------------------------


@router.post(
    "/reviews/samples",
    status_code=201,
    summary="Draw a sample",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def draw_sample(caller: Approver, reviews: Reviews, body: SampleIn) -> SampleOut:
    """Of copies that wait for review and are clean; the seed is recorded, so that anybody can draw it again."""
    sample, copies = await reviews.samples.draw(body.to_selection(), body.size, caller.name, seed=body.seed)
    return SampleOut.whole(sample, copies)


@router.get("/reviews/samples", dependencies=[READ], summary="List samples")
async def list_samples(reviews: Reviews, query: Annotated[PageQuery, Query()]) -> SamplePage:
    """The evidence, newest first."""
    page = await reviews.samples.list(query.limit, query.cursor)
    return SamplePage(items=[SampleSummary.of(one) for one in page.items], next_cursor=page.next_cursor)


@router.get("/reviews/samples/{id}", dependencies=[READ], summary="A sample", responses=problems(404))
async def get_sample(id: str, reviews: Reviews) -> SampleOut:  # noqa: A002 - the name in the address
    """With its copies as they were drawn."""
    sample = await reviews.samples.get(id)
    return SampleOut.whole(sample, await reviews.samples.copies(sample))


@router.post(
    "/reviews/samples/{id}/decide",
    summary="Decide on a sample",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def decide_sample(
    id: str,  # noqa: A002 - the name in the address
    caller: Approver,
    reviews: Reviews,
    body: SampleDecisionIn,
) -> SampleSummary:
    """Where every copy of it passes, the rest is approved too: what is clean and unchanged since. Else nothing of it."""
    sample = await reviews.samples.decide(id, body.approved, body.rejections(), caller.name)
    return SampleSummary.of(sample)


# -- sheets ----------------------------------------------------------------------------------------------------


@router.get(
    "/reviews/export",
    dependencies=[READ],
    summary="A review sheet",
    response_class=FileResponse,
    responses=_FILE,
)
async def export_sheet(reviews: Reviews, query: Annotated[SheetFilter, Query()]) -> FileResponse:
    """XLSX: a row for each field, with columns for decision and comment."""
    with tempfile.NamedTemporaryFile(prefix="shelftalker-review-", suffix=".xlsx", delete=False) as made:
        path = Path(made.name)
    try:
        await reviews.write_sheet(query.to_value(), path, query.limit)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return FileResponse(
        path, media_type=XLSX, filename="review.xlsx", background=BackgroundTask(path.unlink, missing_ok=True)
    )


@router.post(
    "/reviews/imports",
    summary="The decisions of a sheet",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"requestBody": _SHEET, "parameters": [PARAMETER]},
)
async def import_sheet(caller: Approver, reviews: Reviews, upload: ReceivedUpload) -> SheetOut:
    """Good rows are done, the others told of. The same sheet again does nothing twice."""
    parsed(upload, NoFields)
    return SheetOut.model_validate(await reviews.read_sheet(upload.path, caller.name))


# -- what was said ---------------------------------------------------------------------------------------------


@router.get("/disputes", dependencies=[READ], summary="Disputes")
async def list_disputes(reviews: Reviews, query: Annotated[PageQuery, Query()]) -> CasePage:
    """Newest first."""
    page = await reviews.disputes.list(query.limit, query.cursor)
    return CasePage(items=[CaseOut.model_validate(c) for c in page.items], next_cursor=page.next_cursor)


@router.get(
    "/disputes/export", dependencies=[READ], summary="All disputes", responses=_LINES, response_class=StreamingResponse
)  # fmt: skip
async def export_disputes(reviews: Reviews) -> StreamingResponse:
    """JSON Lines: cases for the checker."""
    return _lines(CaseOut.model_validate(case) async for case in reviews.disputes.export())


@router.get(
    "/feedback/export", dependencies=[READ], summary="All feedback", responses=_LINES, response_class=StreamingResponse
)  # fmt: skip
async def export_feedback(reviews: Reviews) -> StreamingResponse:
    """JSON Lines: ratings and edits, each with facts, draft, final text and prompt."""
    return _lines(StoryOut.model_validate(story) async for story in reviews.feedback.export())


@router.get("/feedback/summary", dependencies=[READ], summary="Feedback summed up")
async def feedback_summary(reviews: Reviews) -> SummaryOut:
    """By template, category and writer; and the phrases that editors keep striking out."""
    return SummaryOut.model_validate(await reviews.summary())


@router.post(
    "/feedback/rules",
    status_code=201,
    summary="Make a phrase a brand rule",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def forbid_phrase(caller: RuleWriter, reviews: Reviews, body: ForbidIn) -> RuleOut:
    """A phrase that keeps being struck out: no text may have it from now on."""
    rule = await reviews.forbid(body.phrase, body.reason, caller.name, body.replacement)
    return RuleOut.model_validate(rule)


def _lines(items: AsyncIterator[BaseModel]) -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        async for item in items:
            yield item.model_dump_json() + "\n"

    return StreamingResponse(lines(), media_type=LINES)
