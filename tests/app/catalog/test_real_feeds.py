"""Real exports through the whole import."""

import gzip
import shutil
from pathlib import Path

import pytest

from app.catalog.service import CatalogService, ProductQuery
from app.storage.database import Database

pytestmark = pytest.mark.shared_data


async def test_the_luma_shop_comes_in_whole_and_twice_changes_nothing(
    shared_data: Path, sqlite_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "luma.csv"
    with gzip.open(shared_data / "magento_luma" / "products.csv.gz") as packed, file.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    catalog = CatalogService(sqlite_database)
    first = await catalog.import_file(file, filename=file.name, mode="full")
    assert (first.format, first.counts.rejected_rows, first.updated) == ("magento", 0, 0)
    assert first.created > 100
    again = await catalog.import_file(file, filename=file.name, mode="full")
    assert (again.unchanged, again.created, again.updated, again.discontinued) == (first.created, 0, 0, 0)
    page = await catalog.list_products(ProductQuery(q="hoodie"), 200)
    assert len(page.items) > 5
    for stored in page.items:
        assert {fact.name for fact in stored.facts} >= {"title", "type"}
        assert len({fact.id for fact in stored.facts}) == len(stored.facts)


async def test_two_formats_of_one_shop_add_up(
    shared_data: Path, sqlite_database: Database, tmp_path: Path
) -> None:
    catalog = CatalogService(sqlite_database)
    gear = shared_data / "magento_luma" / "products_gear_bags.csv"
    first = await catalog.import_file(gear, filename=gear.name)
    assert first.created == first.products > 5
    stored = (await catalog.list_products(ProductQuery(), 1)).items[0]
    prices = tmp_path / "prices.csv"
    prices.write_text(f"sku,title,price\n{stored.product.sku},{stored.product.title},1.00\n", "utf-8")
    second = await catalog.import_file(prices, filename=prices.name)
    assert (second.updated, second.facts_changed) == (1, 0)
    after = await catalog.get_product(stored.product.sku)
    assert after.product.attributes == stored.product.attributes
    assert after.facts_hash == stored.facts_hash
