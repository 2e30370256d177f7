"""Attributes as shops export them: names that end in "for", units as values, lists, abbreviations, goods not counted."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.copywriting.copy import Brief
from app.copywriting.realizer.realize import realize
from app.copywriting.realizer.selection import select
from evaluators import check_grounding

Make = Callable[..., Brief]
BOARD: tuple[tuple[Any, ...], ...] = (
    ("title", "Acme Board X1"),
    ("type", "motherboard"),
    ("material", "Steel and glass"),
)


def said(asked: Brief) -> str:
    """The text and the bullets, every sentence of which the facts must bear."""
    draft = realize(asked)
    for sentence in draft.sentences:
        verdicts = {found.verdict for found in check_grounding(sentence.text, asked.facts).sentences}
        assert not verdicts & {"unsupported", "contradicted"}, sentence
    text = re.sub(r"<[^>]+>", " ", str(draft.fields["description_html"]))
    return f"{text} {' | '.join(draft.fields['bullets'])}"


@pytest.mark.parametrize("variant", range(4))
@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("component_for", "Server/workstation", "for servers and workstations"),
        ("component_for", "PC", "for PCs"),
        ("designed_for", "Narrow chassis", "designed for narrow chassis"),
        ("raid_levels", "0,1,JBOD", "0, 1, and JBOD"),
        ("fsb_parity", "yes", "FSB parity"),
        ("6_35_mm_connector", "yes", "6.35 mm connector"),
        ("mini_displayports_quantity", "2", "two mini DisplayPorts"),
        ("compatible_memory_cards", "sd and sdhc", "SD and SDHC"),
        ("package_content", ("AC", "Serial"), "AC and serial cables"),
        ("compatible_operating_systems", "-Windows 2000 -Windows XP", "Windows 2000 and XP"),
        ("power_requirements", "100 - 240 V, 50 - 60 Hz", "100 - 240 V and 50 - 60 Hz"),
    ],
)
def test_an_attribute_reads_as_english(brief: Make, name: str, value: Any, wanted: str, variant: int) -> None:
    row = (name, value, {"label": "cables_included"} if name == "package_content" else {})
    text = said(brief(*BOARD, row, variant=variant))
    assert wanted.lower() in text.lower()
    if "SD" in wanted:
        assert wanted in text
    assert not re.search(r"\b(?:for|with|of) (?:is|are)\b|\ba (?:HDCP|FSB)\b|with -", text)


def test_a_standard_has_no_article(brief: Make) -> None:
    text = said(brief(*BOARD, ("component_for", "Server/workstation"), ("hdcp", "yes"), ("led", "yes")))
    assert re.search(r"(?<!\ban )(?<!\ba )\bHDCP", text)
    assert "an LED" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bus_type_units", "MHz"),
        ("raid_levels", "0"),
        ("component_for", "yes"),
        ("clock_with_calendar", "no"),
    ],
)
def test_what_says_nothing_whole_is_left_out(brief: Make, name: str, value: str) -> None:
    asked = brief(*BOARD, (name, value))
    said(asked)
    assert any(item.fact.name == name for item in select(asked).left_out)


@pytest.mark.parametrize("variant", range(4))
@pytest.mark.parametrize("kind", ["poultry", "meat", "furniture", "footwear", "cookware", "seafood"])
def test_goods_that_nobody_counts_have_no_article(brief: Make, kind: str, variant: int) -> None:
    text = said(brief(("title", "Acme Oslo"), ("type", kind), ("origin", "Poland"), variant=variant))
    assert kind in text
    assert not re.search(rf"\ban? (?:\w+ )?{kind}\b", text)


@pytest.mark.parametrize("variant", range(6))
def test_a_long_list_stays_in_the_bullets(brief: Make, variant: int) -> None:
    models = (
        "laser printer",
        "inkjet printer",
        "label printer",
        "photo scanner",
        "copier",
        "fax machine",
        "plotter",
        "film recorder",
    )
    rows = (("title", "Acme Ink"), ("type", "cartridge"), ("color", "Black"), ("compatibility", models))
    draft = realize(brief(*rows, variant=variant))
    assert "plotter" not in str(draft.fields["description_html"])
    assert "photo scanner" not in str(draft.fields["description_html"])
    assert any("photo scanner" in line for line in draft.fields["bullets"])
