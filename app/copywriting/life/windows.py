"""Dates as people give them, in their time zone, as moments.

A local time that a night in spring or autumn lacks or has twice is refused: nobody guesses when a campaign ends.
"""

import difflib
import re
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.copywriting.copy import Window
from app.errors import Invalid

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_CAMPAIGN = 100  # characters


def window_of(
    starts: str | None, ends: str | None, campaign: str | None = None, time_zone: str | None = None
) -> Window:
    """The window that people mean.

    `starts` and `ends` are moments with an offset ("2026-11-27T00:00:00+01:00"), or local ones ("2026-11-27T08:00")
    or days ("2026-11-27") in `time_zone`, an IANA name. A day as `ends` is its whole day. Raises Invalid: unknown zone,
    local time without one, no time at all, a time that does not exist or exists twice, an end before the beginning.
    """
    zone = _zone(time_zone) if time_zone is not None else None
    if campaign is not None:
        campaign = " ".join(campaign.split())
        if not campaign or len(campaign) > MAX_CAMPAIGN or not campaign.isprintable():
            raise Invalid(
                f"campaign: a name of 1 to {MAX_CAMPAIGN} printable characters", pointer="/campaign"
            )
    window = Window(
        starts_at=None if starts is None else _moment(starts, zone, "from", whole_day=False),
        ends_at=None if ends is None else _moment(ends, zone, "until", whole_day=True),
        campaign=campaign,
        time_zone=time_zone,
    )
    if window.starts_at and window.ends_at and window.ends_at <= window.starts_at:
        raise Invalid(
            f"until: it ends ({ends}) before it begins ({starts}), or at the same moment", pointer="/until"
        )
    return window


def _zone(name: str) -> ZoneInfo:
    # Only names that are listed: others would be looked for as files.
    if name in zoneinfo.available_timezones():
        return ZoneInfo(name)
    near = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; write one like 'Europe/Berlin'"
    raise Invalid(f"time_zone: no time zone {name!r}{hint}", pointer="/time_zone")


def _moment(text: str, zone: ZoneInfo | None, name: str, *, whole_day: bool) -> datetime:
    pointer = f"/{name}"
    text = text.strip()
    try:
        if _DATE.fullmatch(text):
            return _day(date.fromisoformat(text), zone, name, whole_day=whole_day)
        given = datetime.fromisoformat(text)
        if given.tzinfo is not None:
            return given.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            f"{name}: {text!r} is no time; write it like 2026-11-27T08:00, with an offset or a time_zone",
            pointer=pointer,
        ) from error
    if zone is None:
        raise Invalid(
            f"{name}: {text} where? Give a time_zone like Europe/Berlin, or an offset", pointer=pointer
        )
    return _local(given, zone, name)


def _day(day: date, zone: ZoneInfo | None, name: str, *, whole_day: bool) -> datetime:
    """The first moment of a day; of the next one where the whole of it is meant. Some days begin after midnight."""
    if zone is None:
        raise Invalid(f"{name}: {day} where? Give a time_zone like Europe/Berlin", pointer=f"/{name}")
    if whole_day:
        day += timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    # Of a midnight that comes twice the first; one that is skipped counts by the offset before the gap, and so lands
    # right behind it.
    return midnight.astimezone(UTC)


def _local(given: datetime, zone: ZoneInfo, name: str) -> datetime:
    first, second = (given.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == given
    if not exists:
        later = first.astimezone(UTC).astimezone(zone)
        raise Invalid(
            f"{name}: {given.isoformat()} does not exist in {zone.key}: clocks go forward that night; the first time "
            f"like it is {later.isoformat()}",
            pointer=f"/{name}",
        )
    if first.utcoffset() != second.utcoffset():
        raise Invalid(
            f"{name}: {given.isoformat()} happens twice in {zone.key}: clocks go back that night; write "
            f"{first.isoformat()} or {second.isoformat()}",
            pointer=f"/{name}",
        )
    return first.astimezone(UTC)
