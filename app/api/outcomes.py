"""The two tables that read the kinds of `app.errors`: HTTP status and exit code. Nothing heavy is imported here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app import errors

DONE: Final = 0
FAILED: Final = 1  # the thing checked failed: an unsupported claim, a copy that may not be approved
USAGE: Final = 2  # bad input or usage
UNREACHABLE: Final = 3  # a dependency does not answer
STOPPED: Final = 130  # Ctrl-C, as shells count it (128 + SIGINT)
BUG: Final = 70  # a fault of ours (EX_SOFTWARE of sysexits.h), so that no script takes it for a verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kind of error becomes: `slug` ends the problem's type, `title` is the same for all of its kind."""

    status: int
    exit_code: int
    slug: str
    title: str


OUTCOMES: Final[Mapping[type[errors.ShelftalkerError], Outcome]] = {
    errors.Unauthenticated: Outcome(401, USAGE, "unauthenticated", "A valid key is needed"),
    errors.Forbidden: Outcome(403, USAGE, "forbidden", "This is not allowed"),
    errors.NotFound: Outcome(404, USAGE, "not-found", "There is no such thing"),
    errors.Conflict: Outcome(409, FAILED, "conflict", "The state of things does not allow this"),
    errors.StaleVersion: Outcome(412, FAILED, "stale-version", "Somebody was faster"),
    errors.TooLarge: Outcome(413, USAGE, "too-large", "Over a size limit"),
    errors.Invalid: Outcome(422, USAGE, "invalid", "The input is wrong"),
    errors.RateLimited: Outcome(429, UNREACHABLE, "rate-limited", "Too many requests"),
    errors.Unavailable: Outcome(503, UNREACHABLE, "unavailable", "A dependency does not answer"),
}

# What has no kind in the domain: the protocol's own errors, and ours.
PROTOCOL: Final[Mapping[int, Outcome]] = {
    400: Outcome(400, USAGE, "unreadable", "The body cannot be read"),
    405: Outcome(405, USAGE, "method-not-allowed", "The resource does not take this method"),
    406: Outcome(406, USAGE, "not-acceptable", "No such form of the answer"),
    415: Outcome(415, USAGE, "unsupported-media-type", "The body has the wrong media type"),
    504: Outcome(504, UNREACHABLE, "timed-out", "The request took too long"),
    500: Outcome(500, BUG, "internal", "Something went wrong on our side"),
}


def outcome_of(error: errors.ShelftalkerError) -> Outcome:
    """The row of the error's kind; a subclass reads its parent's."""
    for kind in type(error).__mro__:
        if kind in OUTCOMES:
            return OUTCOMES[kind]
    return PROTOCOL[500]


def outcome_for_status(status: int) -> Outcome:
    """The row of a bare HTTP status; an unknown one keeps its number."""
    for outcome in (*OUTCOMES.values(), *PROTOCOL.values()):
        if outcome.status == status:
            return outcome
    return Outcome(status, BUG, "error", "Error")
