"""Webhooks: who is told what, what was sent, and sending it again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.service import Principal
from app.api.deps import May, Webhooks
from app.api.idempotency import PARAMETER, IdempotentRoute
from app.api.models.paging import PageQuery
from app.api.models.webhooks import (
    DeliveryOut,
    DeliveryPage,
    DeliveryStatus,
    NewWebhook,
    Replayed,
    ReplayIn,
    WebhookChange,
    WebhookIn,
    WebhookList,
    WebhookOut,
)
from app.api.problems import problems
from app.errors import Invalid

Manager = Annotated[Principal, Depends(May("webhooks:manage"))]
router = APIRouter(
    prefix="/v1/webhooks",
    tags=["webhooks"],
    route_class=IdempotentRoute,
    responses=problems(401, 403, 422, 503),
)


class DeliveryFilter(PageQuery):
    """Which deliveries."""

    status: DeliveryStatus | None = None


@router.post(
    "",
    status_code=201,
    summary="Add a webhook",
    responses=problems(400, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def create_webhook(
    request: Request, caller: Manager, webhooks: Webhooks, body: WebhookIn
) -> NewWebhook:
    """The secret is in this answer alone. Addresses of private networks are refused unless a setting allows them."""
    made = await webhooks.create(body.url, body.events, caller.name, body.description)
    return _with_secret(request, NewWebhook.model_validate(made))


@router.get("", summary="List the webhooks")
async def list_webhooks(caller: Manager, webhooks: Webhooks) -> WebhookList:  # noqa: ARG001 - asked for the right
    """All of them (at most 50), oldest first; never the secrets."""
    return WebhookList(items=[WebhookOut.model_validate(one) for one in await webhooks.list()])


@router.get("/{id}", summary="A webhook", responses=problems(404))
async def get_webhook(id: str, caller: Manager, webhooks: Webhooks) -> WebhookOut:  # noqa: A002, ARG001 - the address's name; the right
    """Where it goes and what it hears; where it was stopped, why."""
    return WebhookOut.model_validate(await webhooks.get(id))


@router.patch("/{id}", summary="Stop or start a webhook", responses=problems(400, 404, 413, 415))
async def change_webhook(id: str, caller: Manager, webhooks: Webhooks, body: WebhookChange) -> WebhookOut:  # noqa: A002 - the name in the address
    """What waits is kept while it is stopped; news of the meantime is not."""
    return WebhookOut.model_validate(await webhooks.switch(id, on=body.enabled, actor=caller.name))


@router.delete("/{id}", status_code=204, summary="Remove a webhook", responses=problems(404))
async def remove_webhook(id: str, caller: Manager, webhooks: Webhooks) -> Response:  # noqa: A002 - the name in the address
    """Its deliveries go with it."""
    await webhooks.remove(id, caller.name)
    return Response(status_code=204)


@router.post(
    "/{id}/rotate",
    summary="Give a webhook a new secret",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def rotate_secret(request: Request, id: str, caller: Manager, webhooks: Webhooks) -> NewWebhook:  # noqa: A002 - the name in the address
    """From the next attempt on it is signed with this one."""
    return _with_secret(request, NewWebhook.model_validate(await webhooks.rotate(id, caller.name)))


@router.post(
    "/{id}/test",
    status_code=202,
    summary="Send a test event",
    responses=problems(404, 409),
    openapi_extra={"parameters": [PARAMETER]},
)
async def test_webhook(id: str, caller: Manager, webhooks: Webhooks) -> DeliveryOut:  # noqa: A002 - the name in the address
    """An event `webhook.test`, sent as any other; look at its delivery to see what became of it."""
    return DeliveryOut.model_validate(await webhooks.test(id, caller.name))


@router.get("/{id}/deliveries", summary="What was sent", responses=problems(404))
async def list_deliveries(
    id: str,  # noqa: A002 - the name in the address
    caller: Manager,  # noqa: ARG001 - asked for the right
    webhooks: Webhooks,
    query: Annotated[DeliveryFilter, Query()],
) -> DeliveryPage:
    """Newest first; kept for 30 days."""
    page = await webhooks.deliveries(id, query.status, query.limit, query.cursor)
    return DeliveryPage(
        items=[DeliveryOut.model_validate(one) for one in page.items], next_cursor=page.next_cursor
    )


@router.post(
    "/{id}/replay",
    status_code=202,
    summary="Send again",
    responses=problems(400, 404, 409, 413, 415),
    openapi_extra={"parameters": [PARAMETER]},
)
async def replay(id: str, caller: Manager, webhooks: Webhooks, body: ReplayIn) -> Replayed:  # noqa: A002 - the name in the address
    """Deliveries by id, all since a moment, or all that failed; `webhook-id` stays, so that receivers know them."""
    if body.deliveries is not None and body.since is not None:
        raise Invalid("since: deliveries are named already; send one of the two", pointer="/since")
    return Replayed(replayed=await webhooks.replay(id, caller.name, ids=body.deliveries, since=body.since))


def _with_secret(request: Request, answer: NewWebhook) -> NewWebhook:
    # What is kept for a replay must not hold the secret.
    request.state.stored_body = answer.model_copy(update={"secret": None}).model_dump_json().encode()
    return answer
