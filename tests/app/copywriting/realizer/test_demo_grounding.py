"""The demo shop in all variants, voices and spellings: no sentence without its facts."""

from dataclasses import replace
from functools import cache
from itertools import product as combinations
from pathlib import Path

import pytest

import app
from app.catalog.facts import facts_of
from app.catalog.feeds import ProductRecord, open_feed
from app.copywriting.copy import VOICES, Brief, Subject
from app.copywriting.realizer.headlines import angles_carried, realize_headlines
from app.copywriting.realizer.realize import realize
from evaluators import check_grounding

CATALOG = Path(app.__file__).parent / "demo" / "catalog.csv"
STEP = 4
"""Every fourth product of the shop, which goes through all its shelves."""


@cache
def briefs() -> tuple[Brief, ...]:
    with open_feed(CATALOG) as feed:
        products = [record.product for record in feed.records() if isinstance(record, ProductRecord)]
    return tuple(
        Brief(Subject(p.sku, p.title, p.brand), facts_of(p).facts, template_hash="t")
        for p in products[::STEP]
    )


@pytest.mark.parametrize("locale", ["en-US", "en-GB"])
def test_no_variant_says_what_the_facts_do_not(locale: str) -> None:
    bad = []
    for first in briefs():
        said: set[str] = set()
        for voice, variant in combinations(VOICES, range(8)):
            brief = Brief(
                first.subject, first.facts, voice=voice, locale=locale, variant=variant, template_hash="t"
            )
            said |= {sentence.text for sentence in realize(brief).sentences}
        brief = Brief(
            first.subject, first.facts, locale=locale, template="headline_variants", template_hash="t"
        )
        for angle, voice, variant in combinations(angles_carried(brief), VOICES, range(8)):
            angled = replace(brief, angle=angle, voice=voice, variant=variant)
            said |= {s.text for s in realize_headlines(angled).sentences if s.field != "cta"}
        bad += [
            (first.subject.sku, found.text, found.verdict)
            for text in said
            for found in check_grounding(text, first.facts).sentences
            if found.verdict in ("unsupported", "contradicted")
        ]
    assert not bad
