"""Kinds of errors. The domain says kind and fact; HTTP status and exit code are chosen by the front ends.

ShelftalkerError
├── Unauthenticated        no key, or one that is unknown or revoked
├── Forbidden              a key without the role
├── NotFound               the thing named does not exist
├── Conflict               the state of things does not allow it
├── StaleVersion           the caller's version is not the newest
├── Invalid                the input is wrong; names the place (JSON Pointer or file line)
├── TooLarge               over a size limit
├── RateLimited            too many; carries `retry_after` in seconds
└── Unavailable            a dependency (database, disk, provider) does not answer; names it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: `pointer` is an RFC 6901 JSON Pointer ("" = the whole)."""

    pointer: str
    detail: str


class ShelftalkerError(Exception):
    """Base of every expected error. `extra` holds members that the answer carries beside the detail."""

    def __init__(self, detail: str, *, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: dict[str, Any] = dict(extra or {})


class Unauthenticated(ShelftalkerError):
    """No key, or one that is unknown or revoked."""


class Forbidden(ShelftalkerError):
    """The key's role does not allow this."""


class NotFound(ShelftalkerError):
    """The thing named does not exist."""


class Conflict(ShelftalkerError):
    """The state of things does not allow it."""


class StaleVersion(ShelftalkerError):
    """The caller's version is not the newest."""


class Invalid(ShelftalkerError):
    """The input is wrong; `problems` names each place."""

    def __init__(
        self,
        detail: str,
        *,
        pointer: str = "",
        problems: Sequence[Problem] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, extra=extra)
        self.problems = tuple(problems) or (Problem(pointer, detail),)


class TooLarge(ShelftalkerError):
    """Over a size limit."""


class RateLimited(ShelftalkerError):
    """Too many requests; `retry_after` in seconds."""

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(ShelftalkerError):
    """A dependency does not answer; `dependency` names it ("database", "disk", "llm")."""

    def __init__(self, detail: str, *, dependency: str) -> None:
        super().__init__(detail, extra={"dependency": dependency})
        self.dependency = dependency
