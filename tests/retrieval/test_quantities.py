"""Quantities: found with right offsets in any text, told apart from model numbers, compared after conversion."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.facts import Fact
from retrieval.quantities import Quantity, bare_numbers, comparable, find_quantities, of_fact, same, spoken
from retrieval.units import convert, unit_named, units


def one(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "numbers", "unit", "form"),
    [
        ('15.6"', ["15.6"], "in", "single"),
        ("4'' inseam", ["4"], "in", "single"),
        ('29" × 13" × 11"', ["29", "13", "11"], "in", "dimensions"),
        ('L 29" x W 13" x H 11"', ["29", "13", "11"], "in", "dimensions"),
        ("6'' wide by 12'' long", ["6", "12"], "in", "dimensions"),
        ("437 (W) x 142 (H) x 517 (D) mm", ["437", "142", "517"], "mm", "dimensions"),
        ("29x13x11cm", ["29", "13", "11"], "cm", "dimensions"),
        ("5'x8' rug", ["5", "8"], "ft", "dimensions"),
        ("1920 x 1080", ["1920", "1080"], None, "dimensions"),
        ("2 lbs, 8 oz", ["40"], "oz", "single"),
        ("5' 10\"", ["70"], "in", "single"),
        ("1 h 30 min", ["90"], "min", "single"),
        ('Strap fits 7" to 10"', ["7", "10"], "in", "range"),
        ("30–50 inches", ["30", "50"], "in", "range"),
        ("-20 - 60 °C", ["-20", "60"], "°C", "range"),
        ("-40–-20 °C", ["-40", "-20"], "°C", "range"),
        ("between 5 and 10 kg", ["5", "10"], "kg", "range"),
        ("100-240V", ["100", "240"], "V", "range"),
        ("5 1/2\" tall", ["5.5"], "in", "single"),
        ("5½ inches", ["5.5"], "in", "single"),
        ("1,000 ml", ["1000"], "ml", "single"),
        ("1.299,50 g", ["1299.50"], "g", "single"),
        ("0,5 l", ["0.5"], "l", "single"),
        ("1-year limited warranty", ["1"], "y", "single"),
        ("two-year warranty", ["2"], "y", "single"),
        ("15-lb ball", ["15"], "lb", "single"),
        ("29 in. wide", ["29"], "in", "single"),
        ("2700K light", ["2700"], "K", "single"),
        ("10,000 mAh", ["10000"], "mAh", "single"),
        ("180 g/m²", ["180"], "g/m²", "single"),
        ("8 fl. oz. bottle", ["8"], "fl_oz", "single"),
        ("65 degrees Fahrenheit", ["65"], "°F", "single"),
        ("3 x 500 ml", ["500"], "ml", "single"),
    ],
)  # fmt: skip
def test_shops_ways_of_writing_are_read(text: str, numbers: list[str], unit: str | None, form: str) -> None:
    found = one(text)
    assert [str(n) for n in found.numbers] == numbers
    assert (found.unit, found.form) == (unit, form)


@pytest.mark.parametrize(
    "text",
    ["24-MB02", "USB 3.0", "A4", "1080p", "4K TV", "Wi-Fi 6", "i7-10750H", "DDR4-3200", "D125, D135", "IP67", "SPF 50", "2-in-1", "4 in the box", "the 80s", "$12", "SKU 5 m", 'the "size 10" label', "555-1234", "24/7", "2019-2020", "iPhone 12 mini", "1/4 zip"],
)  # fmt: skip
def test_names_and_counts_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


def test_labels_of_dimensions_are_kept() -> None:
    assert one('W 15" x H 12" x D 9"').labels == ("W", "H", "D")
    assert one("32W x 34L").labels == ("W", "L")
    assert one("32W x 34L").unit is None


def test_bare_numbers_are_what_is_left() -> None:
    assert [n.text for n in bare_numbers("3 pockets, a 5-button fly and USB 2.0 for 12 V")] == [
        "3",
        "5",
        "2.0",
    ]
    assert bare_numbers("MB02, A4, 1080p") == ()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("29 in", "74 cm", True),
        ("29 x 13 x 11 in", "74 x 33 x 28 cm", True),
        ("56.7 kg", "57 kg", False),
        ("56.7 kg", "about 57 kg", True),
        ("56.7 kg", "about 60 kg", False),
        ("1 kg", "700 g", False),
        ("1 in", "3 cm", False),
        ("20 °C", "68 °F", True),
        ("30 to 50 inches", '30–50"', True),
        ("30 to 50 inches", "30 inches", False),
        ("500 g", "0.5 kg", True),
        ("1 TB", "1000 GB", True),
        ("2 lbs, 8 oz", "2.5 lb", True),
        ("12 months", "1 year", True),
        ("5 kg", "5 m", False),
    ],
)
def test_sameness_after_conversion_with_the_rounding_of_the_text(a: str, b: str, expected: bool) -> None:
    assert same(one(a), one(b)) is expected
    assert same(one(b), one(a)) is expected


def test_only_like_quantities_can_be_compared() -> None:
    assert comparable(one("5 kg"), one("11 lb"))
    assert not comparable(one("5 kg"), one("5 m"))


def test_a_facts_quantities_come_from_value_and_unit() -> None:
    dims = Fact("F1", "dimensions", "29 × 13 × 11", "Dimensions: 29 × 13 × 11 in", "attribute:x", unit="in")
    assert of_fact(dims)[0].numbers == (Decimal(29), Decimal(13), Decimal(11))
    range_ = Fact("F2", "temperature", "-20–60", "Temperature: -20–60 °C", "attribute:x", unit="°C")
    assert of_fact(range_)[0].numbers == (Decimal(-20), Decimal(60))
    text = Fact("F3", "feature", "Water resistant (100 meters)", "Feature: …", "description:1")
    assert of_fact(text)[0].unit == "m"


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm_and_with_right_offsets(text: str) -> None:
    quantities, numbers = find_quantities(text), bare_numbers(text)
    spans = sorted([(q.start, q.end) for q in quantities] + [(n.start, n.end) for n in numbers])
    for q in quantities:
        assert text[q.start : q.end] == q.text
        assert all(n.is_finite() for n in q.numbers)
    for n in numbers:
        assert text[n.start : n.end] == n.text
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


_PIECES = st.sampled_from(["5", "1/2", " x ", '"', "''", " in", " to ", "-", "W", "mm", " ", "½", ",", ".", "°C", "and", "(", ")", "12", "USB ", "K", "x", "3.0", "$"])  # fmt: skip


@given(st.lists(_PIECES, max_size=14))
def test_odd_runs_of_numbers_and_marks_do_no_harm(parts: list[str]) -> None:
    text = "".join(parts)
    for q in find_quantities(text):
        assert text[q.start : q.end] == q.text


@given(
    st.decimals(min_value=Decimal("0.1"), max_value=Decimal(99999), places=1),
    st.sampled_from(sorted(set(units()) - {"K", "ct", "s", "%"})),
)
def test_a_number_with_a_unit_is_read_back(number: Decimal, unit: str) -> None:
    text = f"{number} {spoken(unit)}"
    found = one(text)
    assert (found.numbers, found.unit, found.text) == ((number,), unit, text)


@given(st.decimals(min_value=1, max_value=9999, places=2), st.sampled_from([("in", "cm"), ("kg", "lb"), ("°C", "°F"), ("l", "gal"), ("km/h", "mph")]))  # fmt: skip
def test_conversion_there_and_back_is_the_number(number: Decimal, pair: tuple[str, str]) -> None:
    there = convert(number, *pair)
    assert there is not None
    back = convert(there, pair[1], pair[0])
    assert back is not None
    assert abs(back - number) < Decimal("0.0001")


def test_units_are_named_as_shops_spell_them() -> None:
    assert [unit_named(s) for s in ("Inches", "KG", "lbs.", "in", "zoll", "gsm", "what")] == ["in", "kg", "lb", "in", "in", "g/m²", None]  # fmt: skip
    assert convert(Decimal(1), "kg", "m") is None


@pytest.mark.parametrize("text", ["76 x 127 - 216 x 356 mm", "0-500 / 0-1,800 rpm"])
def test_a_unit_counts_for_both_sides_of_a_range_of_its_own(text: str) -> None:
    first, second = find_quantities(text)
    assert first.unit == second.unit is not None
    assert first.form == second.form


def test_a_standard_is_no_weight_and_a_range_keeps_its_signs() -> None:
    assert find_quantities("802.11g") == ()
    (tilt,) = find_quantities("-10° to +5°")
    assert list(map(int, tilt.numbers)) == [-10, 5]
