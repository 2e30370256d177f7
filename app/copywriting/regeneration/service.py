"""The use cases: fields written anew, stale copies mended one by one, what is locked."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import prompts
from app.catalog.service import StoredProduct
from app.copywriting.assembly import brief_for
from app.copywriting.copy import Authorship, Copy, Provenance
from app.copywriting.fact_choice import choose_for, facts_hash_of
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.tools import Tools
from app.copywriting.life.transitions import transition_of
from app.copywriting.life.versions import add_next
from app.copywriting.pipeline import Written, cited_facts, judged_sentences, write_copy
from app.copywriting.regeneration.locks import keep_locked
from app.copywriting.regeneration.mending import Fresh, Rewritten, locked_in, mend
from app.copywriting.repository import CopyRepository
from app.copywriting.request import MAX_VARIANTS, CopyRequest, Order, check_request
from app.copywriting.twins import Twins
from app.copywriting.voices.service import VoiceService
from app.copywriting.writers import Writer
from app.errors import Conflict, Invalid, Problem, ShelftalkerError
from evaluators.fields import FieldRule

WAYS = 4
"""Texts of today's facts among whose sentences those are looked for that take the place of stale ones."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What is to be written anew. Without `fields` what is stale, and of a copy that is not stale every field."""

    fields: tuple[str, ...] = ()
    keyphrase: str | None = None
    audience: str | None = None
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one stale copy. `copy` None: `why` says what stood in the way."""

    copy_id: str
    sku: str
    copy: Copy | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    fresh: Fresh
    request_hash: str
    facts_from: str


class Regeneration:
    """Makes the next version of a copy, as much of it as is asked for by a writer."""

    def __init__(
        self, tools: Tools, writer: Writer, voices: VoiceService, twins: Twins | None = None
    ) -> None:
        self._tools = tools
        self._writer = writer
        self._voices = voices
        self._twins = twins

    async def regenerate(
        self, copy_id: str, rewrite: Rewrite, actor: str, *, expected: Expected | None = None
    ) -> Copy:
        """Version n+1, `needs_review`, judged whole: the named fields are new, every other one is as it was.

        Locked fields and sentences stay. Raises NotFound; Invalid for an unknown field; StaleVersion; Conflict for a
        withdrawn copy, where everything that is asked for is locked, and where the writer has no other words.
        """
        before = await self._tools.newest(copy_id, expected)
        transition_of("regenerate", before.status)
        if before.status == "stale" and not rewrite.fields:
            return await self._mended(before, rewrite, actor)
        names = _wanted(before, rewrite.fields)
        stored = await self._tools.judge.product(before.sku)
        order = await self._order(before, rewrite)
        for step in range(MAX_VARIANTS):
            draft = await self._draft(order, stored, before, (before.variant + step) % MAX_VARIANTS)
            locked = locked_in(before, draft.fresh)
            new = {
                name: keep_locked(before.fields.get(name, draft.fresh.fields[name]), value, locked)
                for name in names
                if (value := draft.fresh.fields.get(name))
            }
            if any(value != before.fields.get(name) for name, value in new.items()):
                break
        else:
            raise Conflict(
                f"the writer has no other words for {', '.join(names)}: the facts of {before.sku} carry no more"
            )
        notes = _notes_of_locks(before, names)
        whole = set(new) >= {name for name in before.fields if name not in before.locked}
        authorship = self._writer.authorship if whole and not before.locked else before.provenance.authorship
        after = replace(
            before, fields={**before.fields, **new}, notes=(*_notes_of_gaps(before, names, new), *notes)
        )
        return await self._stored(before, after, stored, draft, authorship, actor, {"fields": sorted(new)})

    async def lock(
        self,
        copy_id: str,
        fields: Collection[str],
        sentences: Collection[str],
        actor: str,
        *,
        expected: Expected | None = None,
    ) -> Copy:
        """Lock these fields and sentences against being written anew, and no others. People may still edit them.

        Raises NotFound; Invalid for what the copy does not have; StaleVersion; Conflict for a withdrawn copy.
        """
        seen = await self._tools.newest(copy_id, expected)
        async with self._tools.deeds(actor) as deeds:
            copies = CopyRepository(deeds.session)
            copy = await copies.newest_locked(copy_id) or seen
            transition_of("regenerate", copy.status)
            _refuse_unknown(copy, fields, sentences)
            locked = tuple(name for name in copy.fields if name in fields)
            said = dict.fromkeys(s.text for s in copy.sentences if s.text in sentences)
            after = replace(copy, locked=locked, locked_sentences=tuple(said))
            changed = await copies.set_status(after, copy.status, deeds.now)
            if changed is None:
                raise Conflict(f"{copy_id} was changed by somebody else just now; look at it again")
            deeds.record("lock", copy, changed, {"fields": list(locked), "sentences": list(said)})
        return changed

    async def refresh(
        self, skus: Sequence[str] | None, rewrite: Rewrite, actor: str
    ) -> AsyncIterator[tuple[Refreshed, int]]:
        """Mend every stale copy, of these products or all, with how many there are; each is stored before it is told.

        A run that was stopped goes on where it was: what is mended is not stale. One failure does not end the run.
        """
        async with self._tools.database.session() as session:
            todo = await CopyRepository(session).stale(skus)
        for copy_id, sku in todo:
            try:
                before = await self._tools.newest(copy_id)
                if before.status != "stale":
                    yield Refreshed(copy_id, sku, None, ""), len(todo)  # somebody was quicker
                    continue
                yield Refreshed(copy_id, sku, await self._mended(before, rewrite, actor)), len(todo)
            except ShelftalkerError as error:
                yield Refreshed(copy_id, sku, None, f"{copy_id}: {error.detail}"), len(todo)

    async def _mended(self, before: Copy, rewrite: Rewrite, actor: str) -> Copy:
        stored = await self._tools.judge.product(before.sku)
        order = await self._order(before, rewrite)
        draft = await self._draft(order, stored, before, before.variant)
        fresh = draft.fresh
        if before.provenance.authorship == "merchant":
            fresh = Fresh()  # not mixed with a writer's words: what no longer holds is left out
        else:
            others = [
                await self._draft(order, stored, before, variant) for variant in _others(before.variant)
            ]
            more = tuple(s for other in others for s in other.fresh.sentences)
            fresh = replace(fresh, sentences=(*fresh.sentences, *more))
        template = prompts.load(f"{before.template}@{before.template_version}")
        rules = tuple(
            FieldRule(f.name, f.required, f.kind, f.max_chars, f.min_chars) for f in template.fields
        )
        gate = await self._tools.judge.as_it_stands(before)
        mended = await asyncio.to_thread(mend, before, gate.sentences, fresh, rules)
        done = list(mended.rewritten)
        after = replace(before, fields=mended.fields)
        gate, _ = await self._tools.judge.edited(before, after.fields, stored)
        if not gate.passed:  # a new sentence that does not hold beside the old ones goes again
            again = await asyncio.to_thread(mend, after, gate.sentences, Fresh(), rules)
            done = _corrected(done, again.rewritten)
            after = replace(after, fields=again.fields)
        after = replace(after, request_hash=draft.request_hash, notes=(*map(str, done), *mended.untrue))
        note = {
            "written_anew": sum(one.new is not None for one in done),
            "left_out": sum(one.new is None for one in done),
        }
        return await self._stored(before, after, stored, draft, before.provenance.authorship, actor, note)

    async def _order(self, copy: Copy, rewrite: Rewrite) -> Order:
        request = CopyRequest(
            copy.sku,
            template=f"{copy.template}@{copy.template_version}",
            channel=copy.channel,
            locale=copy.locale,
            voice=copy.voice,
            angle=copy.angle,
            keyphrase=rewrite.keyphrase,
            audience=rewrite.audience,
            instructions=rewrite.instructions,
        )
        return check_request(request, await self._voices.book())

    async def _draft(self, order: Order, stored: StoredProduct, copy: Copy, variant: int) -> _Draft:
        """What the writer makes of today's facts; nothing where they do not carry the copy's angle any more."""
        brief = brief_for(order, stored, copy.angle, variant)
        choice = await asyncio.to_thread(choose_for, brief) if stored.documents else None
        stages = write_copy(
            brief, writer=self._writer, order=order, facts_hash=stored.facts_hash, choice=choice
        )
        (stage,) = [stage async for stage in stages if isinstance(stage, Written)]
        facts_hash = facts_hash_of(stored.facts_hash, choice) if choice else stored.facts_hash
        return _Draft(
            Fresh(stage.draft.fields, stage.sentences),
            order.hash_for(facts_hash, copy.angle, copy.variant),
            stage.provenance.facts_from,
        )

    async def _stored(
        self,
        before: Copy,
        after: Copy,
        stored: StoredProduct,
        draft: _Draft,
        authorship: Authorship,
        actor: str,
        note: Mapping[str, object],
    ) -> Copy:
        """Version n+1, judged whole."""
        gate, facts = await self._tools.judge.edited(before, after.fields, stored)
        sentences = judged_sentences(gate)
        said = {(sentence.field, sentence.text) for sentence in sentences}
        after = replace(
            after,
            version=before.version + 1,
            status=transition_of("regenerate", before.status).target,
            sentences=sentences,
            facts=cited_facts(gate, facts),
            checks=gate.checks,
            provenance=self._provenance(before.provenance, authorship, stored, draft),
            reviewed_by=None,
            created_at=self._tools.clock(),
            created_by=actor,
            publish=None,
            stale=(),
            disputes=tuple(d for d in before.disputes if (d.field, d.text) in said),
        )
        after = await add_next(self._tools, before, after, "regenerate", actor, note)
        if self._twins:
            self._twins.put([after])
        return after

    def _provenance(
        self, before: Provenance, authorship: Authorship, stored: StoredProduct, draft: _Draft
    ) -> Provenance:
        return replace(
            before,
            authorship=authorship,
            writer=self._writer.name,
            facts_hash=stored.facts_hash,
            facts_from=draft.facts_from,
            model=self._writer.model or before.model,
        )


def _others(variant: int) -> tuple[int, ...]:
    """The other ways to put it, in which a sentence may be found that fits between old ones."""
    return tuple((variant + step) % MAX_VARIANTS for step in range(1, WAYS))


def _wanted(copy: Copy, fields: Sequence[str]) -> tuple[str, ...]:
    """The fields to write. Raises Invalid for unknown ones, Conflict where all of them are locked."""
    known = tuple(f.name for f in prompts.load(f"{copy.template}@{copy.template_version}").fields)
    problems = [
        Problem(f"/fields/{i}", f"{copy.template} has no field {name!r}; it has: {', '.join(known)}")
        for i, name in enumerate(fields)
        if name not in known
    ]
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    asked = tuple(dict.fromkeys(fields)) or tuple(copy.fields)
    free = tuple(name for name in asked if name not in copy.locked)
    if not free:
        raise Conflict(f"{', '.join(asked)}: locked; POST /v1/copy/{copy.id}/lock says what is")
    return free


def _notes_of_locks(copy: Copy, names: Sequence[str]) -> tuple[str, ...]:
    notes = tuple(f"locked, as it was: {name}" for name in copy.locked)
    return notes + tuple(
        f"locked, as it was: {s.field}: “{s.text}”"
        for s in copy.sentences
        if s.text in copy.locked_sentences and s.field.partition("/")[0] in names
    )


def _notes_of_gaps(before: Copy, names: Sequence[str], new: Collection[str]) -> tuple[str, ...]:
    """What was to be written and could not be."""
    return tuple(
        f"as it was, for the facts carry no other: {name}"
        for name in names
        if name not in new and before.fields.get(name)
    )


def _corrected(done: Sequence[Rewritten], again: Sequence[Rewritten]) -> list[Rewritten]:
    """What was done in two rounds, as one: a new sentence that went again was left out."""
    gone = {(one.field, one.old) for one in again}
    return [replace(one, new=None) if (one.field, one.new) in gone else one for one in done]


def _refuse_unknown(copy: Copy, fields: Collection[str], sentences: Collection[str]) -> None:
    said = {sentence.text for sentence in copy.sentences}
    problems = [
        Problem(f"/fields/{i}", f"{copy.id} has no field {name!r}; it has: {', '.join(copy.fields)}")
        for i, name in enumerate(fields)
        if name not in copy.fields
    ]
    problems += [
        Problem(
            f"/sentences/{i}", f"{copy.id} does not say “{text}”; a sentence is locked as `sentences` has it"
        )
        for i, text in enumerate(sentences)
        if text not in said
    ]
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
