import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]

OWN = {
    "sku": "TS-1", "status": "active", "title": "Moss Tee", "description": "<p>Soft &amp; warm</p>", "brand": "Fernly",
    "category": ["Men", "Tops"], "price": {"amount": "24.00", "currency": "EUR"}, "sale_price": {"amount": "18.00", "currency": "EUR"},
    "sale_from": "2026-02-24T00:00:00Z", "sale_until": None, "availability": "in_stock", "quantity": 7, "gtin": "4006381333931",
    "images": [{"url": "https://x/1.jpg", "alt": "Front"}, {"url": "https://x/2.jpg"}],
    "attributes": {"material": ["Cotton", "Linen"], "fit": "Boxy"},
    "variants": [{"sku": "TS-1-S", "options": {"size": "S", "color": "Moss"}, "price": {"amount": "24.00", "currency": "EUR"}, "gtin": None, "quantity": 3, "image": None}],
    "url": "https://s/t", "locale": "en-US", "localized": {"de": {"title": "Moos-Shirt", "description": None, "attributes": {"material": "Baumwolle"}, "url": None}},
    "facts_hash": "x", "updated_at": "2026-01-01T00:00:00Z",
}  # fmt: skip


def lines(*objects: object) -> str:
    return "".join(json.dumps(o) + "\n" for o in objects)


def test_the_projects_own_form(read: Read) -> None:
    seen = read(lines(OWN))
    product = seen.only
    assert seen.format == "jsonl"
    assert (product.sku, product.title, product.description, product.brand) == (
        "TS-1",
        "Moss Tee",
        "<p>Soft &amp; warm</p>",
        "Fernly",
    )
    assert product.category == ("Men", "Tops")
    assert product.price is not None
    assert (str(product.price.amount), product.price.currency) == ("24.00", "EUR")
    assert product.sale_from is not None
    assert product.images[0].alt == "Front"
    assert product.attributes == {"material": ("Cotton", "Linen"), "fit": "Boxy"}
    assert [(v.sku, dict(v.options), v.quantity) for v in product.variants] == [
        ("TS-1-S", {"size": "S", "color": "Moss"}, 3)
    ]
    assert product.localized["de"].attributes == {"material": "Baumwolle"}
    assert (product.locale, product.url, product.quantity, product.gtin) == (
        "en-US",
        "https://s/t",
        7,
        "4006381333931",
    )
    assert {"title", "price", "variants", "localized", "attributes.material"} <= seen.records[0].present
    assert "facts_hash" not in seen.records[0].present


def test_looser_lines(read: Read) -> None:
    product = read(
        lines(
            {
                "id": 17,
                "name": "Lamp <script>x</script>",
                "price": "1.299,00 €",
                "manufacturer": {"name": "Lux"},
                "dimmable": True,
                "watts": 9.0,
                "depth": 55.9,
                "tiny": 1e-7,
                "ports": ["USB-C", "HDMI"],
                "none": None,
                "size": {"width": 3, "unit": "cm"},
                "details": [{"name": "Socket", "value": "E27"}],
                "image": "https://x/1.jpg",
                "category": "Home > Lamps",
            }
        )
    ).only
    assert (product.sku, product.title, product.brand, product.category) == (
        "17",
        "Lamp",
        "Lux",
        ("Home", "Lamps"),
    )
    assert product.price is not None
    assert str(product.price.amount) == "1299.00"
    assert product.attributes == {
        "dimmable": "true", "watts": "9", "depth": "55.9", "tiny": "0.0000001", "ports": ("USB-C", "HDMI"), "size width": "3", "size unit": "cm", "Socket": "E27",
    }  # fmt: skip
    assert [image.url for image in product.images] == ["https://x/1.jpg"]


def test_lines_that_name_a_parent_are_grouped(read: Read) -> None:
    seen = read(
        lines(
            {"sku": "T-S", "title": "Tee", "item_group_id": "T", "attributes": {"size": "S"}},
            {"sku": "M", "title": "Mug"},
            {"sku": "T-M", "title": "Tee", "item_group_id": "T", "attributes": {"size": "M"}},
        )
    )
    assert list(seen.products) == ["T", "M"]
    assert [v.options["size"] for v in seen.products["T"].variants] == ["S", "M"]


def test_bad_lines_are_named(read: Read) -> None:
    seen = read(
        lines({"sku": "A", "title": "Mug"})
        + "{broken\n\n[1, 2]\n"
        + lines(
            {"sku": "A", "title": "Again"},
            {"sku": "B", "title": ""},
            {"title": "No number"},
            {"sku": "C", "title": "Cup", "variants": [{"options": {}}]},
        )
        + lines(
            {"sku": "D", "title": "Jar", "gtin": "4006381333932", "localized": []},
            {"sku": "E", "title": "Pot", "gtin": "4006381333932"},
        )
    )
    assert list(seen.products) == ["A", "E"]
    assert [(r.line, r.sku) for r in seen.rejected] == [
        (2, None),
        (4, None),
        (5, "A"),
        (6, "B"),
        (7, None),
        (8, "C"),
        (9, "D"),
    ]
    assert [(n.line, n.sku) for n in seen.notes] == [(10, "E")]


def test_numbers_deep_or_huge_do_no_harm(read: Read) -> None:
    deep: object = "x"
    for _ in range(50):
        deep = {"a": deep}
    seen = read(
        lines(
            {"sku": "A", "title": "Mug", "deep": deep}, {"sku": "B", "title": "Cup", "n": 10**17, "f": 1e300}
        )
    )
    assert [r.sku for r in seen.rejected] == ["A"]
    assert seen.products["B"].attributes["n"] == "100000000000000000"


@pytest.mark.shared_data
def test_icecat(shared_data: Path, read_path: Callable[[Path], Outcome]) -> None:
    seen = read_path(shared_data / "icecat_search" / "products.jsonl.gz")
    assert (seen.format, len(seen.records), seen.rejected, seen.notes) == ("jsonl", 4000, (), ())
    ink = seen.products["1408"]
    assert (ink.brand, ink.gtin, ink.attributes["colour"], ink.attributes["depth"]) == (
        "HP",
        "0025184252762",
        "true",
        "320",
    )
    assert ink.attributes["height"] == "55.9"


ARRAY = [{"sku": f"A{n}", "title": f'Mug "{{[{n}'} for n in range(4)]


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_an_array_of_objects_is_read_as_lines_are(read: Read, indent: int | None) -> None:
    seen = read(json.dumps(ARRAY, indent=indent))
    assert (seen.format, list(seen.products), seen.rejected) == ("jsonl", ["A0", "A1", "A2", "A3"], ())
    assert seen.products["A2"].title == 'Mug "{[2'
    assert "\n" not in seen.records[0].rows[0].cells[0]


def test_what_is_bad_in_an_array_is_named_by_its_line(read: Read) -> None:
    seen = read('[\n{"sku": "A", "title": "Mug"},\n{"sku": broken},\n7,\n{"sku": "B",\n"title": "Cup"}\n')
    assert list(seen.products) == ["A", "B"]
    assert [r.line for r in seen.rejected] == [3, 4, 6]
    assert [r.rows[0].line for r in seen.records] == [2, 5]
    assert "cut off" in seen.rejected[-1].detail


def test_an_array_longer_than_what_is_read_at_once(read: Read) -> None:
    many = [{"sku": f"A{n}", "title": "Mug", "description": "clay " * 200} for n in range(1500)]
    seen = read(json.dumps(many))
    assert (len(seen.records), seen.rejected) == (1500, ())
