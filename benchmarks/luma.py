"""Copy quality on the Luma shop (Magento export and gear files): coverage, support, distinctness, repetition.

- every sellable product gets copy, with no unsupported or contradicted sentence;
- the same texts judged against another product's facts: share of claim-bearing sentences that are flagged;
- share of lead sentences that are distinct after masking name, brand and numbers;
- share of 8-word runs that stand in more than 5 % of the texts.
"""

import asyncio
import collections
import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.catalog.facts import facts_of
from app.catalog.feeds import ProductRecord, open_feed
from app.catalog.service import StoredProduct
from app.copywriting.assembly import brief_for
from app.copywriting.pipeline import Written, write_copy
from app.copywriting.request import CopyRequest, check_request
from app.copywriting.writers import TemplateWriter
from benchmarks.common import report, shared_data, wilson
from evaluators import check_grounding
from retrieval.facts import Fact

FILES = (
    "products.csv.gz",
    "products_gear_bags.csv",
    "products_gear_fitness_equipment.csv",
    "products_gear_watches.csv",
)


def stored_products() -> Iterator[StoredProduct]:
    """Every sellable product of the shop with its facts, as the catalog would hold it."""
    seen: set[str] = set()
    for name in FILES:
        with open_feed(shared_data() / "magento_luma" / name) as feed:
            for record in feed.records():
                if isinstance(record, ProductRecord) and record.product.sku not in seen:
                    seen.add(record.product.sku)
                    found = facts_of(record.product)
                    yield StoredProduct(
                        product=record.product,
                        facts=found.facts,
                        facts_hash=found.facts_hash,
                        created_at=datetime(2026, 1, 1, tzinfo=UTC),
                        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
                    )


def main() -> None:
    stored = list(stored_products())
    texts = asyncio.run(write_all(stored))
    bad = [
        (s.product.sku, x.text)
        for s, text in zip(stored, texts, strict=True)
        for x in text.sentences
        if x.verdict in ("unsupported", "contradicted")
    ]
    flagged, judged = against_others(stored, texts)
    leads = [masked(lead_of(text), product) for text, product in zip(texts, stored, strict=True)]
    report(
        benchmark="luma_quality",
        products=len(stored),
        with_copy=sum(bool(text.draft.fields.get("description_html")) for text in texts),
        clean=sum(all(check.passed for check in text.checks if check.severity == "error") for text in texts),
        sentences=sum(len(text.sentences) for text in texts),
        unsupported=len(bad),
        unsupported_examples=bad[:5],
        flagged_against_other=round(flagged / judged, 4),
        flagged_interval=wilson(flagged, judged),
        flagged_bound=0.9,
        distinct_leads=round(len(set(leads)) / len(leads), 4),
        distinct_leads_bound=0.6,
        common_8_word_runs=round(common_runs([plain(text) for text in texts]), 4),
    )


async def write_all(stored: Sequence[StoredProduct]) -> list[Written]:
    written, writer = [], TemplateWriter()
    for product in stored:
        order = check_request(CopyRequest(sku=product.product.sku))
        brief = brief_for(order, product, None, 0)
        stages = [
            s async for s in write_copy(brief, writer=writer, order=order, facts_hash=product.facts_hash)
        ]
        written += [stage for stage in stages if isinstance(stage, Written)]
    return written


def against_others(stored: Sequence[StoredProduct], texts: Sequence[Written]) -> tuple[int, int]:
    """Claim-bearing sentences of each text judged against another product's facts: flagged, judged."""
    draw = random.Random(20261124)  # noqa: S311  a fixed draw, not a secret
    flagged = judged = 0
    for i, text in enumerate(texts):
        other = draw.choice([j for j in range(len(stored)) if j != i])
        facts: tuple[Fact, ...] = stored[other].facts
        for sentence in text.sentences:
            if sentence.verdict == "supported":
                judged += 1
                verdicts = [s.verdict for s in check_grounding(sentence.text, facts).sentences]
                flagged += any(verdict in ("unsupported", "contradicted") for verdict in verdicts)
    return flagged, judged


def lead_of(text: Written) -> str:
    return next((s.text for s in text.sentences if s.field == "description_html"), "")


def plain(text: Written) -> str:
    return " ".join(s.text for s in text.sentences if s.field == "description_html")


def masked(sentence: str, stored: StoredProduct) -> str:
    """A sentence without what tells products apart cheaply: words of the name and brand, and numbers."""
    names = set(re.findall(r"\w+", f"{stored.product.title} {stored.product.brand or ''}".lower()))
    words = re.findall(r"\w+", sentence.lower())
    return " ".join("N" if word in names else "0" if word.isdigit() else word for word in words)


def common_runs(texts: Sequence[str]) -> float:
    """Share of all 8-word runs that stand in more than 5 % of the texts."""
    counts: collections.Counter[tuple[str, ...]] = collections.Counter()
    runs = [
        {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
        for text in texts
        for words in [re.findall(r"\w+", text.lower())]
    ]
    for of_text in runs:
        counts.update(of_text)
    total = sum(len(of_text) for of_text in runs)
    common = sum(count for count in counts.values() if count > 0.05 * len(texts))
    return common / total if total else 0.0


if __name__ == "__main__":
    main()
