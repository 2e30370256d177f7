"""A product becomes facts: what is stated, with which id, and what is left out."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.facts import FactRules, FactSet, changes, facts_of
from app.catalog.product import Money, Product, Variant
from retrieval.facts import Fact

HOODIE = Product(
    sku="H1",
    title="Northway Trail Hoodie",
    description=(
        "<p>Its water-repellent exterior keeps you going, while the brushed lining wicks moisture.</p>"
        "<ul><li>Full zip black hoodie.</li><li>Kangaroo pocket.</li><li>Ribbed cuffs/waistband</li>"
        "<li>Machine wash/dry.</li><li>1-year limited warranty.</li></ul>"
    ),
    brand="Northway",
    category=("Men", "Tops", "Hoodies & Sweatshirts"),
    price=Money(Decimal("63.00"), "USD"),
    quantity=12,
    availability="in_stock",
    attributes={
        "material": "Organic Cotton",
        "climate": ("All-weather", "Cool"),
        "has_options": "1",
        "url_key": "northway-trail-hoodie",
        "new": "Yes",
        "eco_collection": "Yes",
        "erin_recommends": "No",
        "package_weight": "1.2 kg",
    },
    variants=tuple(
        Variant(f"H1-{size}-{color}", {"size": size, "color": color})
        for size in ("S", "M", "XL")
        for color in ("Black", "Blue")
    ),
)


def value(facts: FactSet, name: str) -> str | tuple[str, ...] | None:
    return next((fact.value for fact in facts.facts if fact.name == name), None)


def values(facts: FactSet, name: str) -> list[str | tuple[str, ...]]:
    return [fact.value for fact in facts.facts if fact.name == name]


def described(text: str, **more: object) -> Product:
    return replace(Product("P1", "Plain Thing"), description=text, **more)  # type: ignore[arg-type]  # test shorthand


def test_a_product_is_stated_in_order() -> None:
    facts = facts_of(HOODIE)
    names = [fact.name for fact in facts.facts]
    assert names[:4] == ["title", "brand", "type", "category"]
    assert names[-3:] == ["price", "availability", "quantity"]
    assert value(facts, "type") == "hoodie"
    assert value(facts, "material") == "Organic Cotton"
    assert value(facts, "climate") == ("All-weather", "Cool")
    assert value(facts, "size") == ("S", "M", "XL")
    assert value(facts, "color") == ("Black", "Blue")
    assert value(facts, "care") == "Machine wash and dry"
    assert value(facts, "closure") == "full zip"
    assert {"Kangaroo pocket", "Ribbed cuffs and waistband", "water-repellent exterior"} <= set(values(facts, "feature"))  # fmt: skip
    assert [fact.id for fact in facts.facts] == [f"F{n}" for n in range(1, len(facts.facts) + 1)]


def test_technical_names_and_shelf_flags_are_no_facts() -> None:
    facts = facts_of(HOODIE)
    said = {fact.label for fact in facts.facts}
    assert not {"has_options", "url_key", "new", "erin_recommends", "eco_collection"} & said
    assert any("green claim" in note for note in facts.notes)


def test_live_facts_are_marked_and_only_they() -> None:
    live = {fact.name for fact in facts_of(HOODIE).facts if fact.live}
    assert live == {"price", "availability", "quantity"}
    sale = replace(HOODIE, sale_price=Money(Decimal(50), "USD"), sale_from=datetime(2026, 1, 1, tzinfo=UTC))
    assert {"sale_price", "sale_period"} <= {fact.name for fact in facts_of(sale).facts if fact.live}


def test_prose_is_the_merchants_word() -> None:
    for fact in facts_of(HOODIE).facts:
        assert (fact.trust == "merchant_claim") == fact.source.startswith("description:")
    sentence = next(f for f in facts_of(HOODIE).facts if f.name == "description")
    assert sentence.text == sentence.value
    assert sentence.source == "description:1"


def test_variants_win_over_what_the_description_says_of_one_of_them() -> None:
    facts = facts_of(HOODIE)
    assert not any(
        "black" in str(fact.value).lower() for fact in facts.facts if fact.source.startswith("description")
    )
    assert any("speaks of black" in note for note in facts.notes)


def test_variants_win_over_columns() -> None:
    facts = facts_of(replace(HOODIE, attributes={"color": "Red"}))
    assert values(facts, "color") == [("Black", "Blue")]
    assert any("variants win" in note for note in facts.notes)


def test_columns_win_over_prose() -> None:
    product = described(
        '<ul><li>100% merino wool</li><li>Inseam: 30"</li></ul>',
        attributes={"material": "Cotton", "inseam": "32 in"},
    )
    facts = facts_of(product)
    assert values(facts, "material") == ["Cotton"]
    assert values(facts, "inseam") == ["32"]
    assert len(facts.notes) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tested to last and GOTS certified.", "certification"),
        ("Winner of the Red Dot Award.", "award"),
        ("It comes with a 2-year warranty.", "warranty"),
        ("Clinically proven to calm the skin.", "health"),
        ("An eco-friendly choice in every way.", "green"),
    ],
)
def test_claims_that_need_proof_are_left_out_unless_the_shop_says_otherwise(text: str, kind: str) -> None:
    facts = facts_of(described(text))
    assert not any(fact.source.startswith("description") for fact in facts.facts)
    assert kind in facts.notes[0]
    allowed = facts_of(described(text), rules=FactRules(proof_needed=frozenset()))
    assert any(fact.source.startswith("description") for fact in allowed.facts)


def test_a_certificate_in_a_column_is_data() -> None:
    facts = facts_of(described("", attributes={"certification": "GOTS, OEKO-TEX Standard 100"}))
    assert value(facts, "certification") == ("GOTS", "OEKO-TEX Standard 100")


def test_our_own_copy_is_no_evidence_for_itself() -> None:
    own = [
        "The Northway is a waterproof shell with taped seams and a helmet-compatible hood.",
        "Waterproof and packable",
    ]
    text = "The Northway is a waterproof shell with taped seams and helmet-compatible hood. <li>Waterproof and packable.</li>"
    facts = facts_of(described(text), own_sentences=own)
    assert [fact.name for fact in facts.facts] == ["title"]
    assert len(facts.notes) == 2


def test_what_the_merchant_said_before_us_stays_theirs() -> None:
    product = described("<ul><li>Kangaroo pocket</li></ul>")
    first = facts_of(product)
    again = facts_of(product, first.ids, own_sentences=["Kangaroo pocket."])
    assert again.facts == first.facts


def test_offers_and_choices_that_are_not_there_are_no_facts() -> None:
    text = "Now 20% off with free shipping. Choose from 5 color options. Only $12 this week."
    assert [fact.name for fact in facts_of(described(text)).facts] == ["title"]


def test_negated_features_are_not_features() -> None:
    facts = facts_of(described("This jacket is not waterproof, but it is windproof and machine washable."))
    assert set(values(facts, "feature")) == {"windproof", "machine washable"}


def test_features_of_other_products_are_not_features() -> None:
    facts = facts_of(described("It pairs with our waterproof rain cover, sold separately."))
    assert values(facts, "feature") == []


def test_ids_stay_with_their_facts_and_are_never_given_again() -> None:
    first = facts_of(HOODIE)
    material = next(f.id for f in first.facts if f.name == "material")
    changed = replace(HOODIE, attributes={"material": "Merino", "lining": "Silk"}, description="")
    second = facts_of(changed, first.ids)
    assert next(f.id for f in second.facts if f.name == "material") == material
    lining = next(f.id for f in second.facts if f.name == "lining")
    assert lining not in first.ids.values()
    third = facts_of(HOODIE, second.ids)
    assert third.facts == first.facts
    assert lining not in {f.id for f in third.facts}
    assert third.facts_hash == first.facts_hash


def test_the_hash_changes_exactly_with_what_is_stated() -> None:
    base = facts_of(HOODIE)
    dearer = replace(HOODIE, price=Money(Decimal(99), "USD"), quantity=0, availability="out_of_stock")
    assert facts_of(dearer).facts_hash == base.facts_hash
    reordered = replace(HOODIE, attributes=dict(reversed(list(HOODIE.attributes.items()))))
    assert facts_of(reordered).facts_hash == base.facts_hash
    technical = replace(HOODIE, attributes={**HOODIE.attributes, "tax_class_name": "None", "url_key": "x"})
    assert facts_of(technical).facts_hash == base.facts_hash
    other = replace(HOODIE, attributes={**HOODIE.attributes, "material": "Cotton"})
    assert facts_of(other).facts_hash != base.facts_hash


def test_changes_name_what_came_went_and_changed() -> None:
    first = facts_of(HOODIE)
    product = replace(
        HOODIE, attributes={"material": "Merino", "fit": "Slim"}, price=Money(Decimal(1), "USD")
    )
    second = facts_of(product, first.ids)
    found = {
        change.old.name if change.old else change.new.name: change
        for change in changes(first.facts, second.facts)
        if change.old or change.new
    }  # type: ignore[union-attr]  # one of the two is there
    assert set(found) == {"material", "fit", "climate", "package_weight"}
    assert found["fit"].old is None
    assert found["climate"].new is None
    assert changes(first.facts, first.facts) == ()


def test_a_title_is_enough() -> None:
    facts = facts_of(Product("M1", "Mug, blue"))
    assert [(fact.name, fact.value) for fact in facts.facts] == [("title", "Mug, blue"), ("type", "mug")]


def test_markup_in_a_product_is_never_part_of_a_fact() -> None:
    product = Product(
        "X",
        "Lamp <script>alert(1)</script>",
        "<script>alert(2)</script><p onclick=x>Oak base.</p>",
        attributes={"finish": "<b>Matte</b> black&trade;"},
    )
    said = json.dumps([(f.value, f.text) for f in facts_of(product).facts], ensure_ascii=False)
    assert "<" not in said
    assert "alert(2)" not in said
    assert value(facts_of(product), "finish") == "Matte black™"


_NAMES = st.sampled_from(
    [
        "color",
        "Farbe",
        "material",
        "weight_kg",
        "features_bags",
        "has_usb_port",
        "odd name",
        "new",
        "care",
        "price",
        "type",
    ]
)
_VALUES = st.one_of(
    st.sampled_from(
        ["Red", "Yes", "No", "1", "1.0", "a|b", "Cotton, Wool", '15.6"', "5 - 40", "N/A", "", "2 lbs, 8 oz"]
    ),
    st.text(max_size=40),
    st.lists(st.text(max_size=10), max_size=3).map(tuple),
)
_PRODUCTS = st.builds(
    lambda title, attributes, sentences, options: Product(
        "P", title, "".join(f"<li>{s}</li>" for s in sentences), attributes=attributes,
        variants=tuple(Variant(f"P{i}", {"color": option}) for i, option in enumerate(options)),
    ),
    st.text(max_size=40),
    st.dictionaries(_NAMES, _VALUES, max_size=6),
    st.lists(st.one_of(st.text(max_size=60), st.sampled_from(["Waterproof shell.", "Red mug", "4'' inseam", "100% wool"])), max_size=5),
    st.lists(st.sampled_from(["Red", "Blue", "X"]), max_size=3),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PRODUCTS, min_size=1, max_size=4))
def test_over_any_history_an_id_belongs_to_one_key(history: list[Product]) -> None:
    ids: dict[str, str] = {}
    for product in history:
        facts = facts_of(product, ids)
        assert {key: facts.ids[key] for key in ids} == ids
        assert len(set(facts.ids.values())) == len(facts.ids)
        numbers = [fact.id for fact in facts.facts]
        assert len(numbers) == len(set(numbers))
        assert facts_of(product, facts.ids).facts == facts.facts
        assert facts_of(product).facts_hash == facts.facts_hash
        assert all(fact.text and fact.source and all(fact.values) for fact in facts.facts)
        ids = dict(facts.ids)


def test_facts_are_plain_values() -> None:
    assert all(
        isinstance(fact, Fact) and isinstance(fact.value, str | tuple) for fact in facts_of(HOODIE).facts
    )


def test_columns_of_one_family_keep_what_tells_them_apart() -> None:
    both = facts_of(Product("A", "Thing", attributes={"Outer material": "Nylon", "material": "Cotton"}))
    assert {f.name: f.value for f in both.facts[1:]} == {"outer_material": "Nylon", "material": "Cotton"}
    ends = facts_of(Product("B", "Thing", attributes={"connector_1": "HDMI", "connector_2": "VGA"}))
    assert [f.name for f in ends.facts[1:]] == ["connector_1", "connector_2"]
    alone = facts_of(Product("C", "Thing", attributes={"Outer material": "Nylon"}))
    assert alone.facts[1].name == "material"
