"""Facts of two real catalogs: nothing breaks, nothing technical or hyped is a fact, and it is fast."""

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.catalog.facts import FactSet, facts_of
from app.catalog.feeds import open_feed
from app.catalog.feeds.records import ProductRecord
from app.catalog.product import Product
from retrieval.attributes import is_technical

pytestmark = pytest.mark.shared_data


def products(path: Path) -> Iterator[Product]:
    with open_feed(path) as feed:
        for record in feed.records():
            if isinstance(record, ProductRecord):
                yield record.product


@pytest.fixture(scope="module")
def luma(shared_data: Path) -> list[Product]:
    folder = shared_data / "magento_luma"
    return [p for path in sorted(folder.glob("products*")) for p in products(path)]


@pytest.fixture(scope="module")
def icecat(shared_data: Path) -> list[Product]:
    return list(products(shared_data / "icecat_search" / "products.jsonl.gz"))


def named(facts: FactSet, name: str) -> list[str | tuple[str, ...]]:
    return [fact.value for fact in facts.facts if fact.name == name]


def by_sku(catalog: list[Product], sku: str) -> FactSet:
    return facts_of(next(product for product in catalog if product.sku == sku))


def check(facts: FactSet) -> None:
    keys = [fact.id for fact in facts.facts]
    assert len(keys) == len(set(keys))
    for fact in facts.facts:
        told = " ".join((*fact.values, fact.text))
        assert told.strip()
        assert not re.search(r"<[a-zA-Z/]|&\w+;|https?://", told), told
        assert fact.name == "description" or not is_technical(fact.label), fact
        assert fact.name != "feature" or not re.search(
            r"\b(?:best|perfect|amazing|you|your)\b", told, re.IGNORECASE
        )


def test_luma(luma: list[Product]) -> None:
    for product in luma:
        check(facts_of(product))
    typed = [product for product in luma if named(facts_of(product), "type")]
    assert len(typed) >= 0.95 * len(luma)


def test_a_bag_of_luma(luma: list[Product]) -> None:
    facts = by_sku(luma, "24-MB01")
    assert named(facts, "features") == [("Waterproof", "TSA Approved", "Lockable")]
    assert named(facts, "dimensions") == ["29 × 13 × 11"]
    assert named(facts, "material") == [("Nylon", "Polyester")]
    assert named(facts, "activity") == [("Gym", "Travel", "Trail", "Overnight")]
    assert "Dual top handles" in named(facts, "feature")


def test_a_hoodie_of_luma(luma: list[Product]) -> None:
    facts = by_sku(luma, "MH03")
    assert named(facts, "type") == ["hoodie"]
    assert named(facts, "size") == [("XS", "S", "M", "L", "XL")]
    assert named(facts, "color") == [("Black", "Blue", "Green")]
    assert {"Kangaroo pocket", "water-repellent exterior"} <= set(named(facts, "feature"))
    assert named(facts, "care") == ["Machine wash and dry"]


def test_icecat(icecat: list[Product]) -> None:
    for product in icecat:
        check(facts_of(product))


def test_it_is_fast(luma: list[Product]) -> None:
    """A guard with room for a busy machine; `make bench` has the figures."""
    plain = [replace(product, description="") for product in luma]
    for catalog, most in ((plain, 0.001), (luma, 0.005)):
        seconds = []
        for product in (*catalog, *catalog):
            start = time.perf_counter()
            facts_of(product)
            seconds.append(time.perf_counter() - start)
        assert statistics.median(seconds[len(catalog) :]) < most
