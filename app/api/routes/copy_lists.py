"""Many copies in one call, with a result for each; what is said of one copy."""

from typing import Annotated

from fastapi import APIRouter, Depends

from app.access.service import Principal
from app.api.deps import CurrentMetrics, May, Reviews
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.feedback import FeedbackIn, RatingOut
from app.api.models.reviews import Assigned, AssignIn, CaseOut, DecisionIn, DisputeIn, Outcomes
from app.api.problems import problems
from app.copywriting.review.service import ReviewService
from app.copywriting.review.values import Decision
from app.telemetry import Metrics

router = APIRouter(
    prefix="/v1/copy",
    tags=["review"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
Author = Annotated[Principal, Depends(May("copy:write"))]
Approver = Annotated[Principal, Depends(May("copy:approve"))]
Publisher = Annotated[Principal, Depends(May("copy:publish"))]
_MANY = problems(400, 409, 413, 415)
_EXTRA = {"parameters": [PARAMETER]}


@router.post("/approve", summary="Approve many copies", responses=_MANY, openapi_extra=_EXTRA)
async def approve_copies(
    caller: Approver, reviews: Reviews, counters: CurrentMetrics, body: DecisionIn
) -> Outcomes:
    """Each for itself; a query without a state finds what waits for review. What is approved already is done."""
    return await _decide("approve", caller, reviews, counters, body)


@router.post("/reject", summary="Reject many copies", responses=_MANY, openapi_extra=_EXTRA)
async def reject_copies(
    caller: Approver, reviews: Reviews, counters: CurrentMetrics, body: DecisionIn
) -> Outcomes:
    """As approve."""
    return await _decide("reject", caller, reviews, counters, body)


@router.post("/publish", summary="Publish many copies", responses=_MANY, openapi_extra=_EXTRA)
async def publish_copies(
    caller: Publisher, reviews: Reviews, counters: CurrentMetrics, body: DecisionIn
) -> Outcomes:
    """As approve; a query without a state finds what is approved."""
    return await _decide("publish", caller, reviews, counters, body)


@router.post("/assign", summary="Assign copies", responses=_MANY, openapi_extra=_EXTRA)
async def assign_copies(caller: Author, reviews: Reviews, body: AssignIn) -> Assigned:
    """Who is to review them. An edit stays with its copy's assignee."""
    return Assigned(assigned=await reviews.assign(body.to_selection(), body.assignee, caller.name))


@router.post(
    "/{id}/dispute",
    status_code=201,
    summary="Dispute a verdict",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra=_EXTRA,
)
async def dispute_verdict(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    reviews: Reviews,
    body: DisputeIn,
) -> CaseOut:
    """Kept as a case for the checker; the same sentence again is the same case."""
    case = await reviews.disputes.dispute(id, body.field, body.sentence, body.reason, caller.name)
    return CaseOut.model_validate(case)


@router.post(
    "/{id}/feedback",
    status_code=201,
    summary="Rate a copy",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra=_EXTRA,
)
async def rate_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    reviews: Reviews,
    body: FeedbackIn,
) -> RatingOut:
    """Of its newest version; `GET /v1/feedback/export` tells it with its context."""
    rating = await reviews.feedback.rate(id, body.rating, body.reason, body.comment, caller.name)
    return RatingOut.model_validate(rating)


async def _decide(
    action: Decision, caller: Principal, reviews: ReviewService, counters: Metrics, body: DecisionIn
) -> Outcomes:
    outcomes = await reviews.decide(action, body.to_selection(), caller.name, body.reason)
    counters.actions.labels(action).inc(sum(one.done and not one.already for one in outcomes))
    return Outcomes.of(outcomes)
