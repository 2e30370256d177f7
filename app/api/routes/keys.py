"""Keys: created once with their secret, listed without it, rotated, revoked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.service import CreatedKey, KeyTerms, Principal
from app.api.deps import Access, May
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.paging import PageQuery
from app.api.models.system import KeyIn, KeyOut, KeyPage, KeyRotation, NewKey
from app.api.problems import problems

router = APIRouter(
    prefix="/v1/keys",
    tags=["keys"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
Keeper = Annotated[Principal, Depends(May("keys:manage"))]


@router.post(
    "",
    status_code=201,
    summary="Create a key",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def create_key(request: Request, caller: Keeper, access: Access, body: KeyIn) -> NewKey:
    """The secret is in this answer alone. From the first key on, every call needs one."""
    terms = KeyTerms(body.expires_at, tuple(body.origins), body.rate_per_minute)
    return _shown_once(
        request, await access.create_key(body.role, body.name or body.role, terms, actor=caller.name)
    )


@router.get("", summary="List the keys")
async def list_keys(_caller: Keeper, access: Access, query: Annotated[PageQuery, Query()]) -> KeyPage:
    """Names, roles and times, oldest first, revoked ones too; never the secrets, which nobody has."""
    page = await access.page_keys(query.limit, query.cursor)
    return KeyPage(items=[KeyOut.model_validate(key) for key in page.items], next_cursor=page.next_cursor)


@router.post(
    "/{id}/rotate",
    status_code=201,
    summary="Rotate a key",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def rotate_key(
    id: str,  # noqa: A002 - the name in the address
    request: Request,
    caller: Keeper,
    access: Access,
    body: KeyRotation,
) -> NewKey:
    """A new key of the same holder, role, origins and limit; the old one ends after the overlap.

    Its secret is in this answer alone. A key that has ended, or was rotated before, is refused with 409.
    """
    return _shown_once(
        request,
        await access.rotate(id, overlap_s=body.overlap_s, expires_at=body.expires_at, actor=caller.name),
    )


@router.delete("/{id}", status_code=204, summary="Revoke a key", responses=problems(404))
async def revoke_key(id: str, caller: Keeper, access: Access) -> Response:  # noqa: A002 - the name in the address
    """It is refused from now on, by every replica within two seconds, and streams that it asked for end.

    Revoking the last one does not open the service again.
    """
    await access.revoke(id, actor=caller.name)
    return Response(status_code=204)


def _shown_once(request: Request, created: CreatedKey) -> NewKey:
    """The answer with the secret; what is kept for a replay must not hold it."""
    answer = NewKey.model_validate(created)
    request.state.stored_body = answer.model_copy(update={"key": None}).model_dump_json().encode()
    return answer
