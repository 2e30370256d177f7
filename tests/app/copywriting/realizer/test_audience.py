"""An audience moves what leads, and adds no word; instructions are answered by a note."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from app.copywriting.copy import ANGLES, Brief
from app.copywriting.realizer.audience import audience_stems
from app.copywriting.realizer.headlines import realize_headlines
from app.copywriting.realizer.realize import realize
from evaluators import check_grounding
from seo.language.stems import stem

Make = Callable[..., Brief]
SHOE: tuple[tuple[Any, ...], ...] = (
    ("title", "Tarn Trail Shoe"),
    ("type", "shoe"),
    ("material", "Mesh"),
    ("upper_material", "Nylon"),
    ("closure", "Laces"),
    ("color", "Blue"),
    ("weight", "280", "g"),
    ("feature", "Removable insole"),
    ("activity", ("Hiking", "Running")),
    ("care", "Wipe clean and dry"),
)


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("runners", "running"),
        ("Trail-runners", "run"),
        ("hikers who love the hills", "hiking"),
        ("cyclists", "cycling"),
        ("swimmers", "swim"),
        ("people who run", "running"),
        ("women", "women"),
    ],
)
def test_who_does_a_thing_is_known_by_what_is_done(audience: str, told: str) -> None:
    assert stem(told) in audience_stems(audience)


@pytest.mark.parametrize("audience", ["everyone", "all customers", "", "mothers", "!?"])
def test_no_audience_in_particular_asks_for_nothing_done(audience: str) -> None:
    assert audience_stems(audience) <= {stem("mothers")}


def first_bullet(brief: Brief) -> str:
    lines: Sequence[str] = realize(brief).fields["bullets"]
    return lines[0]


@pytest.mark.parametrize("variant", range(8))
def test_what_speaks_of_the_audience_leads(brief: Make, variant: int) -> None:
    plain, asked = brief(*SHOE, variant=variant), brief(*SHOE, variant=variant, audience="runners")
    assert "running" not in first_bullet(plain)
    assert "running" in first_bullet(asked)
    assert "running" in realize(asked).sentences[0].text


def test_no_word_comes_from_the_audience(brief: Make) -> None:
    asked = brief(*SHOE, audience="runners and sailors with bad knees")
    for draft in (
        realize(asked),
        *(realize_headlines(brief(*SHOE, audience="sailors", angle=a)) for a in ANGLES),
    ):
        said = " ".join(s.text for s in draft.sentences if s.field != "cta").lower()
        assert not {"runners", "sailors", "knees"} & set(said.split())
        for sentence in draft.sentences:
            verdicts = {found.verdict for found in check_grounding(sentence.text, asked.facts).sentences}
            assert sentence.field == "cta" or not verdicts & {"unsupported", "contradicted"}


def test_an_audience_of_which_no_fact_speaks_changes_nothing_and_is_told(brief: Make) -> None:
    plain, asked = realize(brief(*SHOE)), realize(brief(*SHOE, audience="sailors"))
    assert asked.fields == plain.fields
    assert any("audience" in note and "sailors" in note for note in asked.notes)
    assert not any("audience" in note for note in realize(brief(*SHOE, audience="runners")).notes)


def test_care_speaks_of_nobody(brief: Make) -> None:
    assert realize(brief(*SHOE, audience="dry skin")).fields == realize(brief(*SHOE)).fields


def test_instructions_are_not_followed_and_a_note_says_so(brief: Make) -> None:
    for write in (realize, realize_headlines):
        plain, asked = write(brief(*SHOE)), write(brief(*SHOE, instructions="Make it rhyme."))
        assert asked.fields == plain.fields
        assert any("instructions" in note and "not used" in note for note in asked.notes)
        assert not any("instructions" in note for note in plain.notes)
