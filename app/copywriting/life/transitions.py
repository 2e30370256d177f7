"""The life of a copy as one table: which action leads from which state to which, and what it needs.

Code asks it, error messages quote it, and `docs/life-cycle.md` shows it (`as_markdown`, which a test compares).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from app.copywriting.copy import Status
from app.errors import Conflict

Action = Literal[
    "edit",
    "regenerate",
    "dispute",
    "approve",
    "reject",
    "publish",
    "publish_unreviewed",
    "reschedule",
    "rollback",
    "restore",
    "end",
    "withdraw",
    "replace",
    "supersede",
    "expire",
]


@dataclass(frozen=True, slots=True)
class Transition:
    """`past` completes "a copy that is stale cannot be …".

    `needs_clean`: judged against the facts of today, no error may fail. `asked`: by people; the others follow from
    something else.
    """

    action: Action
    sources: tuple[Status, ...]
    target: Status
    past: str
    meaning: str
    needs_clean: bool = False
    asked: bool = True


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "edit",
        ("draft", "needs_review", "approved", "published", "rejected", "stale"),
        "needs_review",
        "edited",
        "Somebody changes fields: version n+1. A version n on the shelf stays there until n+1 replaces it.",
    ),
    Transition(
        "regenerate",
        ("draft", "needs_review", "approved", "published", "rejected", "stale"),
        "needs_review",
        "written anew",
        "A writer makes version n+1: some fields, or what is stale. What is locked stays, and what is on the shelf too.",
    ),
    Transition(
        "dispute",
        ("draft", "needs_review"),
        "needs_review",
        "disputed",
        "Somebody holds a verdict to be wrong; a reviewer decides.",
    ),
    Transition(
        "approve",
        ("needs_review",),
        "approved",
        "approved",
        "A reviewer answers for it.",
        needs_clean=True,
    ),
    Transition(
        "reject",
        ("draft", "needs_review", "approved", "stale"),
        "rejected",
        "rejected",
        "It goes no further; an edit brings it back to review. Not of a stale text on the shelf.",
    ),
    Transition(
        "publish",
        ("approved",),
        "published",
        "published",
        "It goes to the shelf, now or at its time, and replaces the base text of its place or lies over it.",
        needs_clean=True,
    ),
    Transition(
        "publish_unreviewed",
        ("needs_review",),
        "published",
        "published without a review",
        "As publish, where the setting SKIP_REVIEW allows it.",
        needs_clean=True,
    ),
    Transition(
        "reschedule",
        ("published",),
        "published",
        "given other dates",
        "Publishing again with dates: its time on the shelf changes.",
    ),
    Transition(
        "rollback",
        ("published", "stale"),
        "rejected",
        "rolled back",
        "It leaves the shelf, and the text before it returns.",
    ),
    Transition(
        "restore",
        ("withdrawn",),
        "published",
        "brought back",
        "It returns to the shelf, because the text after it was rolled back.",
        needs_clean=True,
        asked=False,
    ),
    Transition(
        "end",
        ("published", "stale"),
        "withdrawn",
        "ended",
        "A text with an end or a campaign is over, by date or by hand; what it lay over shows again.",
    ),
    Transition(
        "withdraw",
        ("draft", "needs_review", "approved", "published", "rejected", "stale"),
        "withdrawn",
        "withdrawn",
        "It is taken off every page, or its product is gone.",
    ),
    Transition(
        "replace",
        ("published", "stale"),
        "withdrawn",
        "replaced",
        "A newer base text took its place on the shelf.",
        asked=False,
    ),
    Transition(
        "supersede",
        ("draft", "needs_review", "approved", "rejected", "stale"),
        "withdrawn",
        "superseded",
        "An edit made the next version, and this one was not on the shelf.",
        asked=False,
    ),
    Transition(
        "expire",
        ("draft", "needs_review", "approved", "published", "stale"),
        "stale",
        "marked stale",
        "A fact that it rests on changed or vanished.",
        asked=False,
    ),
)
STATUSES: tuple[Status, ...] = get_args(Status)
BY_ACTION: dict[Action, Transition] = {transition.action: transition for transition in TRANSITIONS}
LIVING: tuple[Status, ...] = BY_ACTION["withdraw"].sources
ON_SHELF: tuple[Status, ...] = BY_ACTION["end"].sources
"""The states in which a version may stand on the shelf."""


def transition_of(action: Action, status: Status) -> Transition:
    """The transition that `action` makes from `status`. Raises Conflict, which says what is possible instead."""
    transition = BY_ACTION[action]
    if status not in transition.sources:
        possible = allowed_from(status)
        raise Conflict(
            f"a copy that is {status} cannot be {transition.past}; possible from here: "
            f"{', '.join(possible) or 'nothing'}",
            extra={"status_of_copy": status, "possible": list(possible)},
        )
    return transition


def allowed_from(status: Status) -> Sequence[Action]:
    """What people may do with a copy in this state, by the table alone."""
    hidden = {"publish_unreviewed", "reschedule"}  # both are asked for as `publish`
    return [t.action for t in TRANSITIONS if t.asked and status in t.sources and t.action not in hidden]


def as_markdown() -> str:
    """The table as the documentation shows it."""
    lines = ["| Action | From | To | Judged again | What it is |", "|---|---|---|---|---|"]
    for t in TRANSITIONS:
        sources = ", ".join(f"`{status}`" for status in t.sources)
        judged = "yes" if t.needs_clean else ""
        lines.append(f"| `{t.action}` | {sources} | `{t.target}` | {judged} | {t.meaning} |")
    return "\n".join(lines)
