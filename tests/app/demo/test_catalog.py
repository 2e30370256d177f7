"""The built-in catalog: rich enough to show something, dirty enough to be true."""

import csv
from collections import Counter
from importlib.resources import files

import pytest

SHELVES = {
    "clothing": "Apparel & Accessories",
    "electronics": "Electronics",
    "home": "Home & Garden",
    "sport": "Sporting Goods",
    "beauty": "Health & Beauty",
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (files("app.demo") / "catalog.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def leads(rows):
    return [row for row in rows if row["Title"]]


def test_there_are_products_enough_on_every_shelf(rows):
    assert len(leads(rows)) >= 60
    shelves = Counter(row["Product Category"].partition(" > ")[0] for row in leads(rows))
    assert all(shelves[name] >= 12 for name in SHELVES.values()), shelves


def test_products_carry_what_shops_know(rows):
    columns = {name for row in rows for name, value in row.items() if value and ".metafields." in name}
    names = {name.partition(" (")[0] for name in columns}
    assert {
        "Material",
        "Care instructions",
        "Fit",
        "Dimensions",
        "Weight",
        "Battery life",
        "Ports",
        "SPF",
    } <= names
    assert {"Ingredients", "Volume", "Certification", "Warranty", "Water resistance"} <= names
    known = [sum(1 for name in columns if row[name]) for row in leads(rows)]
    assert sorted(known)[len(known) // 2] >= 6, "the typical product has facts to choose from"


def test_variants_have_prices_and_good_numbers(rows):
    variants = [row for row in rows if row["Variant SKU"] and not row["Variant Barcode"].startswith("9.52")]
    assert len(variants) > 250
    for row in variants:
        if row["Variant Barcode"]:
            digits = [int(digit) for digit in row["Variant Barcode"]]
            weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
            assert len(digits) == 13
            assert weighted % 10 == 0, row["Variant Barcode"]


def test_images_come_with_and_without_words(rows):
    images = [row for row in rows if row["Image Src"]]
    assert any(row["Image Alt Text"] for row in images)
    assert any(not row["Image Alt Text"] for row in images)


def test_it_is_as_dirty_as_real_exports(rows):
    text = "\n".join(",".join(row.values()) for row in rows)
    skus = Counter(row["Variant SKU"] for row in rows if row["Variant SKU"])
    titles = {row["Handle"]: row["Title"] for row in leads(rows)}
    assert any(row["Variant SKU"] and row["Handle"] not in titles for row in rows), (
        "a product without a title"
    )
    assert "call us" in text, "a price that is none"
    assert "CafÃ©" in text, "mojibake"
    assert [sku for sku, times in skus.items() if times > 1], "a SKU that stands twice"
    assert "9.52123E+12" in text, "a GTIN that a spreadsheet ate"
    assert "<script>" in text, "a script in a title"
    assert "1.299,00 €" in text, "a price written another way"
