"""The gate: each check finds its fault, names the words, and lets honest copy through."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.checks import Candidate, Check, FieldRule, SentenceIn, run_checks, sentences_of
from evaluators.fields import plain_text
from evaluators.neighbours import Neighbourhood, Twin
from evaluators.voice.rules import VoiceRules, WordRule
from retrieval.facts import Fact

FACTS = (
    Fact("F1", "title", "Oda Writing Desk", "Title: Oda Writing Desk", "title"),
    Fact("F2", "type", "desk", "Type: desk", "type"),
    Fact("F3", "material", "solid oak", "Material: solid oak", "attribute:material"),
    Fact("F4", "certification", "ISO TUV GS", "Certification: ISO TUV GS", "attribute:certificates"),
    Fact("F5", "price", "129.00", "Price: $129.00", "price", unit="USD", live=True),
)
RULES = (
    FieldRule("title", required=True, max_chars=60),
    FieldRule("description_html", required=True, kind="html", min_chars=10),
    FieldRule("bullets", kind="list", max_chars=80),
    FieldRule("slug", kind="slug"),
)
GOOD: dict[str, Any] = {
    "title": "Oda Writing Desk in Solid Oak",
    "description_html": "<p>The Oda is a <strong>writing desk</strong> in solid oak.</p>",
    "bullets": ["Solid oak"],
    "slug": "oda-writing-desk",
    "alt": {"https://shop.example/a.jpg": "Oda Writing Desk"},
}
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("grounding", {"bullets": ["Solid walnut"]}, "walnut"),
    ("grounding", {"alt": {"https://shop.example/a.jpg": "The best desk"}}, "best"),
    ("live_facts", {"bullets": ["Only $129.00"]}, "F5"),
    ("required_fields", {"title": "  "}, "title"),
    ("required_fields", {"description_html": "<p> </p>"}, "description_html"),
    ("field_lengths", {"title": "Oda " * 20}, "over its limit of 60"),
    ("field_lengths", {"description_html": "<p>Oak.</p>"}, "at least 10"),
    ("field_lengths", {"bullets": ["Oak", "Solid oak " * 9]}, "bullets/1"),
    ("voice_forbidden", {"bullets": ["Solid OAK"]}, "OAK"),
    ("leaked_text", {"bullets": ["As an AI language model, I cannot"]}, "speaking of itself"),
    ("leaked_text", {"bullets": ["I'm sorry, but I can't help with that."]}, "refusal"),
    ("leaked_text", {"bullets": ["Sure! Here is your product description"]}, "preamble"),
    ("leaked_text", {"title": "{{ title }}"}, "placeholder"),
    ("leaked_text", {"title": "{product_name} desk"}, "placeholder"),
    ("leaked_text", {"bullets": ["Solid oak [F3]"]}, "placeholder"),
    ("leaked_text", {"bullets": ["Lorem ipsum dolor"]}, "filler"),
    ("leaked_text", {"bullets": ["**Solid oak**"]}, "markup"),
    ("html_safety", {"description_html": "<p>Solid oak</p><script>alert(1)</script>"}, "<script>"),
    ("html_safety", {"description_html": '<p onclick="x()">Solid oak desk</p>'}, "attributes"),
    ("html_safety", {"title": "<img src=x onerror=alert(1)>"}, "<img>"),
    ("html_safety", {"title": "<b>Oda</b>"}, "<b>"),
    ("slug_format", {"slug": "Oda Desk"}, "Oda Desk"),
    ("slug_format", {"slug": "-oda--desk"}, "-oda--desk"),
    ("encoding", {"bullets": ["CafÃ© oak"]}, "garbled"),
    ("encoding", {"bullets": ["Solid oak \ufffd"]}, "garbled"),
    ("encoding", {"bullets": ["Oak &amp;amp; oak"]}, "garbled"),
    ("language", {"bullets": ["Der Tisch ist aus Eiche und mit der Hand gemacht"]}, "de"),
    ("language", {"bullets": ["стол из дуба"]}, "Latin"),
    ("duplicate_sentences", {"bullets": ["Solid oak", "Solid oak."]}, "twice"),
    ("shouting", {"bullets": ["BUY SOLID OAK"]}, "BUY SOLID OAK"),
    ("shouting", {"bullets": ["Solid oak!!"]}, "!!"),
]


def check(fields: dict[str, Any], name: str, **more: Any) -> Check:
    result = run_checks(Candidate(fields, sentences_of(fields), FACTS, RULES, **more))
    return next(c for c in result.checks if c.id == name)


def test_honest_copy_passes() -> None:
    result = run_checks(Candidate(GOOD, sentences_of(GOOD), FACTS, RULES))
    assert result.passed
    assert result.score == 1.0
    assert all(c.passed for c in result.checks), [c for c in result.checks if not c.passed]
    lead = next(s for s in result.sentences if s.field == "description_html")
    assert lead.text == "The Oda is a writing desk in solid oak."
    assert lead.verdict == "supported"
    assert {"F1", "F3"} <= set(lead.facts)
    assert {s.field for s in result.sentences} == {
        "title", "description_html", "bullets/0", "alt/https:~1~1shop.example~1a.jpg",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "change", "named"), FAULTS)
def test_each_fault_is_found_and_named(name: str, change: dict[str, Any], named: str) -> None:
    voice = VoiceRules((WordRule("oak"),)) if name == "voice_forbidden" else None
    found = check({**GOOD, **change}, name, voice=voice)
    assert not found.passed
    assert named in found.detail


def test_names_in_capitals_are_no_shouting() -> None:
    assert check({**GOOD, "bullets": ["ISO TUV GS"]}, "shouting").passed


def test_an_error_blocks_and_a_warning_does_not() -> None:
    blocked = {**GOOD, "bullets": ["Solid walnut"]}
    assert not run_checks(Candidate(blocked, sentences_of(blocked), FACTS, RULES)).passed
    warned = {**GOOD, "bullets": ["Solid oak", "Solid oak"]}
    assert run_checks(Candidate(warned, sentences_of(warned), FACTS, RULES)).passed


def test_text_that_nobody_declared_is_judged_too() -> None:
    fields = {"title": "Oda Writing Desk", "description_html": "<p>Solid oak. Free shipping today!</p>"}
    declared = (
        SentenceIn("title", "Oda Writing Desk", ("F1",)),
        SentenceIn("description_html", "Solid oak.", ("F3",)),
    )
    result = run_checks(Candidate(fields, declared, FACTS, RULES))
    assert not result.passed
    assert [s.text for s in result.sentences if s.verdict == "unsupported"] == ["Free shipping today!"]


def test_declared_facts_must_exist() -> None:
    sentences = (SentenceIn("title", "Oda Writing Desk", ("F1", "F99")),)
    result = run_checks(Candidate({"title": "Oda Writing Desk"}, sentences, FACTS, ()))
    found = next(c for c in result.checks if c.id == "sentence_facts")
    assert (found.passed, found.severity) == (False, "error")
    assert "F99" in found.detail


def test_a_sentence_that_rests_on_a_fact_it_does_not_name_is_a_warning() -> None:
    sentences = (SentenceIn("title", "Oda Writing Desk in solid oak", ("F1",)),)
    result = run_checks(Candidate({"title": "Oda Writing Desk in solid oak"}, sentences, FACTS, ()))
    found = next(c for c in result.checks if c.id == "sentence_facts")
    assert (found.passed, found.severity) == (False, "warning")
    assert "F3" in found.detail
    assert result.passed


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("no markup", "no markup"),
        ("<p>One.</p><p>Two</p>tail", "One.\n\n\n\nTwo\n\ntail"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<ul><li>x</li><li>y</li></ul>", "x\n\n\n\ny"),
        ("a<script>hidden</script>b", "ab"),
        ("5 < 6 and <b>bold</b>", "5 < 6 and bold"),
    ],
)
def test_markup_falls_away(html: str, plain: str) -> None:
    assert plain_text(html) == plain


_VALUES = st.recursive(
    st.text(max_size=20)
    | st.sampled_from(["<p>x", "{{", "A B C!!", "&#x;", "<"])
    | st.none()
    | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["title", "description_html", "bullets", "slug", "alt", "x/y~"]), _VALUES)
)
@settings(max_examples=80, deadline=None)
def test_any_fields_are_judged_without_a_crash(fields: dict[str, Any]) -> None:
    result = run_checks(Candidate(fields, sentences_of(fields), FACTS, RULES, VoiceRules((WordRule("x"),))))
    assert len({c.id for c in result.checks}) == len(result.checks) == 14
    assert all(c.detail for c in result.checks)


@pytest.mark.parametrize(
    ("title", "text", "passes"),
    [
        ("Ultimate Null Modem Cable", "Ultimate Null Modem Cable", True),
        ("Ultimate Null Modem Cable", "The ultimate cable", False),
        ("Modem Cable", "Ultimate Modem Cable", False),
        ("Modem Cable", "Its gauge is null", False),
    ],
)
def test_a_name_may_hold_a_word_that_prose_may_not(title: str, text: str, passes: bool) -> None:
    facts = (
        Fact("F1", "title", title, f"Title: {title}", "title"),
        Fact("F2", "type", "cable", "Type: cable", "type"),
    )
    gate = run_checks(
        Candidate(
            {"title": text, "slug": "ultimate-null-modem-cable"} if passes else {"title": text},
            (),
            facts,
            RULES[:1],
            VoiceRules((WordRule("ultimate"),)),
        )
    )
    found = {check.id: check.passed for check in gate.checks}
    assert (found["voice_forbidden"] and found["leaked_text"]) == passes


@pytest.mark.parametrize(
    ("found", "severity", "passed", "named"),
    [
        (
            Neighbourhood((Twin("D-2", "cp_2", 0.83), Twin("D-3", "cp_3", 0.2))),
            "warning",
            False,
            "D-2 (cp_2)",
        ),
        (Neighbourhood((Twin("D-2", "cp_2", 0.83),), complete=False), "warning", False, "83%"),
        (Neighbourhood((Twin("D-3", "cp_3", 0.3),)), "warning", True, "No text"),
        (Neighbourhood(), "warning", True, "No text"),
        (Neighbourhood(complete=False), "info", True, "Not judged"),
        (Neighbourhood(short=True), "info", True, "Too short"),
    ],
)
def test_a_twin_is_a_warning_and_what_was_not_compared_is_said(
    found: Neighbourhood, severity: str, passed: bool, named: str
) -> None:
    outcome = check(GOOD, "near_duplicate", neighbours=found)
    assert (outcome.severity, outcome.passed) == (severity, passed)
    assert named in outcome.detail
    assert "D-3" not in outcome.detail


def test_a_text_that_nobody_compared_has_no_such_check() -> None:
    gate = run_checks(Candidate(GOOD, (), FACTS, RULES))
    assert "near_duplicate" not in {check.id for check in gate.checks}
