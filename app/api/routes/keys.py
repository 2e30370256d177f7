"""Keys: created once with their secret, listed without it, revoked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.service import Principal
from app.api.deps import Access, May
from app.api.idempotency import IdempotentRoute
from app.api.models.system import KeyIn, KeyOut, KeyPage, NewKey
from app.api.pagination import PageQuery
from app.api.problems import problems

router = APIRouter(
    prefix="/v1/keys",
    tags=["keys"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)
KeyAdmin = Annotated[Principal, Depends(May("keys:manage"))]


@router.post("", status_code=201, summary="Create a key", responses=problems(400, 409, 413, 415))
async def create_key(request: Request, caller: KeyAdmin, access: Access, body: KeyIn) -> NewKey:
    """The secret is in this answer alone. From the first key on, every call needs one."""
    created = await access.create_key(body.role, body.name)
    answer = NewKey.model_validate(created)
    # What is kept for a replay must not hold the secret.
    request.state.stored_body = answer.model_copy(update={"key": None}).model_dump_json().encode()
    return answer


@router.get("", summary="List the keys")
async def list_keys(caller: KeyAdmin, access: Access, page: Annotated[PageQuery, Query()]) -> KeyPage:
    """Names, roles and times; never the secrets, which nobody has."""
    return KeyPage(items=[KeyOut.model_validate(key) for key in await access.list_keys()])


@router.delete("/{id}", status_code=204, summary="Revoke a key", responses=problems(404))
async def revoke_key(id: str, caller: KeyAdmin, access: Access) -> Response:  # noqa: A002 - the name in the address
    """It is refused from now on."""
    await access.revoke(id)
    return Response(status_code=204)
