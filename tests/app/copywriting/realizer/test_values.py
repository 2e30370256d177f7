"""Reading values: what kind of phrase a shop's words are."""

import pytest

from app.copywriting.realizer.values import split_list, value_of


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Kangaroo pocket", "noun"),
        ("Ribbed cuffs and waistband", "noun"),
        ("Dual top handles", "noun"),
        ("Mesh lining on shelf bra", "noun"),
        ("Covers for the terminals", "noun"),
        ("Water-repellent", "adjective"),
        ("Dishwasher safe", "adjective"),
        ("Fully lined", "adjective"),
        ("Non-slip", "adjective"),
        ("Machine washable", "adjective"),
        ("Wicks moisture", "verb"),
        ("Fits 15-inch laptops", "verb"),
        ("Includes a charger", "verb"),
        ("Machine wash cold", "imperative"),
        ("Do not bleach", "imperative"),
        ("Wipe clean", "imperative"),
        ("Made in Italy", "participle"),
        ("Lined with fleece", "participle"),
        ("For indoor use", "phrase"),
        ("With removable hood", "phrase"),
        ("The lid locks when it is closed", "clause"),
        ("Straps are adjustable", "clause"),
        ("Yes", "yes"),
        ("not supported", "no"),
        ("42", "number"),
        ("5 - 40", "number"),
        ("2.0", "number"),
        ("RJ-45", "name"),
    ],
)
def test_the_form_of_a_value(text: str, form: str) -> None:
    assert value_of(text).form == form


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Kangaroo pocket", "singular"),
        ("Ribbed cuffs", "plural"),
        ("Ribbed cuffs and waistband", "plural"),
        ("2 front pockets", "plural"),
        ("Moisture protection", "mass"),
        ("Water-resistant coating", "mass"),
        ("Lens", "singular"),
    ],
)
def test_the_number_of_a_noun_phrase(text: str, number: str) -> None:
    assert value_of(text).number == number


def test_a_number_with_a_known_unit_is_a_quantity() -> None:
    assert value_of("15.6", "in").form == "quantity"
    assert value_of("10 hours", "h").form == "quantity"


def test_a_name_with_a_number_in_it_is_no_quantity() -> None:
    assert value_of("300 denier ripstop nylon", "denier").form == "noun"


def test_integers_that_passed_through_a_float_column_are_whole_again() -> None:
    assert value_of("2.0").text == "2"


def test_a_slash_between_words_is_an_and() -> None:
    assert value_of("Machine wash/dry").text == "machine wash and dry"
    assert value_of("HP Copier/Printer 610", name=True).text == "HP Copier/Printer 610"


def test_database_lists_come_apart() -> None:
    assert split_list("All-weather|Cool|Indoor") == ("All-weather", "Cool", "Indoor")


@pytest.mark.parametrize(
    ("text", "unit", "read"),
    [
        ("-1", "°C", "-1"),
        ("−20", "°C", "−20"),
        ("-10 to 40", "°C", "-10 to 40"),
        ("- 5 pockets", None, "5 pockets"),
    ],
)
def test_a_sign_stays_with_its_number_and_a_dash_goes(text: str, unit: str | None, read: str) -> None:
    assert value_of(text, unit).text == read
