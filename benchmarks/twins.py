"""Which written texts would be called twins? Luma, the built-in demo, and 2,000 Icecat products, by threshold.

Each product's description is compared with those of all others of its shop, as the gate does it; texts of fewer than
20 words are left out. `--show N` prints N pairs of each band of overlap, for eyes.
"""

import argparse
import asyncio
import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import app.demo
from app.catalog.facts import facts_of
from app.catalog.feeds import ProductRecord, open_feed
from app.catalog.service import StoredProduct
from app.copywriting.prose import names_of, prose_of
from benchmarks.common import report, shared_data
from benchmarks.luma import stored_products, write_all
from evaluators.neighbours import FEWEST_WORDS, TWIN_OVERLAP
from retrieval.duplicates import TextIndex
from retrieval.near_duplicates import words_of

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
EDGES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)


def products_of(path: Path, limit: int | None = None) -> Iterator[StoredProduct]:
    """The products of a file with their facts."""
    then = datetime(2026, 1, 1, tzinfo=UTC)
    with open_feed(path) as feed:
        for record in itertools.islice(feed.records(), limit):
            if isinstance(record, ProductRecord):
                found = facts_of(record.product)
                yield StoredProduct(record.product, found.facts, found.facts_hash, then, then)


def measure(shop: str, stored: Sequence[StoredProduct], show: int) -> None:
    written = asyncio.run(write_all(stored))
    texts = {
        one.product.sku: (
            prose_of(text.draft.fields),
            names_of((fact.name, fact.value) for fact in one.facts),
        )
        for one, text in zip(stored, written, strict=True)
    }
    judged = {sku: text for sku, text in texts.items() if len(words_of(text[0])) >= FEWEST_WORDS}
    index = TextIndex()
    for sku, (text, names) in judged.items():
        index.upsert(sku, text, names=names)
    nearest = {
        sku: found[0]
        for sku, (text, names) in judged.items()
        if (found := index.nearest(text, 1, (sku,), names=names))
    }
    report(
        benchmark="twins",
        shop=shop,
        products=len(stored),
        judged=len(judged),
        greatest=round(max((one.overlap for one in nearest.values()), default=0.0), 3),
        with_a_neighbour_from={str(t): sum(one.overlap >= t for one in nearest.values()) for t in THRESHOLDS},
        threshold=TWIN_OVERLAP,
    )
    rng = random.Random(3)  # noqa: S311 - draws examples
    for low, high in itertools.pairwise(EDGES):
        band = [(sku, one) for sku, one in nearest.items() if low <= one.overlap < high]
        for sku, one in rng.sample(band, min(show, len(band))):
            print(f"\n{one.overlap:.2f} {sku} {one.key}", texts[sku][0], "--", texts[one.key][0], sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print so many pairs of each band")
    show = parser.parse_args().show
    demo = Path(app.demo.__file__).with_name("catalog.csv")
    measure("demo", list(products_of(demo)), show)
    measure("luma", list(stored_products()), show)
    icecat = shared_data() / "icecat_search" / "products.jsonl.gz"
    measure("icecat", list(products_of(icecat, 2000)), show)


if __name__ == "__main__":
    main()
