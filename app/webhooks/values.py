"""Webhooks and their deliveries as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

DeliveryStatus = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver. `disabled_why` says who or what stopped it: "by NAME", "the receiver said 410 Gone", failures."""

    id: str
    url: str
    events: tuple[str, ...]
    description: str | None
    created_by: str
    created_at: datetime
    secret: str = field(repr=False)
    disabled_at: datetime | None = None
    disabled_why: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one receiver. `answer` is the HTTP status that came back last, if any did."""

    id: str
    webhook_id: str
    event: str  # "evt_17": the same for every receiver and every attempt, so that a receiver knows what it has seen
    type: str
    data: Mapping[str, Any]
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None
    answer: int | None
    detail: str | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt: `answer` the status, None where there was none; `detail` for people."""

    delivered: bool
    answer: int | None
    detail: str | None
    gone: bool = False  # the receiver wants no more
    wait_s: float | None = None  # how long the receiver asked to be left alone (Retry-After)
