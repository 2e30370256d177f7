"""Copy: write it, read it, edit it, and take it to the shelf."""

import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from app.access.service import Principal
from app.api.deps import Copywriting, CurrentMetrics, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.base import Text
from app.api.models.copy import CopyEdit, CopyIn, CopyItems, CopyOut, CopyPage
from app.api.pagination import PageQuery
from app.api.problems import problems
from app.api.sse import Event, EventStream, wants_events
from app.copywriting.copy import Angle, Copy, Status
from app.copywriting.pipeline import Checked, Drafted, FactsSelected
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyQuery, CopyService, StageEvent
from app.errors import Invalid
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
Approver = Annotated[Principal, Depends(May("copy:approve"))]
Publisher = Annotated[Principal, Depends(May("copy:publish"))]
VERSION_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class CopyFilter(PageQuery):
    """Which copies. Without `status`, those withdrawn are left out."""

    status: Status | None = None
    category: Text | None = Field(None, max_length=500)
    sku: Text | None = Field(None, max_length=255)
    template: Text | None = Field(None, max_length=100)
    locale: Text | None = Field(None, max_length=35)
    angle: Angle | None = None
    check: Text | None = Field(None, max_length=100, description="The id of a check that failed.")
    fact: Text | None = Field(None, max_length=50, description="The id of a fact that it rests on.")
    text: Text | None = Field(None, max_length=200, description="Words in it.")


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
    """Newest first."""
    wanted = CopyQuery(**query.model_dump(exclude={"limit", "cursor"}))
    return copy_page(await copywriting.list(wanted, query.limit, query.cursor))


@router.get("/{id}", dependencies=[READ], summary="A copy", responses=problems(404))
async def get_copy(id: str, copywriting: Copywriting, response: Response) -> CopyOut:  # noqa: A002 - the name in the address
    """Its newest version; `ETag` carries the version's number."""
    return _tagged(await copywriting.get(id), response)


@router.patch("/{id}", summary="Edit a copy", responses=problems(400, 404, 409, 412, 413, 415))
async def edit_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    copywriting: Copywriting,
    body: CopyEdit,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(
            description='The version that was edited, as `ETag` gave it (`"3"`): a newer one answers 412.'
        ),
    ] = None,
) -> CopyOut:
    """A human edit: version n+1, judged anew, `needs_review`. A published version n stays until n+1 replaces it."""
    expected = _version(if_match)
    copy = await copywriting.edit(id, body.fields, caller.name, expected_version=expected)
    return _tagged(copy, response)


@router.post(
    "/{id}/approve",
    summary="Approve a copy",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def approve_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Approver,
    copywriting: Copywriting,
    counters: CurrentMetrics,
    response: Response,
) -> CopyOut:
    """Refused with 409 where a claim is unsupported or contradicted: the sentence, the words, the ways out."""
    return await _act("approve", id, caller, copywriting, counters, response)


@router.post(
    "/{id}/reject",
    summary="Reject a copy",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def reject_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Approver,
    copywriting: Copywriting,
    counters: CurrentMetrics,
    response: Response,
) -> CopyOut:
    """It goes no further; an edit brings it back to review."""
    return await _act("reject", id, caller, copywriting, counters, response)


@router.post(
    "/{id}/publish",
    summary="Publish a copy",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def publish_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Publisher,
    copywriting: Copywriting,
    counters: CurrentMetrics,
    response: Response,
) -> CopyOut:
    """Judged once more, against the facts of today; the text that had its place is withdrawn."""
    return await _act("publish", id, caller, copywriting, counters, response)


async def _act(
    action: Literal["approve", "reject", "publish"],
    copy_id: str,
    caller: Principal,
    copywriting: CopyService,
    counters: Metrics,
    response: Response,
) -> CopyOut:
    copy = await copywriting.act(copy_id, action, caller.name)
    counters.actions.labels(action).inc()
    return _tagged(copy, response)


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


def _tagged(copy: Copy, response: Response) -> CopyOut:
    response.headers["ETag"] = f'"{copy.version}"'
    return CopyOut.of(copy)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = VERSION_TAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid('If-Match: send the version as ETag gave it, like "3"', pointer="header/If-Match")
    return int(found[1])


def _count(counters: Metrics, copy: Copy) -> None:
    counters.copies.labels(copy.template, copy.provenance.authorship, str(copy.clean).lower()).inc()
