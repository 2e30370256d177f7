"""What a caller believes a copy to be, and what has changed since: the `ETag` of a copy, read and compared."""

import hashlib
import re
from dataclasses import dataclass

import orjson

from app.copywriting.copy import Copy
from app.copywriting.life.differences import SentenceChange
from app.errors import Invalid, StaleVersion

_TAG = re.compile(r"(\d{1,9})(?:-([a-z_]{4,20}))?(?:-([0-9a-f]{8}))?")


@dataclass(frozen=True, slots=True)
class Expected:
    """The version that a caller saw, its state, and a mark of its dates, stale sentences and disputes.

    What is None was not told and is not compared.
    """

    version: int
    status: str | None = None
    mark: str | None = None

    def fits(self, copy: Copy) -> bool:
        """Whether the copy is still as the caller saw it."""
        return (
            self.version == copy.version
            and self.status in (None, copy.status)
            and (self.mark is None or self.mark == _mark(copy))
        )


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to a copy, as the audit has it."""

    actor: str
    action: str


def tag_of(copy: Copy) -> str:
    """What changes whenever the copy's version, state, dates, stale sentences or disputes do: "3-approved-1f00beef"."""
    return f"{copy.version}-{copy.status}-{_mark(copy)}"


def expected_of(tag: str) -> Expected:
    """What `tag_of` said, or a version's number alone. Raises Invalid for anything else."""
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        raise Invalid(
            'If-Match: send what ETag gave, like "3-approved-1f00beef", or the version alone, like "3"',
            pointer="header/If-Match",
        )
    return Expected(int(found[1]), found[2], found[3])


def outdated(
    expected: Expected, copy: Copy, deeds: list[Deed], changes: tuple[SentenceChange, ...]
) -> StaleVersion:
    """The error for a caller whose copy is not the newest: what changed, by whom, and in which sentences."""
    what = []
    if expected.version != copy.version:
        what.append(f"it is at version {copy.version} (by {copy.created_by}), not {expected.version}")
    if expected.status not in (None, copy.status):
        what.append(f"it is {copy.status}, not {expected.status}")
    if not what:
        what.append("its dates, stale sentences or disputes changed")
    if deeds:
        what.append("since then: " + ", ".join(f"{deed.action} by {deed.actor}" for deed in deeds))
    named = [change for change in changes if change.change != "kept"]
    if named:
        what.append(
            "sentences: "
            + "; ".join(f"{change.change} “{change.text}” ({change.field})" for change in named[:5])
        )
    return StaleVersion(
        f"{copy.id} was changed by somebody else: {'; '.join(what)}",
        extra={
            "expected": {"version": expected.version, "status": expected.status},
            "current": {
                "version": copy.version,
                "status": copy.status,
                "created_by": copy.created_by,
                "etag": f'"{tag_of(copy)}"',
            },
            "deeds": [{"actor": deed.actor, "action": deed.action} for deed in deeds],
            "sentences": [
                {"field": c.field, "change": c.change, "text": c.text, "old": c.old} for c in named
            ],
        },
    )


def _mark(copy: Copy) -> str:
    window = copy.publish
    dates = window and [window.starts_at, window.ends_at, window.campaign]
    stale = [[s.field, s.text, s.fact, s.new] for s in copy.stale]
    state = orjson.dumps([dates, stale, [d.id for d in copy.disputes], copy.reviewed_by])
    return hashlib.blake2b(state, digest_size=4).hexdigest()
