"""Agreement and coordination in whole texts: all variants and voices of a product, read as one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.copywriting.copy import VOICES, Brief
from app.copywriting.realizer.realize import realize

Make = Callable[..., Brief]
Row = tuple[Any, ...]
CLAIM = {"trust": "merchant_claim", "source": "description:1"}


def everything(brief: Brief) -> str:
    """All that the eight variants of the three voices say."""
    said = {
        sentence.text
        for voice in VOICES
        for variant in range(8)
        for sentence in realize(replace(brief, voice=voice, variant=variant)).sentences
    }
    return "\n".join(sorted(said))


@pytest.mark.parametrize(
    ("rows", "never"),
    [
        ([("capacity", "3 pens")], ["capacity are"]),
        ([("handle_material", ("Beech wood", "oiled"))], ["material are", "wood and oiled"]),
        ([("contents", "150 ml cleansing oil")], ["contents is", "is 150 ml cleansing"]),
        ([("packed_dimensions", "20 x 10 x 5", "cm")], ["a packed dimensions"]),
        ([("size", "One size")], ["size one size", "Size: one size"]),
        ([("wireless", "Wi-Fi 6")], ["wi-Fi"]),
        ([("skill_level", ("Beginner", "Intermediate"))], ["intermediate.", "intermediate that"]),
        ([("care", "Cover machine washable")], ["is cover", "It's cover"]),
        ([("care", ("Machine wash at 30 °C", "no fabric softener"))], ["and no fabric", "has no"]),
        ([("free_from", ("Sulfates", "silicones")), ("vegan", "yes")], ["silicones and vegan"]),
        ([("material", "Recycled polyester"), ("feature", "Waterproof", CLAIM)], ["polyester and waterproof"]),
        ([("feature", ("Thumbholes", "Hanging loop"), CLAIM)], ["for the thumbs", "to hang it"]),
        ([("material", "Cotton"), ("color", ("Red", "Blue"))], ["red, blue"]),
        ([("material", "Cowhide"), ("closure", "Solid brass", {"label": "Buckle"})], ["solid-brass", "brass closure"]),
        ([("feature", "One piece", CLAIM)], ["ne piece"]),
        ([("width", "29 × 13 × 11", "in")], ["wide", "Width"]),
    ],
)  # fmt: skip
def test_no_variant_says(brief: Make, rows: list[Row], never: list[str]) -> None:
    said = everything(brief(("title", "Fell Kit"), ("type", "kit"), ("weight", "2", "kg"), *rows))
    assert not [text for text in never if text in said], said


def test_what_has_one_size_says_so(brief: Make) -> None:
    assert "One size" in everything(brief(("title", "Fell Cap"), ("type", "cap"), ("size", "One size")))


def test_a_width_of_three_numbers_is_dimensions(brief: Make) -> None:
    said = everything(brief(("title", "Joust Bag"), ("type", "bag"), ("width", "29 × 13 × 11", "in")))
    assert "measures 29 × 13 × 11 inches" in said


@pytest.mark.parametrize("title", ["Lonely", "Forever", "Serene"])
def test_a_title_that_names_no_thing_is_a_name(brief: Make, title: str) -> None:
    said = everything(brief(("title", title)))
    assert f"This is {title}." in said
    assert f"a {title.lower()}" not in said.lower()


def test_german_facts_are_left_out_of_english_sentences(brief: Make) -> None:
    made = brief(
        ("title", "Bruno"),
        ("type", "drehhocker"),
        ("material", "Kunstleder", {"label": "Material"}),
        ("gestell", "Messing"),
        ("batterielaufzeit", "8 Stunden"),
        ("color", "grün", {"label": "Farbe"}),
    )
    said = everything(made).lower()
    foreign = ("drehhocker", "kunstleder", "messing", "batterielaufzeit", "stunden", "grün", "gestell")
    assert not [word for word in foreign if word in said]
    notes = realize(made).notes
    assert "material: not in English" in notes
    assert "This is Bruno." in everything(made)


def test_an_unknown_word_alone_is_a_trade_name(brief: Make) -> None:
    said = everything(
        brief(("title", "Fell Pack"), ("type", "pack"), ("material", "Corduralon"), ("weight", "2", "kg"))
    )
    assert "orduralon" in said


def test_a_german_phrase_stays_out_of_an_english_text(brief: Make) -> None:
    rows = (
        ("material", "Cotton"),
        ("closure", "mit Reißverschluss"),
        ("fit", "Relaxed"),
        ("care", "Machine wash cold"),
    )
    said = everything(brief(("title", "Fell Jacket"), ("type", "jacket"), *rows))
    assert "eißverschluss" not in said
    assert "otton" in said
