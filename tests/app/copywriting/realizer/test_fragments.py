"""A merchant's list items, taken apart."""

import pytest

from app.copywriting.realizer.fragments import compares, read_fragment


def test_a_composition_is_material_with_its_shares() -> None:
    fragment = read_fragment("95% Organic Cotton / 5% Spandex")
    assert fragment.family == "material"
    assert fragment.values == ("95% Organic Cotton", "5% Spandex")


def test_a_label_inside_an_item_names_an_attribute() -> None:
    fragment = read_fragment('Inseam: 32"')
    assert (fragment.label, fragment.values) == ("Inseam", ('32"',))


def test_adjectives_in_a_row_are_several_values() -> None:
    assert read_fragment("Waterproof, breathable, seam sealed.").values == (
        "Waterproof",
        "breathable",
        "seam sealed",
    )


def test_a_noun_phrase_with_commas_stays_whole() -> None:
    assert read_fragment("Soft, lightweight construction").values == ("Soft, lightweight construction",)


@pytest.mark.parametrize("text", ["Longer hem", "Lighter than before", "Softest fleece"])
def test_comparisons(text: str) -> None:
    assert compares(text)


@pytest.mark.parametrize("text", ["Zipper pull", "Leather upper", "Rubber bumper", "Drawer"])
def test_words_in_er_are_no_comparisons(text: str) -> None:
    assert not compares(text)
