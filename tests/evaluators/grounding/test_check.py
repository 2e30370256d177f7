"""What may be said of a product and what may not, over products of many kinds."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluators import check_grounding
from retrieval.facts import Fact

_MARK = re.compile(r"(!?)\[\[(.+?)\]\]")
_PRODUCTS = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))


def facts_of(product: dict[str, Any]) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for number, fact in enumerate(product["facts"], start=1):
        value = tuple(fact["value"]) if isinstance(fact["value"], list) else fact["value"]
        shown = ", ".join(value) if isinstance(value, tuple) else value
        text = f"{fact['name'].replace('_', ' ')}: {shown} {fact.get('unit', '')}".strip()
        found.append(
            Fact(
                f"F{number}", fact["name"], value, text, f"attribute:{fact['name']}",
                unit=fact.get("unit"), live=fact.get("live", False),
            )
        )  # fmt: skip
    return tuple(found)


YES = [pytest.param(p, text, id=f"{p['product']}: {text}") for p in _PRODUCTS for text in p["holds"]]
NO = [pytest.param(p, text, id=f"{p['product']}: {text}") for p in _PRODUCTS for text in p["fails"]]


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
