"""What may be said of a product and what may not, over products of many kinds."""

import re
from typing import Any

import pytest

from evaluators import check_grounding
from retrieval.facts import Fact
from tests.evaluators.grounding.products import PRODUCTS, facts_of

_MARK = re.compile(r"(!?)\[\[(.+?)\]\]")

YES = [pytest.param(p, text, id=f"{p['product']}: {text}") for p in PRODUCTS for text in p["holds"]]
NO = [pytest.param(p, text, id=f"{p['product']}: {text}") for p in PRODUCTS for text in p["fails"]]


@pytest.mark.parametrize(("product", "text"), YES)
def test_what_the_facts_say_is_supported(product: dict[str, Any], text: str) -> None:
    report = check_grounding(text, facts_of(product))
    flagged = [(c.text, c.reason) for s in report.sentences for c in s.claims if c.verdict != "supported"]
    assert not flagged
    assert report.score == 1.0
    assert any(s.facts for s in report.sentences)


@pytest.mark.parametrize(("product", "text"), NO)
def test_what_no_fact_says_is_named(product: dict[str, Any], text: str) -> None:
    plain = _MARK.sub(r"\2", text)
    report = check_grounding(plain, facts_of(product))
    flagged = [c for s in report.sentences for c in s.claims if c.verdict in {"unsupported", "contradicted"}]
    for mark in _MARK.finditer(text):
        start = len(_MARK.sub(r"\2", text[: mark.start()]))
        end = start + len(mark[2])
        touching = [c for c in flagged if c.start < end and c.end > start]
        assert touching, f"{mark[2]!r} passed; flagged: {[c.text for c in flagged]}"
        if mark[1]:
            assert any(c.verdict == "contradicted" for c in touching), [(c.text, c.reason) for c in touching]
        assert all(c.reason for c in touching)
    marked = [m[2] for m in _MARK.finditer(text)]
    strayed = [c.text for c in flagged if not any(c.text in m or m in c.text for m in marked)]
    assert not strayed


@pytest.mark.parametrize(
    ("fact", "text", "verdict"),
    [
        (Fact(id="A1", name="color", value="black", text="Color: black"), "It is black.", "supported"),
        (Fact(id="A1", name="color", value="black"), "It is red.", "contradicted"),
        ({"id": "A1", "name": "weight", "value": 2.0, "unit": "kg"}, "It weighs 2 kg.", "supported"),
        ({"id": "A1", "name": "weight", "value": 2, "unit": "kg"}, "It weighs 3 kg.", "contradicted"),
        ({"id": "A1", "name": "waterproof", "value": True}, "It is waterproof.", "supported"),
        ({"id": "A1", "name": "waterproof", "value": False}, "It is waterproof.", "contradicted"),
        ({"id": "A1", "name": "color", "value": ["red", "blue"], "text": None}, "Two colors.", "supported"),
        ({"id": "A1", "text": "Two USB ports"}, "It has two USB ports.", "supported"),
        ({"id": "A1", "value": "waterproof"}, "It is waterproof.", "supported"),
        ({"id": "A1", "name": "waterproof"}, "It is waterproof.", "supported"),
        ({"id": "A1", "name": "price", "value": 19.99, "unit": "USD"}, "It costs $19.99.", "supported"),
    ],
)
def test_a_fact_may_be_as_short_as_it_says_something(
    fact: Fact | dict[str, Any], text: str, verdict: str
) -> None:
    (sentence,) = check_grounding(text, [fact]).sentences
    assert (sentence.verdict, sentence.facts) == (verdict, ("A1",))


def test_facts_without_ids_are_numbered_and_empty_ones_refused() -> None:
    (sentence,) = check_grounding("It is red.", [{"text": "Brand: Oda"}, {"value": "red"}]).sentences
    assert sentence.facts == ("F2",)
    with pytest.raises(ValueError, match="says nothing"):
        check_grounding("It is red.", [{"id": "F1", "value": []}])
