"""What people say of texts, and what they do to them, with its context."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Literal

from app.copywriting.copy import Copy
from app.copywriting.life.differences import differences
from app.copywriting.repository import CopyRepository
from app.copywriting.review.repository import Edit, ReviewRepository
from app.copywriting.review.values import Rating, Story
from app.errors import NotFound
from app.storage import audit
from app.storage.database import Database
from app.storage.ids import sortable_id

PAGE = 200


class Feedback:
    """Keeps ratings, and tells them and the edits."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def rate(
        self, copy_id: str, rating: Literal[-1, 1], reason: str | None, comment: str | None, actor: str
    ) -> Rating:
        """Keep what somebody says of a copy's newest version. Raises NotFound."""
        now = self._clock()
        async with self._database.transaction() as session:
            copy = await CopyRepository(session).newest(copy_id)
            if copy is None:
                raise NotFound(f"there is no copy {copy_id!r}")
            said = Rating(sortable_id("fb", now), copy.id, copy.version, rating, reason, comment, actor, now)
            await ReviewRepository(session).add_rating(said)
            after = {"version": copy.version, "rating": rating, "reason": reason}
            await audit.record(session, actor, "copy.rate", f"copy:{copy.id}", at=now, after=after)
        return said

    async def export(self) -> AsyncIterator[Story]:
        """Every rating, newest first, then every edit, newest copies first; memory stays flat."""
        before: str | None = None
        while rated := await self._rated(before):
            for rating, first, copy in rated:
                yield _rated_story(rating, first, copy)
            before = rated[-1][0].id
        after: tuple[str, int] | None = None
        while edits := await self._edits(after):
            for edit in edits:
                yield edit_story(edit)
            after = edits[-1].after.id, edits[-1].after.version

    async def _rated(self, before: str | None) -> Sequence[tuple[Rating, Copy, Copy]]:
        async with self._database.session() as session:
            repository = ReviewRepository(session)
            ratings = await repository.ratings(PAGE, before)
            known = await repository.versions([(r.copy_id, r.version) for r in ratings])
        return [(r, known[r.copy_id, 1], known[r.copy_id, r.version]) for r in ratings]

    async def _edits(self, after: tuple[str, int] | None) -> Sequence[Edit]:
        async with self._database.session() as session:
            return await ReviewRepository(session).edits(PAGE, after)


def edit_story(edit: Edit) -> Story:
    """An edit with the sentences that went and came."""
    changes = differences(edit.before, edit.after)
    story = _story("edit", f"{edit.after.id}:{edit.after.version}", edit.first, edit.after)
    return Story(
        **story,  # type: ignore[arg-type]  # the members are Story's own
        actor=edit.after.created_by,
        created_at=edit.after.created_at,
        removed=tuple(
            c.old if c.old is not None else c.text for c in changes if c.change in ("changed", "removed")
        ),
        added=tuple(c.text for c in changes if c.change in ("changed", "added")),
    )


def _rated_story(rating: Rating, first: Copy, copy: Copy) -> Story:
    return Story(
        **_story("rating", rating.id, first, copy),  # type: ignore[arg-type]  # as above
        actor=rating.actor,
        created_at=rating.created_at,
        rating=rating.rating,
        reason=rating.reason,
        comment=rating.comment,
    )


def _story(kind: str, story_id: str, first: Copy, final: Copy) -> dict[str, object]:
    return {
        "kind": kind,
        "id": story_id,
        "copy_id": final.id,
        "version": final.version,
        "sku": final.sku,
        "template": f"{first.template}@{first.template_version}",
        "template_hash": first.provenance.template_hash,
        "locale": final.locale,
        "voice": final.voice,
        "angle": final.angle,
        "writer": writer_of(first),
        "model": first.provenance.model,
        "authorship": final.provenance.authorship,
        "facts": final.facts or first.facts,
        "draft": first.fields,
        "final": final.fields,
    }


def writer_of(first: Copy) -> str:
    """Who wrote the first version of a copy: the model, or the writer's name."""
    return first.provenance.model or first.provenance.writer
