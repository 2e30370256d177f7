"""Stems bring the forms of a word together."""

import pytest

from seo.language.stems import stem


@pytest.mark.parametrize(
    ("one", "other"),
    [("pockets", "pocket"), ("adjusts", "adjustable"), ("Women's", "women"), ("zipped", "zips")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_other_languages_have_their_own_rules() -> None:
    assert stem("Taschen", "de-DE") == stem("Tasche", "de")
    assert stem("Kieszenie", "xx") == "kieszenie"
