"""Columns become facts: values, lists, numbers with units, yes and no."""

import pytest

from app.catalog.facts import facts_of
from app.catalog.product import AttributeValue, Product
from evaluators import check_grounding
from retrieval.facts import Fact


def fact(name: str, value: AttributeValue) -> Fact | None:
    facts = [
        f
        for f in facts_of(Product("P", "", attributes={name: value})).facts
        if f.source == f"attribute:{name}"
    ]
    assert len(facts) <= 1
    return facts[0] if facts else None


@pytest.mark.parametrize(
    ("name", "raw", "value", "unit"),
    [
        ("Screen size", '15.6"', "15.6", "in"),
        ("dimensions", '29" × 13" × 11"', "29 × 13 × 11", "in"),
        ("Dimensions", 'L 29" x W 13" x H 11"', "29 × 13 × 11", "in"),
        ("weight_kg", "1.20", "1.20", "kg"),
        ("weight_kg", "80.0", "80", "kg"),
        ("Cable length (m)", "1,5", "1.5", "m"),
        ("operating_temperature__t_t_", "5 - 35", "5–35", None),
        ("weight", "2 lbs, 8 oz", "2 lbs, 8 oz", None),
        ("height", "5 1/2\"", "5 1/2", "in"),
        ("Volume", "1,000 ml", "1000", "ml"),
        ("package_weight", "100.0", "100", None),
        ("wattage", "60", "60", "W"),
        ("model", "14", "14", None),
        ("model", "5 A", "5 A", None),
        ("material", "CoolTech&trade;|Cotton", ("CoolTech™", "Cotton"), None),
        ("style_general", "&frac14; zip", "¼ zip", None),
        ("material", "Nylon, Polyester", ("Nylon", "Polyester"), None),
        ("features_bags", "Waterproof\nTSA Approved\n\nLockable", ("Waterproof", "TSA Approved", "Lockable"), None),
        ("Compatible with", "OfficeJet 7110, 7130", ("OfficeJet 7110", "7130"), None),
        ("something", "big, bold", "big, bold", None),
        ("something", "one; two", ("one", "two"), None),
        ("capacity", ("250 ml", "500 ml"), ("250", "500"), "ml"),
        ("color", "Red, red, Blue", ("Red", "Blue"), None),
        ("Ingredients", "Aqua, 1,2-Hexanediol", ("Aqua", "1,2-Hexanediol"), None),
        ("Wassersäule", "10.000 mm", "10000", "mm"),
        ("weight", "1.000 kg", "1", "kg"),
        ("Dimensions (WxDxH)", "210 x 90 x 85 cm", "210 × 90 × 85", "cm"),
        ("thread_count", "1,200", "1,200", None),
        ("size", "10 M", "10 M", None),
        ("size", "36 x 60 in", "36 × 60", "in"),
    ],
)  # fmt: skip
def test_values(name: str, raw: AttributeValue, value: str | tuple[str, ...], unit: str | None) -> None:
    found = fact(name, raw)
    assert found is not None
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("has_usb_port", "true", "yes"),
        ("hasUsbPort", "0", "no"),
        ("is_for_business_computing", "False", "no"),
        ("Vegan", "Ja", "yes"),
        ("batteries_included", "n", "no"),
        ("touchscreen", "False", "no"),
        ("performance_fabric", "Yes", "yes"),
        ("hdmi_ports_quantity", "1", "1"),
        ("headrest", "No", "no"),
        ("headrest", "Yes", "yes"),
        ("Kopfstütze", "Nein", "no"),
        ("pointing_device", "N", "no"),
        ("gauge", "Yes", "yes"),
        ("gauge", "no", "no"),
        ("lining", "No", "no"),
        ("Laptop compartment", "true", "yes"),
        ("drawers", "no", "no"),
        ("swivel", "Yes", "yes"),
    ],
)
def test_answers(name: str, raw: str, value: str) -> None:
    found = fact(name, raw)
    assert found is not None
    assert found.value == value


