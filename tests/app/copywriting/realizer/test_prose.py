"""Technical attributes as prose: what only a data sheet says goes to the bullets, and is said once."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.copywriting.copy import VOICES, Brief
from app.copywriting.realizer.realize import realize
from app.copywriting.realizer.selection import select
from evaluators import check_grounding

Make = Callable[..., Brief]
SWITCH: tuple[tuple[Any, ...], ...] = (
    ("title", "Tarn Netcore 8"),
    ("brand", "Tarn"),
    ("type", "switch"),
    ("color", "Black"),
    ("forwarding_method", "Store-and-forward"),
    ("chassis_colour_scheme", "Two-tone"),
    ("fan_layout", "Fanless"),
    ("mains_inlet", "IEC C8"),
    ("latency_class", "Low"),
    ("management_modes", "Web (HTTP), console; SNMP"),
    ("auto_restart", "yes"),
    ("audible_alarm", "yes"),
    ("wall_bracket", "yes"),
)


def text_of(brief: Brief) -> str:
    return re.sub(r"<[^>]+>", " ", str(realize(brief).fields["description_html"]))


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("variant", range(8))
def test_the_text_is_no_data_sheet(brief: Make, voice: str, variant: int) -> None:
    asked = brief(*SWITCH, voice=voice, variant=variant)
    text = text_of(asked)
    labels = ("forwarding method", "color scheme", "fan layout", "mains inlet", "latency class")
    assert len(re.findall(f"(?:{'|'.join(labels)}) (?:is|are)", text.lower())) <= 2
    assert not any(f"{label}: " in text.lower() for label in labels)
    assert "(" not in text


def test_what_the_text_leaves_the_bullets_say(brief: Make) -> None:
    draft = realize(brief(*SWITCH))
    said = {id_ for sentence in draft.sentences for id_ in sentence.facts}
    left_out = {item.fact.id for item in select(brief(*SWITCH)).left_out}
    assert {f"F{number}" for number in range(1, len(SWITCH) + 1)} - {
        "F2"
    } <= said | left_out  # the name has its maker
    assert len(draft.fields["bullets"]) <= 10
    for sentence in draft.sentences:
        verdicts = {found.verdict for found in check_grounding(sentence.text, brief(*SWITCH).facts).sentences}
        assert not verdicts & {"unsupported", "contradicted"}, sentence


def test_answers_of_yes_share_a_sentence(brief: Make) -> None:
    yes = {"F11", "F12", "F13"}
    shared = [
        variant
        for variant in range(8)
        if any(
            len(yes & set(sentence.facts)) > 1
            for sentence in realize(brief(*SWITCH, variant=variant)).sentences
            if sentence.field == "description_html"
        )
    ]
    assert len(shared) >= 4, shared


def test_a_cable_has_no_cable(brief: Make) -> None:
    rows = (
        ("title", "Acme Patch Cable"),
        ("type", "cable"),
        ("cable_length", "2", "m"),
        ("cable_colour", "Grey"),
    )
    for variant in range(8):
        text = text_of(brief(*rows, variant=variant))
        assert not re.search(r"\ba (?:2 m )?cable (?:of|with a)\b.*\bcable\b|has a .*cable", text)
        assert "2 m" in text or "2-meter" in text


def test_attributes_of_one_name_are_one_list(brief: Make) -> None:
    rows = (("title", "Acme Adapter"), ("type", "adapter"), ("connector_1", "HDMI"), ("connector_2", "DVI-D"))
    assert re.search(r"connectors are HDMI and DVI-D", text_of(brief(*rows)))


def test_a_resolution_is_no_number_of_cameras(brief: Make) -> None:
    rows = (
        ("title", "Acme Notebook"),
        ("type", "notebook"),
        ("front_camera", "yes"),
        ("front_camera_resolution", "1"),
    )
    draft = realize(brief(*rows))
    assert not any("one" in sentence.text for sentence in draft.sentences)


def test_a_number_of_things_says_that_they_are_there(brief: Make) -> None:
    rows = (
        ("title", "Acme Cabinet"),
        ("type", "cabinet"),
        ("drawers", "3"),
        ("lock", "yes"),
        ("hdmi_ports", "2"),
    )
    assert "two HDMI ports" in text_of(brief(*rows))
    twice = brief(*rows, ("hdmi_port", "yes"))
    assert text_of(twice).count("HDMI") == 1


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        ("Ribbed cuffs, banded waist", "ribbed cuffs and a banded waist"),
        ("Adjustable shoulder strap and top handle", "an adjustable shoulder strap and top handle"),
    ],
)
def test_parts_in_a_row_have_their_articles(brief: Make, feature: str, said: str) -> None:
    rows = (("title", "Juno Bag"), ("type", "bag"), ("feature", feature))
    assert said in text_of(brief(*rows)).lower()


def test_models_in_a_row_of_dashes_are_a_list(brief: Make) -> None:
    rows = (("title", "Acme Ribbon"), ("type", "ribbon"), ("compatibility", "PLQ-30M - PLQ-22 - PLQ-20"))
    assert "PLQ-30M, PLQ-22, and PLQ-20" in text_of(brief(*rows))
