"""Checks of any text, whoever wrote it."""

import anyio.to_thread
from fastapi import APIRouter

from app.api.deps import TextTwins, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.checks import DuplicatesIn, DuplicatesOut, GroundingIn, GroundingOut
from app.api.problems import problems
from app.errors import Invalid, Problem
from evaluators import check_grounding

router = APIRouter(
    prefix="/v1/checks",
    tags=["checks"],
    route_class=IdempotentRoute,
    responses=problems(400, 401, 403, 409, 413, 415, 422, 503),
)


@router.post(
    "/grounding",
    summary="Judge a text by facts",
    dependencies=[may("copy:read")],
    openapi_extra={"parameters": [PARAMETER]},
)
async def ground(body: GroundingIn) -> GroundingOut:
    """Every sentence with its verdict, every claim with its words, its fact and a reason. Nothing is stored."""
    first = {fact.id: i for i, fact in reversed(list(enumerate(body.facts)))}
    repeated = [
        Problem(f"/facts/{i}/id", f"the id {fact.id!r} was given to another fact")
        for i, fact in enumerate(body.facts)
        if first[fact.id] < i
    ]
    if repeated:
        raise Invalid(repeated[0].detail, problems=repeated)
    facts = [fact.to_value() for fact in body.facts]
    # A long text takes a while of pure computing; other requests go on meanwhile.
    report = await anyio.to_thread.run_sync(check_grounding, body.text, facts)
    return GroundingOut.model_validate(report)


@router.post(
    "/duplicates",
    summary="Find texts that nearly say the same",
    dependencies=[may("copy:read")],
    responses=problems(404),
    openapi_extra={"parameters": [PARAMETER]},
)
async def duplicates(body: DuplicatesIn, twins: TextTwins) -> DuplicatesOut:
    """The nearest texts among the catalog's copies that are drafted, reviewed, approved or published.

    Of each product, template, channel, locale, angle and variant the newest counts. Nothing is stored.
    """
    return DuplicatesOut.of(await twins.nearest(body.text, sku=body.sku, limit=body.limit))