def test_a_no_speaks_for_its_lack_and_against_having_it() -> None:
    denied = fact("headrest", "No")
    assert denied is not None
    without, having = (
        check_grounding(text, [denied]).sentences[0].verdict
        for text in ("It has no headrest.", "It has a headrest.")
    )
    assert (without, having) == ("supported", "contradicted")


def test_an_answer_keeps_the_shops_own_name() -> None:
    found = fact("Laptop compartment", "Yes")
    assert found is not None
    assert (found.name, found.text) == ("laptop_compartment", "Laptop compartment: yes")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("performance_fabric", "No"),
        ("new", "1"),
        ("sale", "Yes"),
        ("erin_recommends", "Yes"),
        ("eco_collection", "1"),
        ("eco_friendly", "Yes"),
        ("colour", "True"),
        ("performance_material", "No"),
        ("lid height", "Yes"),
        ("weight", "No"),
        ("collection", "Yes"),
        ("material", "N/A"),
        ("material", " - "),
        ("brochure", "https://example.com/a.pdf"),
        ("blob", '{"a": 1}'),
        ("tax_class_name", "Taxable Goods"),
        ("cost", "12.50"),
        ("product_type", "configurable"),
    ],
)
def test_what_is_no_fact(name: str, raw: str) -> None:
    found = fact(name, raw)
    assert found is None or (name == "product_type" and found.name != "type")


def test_label_and_original_keep_the_shops_words() -> None:
    found = fact("Farbe", "Dunkelblau&nbsp;")
    assert found is not None
    assert (found.name, found.label, found.value, found.original) == ("color", "Farbe", "Dunkelblau", "Dunkelblau&nbsp;")  # fmt: skip
    assert found.text == "Color: Dunkelblau"


def test_prices_in_columns_are_live() -> None:
    found = fact("special_price", "12.00")
    assert found is not None
    assert found.live


def test_prose_in_a_column_is_the_merchants_word() -> None:
    facts = facts_of(
        Product("P", "Tent", attributes={"short_description": "A tent with a waterproof floor for two."})
    )
    assert {f.trust for f in facts.facts if f.name in ("description", "feature")} == {"merchant_claim"}


@pytest.mark.parametrize(
    ("product", "noun"),
    [
        (Product("P", "HP 14 Original Black Ink Cartridge"), "ink cartridge"),
        (Product("P", "Samsung MLT-D2082S toner cartridge Original Black"), "toner cartridge"),
        (Product("P", "Cronus Yoga Pant"), "yoga pants"),
        (Product("P", "Case for iPhone 12"), "case"),
        (Product("P", "Set of Sprite Yoga Straps"), "yoga strap"),
        (Product("P", "Frankie", category=("Men", "Hoodies & Sweatshirts")), None),
        (Product("P", "Frankie Sweatshirt", category=("Men", "Hoodies & Sweatshirts")), "sweatshirt"),
        (Product("P", "Didi", category=("Gear", "Watches")), "watch"),
        (Product("P", "Kala", category=("Music", "Ukuleles", "Sale")), "ukulele"),
        (Product("P", "Hesperus 58", attributes={"type": "television"}), "television"),
        (Product("P", "HP 83", attributes={"type": "Original"}), None),
        (Product("P", "Lua", attributes={"product_type": "Home > Dresses > Maxi Dresses"}), "maxi dress"),
        (Product("P", "Kratos 46"), None),
        (Product("P", "Nordkap", category=("Damen", "Jacken")), None),
        (Product("P", "Case Logic DCB-302", brand="Case Logic"), None),
    ],
)
def test_the_type_is_a_noun_for_a_thing(product: Product, noun: str | None) -> None:
    assert next((f.value for f in facts_of(product).facts if f.name == "type"), None) == noun


def test_a_title_tells_the_unit_of_a_number_that_it_repeats() -> None:
    product = Product("P", "Patch cable Cat5e 15 m", attributes={"cable_length": "15.0", "weight": "15"})
    said = {f.name: (f.value, f.unit) for f in facts_of(product).facts}
    assert said["cable_length"] == ("15", "m")
    assert said["weight"] == ("15", None)
