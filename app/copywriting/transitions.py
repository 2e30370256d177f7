"""The life of a copy as one table: which action leads from which state to which, and what it needs."""

from dataclasses import dataclass
from typing import Literal, get_args

from app.copywriting.copy import Status
from app.errors import Conflict

Action = Literal["edit", "approve", "reject", "publish", "replace", "supersede", "expire", "withdraw"]


@dataclass(frozen=True, slots=True)
class Transition:
    """`needs_clean`: the newest check must have no failed error."""

    action: Action
    sources: tuple[Status, ...]
    target: Status
    needs_clean: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "edit", ("draft", "needs_review", "approved", "published", "rejected", "stale"), "needs_review"
    ),
    Transition("approve", ("needs_review",), "approved", needs_clean=True),
    Transition("reject", ("draft", "needs_review", "approved", "stale"), "rejected"),
    Transition("publish", ("approved",), "published", needs_clean=True),
    # A newer text took its place on the shelf.
    Transition("replace", ("published",), "withdrawn"),
    # An edit made the next version of it; a published one stays on the shelf until that replaces it.
    Transition("supersede", ("draft", "needs_review", "approved", "rejected", "stale"), "withdrawn"),
    # A fact it rests on changed or vanished.
    Transition("expire", ("draft", "needs_review", "approved", "published"), "stale"),
    # Its product is gone.
    Transition(
        "withdraw", ("draft", "needs_review", "approved", "published", "rejected", "stale"), "withdrawn"
    ),
)
STATUSES: tuple[Status, ...] = get_args(Status)
BY_ACTION: dict[Action, Transition] = {transition.action: transition for transition in TRANSITIONS}


def transition_of(action: Action, status: Status) -> Transition:
    """The transition that `action` makes from `status`. Raises Conflict, which says what is possible instead."""
    transition = BY_ACTION[action]
    if status not in transition.sources:
        possible = [
            t.action
            for t in TRANSITIONS
            if status in t.sources and t.action in ("edit", "approve", "reject", "publish")
        ]
        raise Conflict(
            f"a copy that is {status} cannot be {_PAST[action]}; possible from here: {', '.join(possible) or 'nothing'}",
            extra={"status_of_copy": status, "possible": possible},
        )
    return transition


_PAST: dict[Action, str] = {
    "edit": "edited",
    "approve": "approved",
    "reject": "rejected",
    "publish": "published",
    "replace": "replaced",
    "supersede": "superseded",
    "expire": "marked stale",
    "withdraw": "withdrawn",
}
