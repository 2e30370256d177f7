"""What may be said of a product and what may not, over products of many kinds."""

import re
from typing import Any

import pytest

from evaluators import check_grounding
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
