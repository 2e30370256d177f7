"""New versions by hand: an edit, and the merchant's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import prompts
from app.copywriting.copy import Authorship, Copy, Provenance
from app.copywriting.edits import apply_edit
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import transition_of
from app.copywriting.life.versions import add_next
from app.copywriting.pipeline import cited_facts, judged_sentences
from app.copywriting.repository import CopyRepository
from app.copywriting.request import DEFAULT_TEMPLATE, CopyRequest, check_request
from app.copywriting.twins import Twins


@dataclass(frozen=True, slots=True)
class MerchantText:
    """The merchant's own words: for a place of a product, or as the next version of a copy (`copy_id`)."""

    fields: Mapping[str, Any]
    sku: str | None = None
    copy_id: str | None = None
    template: str = DEFAULT_TEMPLATE
    channel: str = "storefront"
    locale: str = "en-US"
    voice: str = "plain"
    angle: str | None = None
    variant: int = 0


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
        fix: bool = False,
    ) -> Copy:
        """Version n+1, judged anew against the product's facts of today, `needs_review`."""
        before = await self._tools.newest(copy_id, expected)
        transition = transition_of("edit", before.status)
        template = prompts.load(f"{before.template}@{before.template_version}")
        fields = apply_edit(before.fields, changes, template)
        stored = await self._tools.judge.product(before.sku)
        notes: tuple[str, ...] = ()
        if fix:
            fields, notes = await self._tools.judge.put_right(before, fields, stored)
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
            notes=notes,
            publish=None,
            stale=(),
            disputes=tuple(d for d in before.disputes if (d.field, d.text) in said),
        )
        after = await add_next(self._tools, before, after, "edit", actor, {"fields": sorted(changes)})
        if self._twins:
            self._twins.put([after])
        return after

    async def merchant(self, text: MerchantText, actor: str) -> Copy:
        """The merchant's words, judged; `needs_review`."""
        if text.copy_id is not None:
            return await self.edit(text.copy_id, text.fields, actor, authorship="merchant")
        order = check_request(
            CopyRequest(
                text.sku or "",
                template=text.template,
                channel=text.channel,
                locale=text.locale,
                voice=text.voice,
                angle=text.angle,
            )
        )
        stored = await self._tools.judge.product(order.request.sku)
        now = self._tools.clock()
        blank = Copy(
            id=self._tools.new_id("cp", now),
            version=1,
            sku=stored.product.sku,
            template=order.template.name,
            template_version=order.template.version,
            variant=text.variant,
            locale=order.request.locale,
            channel=order.request.channel,
            voice=order.voice.name,
            angle=order.angle,
            status="needs_review",
            fields=apply_edit({}, text.fields, order.template),
            sentences=(),
            facts=(),
            checks=(),
            provenance=Provenance("merchant", actor, order.template.hash, stored.facts_hash),
            # Nobody asked a writer for it: no run takes it for the answer to a request.
            request_hash="",
            created_at=now,
            created_by=actor,
        )
        gate, facts = await self._tools.judge.edited(blank, blank.fields, stored)
        copy = replace(
            blank, sentences=judged_sentences(gate), facts=cited_facts(gate, facts), checks=gate.checks
        )
        async with self._tools.deeds(actor) as deeds:
            await CopyRepository(deeds.session).add([copy])
            deeds.record("write_merchant", None, copy, {"sku": copy.sku, "fields": sorted(copy.fields)})
        if self._twins:
            self._twins.put([copy])
        return copy


def _edited(authorship: Authorship) -> Authorship:
    """Whose words a text is after somebody edited it."""
    if authorship.startswith("llm"):
        return "llm_edited"
    return "merchant" if authorship == "merchant" else "human"
