"""What becomes of a copy: edited, approved, rejected, published, taken back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.access.service import Principal
from app.api.copy_tags import IfMatch, tagged
from app.api.deps import CopyLife, CurrentMetrics, May, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.copy import CopyEdit, CopyOut
from app.api.models.copy_life import (
    DiffOut,
    MerchantIn,
    PublishIn,
    SentenceChangeOut,
    VersionOut,
    VersionPage,
    WithdrawalOut,
    WithdrawIn,
)
from app.api.models.paging import PageQuery
from app.api.problems import problems
from app.copywriting.copy import Copy
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


@router.post(
    "/merchant",
    status_code=201,
    summary="Put in the merchant's own words",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def write_merchant_copy(
    caller: Author, life: CopyLife, counters: CurrentMetrics, body: MerchantIn, response: Response
) -> CopyOut:
    """A version like any other (`authorship: merchant`): judged, reviewed, published."""
    copy = await life.write_merchant(body.to_value(), caller.name)
    counters.copies.labels(copy.template, copy.provenance.authorship, str(copy.clean).lower()).inc()
    return tagged(copy, response)


@router.post(
    "/withdraw",
    summary="Withdraw copy",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def withdraw_copy(
    caller: Publisher, life: CopyLife, counters: CurrentMetrics, body: WithdrawIn
) -> WithdrawalOut:
    """Off every page, now; with `preview` first what would go. The answer says where each text was shown and when."""
    withdrawal = await life.withdraw(body.to_value(), caller.name)
    if not withdrawal.preview:
        counters.actions.labels("withdraw").inc(len(withdrawal.items))
    return WithdrawalOut.model_validate(withdrawal)


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
    responses=problems(400, 404, 409, 412, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def publish_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Publisher,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
    body: PublishIn | None = None,
) -> CopyOut:
    """Judged once more, against the facts of today.

    Without an end and a campaign it replaces the text of its place (product, template, channel, locale, angle,
    variant); with one it lies over that text, which shows again afterwards. A published copy is given other dates.
    Of two who publish in one place at the same moment the second is told: 409.
    """
    window = body.to_value() if body else None
    copy = await life.publish(id, caller.name, window, expected=expected)
    counters.actions.labels("publish").inc()
    return tagged(copy, response)


@router.post(
    "/{id}/rollback",
    summary="Bring the text before back",
    responses=problems(404, 409, 412),
    openapi_extra={"parameters": [PARAMETER]},
)
async def roll_back_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Publisher,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """The copy leaves the shelf (`rejected`); the text that it replaced returns, judged against the facts of today.

    The answer is the text that returned. Of a text that lay over another, which shows again by itself, the copy.
    """
    return await _act("rollback", id, caller, life, counters, expected, response)


@router.post(
    "/{id}/end",
    summary="End a campaign's text",
    responses=problems(404, 409, 412),
    openapi_extra={"parameters": [PARAMETER]},
)
async def end_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Publisher,
    life: CopyLife,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """Before its time: what it lay over shows again."""
    return await _act("end", id, caller, life, counters, expected, response)


@router.get("/{id}/versions", dependencies=[READ], summary="The versions of a copy", responses=problems(404))
async def list_versions(
    id: str,  # noqa: A002 - the name in the address
    life: CopyLife,
    query: Annotated[PageQuery, Query()],
) -> VersionPage:
    """Newest first, each as it was written, with who wrote and who approved it."""
    page = await life.versions(id, query.limit, query.cursor)
    return VersionPage(items=[CopyOut.of(copy) for copy in page.items], next_cursor=page.next_cursor)


class DiffQuery(BaseModel):
    """Which versions; the newest and the one before it, unless told."""

    model_config = ConfigDict(extra="forbid")

    older: int | None = Field(None, alias="from", ge=1, le=999_999_999)
    newer: int | None = Field(None, alias="to", ge=1, le=999_999_999)


@router.get("/{id}/diff", dependencies=[READ], summary="Two versions by sentence", responses=problems(404))
async def diff_copy(
    id: str,  # noqa: A002 - the name in the address
    life: CopyLife,
    query: Annotated[DiffQuery, Query()],
) -> DiffOut:
    """Which sentences were kept, changed (with the old words), added and removed, with their facts and verdicts."""
    diff = await life.diff(id, query.older, query.newer)
    return DiffOut(
        id=id,
        older=_short(diff.older),
        newer=_short(diff.newer),
        sentences=[SentenceChangeOut.model_validate(change) for change in diff.sentences],
    )


def _short(copy: Copy) -> VersionOut:
    return VersionOut(
        version=copy.version,
        status=copy.status,
        authorship=copy.provenance.authorship,
        created_by=copy.created_by,
        reviewed_by=copy.reviewed_by,
        created_at=copy.created_at,
    )


async def _act(
    action: Literal["approve", "reject", "rollback", "end"],
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
