"""Webhooks as they are asked for and shown."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.models.base import Answer, Body, Text, Time

EventName = Literal["copy.published", "copy.stale", "copy.withdrawn"]
DeliveryStatus = Literal["waiting", "delivered", "failed"]


class WebhookIn(Body):
    """A new receiver."""

    url: Annotated[Text, Field(max_length=2000, examples=["https://shop.example/hooks/shelftalker"])]
    events: list[EventName] = Field([], max_length=20, description="Which news it wants; empty: all.")
    description: Annotated[Text, Field(max_length=500)] | None = None


class WebhookChange(Body):
    """What may be changed of a receiver."""

    enabled: bool = Field(description="false: nothing is sent; what waits is kept.")


class WebhookOut(Answer):
    """A receiver, without its secret."""

    id: str
    url: str
    events: list[str]
    description: str | None
    created_by: str
    created_at: Time
    disabled_at: Time | None
    disabled_why: str | None


class NewWebhook(WebhookOut):
    """A receiver with its secret, which this answer alone shows."""

    secret: str | None = Field(
        description="For checking signatures (Standard Webhooks); null in a replayed answer."
    )


class WebhookList(Answer):
    """The receivers, oldest first."""

    items: list[WebhookOut]
    next_cursor: str | None = None


class DeliveryOut(Answer):
    """One event on its way to one receiver."""

    id: str
    event: str = Field(description="The `webhook-id` header: the same for every attempt and receiver.")
    type: str
    data: dict[str, Any]
    status: DeliveryStatus
    attempts: int
    next_at: Time | None
    answer: int | None = Field(description="The HTTP status that came back last.")
    detail: str | None
    created_at: Time
    delivered_at: Time | None


class DeliveryPage(Answer):
    """Deliveries, newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None


class ReplayIn(Body):
    """What to send again: deliveries by id, or all since a moment; neither: all that failed."""

    deliveries: list[Annotated[Text, Field(max_length=100)]] | None = Field(
        None, min_length=1, max_length=1000
    )
    since: Time | None = None


class Replayed(Answer):
    """How many deliveries are sent again."""

    replayed: int
