"""Keys: created once with their secret, listed without it, revoked."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.deps import Access, may
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.system import KeyIn, KeyOut, KeyPage, NewKey
from app.api.pagination import PageQuery
from app.api.problems import problems
from app.storage.pages import decode_cursor, page_of

router = APIRouter(
    prefix="/v1/keys",
    tags=["keys"],
    dependencies=[may("keys:manage")],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)


@router.post(
    "",
    status_code=201,
    summary="Create a key",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def create_key(request: Request, access: Access, body: KeyIn) -> NewKey:
    """The secret is in this answer alone. From the first key on, every call needs one."""
    answer = NewKey.model_validate(await access.create_key(body.role, body.name or body.role))
    # What is kept for a replay must not hold the secret.
    request.state.stored_body = answer.model_copy(update={"key": None}).model_dump_json().encode()
    return answer


@router.get("", summary="List the keys")
async def list_keys(access: Access, query: Annotated[PageQuery, Query()]) -> KeyPage:
    """Names, roles and times, oldest first, revoked ones too; never the secrets, which nobody has."""
    keys = [KeyOut.model_validate(key) for key in await access.list_keys()]
    if query.cursor is not None:
        after = decode_cursor(query.cursor)
        keys = [key for key in keys if _position(key) > after]
    rows = keys[: query.limit + 1]
    page = page_of(rows, query.limit, [_position(key) for key in rows])
    return KeyPage(items=list(page.items), next_cursor=page.next_cursor)


@router.delete("/{id}", status_code=204, summary="Revoke a key", responses=problems(404))
async def revoke_key(id: str, access: Access) -> Response:  # noqa: A002 - the name in the address
    """It is refused from now on. Revoking the last one does not open the service again."""
    await access.revoke(id)
    return Response(status_code=204)


def _position(key: KeyOut) -> str:
    """Where a key stands in the list: the order of `list_keys` as a text that sorts."""
    return f"{key.created_at:%Y-%m-%dT%H:%M:%S.%f} {key.id}"
