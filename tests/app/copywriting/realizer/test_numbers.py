"""Quantities as texts write them, in each style and locale."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copywriting.realizer.numbers import Style, amount, count, number_text, number_word, quantity, units


@dataclass(frozen=True)
class Measure:
    numbers: tuple[Decimal, ...]
    unit: str | None
    form: str = "single"


def measure(*numbers: str, unit: str | None = None, form: str = "single") -> Measure:
    return Measure(tuple(map(Decimal, numbers)), unit, form)


@pytest.mark.parametrize(
    ("number", "unit", "locale", "style", "text"),
    [
        ("15.6", "in", "en-US", "prose", "15.6 inches"),
        ("1", "in", "en-US", "prose", "1 inch"),
        ("15.6", "in", "en-US", "short", "15.6 in"),
        ("15.6", "in", "en-US", "compound", "15.6-inch"),
        ("56.7", "kg", "en-US", "prose", "56.7 kg"),
        ("56.7", "kg", "en-US", "long", "56.7 kilograms"),
        ("2.0", "l", "en-US", "prose", "2 liters"),
        ("2.0", "l", "en-GB", "prose", "2 litres"),
        ("1.5", "m", "en-GB", "long", "1.5 metres"),
        ("8", "GB", "en-US", "compound", "8 GB"),
        ("1920", "px", "en-US", "prose", "1,920 pixels"),
        ("3", "y", "en-US", "compound", "3-year"),
        ("800", "lm", "en-US", "prose", "800 lumens"),
        ("5", "%", "en-US", "prose", "5%"),
        ("40", "°C", "en-US", "prose", "40 °C"),
        ("15", "deg", "en-US", "short", "15°"),
        ("15", "deg", "en-US", "prose", "15 degrees"),
        ("4000", "mAh", "en-US", "long", "4,000 milliampere-hours"),
        ("7", "furlong", "en-US", "prose", "7 furlong"),
    ],
)
def test_single_quantities(number: str, unit: str, locale: str, style: Style, text: str) -> None:
    assert amount(number, unit, locale, style) == text


def test_ranges_and_dimensions() -> None:
    assert quantity(measure("0", "15", unit="deg", form="range")) == "0 to 15 degrees"
    assert quantity(measure("15", "35", unit="°C", form="range"), style="short") == "15–35 °C"
    assert quantity(measure("30", "50", unit="in", form="range"), style="compound") == "30- to 50-inch"
    assert quantity(measure("29", "13", "11", unit="in", form="dimensions")) == "29 × 13 × 11 inches"
    assert (
        quantity(measure("437", "142", unit="mm", form="dimensions"), style="long") == "437 × 142 millimeters"
    )


def test_numbers_keep_their_places_and_lose_idle_zeros() -> None:
    assert [number_text(Decimal(n)) for n in ("1.250", "2.0", "0", "1234567.891", "100")] == [
        "1.25",
        "2",
        "0",
        "1,234,567.891",
        "100",
    ]


def test_counts_in_words() -> None:
    assert [number_word(n) for n in (0, 1, 12, 13, 1500)] == ["zero", "one", "twelve", "13", "1,500"]
    assert [count(1, "shelf"), count(3, "shelf"), count(2, "colour")] == [
        "one shelf",
        "three shelves",
        "two colours",
    ]


def test_what_is_no_number_stays_as_it_is() -> None:
    assert amount("about 5", "kg") == "about 5 kg"
    assert number_text(Decimal("NaN")) == "NaN"
    assert amount("1E+999999", "kg") == "1E+999999 kg"


@given(
    st.decimals(allow_nan=True, allow_infinity=True, places=3)
    | st.decimals(min_value=-(10**9), max_value=10**9),
    st.sampled_from([*units(), None, "", "nonsense"]),
    st.sampled_from(["en-US", "en-GB"]),
    st.sampled_from(["prose", "long", "short", "compound"]),
)
def test_any_quantity_can_be_written(number: Decimal, unit: str | None, locale: str, style: Style) -> None:
    text = amount(number, unit, locale, style)
    assert "  " not in text
    assert text == text.strip()
