"""How the next version of a copy comes in, whoever made it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.copywriting.copy import Copy
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import Action
from app.copywriting.repository import CopyRepository
from app.errors import StaleVersion


async def add_next(
    tools: Tools, before: Copy, after: Copy, action: Action, actor: str, note: Mapping[str, Any]
) -> Copy:
    """Store version n+1 of a copy, with the locks that n has by then, in a transaction of its own.

    What stands on the shelf stays there; any other version n is withdrawn. Raises StaleVersion where somebody made
    another version n+1 in the meantime.
    """
    async with tools.deeds(actor) as deeds:
        copies = CopyRepository(deeds.session)
        newest = await copies.newest_locked(before.id) or before
        if newest.version != before.version:
            raise StaleVersion(
                f"{before.id} was edited by somebody else: it is at version {newest.version} "
                f"(by {newest.created_by})",
                extra={"current": {"version": newest.version, "status": newest.status}},
            )
        if not await deeds.repository.open_of(before.id, newest.version):
            await deeds.move(newest, "supersede")
        said = {sentence.text for sentence in after.sentences}
        after = replace(
            after,
            locked=newest.locked,
            locked_sentences=tuple(text for text in newest.locked_sentences if text in said),
        )
        await copies.add([after])
        deeds.record(action, newest, after, note)
    return after
