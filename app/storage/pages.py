"""Pages of a list, and the opaque cursor that finds the next one."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from app.errors import Invalid

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list. `next_cursor` is None at the end."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def page_of(rows: Sequence[T], limit: int, keys: Sequence[str]) -> Page[T]:
    """The page of at most `limit` out of `limit + 1` rows that were asked for; `keys[i]` is row i's sort key.

    Asking for one row more than is shown tells whether another page exists without counting.
    """
    if len(rows) <= limit:
        return Page(tuple(rows))
    return Page(tuple(rows[:limit]), encode_cursor(keys[limit - 1]))


def encode_cursor(key: str) -> str:
    """An opaque, URL-safe cursor for the sort key that a page ended with."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> str:
    """The sort key in a cursor. Raises Invalid for anything that `encode_cursor` did not make."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeEncodeError, orjson.JSONDecodeError):
        key = None
    if not isinstance(key, str) or "\0" in key:
        raise Invalid(
            "cursor: not one that this service gave; leave it out to start from the first page",
            pointer="query/cursor",
        )
    return key


def checked_limit(limit: int) -> int:
    """The limit itself. Raises Invalid outside 1 to 1000."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"limit: from 1 to {MAX_LIMIT}, not {limit}", pointer="query/limit")
    return limit
