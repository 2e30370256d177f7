"""Which written texts would be called twins? Luma (alone, and with a care guide), the demo, 2,000 Icecat products.

Each product's description is compared with those of all others of its shop, as the gate does it; texts of fewer than
20 words are left out. `--show N` prints N pairs of each band of overlap, for eyes.
"""

import argparse
import asyncio
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import app.demo
from app.catalog.documents.applicability import applicable
from app.catalog.documents.statements import state
from app.catalog.facts import facts_of
from app.catalog.feeds import ProductRecord, open_feed
from app.catalog.service import StoredProduct
from app.copywriting.pipeline import Written
from app.copywriting.prose import names_of, prose_of, quotes_in
from benchmarks.common import report, shared_data
from benchmarks.luma import stored_products, write_all
from evaluators.neighbours import FEWEST_WORDS, TWIN_OVERLAP
from retrieval.duplicates import TextIndex
from retrieval.near_duplicates import words_of
from retrieval.readers import read_document
from retrieval.selection import is_document
from retrieval.splitter import split

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


GUIDE = """# Care guide

Wash inside out at 30 °C with similar colours, close every zip and button before you do, and use a mild liquid detergent
without bleach or softener.

Let it dry slowly on a line in the shade, away from the sun and from any heat, and turn it once so that no fold or mark
of the line stays in it.

Wipe it with a soft, damp cloth after use, let it dry in the air and not near a fire, and keep it in a dry place where it
has room.
"""


def guided(stored: Sequence[StoredProduct]) -> list[StoredProduct]:
    """The same products, with a care guide that applies to the whole shop."""
    said = state("D1", split(read_document(GUIDE, "markdown"))).facts
    return [replace(one, documents=applicable(said, one.facts)) for one in stored]


def measure(shop: str, stored: Sequence[StoredProduct], show: int) -> None:
    written = asyncio.run(write_all(stored))
    compare(shop, stored, written, show)
    quoting = sum(bool(stated_in(text)) for text in written)
    if quoting:
        report(benchmark="twins", shop=shop, quoting=quoting, of=len(written))
        compare(f"{shop}, quotes left in", stored, written, show, quotes=True)


def stated_in(text: Written) -> list[str]:
    return [fact.text for fact in text.facts if is_document(fact)]


def compare(
    shop: str, stored: Sequence[StoredProduct], written: Sequence[Written], show: int, *, quotes: bool = False
) -> None:
    def words(text: Written) -> str:
        quoted = quotes_in((sentence.text for sentence in text.sentences), stated_in(text))
        return prose_of(text.draft.fields, frozenset() if quotes else quoted)

    texts = {
        one.product.sku: (words(text), names_of((fact.name, fact.value) for fact in one.facts))
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
    luma = list(stored_products())
    measure("luma", luma, show)
    measure("luma, a care guide for all", guided(luma), show)
    icecat = shared_data() / "icecat_search" / "products.jsonl.gz"
    measure("icecat", list(products_of(icecat, 2000)), show)


if __name__ == "__main__":
    main()
