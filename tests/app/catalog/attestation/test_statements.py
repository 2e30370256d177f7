"""What a person types, read as a column is; and what cannot be a fact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.attestation.statements import read_statement
from app.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (("Garantie", "2 years"), ("warranty", "2", "y")),
        (("warranty", "2", "years"), ("warranty", "2", "y")),
        (("warranty", "2 years", "y"), ("warranty", "2", "y")),
        (("warranty", "lifetime"), ("warranty", "lifetime", None)),
        (("Material", "Nylon, Polyester"), ("material", ("Nylon", "Polyester"), None)),
        (("material", ("Nylon", "Polyester")), ("material", ("Nylon", "Polyester"), None)),
        (("weight", "1.2 kg"), ("weight", "1.2", "kg")),
        (("weight", "1200", "grams"), ("weight", "1200", "g")),
        (("power", "5"), ("power", "5", "W")),
        (("power", "5", "kW"), ("power", "5", "kW")),
        (("dimensions", "29 x 13 x 11", "inches"), ("dimensions", "29 × 13 × 11", "in")),
        (("feature", "padded strap"), ("feature", "padded strap", None)),
        (("Description", "It folds flat."), ("description", "It folds flat.", None)),
        (("type", "backpack"), ("type", "backpack", None)),
        (("waterproof", "yes"), ("waterproof", "yes", None)),
        (("Zip puller", "  metal\n"), ("zip_puller", "metal", None)),
        (("certification", "OEKO-TEX Standard 100"), ("certification", "OEKO-TEX Standard 100", None)),
    ],
)
def test_a_statement_is_read_as_a_column_is(typed, read) -> None:
    found = read_statement(*typed)
    assert (found.name, found.value, found.unit) == read


@pytest.mark.parametrize(
    ("typed", "pointer", "why"),
    [
        (("", "x"), "/name", "what the fact is about"),
        (("?!", "x"), "/name", "what the fact is about"),
        (("x" * 101, "x"), "/name", "100 characters"),
        (("Title", "Bag"), "/name", "change it with the product"),
        (("Marke", "Acme"), "/name", "brand"),
        (("price", "12"), "/name", "by the hour"),
        (("tax_class_id", "2"), "/name", "never a fact"),
        (("erin_recommends", "linen"), "/name", "shelves"),
        (("material", "N/A"), "/value", "say something"),
        (("material", ("", "-")), "/value", "say something"),
        (("material", "x" * 1001), "/value", "1000"),
        (("color", "yes"), "/value", "says nothing of the color"),
        (("eco", "yes"), "/value", "green claim"),
        (("type", "Original"), "/value", "no noun"),
        (("description", "Foldable"), "/value", "sentence"),
        (("weight", "1200"), "/unit", "of what"),
        (("weight", "1200", "bananas"), "/unit", "not known"),
        (("weight", "1200", "kilogrm"), "/unit", "did you mean kilogram"),
        (("weight", "heavy", "kg"), "/unit", "only numbers"),
        (("weight", "2 kg", "g"), "/unit", "the value is in kg"),
        (("weight", "2", "cm"), "/unit", "no unit of"),
        (("weight", "2 cm"), "/value", "no unit of"),
        (("power", "5", "cm"), "/unit", "no unit of power"),
    ],
)
def test_what_can_be_no_fact_is_refused_where_it_is_wrong(typed, pointer, why) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        read_statement(*typed)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_a_name_has_one_key_whatever_its_value_and_a_feature_one_for_each() -> None:
    assert read_statement("warranty", "1 year").key == read_statement("Garantie", "lifetime").key
    assert read_statement("feature", "zip").key == read_statement("Features", "Zip").key
    assert read_statement("feature", "zip").key != read_statement("feature", "strap").key


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=60), st.none() | st.text(max_size=8))
def test_any_words_are_read_or_refused(name: str, value: str, unit: str | None) -> None:
    pointers: set[str] = set()
    try:
        found = read_statement(name, value, unit)
    except Invalid as error:
        pointers = {problem.pointer for problem in error.problems}
    else:
        assert found.name
        assert found.value
    assert pointers <= {"/name", "/value", "/unit"}
