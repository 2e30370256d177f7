"""Edits merge into a copy's fields, or say which field is wrong."""

import pytest

import prompts
from app.copywriting.edits import apply_edit
from app.errors import Invalid

TEMPLATE = prompts.load("product_description")
FIELDS = {"title": "Mug", "bullets": ["Blue"], "alt": {"a.jpg": "Mug", "b.jpg": "Mug, view 2"}}


def test_an_edit_replaces_texts_and_lists_and_merges_maps() -> None:
    edited = apply_edit(
        FIELDS, {"title": "Blue Mug", "bullets": [], "alt": {"a.jpg": "A blue mug"}}, TEMPLATE
    )
    assert edited == {
        "title": "Blue Mug",
        "bullets": [],
        "alt": {"a.jpg": "A blue mug", "b.jpg": "Mug, view 2"},
    }
    assert FIELDS["title"] == "Mug"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({}, "/fields"),
        ({"jingle": "la"}, "/fields/jingle"),
        ({"a/b~c": "la"}, "/fields/a~1b~0c"),
        ({"title": 3}, "/fields/title"),
        ({"bullets": "one"}, "/fields/bullets"),
        ({"bullets": [1]}, "/fields/bullets"),
        ({"alt": ["x"]}, "/fields/alt"),
        ({"alt": {"a.jpg": None}}, "/fields/alt"),
    ],
)
def test_a_wrong_edit_names_the_field(changes: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        apply_edit(FIELDS, changes, TEMPLATE)
    assert refused.value.problems[0].pointer == pointer


def test_what_an_editor_pastes_along_falls_away() -> None:
    html = '<p class="x" onclick="y()">A <b>mug</b>.<script>alert(1)</script></p><p><strong>Blue</strong></p>'
    edited = apply_edit(FIELDS, {"description_html": html}, TEMPLATE)
    assert edited["description_html"] == "<p>A mug.</p><p><strong>Blue</strong></p>"
