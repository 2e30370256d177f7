"""Publications as values, and which of them stand on the shelf at a moment: pure, no clock but the one it is told."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.copywriting.copy import Copy, Window

__all__ = ["EndedWhy", "Place", "Publication", "Standing", "Window", "on_shelf", "overlapping"]

EndedWhy = Literal["replaced", "rolled_back", "withdrawn", "over", "rescheduled"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands. In one place one base text shows at most, and texts with an end or a campaign over it."""

    sku: str
    template: str
    channel: str
    locale: str
    angle: str | None
    variant: int

    @classmethod
    def of(cls, copy: Copy) -> "Place":
        """The place of a copy."""
        return cls(copy.sku, copy.template, copy.channel, copy.locale, copy.angle, copy.variant)

    @property
    def key(self) -> str:
        """What it is stored and locked by."""
        parts = [self.sku, self.template, self.channel, self.locale, self.angle or "", str(self.variant)]
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Publication:
    """That a version was put on the shelf. `starts_at` to before `ended_at` or `ends_at` it stood there.

    `before_id`: the publication that it took the place of; what a rollback brings back.
    """

    id: str
    sku: str
    place: str
    copy_id: str
    version: int
    starts_at: datetime
    published_by: str
    published_at: datetime
    campaign: str | None = None
    ends_at: datetime | None = None
    time_zone: str | None = None
    before_id: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: EndedWhy | None = None

    @property
    def over(self) -> bool:
        """Whether it lies over the base text of its place."""
        return self.campaign is not None or self.ends_at is not None

    def runs(self, now: datetime) -> bool:
        """Whether its time is now; that the sweep has not come by yet changes nothing."""
        return (
            self.ended_at is None and self.starts_at <= now and (self.ends_at is None or now < self.ends_at)
        )

    @property
    def shown_until(self) -> datetime | None:
        """When it left the shelf or will; None: open."""
        known = [moment for moment in (self.ended_at, self.ends_at) if moment is not None]
        return min(known, default=None)

    @property
    def was_shown(self) -> bool:
        """Whether there is a moment at which its time was; one that was taken back before it began has none."""
        until = self.shown_until
        return until is None or self.starts_at < until


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in one place at a moment: the text that shows, those beneath it from the top down, those to come."""

    shown: Publication | None
    beneath: tuple[Publication, ...] = ()
    upcoming: tuple[Publication, ...] = ()

    @property
    def overlaps(self) -> tuple[Publication, ...]:
        """Texts with an end or a campaign that show not, because another one that began later lies over them."""
        return tuple(publication for publication in self.beneath if publication.over)


def on_shelf(publications: Iterable[Publication], now: datetime) -> Mapping[str, Standing]:
    """Place → what stands there now. Campaigns lie above the base text; of several, the one that began later shows.

    Of base texts whose time has come the latest shows: one that was scheduled takes over at its time.
    """
    places: dict[str, list[Publication]] = {}
    for publication in publications:
        places.setdefault(publication.place, []).append(publication)
    found: dict[str, Standing] = {}
    for place, there in places.items():
        running = sorted((p for p in there if p.runs(now)), key=_height, reverse=True)
        base = next((p for p in running if not p.over), None)
        stack = [p for p in running if p.over] + ([base] if base else [])
        upcoming = sorted((p for p in there if p.ended_at is None and p.starts_at > now), key=_height)
        if stack or upcoming:
            shown = stack[0] if stack else None
            found[place] = Standing(shown, tuple(stack[1:]), tuple(upcoming))
    return found


def overlapping(
    publications: Sequence[Publication], window_start: datetime, ends_at: datetime | None
) -> tuple[Publication, ...]:
    """The texts with an end or a campaign whose time meets this one's."""
    return tuple(
        p
        for p in publications
        if p.over
        and p.ended_at is None
        and (ends_at is None or p.starts_at < ends_at)
        and (p.ends_at is None or window_start < p.ends_at)
    )


def _height(publication: Publication) -> tuple[datetime, str]:
    return publication.starts_at, publication.id
