"""New versions by hand: an edit, and the merchant's own words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import prompts
from app.copywriting.copy import Authorship, Copy
from app.copywriting.edits import apply_edit
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import transition_of
from app.copywriting.pipeline import cited_facts, judged_sentences
from app.copywriting.repository import CopyRepository
from app.copywriting.twins import Twins
from app.errors import StaleVersion


class Editing:
    """Makes versions by hand."""

    def __init__(self, tools: Tools, twins: Twins | None) -> None:
        self._tools = tools
        self._twins = twins

    async def edit(
        self,
        copy_id: str,
        changes: Mapping[str, Any],
        actor: str,
        *,
        expected: Expected | None = None,
        authorship: Authorship | None = None,
    ) -> Copy:
        """Version n+1, judged anew against the product's facts of today, `needs_review`."""
        before = await self._tools.newest(copy_id, expected)
        transition = transition_of("edit", before.status)
        template = prompts.load(f"{before.template}@{before.template_version}")
        fields = apply_edit(before.fields, changes, template)
        stored = await self._tools.judge.product(before.sku)
        gate, facts = await self._tools.judge.edited(before, fields, stored)
        sentences = judged_sentences(gate)
        said = {(sentence.field, sentence.text) for sentence in sentences}
        now = self._tools.clock()
        after = replace(
            before,
            version=before.version + 1,
            status=transition.target,
            fields=fields,
            sentences=sentences,
            facts=cited_facts(gate, facts),
            checks=gate.checks,
            provenance=replace(
                before.provenance,
                authorship=authorship or _edited(before.provenance.authorship),
                writer=actor,
                facts_hash=stored.facts_hash,
            ),
            reviewed_by=None,
            created_at=now,
            created_by=actor,
            notes=(),
            publish=None,
            stale=(),
            disputes=tuple(d for d in before.disputes if (d.field, d.text) in said),
        )
        async with self._tools.deeds(actor) as deeds:
            copies = CopyRepository(deeds.session)
            newest = await copies.newest_locked(copy_id) or before
            if newest.version != before.version:
                raise StaleVersion(
                    f"{copy_id} was edited by somebody else: it is at version {newest.version} "
                    f"(by {newest.created_by})",
                    extra={"current": {"version": newest.version, "status": newest.status}},
                )
            # What stands on the shelf stays there until this version replaces it.
            if not await deeds.repository.open_of(copy_id, newest.version):
                await deeds.move(newest, "supersede")
            await copies.add([after])
            deeds.record("edit", newest, after, {"fields": sorted(changes)})
        if self._twins:
            self._twins.put([after])
        return after


def _edited(authorship: Authorship) -> Authorship:
    """Whose words a text is after somebody edited it."""
    if authorship.startswith("llm"):
        return "llm_edited"
    return "merchant" if authorship == "merchant" else "human"
