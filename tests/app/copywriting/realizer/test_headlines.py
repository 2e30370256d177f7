"""Headlines, hooks and calls to action: which angles facts carry, limits, variety, grounding."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.copywriting.copy import ANGLES, VOICES, Angle, Brief, Subject
from app.copywriting.realizer.headlines import angles_carried, realize_headlines
from evaluators import check_grounding
from prompts.voices import load_voice
from retrieval.facts import Fact

Make = Callable[..., Brief]


@pytest.fixture
def hoodie_brief(brief: Make, hoodie: tuple[Any, ...]) -> Brief:
    return brief(*hoodie)


def test_angles_follow_the_facts(brief: Make, hoodie_brief: Brief) -> None:
    assert angles_carried(hoodie_brief) == ("material", "weather", "comfort", "care", "choice")
    assert angles_carried(brief(("title", "Mug, blue"), ("type", "mug"))) == ()
    drill = brief(
        ("title", "Brevik Drill"), ("type", "drill"), ("voltage", "18", "V"), ("warranty", "3", "y")
    )
    assert "technical" in angles_carried(drill)
    assert "value" in angles_carried(drill)


def test_a_warranty_of_the_merchants_prose_carries_nothing(brief: Make) -> None:
    claim = {"trust": "merchant_claim", "source": "description:1", "unit": "y"}
    assert "value" not in angles_carried(
        brief(("title", "Brevik Drill"), ("type", "drill"), ("warranty", "3", claim))
    )


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("variant", range(8))
def test_limits_grounding_and_forbidden_words(hoodie_brief: Brief, voice: str, variant: int) -> None:
    known = {fact.id for fact in hoodie_brief.facts}
    for angle in angles_carried(hoodie_brief):
        draft = realize_headlines(replace(hoodie_brief, angle=angle, voice=voice, variant=variant))
        headline, hook, cta = (draft.fields[name] for name in ("headline", "hook", "cta"))
        assert 0 < len(headline) <= 60
        assert 0 < len(hook) <= 120
        assert hook.endswith((".", "?"))
        assert 2 <= len(cta.split()) <= 5
        assert len(cta) <= 30
        for sentence in draft.sentences:
            assert set(sentence.facts) <= known
            assert bool(sentence.facts) == (sentence.field != "cta")
            verdicts = {
                found.verdict for found in check_grounding(sentence.text, hoodie_brief.facts).sentences
            }
            assert verdicts <= {"supported", "claimless"}, sentence.text
        spoken = f" {headline} {hook} {cta} ".lower()
        known_words = " ".join(fact.text for fact in hoodie_brief.facts).lower()
        assert not [w for w in load_voice(voice).forbidden if f" {w} " in spoken and w not in known_words]


@pytest.mark.parametrize("angle", ["material", "weather", "comfort", "care", "choice"])
def test_variants_are_different_texts(hoodie_brief: Brief, angle: Angle) -> None:
    drafts = [realize_headlines(replace(hoodie_brief, angle=angle, variant=n)).fields for n in range(8)]
    assert len({(d["headline"], d["hook"], d["cta"]) for d in drafts}) == 8
    assert len({d["headline"] for d in drafts}) >= 3


def test_the_hook_says_more_than_the_headline(hoodie_brief: Brief) -> None:
    for angle in angles_carried(hoodie_brief):
        draft = realize_headlines(replace(hoodie_brief, angle=angle))
        said = {sentence.field: set(sentence.facts) for sentence in draft.sentences}
        assert said["hook"] - said["headline"]


def test_buttons_promise_only_what_is_there(brief: Make) -> None:
    made = brief(
        ("title", "Joust Duffle Bag"),
        ("type", "duffle bag"),
        ("size", ("S", "M", "L"), {"source": "variant:size"}),
    )
    ctas = {
        realize_headlines(replace(made, angle="choice", variant=n, voice=v)).fields["cta"]
        for n in range(8)
        for v in VOICES
    }
    assert ctas
    assert not any("color" in cta.lower() for cta in ctas)


def test_spelling_follows_the_locale(hoodie_brief: Brief) -> None:
    british = [
        realize_headlines(replace(hoodie_brief, angle="choice", locale="en-GB", variant=n)).fields
        for n in range(8)
    ]
    assert not any("color" in str(fields).lower() for fields in british)
    assert any("colour" in str(fields).lower() for fields in british)


def test_an_angle_that_is_not_carried_leaves_the_name_alone(brief: Make) -> None:
    draft = realize_headlines(brief(("title", "Mug, blue"), ("type", "mug"), angle="weather"))
    assert draft.fields == {"headline": "Blue mug", "hook": "Blue mug.", "cta": "See the details"}


def test_only_the_fields_that_are_wanted(hoodie_brief: Brief) -> None:
    assert set(realize_headlines(replace(hoodie_brief, angle="care", fields=("hook",))).fields) == {"hook"}


def test_the_same_brief_gives_the_same_draft(hoodie_brief: Brief) -> None:
    assert realize_headlines(hoodie_brief) == realize_headlines(hoodie_brief)


def test_prices_never_make_value(brief: Make) -> None:
    made = brief(
        ("title", "Mug"),
        ("type", "mug"),
        ("price", "9.90", {"live": True}),
        ("availability", "in stock", {"live": True}),
    )
    assert angles_carried(made) == ()


TEXT = st.text(max_size=90)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    TEXT,
    st.lists(
        st.tuples(
            st.sampled_from(["material", "care", "climate", "activity", "feature", "color", "x"]), TEXT
        ),
        max_size=5,
    ),
    st.sampled_from(ANGLES),
    st.sampled_from(VOICES),
)
def test_no_input_breaks_a_limit(title: str, rows: list[tuple[str, str]], angle: Angle, voice: str) -> None:
    facts = [Fact("F1", "title", title, title, "title"), Fact("F2", "type", "lamp", "lamp", "type")]
    facts += [
        Fact(f"F{n}", name, value, value, f"attribute:{name}")
        for n, (name, value) in enumerate(rows, start=3)
    ]
    brief = Brief(Subject("S-1", title), tuple(facts), angle=angle, voice=voice)
    fields = realize_headlines(brief).fields
    assert 0 < len(fields["headline"]) <= 60
    assert 0 < len(fields["hook"]) <= 120
    assert "  " not in fields["headline"] + fields["hook"]
    assert set(angles_carried(brief)) <= set(ANGLES)
