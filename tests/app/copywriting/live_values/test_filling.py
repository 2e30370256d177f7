"""Live slots filled: formats, dates, discounts, and what goes where a value is missing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.product import Money, Variant
from app.copywriting.live_values.filling import fill, without_live_slots
from evaluators.fields import plain_text
from seo.language.tokens import sentences
from tests.builders import a_product, eur

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SALE = a_product(price=eur("1299.00"), sale_price=eur("999.5"), availability="in_stock", quantity=1200)


def served(text, product=SALE, locale="en-US", now=NOW):
    return fill({"x": text}, product, locale, now).fields.get("x")


@pytest.mark.parametrize(
    ("text", "locale", "said"),
    [
        ("It costs {price}.", "en-US", "It costs €1,299.00."),
        ("Now {sale_price} instead of {price}.", "en-GB", "Now €999.50 instead of €1,299.00."),
        ("Only {stock} left.", "en-US", "Only 1,200 left."),
        ("Now {availability}.", "en-US", "Now in stock."),
        ("{availability}: {stock}.", "en-US", "In stock: 1,200."),
        ("<p>For <b>{price}</b> &amp; up.</p>", "en-US", "<p>For <b>€1,299.00</b> &amp; up.</p>"),
        ("<p>For {pr<em>ice</em>} only.</p>", "en-US", "<p>For €1,299.00 only.</p>"),
        ("<p>For &#123;price}.</p>", "en-US", "<p>For €1,299.00.</p>"),
    ],
)
def test_values_are_written_as_the_locale_has_them(text, locale, said):
    assert served(text, locale=locale) == said


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "said"),
    [
        ("29", "USD", "en-US", "$29.00"),
        ("29", "USD", "en-GB", "US$29.00"),
        ("29", "GBP", "en-GB", "£29.00"),
        ("2900", "JPY", "en-US", "¥2,900"),
        ("1.2345", "kwd", "en-US", "KWD1.234"),
    ],
)
def test_currencies(amount, currency, locale, said):
    product = a_product(price=Money(Decimal(amount), currency))
    assert served("{price}", product, locale) == said


def test_the_range_of_variants_stands_in_for_a_price():
    variants = (Variant("a", price=eur("10")), Variant("b", price=eur("20")))
    assert served("{price}", a_product(variants=variants)) == "€10.00–€20.00"
    assert served("{price}", a_product(variants=variants[:1])) == "€10.00"
    mixed = (*variants, Variant("c", price=Money(Decimal(5), "USD")))
    assert served("Soft. For {price}.", a_product(variants=mixed)) == "Soft."


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sale_from": NOW + timedelta(seconds=1)}, "not begun"),
        ({"sale_until": NOW}, "is over"),
        ({"sale_price": eur("1299.00")}, "no lower"),
        ({"sale_price": None}, "no sale price"),
        ({"sale_price": Money(Decimal(900), None)}, "no sale price in a currency"),
        ({"price": None}, "no price"),
        ({"price": Money(Decimal(1300), "USD")}, "same currency"),
        ({"attributes": {"lowest_price_30_days": "1199.00"}}, "lowest of the 30 days"),
    ],
)
def test_a_discount_is_spoken_of_only_while_the_product_has_it(changes, why):
    product = a_product(**({"price": eur("1299.00"), "sale_price": eur("999.5")} | changes))
    filled = fill({"x": "Soft. Now {sale_price} instead of {price}."}, product, "en-US", NOW)
    assert filled.fields == {"x": "Soft."}
    assert why in filled.dropped[0].why


def test_a_sale_begins_and_ends_on_time():
    product = a_product(
        price=eur("30"), sale_price=eur("20"), sale_from=NOW, sale_until=NOW + timedelta(hours=1),
        attributes={"lowest_price_30_days": "30.00 EUR"},
    )  # fmt: skip
    text = "Now {sale_price} instead of {price}."
    assert served(text, product, now=NOW) == "Now €20.00 instead of €30.00."
    assert served(text, product, now=NOW + timedelta(minutes=59)) == "Now €20.00 instead of €30.00."
    assert served(text, product, now=NOW - timedelta(seconds=1)) is None
    assert served(text, product, now=NOW + timedelta(hours=1)) is None


def test_elements_bullets_and_fields_that_are_empty_go_too():
    fields = {
        "title": "Tee",
        "description_html": "<p>Soft. Only {stock} left. Warm.</p><ul><li>{availability}</li><li>Red</li></ul><p>For {price}.</p>",
        "bullets": ["{price}", "Soft"],
        "alt": {"a": "Tee, {price}", "b": "Tee"},
        "meta_description": "For {price}.",
        "variant_titles": {},
    }
    filled = fill(fields, a_product(), "en-US", NOW)
    assert filled.fields == {
        "title": "Tee",
        "description_html": "<p>Soft. Warm.</p><ul><li>Red</li></ul>",
        "bullets": ["Soft"],
        "alt": {"b": "Tee"},
        "variant_titles": {},
    }
    assert filled.paths == {"bullets/1": "bullets/0"}
    assert len(filled.dropped) == 6
    assert without_live_slots(fields) == filled.fields


def test_less_than_nothing_in_stock_and_unknown_words_are_no_values():
    assert served("Soft. {stock} left.", a_product(quantity=-2)) == "Soft."
    assert served("{stock} left.", a_product(quantity=0)) == "0 left."
    assert served("Soft. {availability}.", a_product(availability="maybe")) == "Soft."
    assert served("Soft. It costs {prize}.") == "Soft."


PLAIN = st.sampled_from(
    [
        "It is soft.",
        "Fits well!",
        "Is it warm?",
        "Made of 95 % cotton.",
        "Care: wash at 30 °C.",
        "Tom & Co. a < b.",
        "Ends {here",
        "3 for 2.",
    ]
)
SLOTTED = st.sampled_from(
    [
        "It costs {price}.",
        "Only {stock} left!",
        "Now {sale_price} instead of {price}.",
        "{availability}.",
        "Yours for {prize}.",
        "{stock} at {price}.",
    ]
)
PRODUCTS = st.builds(
    a_product,
    price=st.none()
    | st.builds(Money, st.decimals(0, 10**6, places=2), st.sampled_from(["EUR", "USD", None, "x"])),
    sale_price=st.none() | st.builds(Money, st.decimals(0, 10**6, places=2), st.just("EUR")),
    availability=st.sampled_from([None, "in_stock", "backorder", "?"]),
    quantity=st.none() | st.integers(-5, 10**7),
)


@given(st.lists(st.lists(PLAIN | SLOTTED, min_size=1, max_size=4), max_size=4), PRODUCTS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_slot_is_left_and_no_other_sentence_is_lost(paragraphs, product, html):
    """Whatever the product lacks: plain sentences stay, in their order, and each other one is filled or gone."""
    escape = {"&": "&amp;", "<": "&lt;"} if html else {}
    written = [" ".join(p) for p in paragraphs]
    if html:
        written = [f"<p>{''.join(escape.get(c, c) for c in p)}</p>" for p in written]
    text = ("" if html else "\n\n").join(written)
    filled = fill({"x": text}, product, "en-US", NOW)
    result = plain_text(str(filled.fields.get("x", "")))
    told = [span.text for span in sentences(result)]
    kept = [span.text for span in sentences(plain_text(text)) if "}" not in span.text]
    assert "}" not in result
    assert [sentence for sentence in told if sentence in kept] == kept
    gone = len([one for p in paragraphs for one in p if "}" in one])
    assert len(told) == len(kept) + gone - len(filled.dropped)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_texts_without_slots_are_as_they_were(text):
    if "{" not in plain_text(text):
        assert served(text) == text or not text
