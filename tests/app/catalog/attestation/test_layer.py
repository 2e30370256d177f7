"""The layer of facts by hand: what it keeps, what it sets aside, and that it is the same whoever draws."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.attestation.layer import is_news, layered, redrawn, with_hand
from app.catalog.attestation.statements import read_statement
from app.catalog.attestation.values import HandFact, Kind, Origin
from app.catalog.codec import decode_facts, digest, encode_product
from app.catalog.facts import FactRules, facts_of
from app.catalog.planning import Before, Planned, Task, plan
from app.catalog.product import LocalizedText, Product
from tests.builders import a_product, eur

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RULES = FactRules()
BAG = a_product(
    "B-1",
    "Harbour Bag",
    description="<p>Made from rugged polyester. It has a dry pocket.</p>",
    attributes={"material": "nylon", "fit": "boxy", "Outer": "nylon"},
    price=eur("20.00"),
)

facts_of(BAG)  # lexicons are read once, here and not while examples are generated


def said(name: str, value: str, number: int = 1, **given_: object) -> HandFact:
    """An attestation as the service would store it."""
    one = read_statement(name, value)
    made = {"created_at": NOW, "actor": "Ada", "kind": "attest", "fact_id": "", "fact_key": one.key}
    row = {"name": one.name, "value": one.value, "unit": one.unit, "label": name, "original": value}
    return HandFact(**(made | row | {"id": f"hf_{number:03}", "sku": "B-1"} | given_))  # type: ignore[arg-type]


def out(key: str, fact_id: str, name: str, value: str, number: int = 1) -> HandFact:
    """A suppression."""
    return said(name, value, number, kind="suppress", fact_key=key, fact_id=fact_id)


def test_an_attested_fact_takes_the_place_of_the_supplier_s() -> None:
    base = facts_of(BAG)
    layer = layered(base.facts, base.ids, [said("Material", "linen")])
    (fact,) = [fact for fact in layer.facts if fact.trust == "attested"]
    assert (fact.name, fact.value, fact.text, fact.source) == (
        "material",
        "linen",
        "Material: linen",
        "attested:Ada",
    )
    assert fact.id == f"F{len(base.ids) + 1}"
    place = next(i for i, one in enumerate(base.facts) if one.name == "material")
    assert layer.facts[place] == fact
    assert "nylon" in {one.value for one in layer.aside["hf_001"] if one.name == "material"}


def test_prose_that_speaks_of_another_material_stands_aside_with_it() -> None:
    base = facts_of(BAG)
    layer = layered(base.facts, base.ids, [said("material", "linen")])
    texts = {fact.text for fact in layer.facts}
    assert not any("polyester" in text for text in texts)
    assert any("dry pocket" in text for text in texts)


def test_a_feature_is_added_to_the_others() -> None:
    base = facts_of(BAG)
    layer = layered(base.facts, base.ids, [said("feature", "padded strap")])
    assert layer.aside["hf_001"] == ()
    assert len(layer.facts) == len(base.facts) + 1
    live = next(i for i, fact in enumerate(layer.facts) if fact.live)
    assert layer.facts[live - 1].value == "padded strap"


def test_a_suppressed_fact_goes_with_whatever_states_the_same() -> None:
    first = facts_of(BAG)
    fact = next(fact for fact in first.facts if fact.source == "attribute:material")
    key = next(key for key, number in first.ids.items() if number == fact.id)
    row = out(key, fact.id, "material", "nylon")
    assert "material" not in {one.name for one in layered(first.facts, first.ids, [row]).facts}
    renamed = facts_of(replace(BAG, attributes={"Obermaterial": "Nylon"}), first.ids)
    column = next(one for one in renamed.facts if one.source == "attribute:Obermaterial")
    if column.name == "material":
        assert column not in layered(renamed.facts, renamed.ids, [row]).facts


def test_what_a_person_saw_is_no_news_and_what_is_new_is() -> None:
    row = said("material", "linen")
    first = with_hand(_planned(BAG), None, [row], Origin(None, NOW)).rows[0]
    assert first.seen == first.aside != ()
    assert first.differs is None
    assert first.fact_id.startswith("F")
    before = _before(BAG, [row])
    for value, is_new in [("nylon", False), ("wool", True), ("Linen", False)]:
        changed = replace(BAG, description="", attributes={**BAG.attributes, "material": value})
        (now,) = with_hand(_planned(changed, before), before, [first], Origin("imp_1", NOW)).rows
        assert is_news(now, first) is is_new
        if now.differs:
            assert [fact.value for fact in now.differs.facts] == [value]
            (again,) = with_hand(_planned(changed, before), before, [now], Origin("imp_2", NOW)).rows
            assert again.differs == now.differs
            assert not is_news(again, now)


def test_the_same_time_in_another_unit_does_not_differ() -> None:
    row = replace(said("warranty", "2 years"), seen=())
    told = replace(BAG, attributes={"warranty": "24 months"})
    (now,) = with_hand(_planned(told), None, [row], Origin("imp_1", NOW)).rows
    assert [fact.name for fact in now.aside] == ["warranty"]
    assert now.differs is None


# -- property-based --------------------------------------------------------------------------------------------

NAMES = ["material", "color", "fit", "warranty", "care", "pockets", "closure"]
VALUES = ["linen", "red", "boxy", "2 years", "hand wash", "zip", "steel frame", "14 months"]
attributes = st.dictionaries(
    st.sampled_from([*NAMES, "Outer material", "Farbe"]), st.sampled_from(VALUES), max_size=5
)
descriptions = st.sampled_from(["", "<p>A red bag made from cotton.</p>", "<ul><li>Padded strap.</li></ul>"])
products = st.builds(
    lambda attributes, description, price, localized: a_product(
        "B-1",
        "Harbour Bag",
        attributes=attributes,
        description=description,
        price=eur("9.00") if price else None,
        localized={"de-DE": LocalizedText(attributes=localized)} if localized else {},
    ),
    attributes,
    descriptions,
    st.booleans(),
    attributes,
)


def _key(pair: tuple[str, str]) -> str:
    return read_statement(*pair).key


statements = st.lists(
    st.tuples(st.sampled_from([*NAMES, "feature"]), st.sampled_from(VALUES)),
    max_size=4,
    unique_by=_key,
)


def rows_of(pairs: list[tuple[str, str]]) -> list[HandFact]:
    return [said(name, value, number) for number, (name, value) in enumerate(pairs)]


@settings(deadline=None)
@given(products, statements)
def test_what_people_say_holds_and_nothing_else_is_invented(
    product: Product, pairs: list[tuple[str, str]]
) -> None:
    base, hand = facts_of(product), rows_of(pairs)
    layer = layered(base.facts, base.ids, hand)
    assert len({fact.id for fact in layer.facts}) == len(layer.facts)
    assert layer.ids.items() >= base.ids.items()
    assert len(set(layer.ids.values())) == len(layer.ids)
    attested = {fact.id: fact for fact in layer.facts if fact.trust == "attested"}
    assert {layer.ids[row.fact_key] for row in hand} == set(attested)
    for row in hand:
        fact = attested[layer.ids[row.fact_key]]
        assert (fact.name, fact.value, fact.unit) == (row.name, row.value, row.unit)
        if row.name != "feature":
            assert [one for one in layer.facts if one.name == row.name and not one.live] == [fact]
    # Every supplier's fact either stands as it was, in its order, or is set aside by somebody.
    kept = [fact for fact in layer.facts if fact.trust != "attested"]
    gone = {fact.id for aside in layer.aside.values() for fact in aside}
    assert kept == [fact for fact in base.facts if fact.id not in gone]
    assert {fact.id for fact in base.facts} == {fact.id for fact in kept} | gone
    assert all(fact in layer.facts for fact in base.facts if fact.live)


@settings(deadline=None)
@given(products, statements)
def test_the_layer_is_the_same_however_often_it_is_laid(
    product: Product, pairs: list[tuple[str, str]]
) -> None:
    base, hand = facts_of(product), rows_of(pairs)
    once = layered(base.facts, base.ids, hand)
    again = facts_of(product, once.ids)
    assert layered(again.facts, again.ids, list(reversed(hand))) == once


@settings(deadline=None)
@given(products, products, statements)
def test_an_import_and_a_change_by_hand_draw_the_same(
    old: Product, new: Product, pairs: list[tuple[str, str]]
) -> None:
    hand = rows_of(pairs)
    before = _before(old, hand)
    planned = _planned(new, before)
    if planned is None:
        return
    imported = with_hand(planned, before, hand, Origin("imp_1", NOW)).planned
    stored = Before(**{name: imported.columns[name] for name in Before.__dataclass_fields__})  # type: ignore[arg-type]
    by_hand = with_hand(redrawn(stored, (), RULES, "1"), stored, hand, Origin(None, NOW)).planned
    drawn = ("facts", "localized_facts", "fact_ids", "facts_hash")
    assert {name: by_hand.columns[name] for name in drawn} == {name: imported.columns[name] for name in drawn}
    assert by_hand.changes == ()


@settings(deadline=None)
@given(products, statements)
def test_undoing_gives_the_supplier_s_facts_back(product: Product, pairs: list[tuple[str, str]]) -> None:
    before = _before(product, rows_of(pairs))
    undone = with_hand(redrawn(before, (), RULES, "1"), before, [], Origin(None, NOW)).planned
    plain = facts_of(product)
    assert decode_facts(undone.columns["facts"] or "") == plain.facts
    assert undone.columns["facts_hash"] == plain.facts_hash
    assert orjson.loads(undone.columns["fact_ids"] or "").items() >= plain.ids.items()


@pytest.mark.parametrize("kind", ["attest", "suppress"])
def test_live_facts_are_left_alone(kind: Kind) -> None:
    base = facts_of(BAG)
    row = replace(
        said("material", "linen"), name="price", value="20.00", kind=kind, fact_key="attested:price"
    )
    live = [fact for fact in base.facts if fact.live]
    assert live
    assert all(fact in layered(base.facts, base.ids, [row]).facts for fact in live)


def _planned(product: Product, before: Before | None = None) -> Planned:
    data = encode_product(product)
    return plan(Task(data, digest(data), None, 0, before), RULES, "1")  # type: ignore[return-value]


def _before(product: Product, hand: list[HandFact]) -> Before:
    """The product as it is stored with what people say of it."""
    columns = with_hand(_planned(product), None, hand, Origin(None, NOW)).planned.columns
    return Before(**{name: columns[name] for name in Before.__dataclass_fields__})  # type: ignore[arg-type]
