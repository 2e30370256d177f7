"""The calendar of campaigns: values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CampaignState = Literal["upcoming", "running", "over"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another campaign (None: texts with an end alone) whose texts stand in the same places at the same time.

    `places`: in how many; `example`: the SKU of one. Where two overlap, the text that began later shows.
    """

    campaign: str | None
    places: int
    starts_at: datetime
    ends_at: datetime | None
    example: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: from the first of its texts (`starts_at`) to the last (`ends_at`, None: one has no end)."""

    campaign: str
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str | None
    texts: int
    products: int
    state: CampaignState
    overlaps: tuple[Overlap, ...] = ()


def state_of(
    starts_at: datetime, ends_at: datetime | None, now: datetime, *, open_texts: int
) -> CampaignState:
    """Whether a campaign is still to come, is running, or is over: by the clock, or because all its texts were ended."""
    if open_texts == 0 or (ends_at is not None and ends_at <= now):
        return "over"
    return "upcoming" if starts_at > now else "running"
