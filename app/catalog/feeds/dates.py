"""Dates of sales: ISO 8601, Google's intervals, and the ways spreadsheets write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from app.catalog.feeds.errors import CellError
from app.catalog.feeds.text import NOTHING

_ISO = re.compile(
    r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?$",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"^(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})[./-](?P<y>\d{4}|\d{2})"
    r"(?:,?\s+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<half>[ap]m)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when; None: open on that side."""

    start: datetime | None = None
    end: datetime | None = None


def parse_moment(text: str, *, end: bool = False) -> datetime | None:
    """The moment in a cell, None where it is empty.

    Without a zone it is UTC; a bare day is its first moment, or its last second with `end`. `3/4/2026` is the
    fourth of March, `3.4.2026` the third of April; a number over 12 settles it otherwise. Raises `CellError` for
    what is no date.
    """
    text = text.strip()
    if text in NOTHING or text.startswith("0000-00-00"):
        return None
    clock, zone = "", ""
    if iso := _ISO.match(text):
        year, month, day = int(iso["y"]), int(iso["m"]), int(iso["d"])
        clock, zone = iso["clock"] or "", (iso["zone"] or "").upper()
    elif local := _LOCAL.match(text):
        year, month, day = int(local["y"]), int(local["a"]), int(local["b"])
        year += 2000 if year < 100 else 0
        if month > 12 or (local["mark"] != "/" and day <= 12):
            month, day = day, month
        clock = local["clock"] or ""
        if clock and local["half"]:
            hours, rest = clock.split(":", 1)
            clock = f"{int(hours) % 12 + (12 if local['half'].lower() == 'pm' else 0)}:{rest}"
    else:
        raise CellError(f"date {text[:40]!r} is not a date; left out")
    try:
        hour, minute, second = (int(part) for part in f"{clock}:00:00".split(":")[:3]) if clock else (0, 0, 0)
        at = time(hour, minute, second) if clock or not end else time(23, 59, 59)
        offset = datetime.strptime(zone.replace("Z", "+0000"), "%z").tzinfo if zone else UTC
        return datetime.combine(datetime(year, month, day, tzinfo=UTC).date(), at, offset)
    except ValueError as error:
        raise CellError(f"date {text[:40]!r} is not a date; left out") from error


def parse_period(text: str) -> Period:
    """Google's `2026-02-24T11:07+0100/2026-02-29T23:07+0100`. Raises `CellError` for what is none."""
    if text.strip() in NOTHING:
        return Period()
    parts = re.split(r"\s*/\s*(?=\d{4}-|$)|\s+(?:to|bis|–)\s+", text.strip())
    if len(parts) != 2:
        raise CellError(f"sale period {text[:60]!r} is not two dates; left out")
    return Period(parse_moment(parts[0]), parse_moment(parts[1], end=True))
