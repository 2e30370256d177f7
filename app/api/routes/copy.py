"""Copy: write it and read it. What becomes of it is in `copy_life`."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.service import Principal
from app.api.copy_filters import CopyFilter
from app.api.copy_tags import tagged
from app.api.deps import Copywriting, CurrentMetrics, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.copy import CopyIn, CopyItems, CopyOut, CopyPage
from app.api.problems import problems
from app.api.sse import Event, EventStream, wants_events
from app.copywriting.copy import Copy
from app.copywriting.pipeline import Checked, Drafted, FactsSelected
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyService, StageEvent
from app.storage.pages import Page
from app.telemetry import Metrics

router = APIRouter(
    prefix="/v1/copy",
    tags=["copy"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
READ = may("copy:read")
Author = Annotated[Principal, Depends(May("copy:write"))]


def copy_page(page: Page[Copy]) -> CopyPage:
    """The answer for a page of copies."""
    return CopyPage(items=[CopyOut.of(copy) for copy in page.items], next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    response_model=CopyItems,
    summary="Write copy",
    responses=problems(400, 404, 409, 413, 415)
    | {
        201: {
            "description": "The copies; with `Accept: text/event-stream`, the events `facts`, `draft`, `check`, "
            "`copy`, `done` (or `error`, with a problem document) as they happen.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
    openapi_extra={"parameters": [PARAMETER]},
)
async def write_copy(
    request: Request, caller: Author, copywriting: Copywriting, counters: CurrentMetrics, body: CopyIn
) -> CopyItems | Response:
    """One text for each variant, or for each angle where the template has angles; stored with their proof.

    Clean ones stand at `needs_review`; one with a failed check of severity `error` stays a `draft`.
    """
    wanted = body.to_value()
    if wants_events(request):
        return await _event_stream(request, copywriting, counters, wanted, caller)
    copies = await copywriting.write(wanted, caller.name)
    for copy in copies:
        _count(counters, copy)
    return CopyItems(items=[CopyOut.of(copy) for copy in copies])


@router.get("", dependencies=[READ], summary="List copies")
async def list_copy(copywriting: Copywriting, query: Annotated[CopyFilter, Query()]) -> CopyPage:
    """Newest first, or riskiest."""
    return copy_page(await copywriting.list(query.to_value(), query.limit, query.cursor))


@router.get("/{id}", dependencies=[READ], summary="A copy", responses=problems(404))
async def get_copy(id: str, copywriting: Copywriting, response: Response) -> CopyOut:  # noqa: A002 - the name in the address
    """Its newest version; `ETag` changes with its version, its state, its dates and its stale sentences."""
    return tagged(await copywriting.get(id), response)


async def _event_stream(
    request: Request, copywriting: CopyService, counters: Metrics, wanted: CopyRequest, caller: Principal
) -> EventStream:
    """The stream, once its first event is there: what is refused before is an ordinary problem."""
    stages = copywriting.stream(wanted, caller.name)
    first = await anext(stages)

    async def events() -> AsyncIterator[Event]:
        yield _event(first)
        async for stage in stages:
            if isinstance(stage.value, Copy):
                _count(counters, stage.value)
            yield _event(stage)

    return EventStream(request, events(), status_code=201)


def _event(stage: StageEvent) -> Event:
    value = stage.value
    data: dict[str, Any]
    if isinstance(value, Copy):
        data = CopyOut.of(value).model_dump(mode="json")
    elif isinstance(value, FactsSelected):
        data = {"facts": [asdict(fact) for fact in value.facts]}
    elif isinstance(value, Drafted):
        draft = value.draft
        data = {
            "fields": draft.fields,
            "sentences": [asdict(s) for s in draft.sentences],
            "notes": draft.notes,
        }
    elif isinstance(value, Checked):
        data = {
            "passed": value.gate.passed,
            "checks": [asdict(check) for check in value.gate.checks],
            "sentences": [asdict(sentence) for sentence in value.gate.sentences],
        }
    else:
        data = {"copies": value}
    return Event(stage.event, data)


def _count(counters: Metrics, copy: Copy) -> None:
    counters.copies.labels(copy.template, copy.provenance.authorship, str(copy.clean).lower()).inc()
