from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.feeds.errors import CellError, RowError
from app.catalog.feeds.prices import decimal_mark, parse_price
from tests.app.catalog.feeds.conftest import Outcome


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.299,00 €", "1299.00", "EUR"),
        ("$12", "12", "USD"),
        ("12.00 USD", "12.00", "USD"),
        ("1 299,00", "1299.00", None),
        ("1\u00a0299,00\u00a0€", "1299.00", "EUR"),
        ("1\u202f299,5", "1299.5", None),
        ("1,299.00", "1299.00", None),
        ("1'299.00 CHF", "1299.00", "CHF"),
        ("£1,299", "1299", "GBP"),
        ("EUR 12,5", "12.5", "EUR"),
        ("€ 0,99", "0.99", "EUR"),
        (".99", "0.99", None),
        ("12,-", "12", None),
        ("12,– €", "12", "EUR"),
        ("1.299 €", "1299", "EUR"),
        ("1.299.000", "1299000", None),
        ("1,29,999.50 INR", "129999.50", "INR"),
        ("52.000000", "52.00", None),
        ("12.5000", "12.50", None),
        ("$12 CAD", "12", "CAD"),
        ("US$ 7.10", "7.10", "USD"),
        ("49 zł", "49", "PLN"),
        ("199 kr", "199", None),
        ('="19.99"', "19.99", None),
        ("0", "0", None),
    ],
)
def test_reads_the_ways_shops_write_prices(text: str, amount: str, currency: str | None) -> None:
    money = parse_price(text)
    assert money is not None
    assert (str(money.amount), money.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1.299", ".", "1.299"),
        ("1.299", ",", "1299"),
        ("1,299", ",", "1.299"),
        ("1,299", ".", "1299"),
        ("1,299", None, "1299"),
    ],
)
def test_three_digits_after_a_lone_mark_are_read_by_the_files_mark(text: str, mark: str, amount: str) -> None:
    money = parse_price(text, None, mark)  # type: ignore[arg-type]  # parametrize knows no literals
    assert money is not None
    assert money.amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["abc", "12 or 13", "1.2.3,4,5", "12,34,5", "12..5", "$", "-5", "5 EUR USD x", "12:30", "1/2", "9" * 50],
)
def test_refuses_the_row_for_what_is_no_price(text: str) -> None:
    with pytest.raises(RowError):
        parse_price(text)


@pytest.mark.parametrize(
    "text",
    [
        "call us",
        "Preis auf Anfrage",
        "POA",
        "n/a",
        "TBD",
        "-",
        "1.30E+03",
        "1,3e+3",
        "#N/A",
        "Call for pricing",
        "Price upon request",
        "Contact us for a quote!",
        "auf Anfrage",
        "Nous consulter",
        "sold out",
        "Bajo consulta",
    ],
)
def test_no_price_leaves_the_row(text: str) -> None:
    with pytest.raises(CellError):
        parse_price(text)


def test_an_empty_cell_is_no_price() -> None:
    assert parse_price("") is None
    assert parse_price("  ") is None


@st.composite
def written(draw: st.DrawFn) -> tuple[Decimal, str | None, str]:
    """An amount, its currency, and one of the ways to write both."""
    cents = draw(st.integers(0, 10**9))
    amount = Decimal(cents).scaleb(-2)
    group, mark = draw(
        st.sampled_from(
            [(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ","), ("\u202f", ",")]
        )
    )
    whole, fraction = divmod(cents, 100)
    number = f"{whole:,}".replace(",", group) + mark + f"{fraction:02d}"
    currency, shape = draw(
        st.sampled_from(
            [
                (None, "{}"),
                ("EUR", "{} €"),
                ("EUR", "€{}"),
                ("USD", "${}"),
                ("GBP", "£ {}"),
                ("USD", "{} USD"),
                ("CHF", "CHF {}"),
                ("SEK", "{}SEK"),
            ]
        )
    )
    return amount, currency, shape.format(number)


@settings(deadline=None)  # the first call imports
@given(written())
def test_every_way_of_writing_gives_the_amount_back(case: tuple[Decimal, str | None, str]) -> None:
    amount, currency, text = case
    money = parse_price(text)
    assert money is not None
    assert (money.amount, money.currency) == (amount, currency)


@settings(deadline=None)  # the first call imports
@given(st.text(max_size=20))
def test_any_text_is_a_price_or_refused(text: str) -> None:
    try:
        money = parse_price(text)
    except (RowError, CellError):
        return
    assert money is None or money.amount >= 0


def test_the_files_mark_is_found_where_cells_leave_no_doubt() -> None:
    assert decimal_mark(["1.299", "12,50", "3,99 €"]) == ","
    assert decimal_mark(["1,299", "12.50"]) == "."
    assert decimal_mark(["1.299", "12"]) is None


FEEDS = {
    "csv": "sku,title,price\nA,Mug,{}\n",
    "google": "id\ttitle\timage_link\tlink\tprice\nA\tMug\tx.jpg\ts/a\t{}\n",
    "shopify": "Handle,Title,Variant SKU,Variant Price\nmug,Mug,A,{}\n",
    "magento": "sku,product_type,name,visibility,price,additional_attributes\nA,simple,Mug,4,{},\n",
    "jsonl": '{{"sku": "A", "title": "Mug", "price": "{}"}}\n',
}


@pytest.mark.parametrize("format_", FEEDS)
def test_the_rule_for_bad_prices_is_one_for_all_formats(read: Callable[..., Outcome], format_: str) -> None:
    line = 1 if format_ == "jsonl" else 2
    for price in ("abc", "-5", "12:30"):
        seen = read(FEEDS[format_].format(price))
        assert (seen.format, seen.records) == (format_, ())
        assert [(r.line, r.sku) for r in seen.rejected] == [(line, "A")]
    for price in ("call us", "auf Anfrage"):
        seen = read(FEEDS[format_].format(price))
        assert (seen.only.price, seen.rejected) == (None, ())
        assert [(n.line, n.sku) for n in seen.notes] == [(line, "A")]
