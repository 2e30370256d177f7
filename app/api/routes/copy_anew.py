"""Copy written anew in part, and what of it is locked against that."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.service import Principal
from app.api.copy_tags import IfMatch, tagged
from app.api.deps import Copywriting, CurrentMetrics, May
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.copy import CopyOut
from app.api.models.copy_life import LockIn, RegenerateIn
from app.api.problems import problems
from app.copywriting.regeneration.service import Rewrite

router = APIRouter(
    prefix="/v1/copy",
    tags=["copy"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
Author = Annotated[Principal, Depends(May("copy:write"))]


@router.post(
    "/{id}/regenerate",
    summary="Write a copy anew, or some of its fields",
    responses=problems(400, 404, 409, 412, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def regenerate_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    copywriting: Copywriting,
    counters: CurrentMetrics,
    expected: IfMatch,
    response: Response,
    body: RegenerateIn | None = None,
) -> CopyOut:
    """Version n+1, judged whole, `needs_review`: only the named fields are new, and what is locked stays.

    Of a stale copy, where no field is named, only the sentences that no longer hold are new. `notes` say what was done.
    """
    rewrite = body.to_value() if body else Rewrite()
    copy = await copywriting.regenerate(id, rewrite, caller.name, expected=expected)
    counters.actions.labels("regenerate").inc()
    return tagged(copy, response)


@router.post(
    "/{id}/lock",
    summary="Lock fields and sentences of a copy",
    responses=problems(400, 404, 409, 412, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def lock_copy(
    id: str,  # noqa: A002 - the name in the address
    caller: Author,
    copywriting: Copywriting,
    body: LockIn,
    expected: IfMatch,
    response: Response,
) -> CopyOut:
    """From now on these fields and sentences, and no others, stay as they are whenever the copy is written anew.

    No new version; people may still edit them. Empty lists unlock all.
    """
    copy = await copywriting.lock(id, body.fields, body.sentences, caller.name, expected=expected)
    return tagged(copy, response)
