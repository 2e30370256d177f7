"""Judging a copy once more, against the facts of today: what every step to the shelf asks for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import prompts
from app.catalog.service import CatalogService, StoredProduct
from app.copywriting.copy import Copy
from app.copywriting.fact_choice import bearing
from app.copywriting.pipeline import candidate_for
from app.copywriting.prose import names_of, quotes_in, statements
from app.copywriting.twins import Twins
from app.copywriting.voices.fields import FixedFields, fix_fields
from app.copywriting.voices.service import VoiceService
from evaluators.checks import GateResult, run_checks, sentences_of
from evaluators.grounding.index import FactIndex
from evaluators.neighbours import Neighbourhood
from evaluators.voice.rules import VoiceRules, exempt_of
from retrieval.facts import Fact
from retrieval.selection import is_document


class Judge:
    """The gate over the catalog of today. With `twins`, an edited text is compared with those of other products."""

    def __init__(self, catalog: CatalogService, voices: VoiceService, twins: Twins | None = None) -> None:
        self._catalog = catalog
        self._voices = voices
        self._twins = twins

    async def product(self, sku: str) -> StoredProduct:
        """A product with its facts and the statements of documents that apply to it. Raises NotFound."""
        (stored,) = await self._catalog.with_documents([await self._catalog.get_product(sku)])
        return stored

    async def as_it_stands(self, copy: Copy) -> GateResult:
        """What the gate says of a copy today. Raises NotFound where its product is gone."""
        stored = await self.product(copy.sku)
        cited = [fact.id for fact in copy.facts]
        facts = await asyncio.to_thread(bearing, "", cited, stored.facts, stored.documents)
        return await asyncio.to_thread(judge, copy, facts, await self.rules(copy))

    async def edited(
        self, before: Copy, fields: Mapping[str, Any], stored: StoredProduct
    ) -> tuple[GateResult, Sequence[Fact]]:
        """What the gate says of new fields, and the facts that they may rest on."""
        said = " ".join(s.text for s in sentences_of(fields))
        cited = [fact.id for fact in before.facts]
        facts = await asyncio.to_thread(bearing, said, cited, stored.facts, stored.documents)
        near = await self._neighbours(stored, before, fields)
        after, rules = replace(before, fields=fields), await self.rules(before)
        return await asyncio.to_thread(judge, after, facts, rules, near), facts

    async def put_right(
        self, copy: Copy, fields: Mapping[str, Any], stored: StoredProduct
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Fields with every safe correction that the copy's voice asks for, and a note for each; locked ones stay."""
        rules = await self.rules(copy)
        facts = (*stored.facts, *stored.documents)
        free = {name: value for name, value in fields.items() if name not in copy.locked}

        def work() -> FixedFields:
            return fix_fields(free, rules, exempt_of(facts), FactIndex(facts), copy.locale)

        fixed = await asyncio.to_thread(work)
        notes = (
            f"put right: {c.field}: “{c.change.before}” → “{c.change.after}” ({', '.join(c.change.rules)})"
            for c in fixed.changes
        )
        return {**fields, **fixed.fields}, tuple(notes)

    async def rules(self, copy: Copy) -> VoiceRules:
        """What the voice of a copy asks today, and the shop of every voice."""
        return (await self._voices.book()).rules_for(copy.voice)

    async def _neighbours(
        self, stored: StoredProduct, before: Copy, fields: Mapping[str, Any]
    ) -> Neighbourhood | None:
        if self._twins is None:
            return None
        variants = [variant.sku for variant in stored.product.variants]
        names = names_of((fact.name, fact.value) for fact in stored.facts)
        told = (sentence.text for sentence in sentences_of(fields))
        cited = [fact.text for fact in before.facts if is_document(fact)]
        quotes = quotes_in(told, cited) | await asyncio.to_thread(statements, stored.documents)
        return await self._twins.neighbours(stored.product.sku, variants, fields, names, quotes)


def judge(
    copy: Copy, facts: tuple[Fact, ...], rules: VoiceRules, neighbours: Neighbourhood | None = None
) -> GateResult:
    """What the gate says of a copy's fields over these facts, by the rules of its voice."""
    template = prompts.load(f"{copy.template}@{copy.template_version}")
    candidate = candidate_for(
        copy.fields,
        sentences_of(copy.fields),
        facts,
        template,
        rules,
        copy.locale,
        wanted=tuple(copy.fields),
    )
    return run_checks(replace(candidate, neighbours=neighbours))
