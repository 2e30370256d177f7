"""What is stored is what was there."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.codec import (
    decode_facts,
    decode_localized,
    decode_product,
    digest,
    encode_facts,
    encode_localized,
    encode_product,
)
from app.catalog.product import Image, LocalizedText, Money, Product, Variant
from retrieval.facts import Fact
from tests.builders import a_fact, a_product

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = words | st.lists(words, max_size=4).map(tuple)
attributes = st.dictionaries(words, values, max_size=4)
zones = st.just(UTC) | st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(timezones=zones)
amounts = st.decimals(allow_nan=False, allow_infinity=False)
money = st.none() | st.builds(Money, amounts, st.none() | st.sampled_from(["EUR", "USD"]))
whole = st.none() | st.integers(-(2**63), 2**63 - 1)
texts = st.none() | words
variants = st.builds(Variant, words, st.dictionaries(words, words, max_size=3), money, texts, whole, texts)
localized = st.builds(LocalizedText, texts, texts, attributes, texts)
products = st.builds(
    Product,
    sku=words,
    title=words,
    description=words,
    brand=texts,
    category=st.lists(words, max_size=3).map(tuple),
    price=money,
    sale_price=money,
    sale_from=st.none() | moments,
    sale_until=st.none() | moments,
    availability=texts,
    quantity=whole,
    gtin=texts,
    images=st.lists(st.builds(Image, words, words), max_size=2).map(tuple),
    attributes=attributes,
    variants=st.lists(variants, max_size=2).map(tuple),
    url=texts,
    locale=texts,
    localized=st.dictionaries(words, localized, max_size=2),
    status=st.sampled_from(["active", "discontinued"]),
)
facts = st.builds(
    Fact,
    id=words,
    name=words,
    value=values,
    text=words,
    source=words,
    trust=st.sampled_from(["data", "merchant_claim"]),
    unit=texts,
    live=st.booleans(),
    label=words,
    original=words,
)


@given(products)
def test_products_come_back_equal_with_their_order(product: Product) -> None:
    text = encode_product(product)
    back = decode_product(text)
    assert back == product
    assert list(back.attributes) == list(product.attributes)
    assert encode_product(back) == text
    if product.price is not None and back.price is not None:
        assert str(back.price.amount) == str(product.price.amount)


@given(st.lists(facts, max_size=5).map(tuple))
def test_facts_come_back_equal(some: tuple[Fact, ...]) -> None:
    assert decode_facts(encode_facts(some)) == some
    assert decode_localized(encode_localized({"de-DE": some})) == {"de-DE": some}


@pytest.mark.parametrize("given_", [{"quantity": 10**20}, {"title": "\ud800"}])
def test_what_json_cannot_hold_is_a_value_error(given_: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        encode_product(a_product(**given_))


def test_a_moment_keeps_its_zone() -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    back = decode_product(encode_product(a_product(sale_from=moment)))
    assert back.sale_from is not None
    assert back.sale_from.utcoffset() == moment.utcoffset()


def test_equal_amounts_of_different_writing_stay_different() -> None:
    one, two = (encode_product(a_product(price=Money(Decimal(text), "EUR"))) for text in ("1.5", "1.50"))
    assert digest(one) != digest(two)


def test_a_fact_of_an_older_release_lacks_newer_fields() -> None:
    assert decode_facts('[["F1", "material", ["a", "b"], "Material: a, b", "attribute:material"]]') == (
        a_fact("F1", "material", ("a", "b"), text="Material: a, b"),
    )
