"""What becomes of a copy: edited, approved, rejected, published, taken back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response

from app.access.service import Principal
from app.api.copy_tags import IfMatch, tagged
from app.api.deps import CopyLife, CurrentMetrics, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.copy import CopyEdit, CopyOut
from app.api.problems import problems
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.service import LifeService
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


@router.patch("/{id}", summary="Edit a copy", responses=problems(400, 404, 409, 412, 413, 415))
async def edit_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    life: CopyLife,
    body: CopyEdit,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """A human edit: version n+1, judged anew, `needs_review`. What stands on the shelf stays until n+1 replaces it."""
    copy = await life.edit(id, body.fields, caller.name, expected=expected, fix=body.fix)
    return tagged(copy, response)


@router.post(
    "/{id}/approve",
    summary="Approve a copy",
    responses=problems(404, 409, 412),
    openapi_extra={"parameters": [PARAMETER]},
)
async def approve_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Approver,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """Refused with 409 where a claim is unsupported or contradicted: the sentence, the words, the ways out."""
    return await _act("approve", id, caller, life, counters, expected, response)


@router.post(
    "/{id}/reject",
    summary="Reject a copy",
    responses=problems(404, 409, 412),
    openapi_extra={"parameters": [PARAMETER]},
)
async def reject_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Approver,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """It goes no further; an edit brings it back to review."""
    return await _act("reject", id, caller, life, counters, expected, response)


@router.post(
    "/{id}/publish",
    summary="Publish a copy",
    responses=problems(404, 409, 412),
    openapi_extra={"parameters": [PARAMETER]},
)
async def publish_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Publisher,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """Judged once more, against the facts of today; the text that had its place is withdrawn."""
    return await _act("publish", id, caller, life, counters, expected, response)


async def _act(
    action: Literal["approve", "reject", "publish"],
    copy_id: str,
    caller: Principal,
    life: LifeService,
    counters: Metrics,
    expected: Expected | None,
    response: Response,
) -> CopyOut:
    copy = await life.act(copy_id, action, caller.name, expected=expected)
    counters.actions.labels(action).inc()
    return tagged(copy, response)
