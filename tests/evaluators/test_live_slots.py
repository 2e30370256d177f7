"""The gate over texts with live slots: what they say is true whenever it is said, all else is judged as ever."""

import pytest

from evaluators.checks import Candidate, FieldRule, GateResult, run_checks, sentences_of
from retrieval.facts import Fact

FACTS = (
    Fact("F1", "title", "Meadow Tee", "Title: Meadow Tee", "title"),
    Fact("F2", "material", "cotton", "Material: cotton", "attribute:material"),
    Fact("F5", "price", "29.00", "Price: 29.00 EUR", "attribute:price", unit="EUR", live=True),
    Fact("F6", "sale_price", "19.00", "Sale: 19.00 EUR", "attribute:sale_price", unit="EUR", live=True),
    Fact("F7", "availability", "in stock", "Availability: in stock", "attribute:availability", live=True),
    Fact("F8", "quantity", "3", "Quantity: 3", "attribute:quantity", live=True),
)


def judged(text: str, facts: tuple[Fact, ...] = FACTS, name: str = "description_html") -> GateResult:
    rules = (
        FieldRule("title", required=True),
        FieldRule("description_html", kind="html"),
        FieldRule("slug", kind="slug"),
    )
    fields = {"title": "Meadow Tee"} | {name: text}
    return run_checks(Candidate(fields, sentences_of(fields), facts, rules))


def failed(gate: GateResult) -> dict[str, str]:
    return {check.id: check.detail for check in gate.checks if not check.passed}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("It costs {price}.", ("F5",)),
        ("A cotton tee for {price}.", ("F2", "F1", "F5")),
        ("Only {stock} left.", ("F8",)),
        ("{stock} pieces in stock.", ("F8",)),
        ("Availability: {availability}.", ("F7",)),
        ("Now {sale_price} instead of {price}.", ("F6", "F5")),
        ("Save now: {sale_price} instead of {price}.", ("F6", "F5")),
        ("On sale for {sale_price}, was {price}.", ("F6", "F5")),
        ("<p>Yours for <strong>{price}</strong>.</p>", ("F5",)),
    ],
)
def test_a_sentence_with_a_slot_is_supported_by_its_live_fact_and_names_it(text, facts):
    gate = judged(text)
    assert failed(gate) == {}
    assert gate.sentences[-1].verdict == "supported"
    assert gate.sentences[-1].facts == facts


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("It costs €29.00.", "live_facts", "F5"),
        ("It is in stock.", "live_facts", "F7"),
        ("Only 3 left.", "grounding", "Only 3 left"),
        ("It costs {price}, not €29.00.", "live_facts", "F5"),
        ("A wool tee for {price}.", "grounding", "wool"),
        ("The best tee for {price}.", "grounding", "best"),
        ("Save 20% with {sale_price} instead of {price}.", "grounding", "20"),
        ("Hurry, only {stock} left.", "grounding", "Hurry"),
        ("It costs {prize}.", "live_slots", "{price}, {sale_price}, {availability}, {stock}"),
        ("It costs { price }.", "live_slots", "no live slot"),
        ("It costs {prize}.", "leaked_text", "{prize}"),
        ("It costs {{price}}.", "leaked_text", "placeholder"),
        ("Now {sale_price}.", "live_slots", "{price}, the price that it is compared with"),
        ("On sale: {sale_price}.", "live_slots", "claims a discount"),
        ("Reduced to {price}.", "live_slots", "claims a discount"),
    ],
)
def test_what_is_frozen_unknown_or_a_bare_discount_is_refused(text, check, words):
    gate = judged(text)
    assert words in failed(gate)[check]
    assert not gate.passed


def test_a_required_field_keeps_something_when_its_slots_say_nothing():
    assert "it is required" in failed(judged("Meadow Tee for {price}", name="title"))["live_slots"]
    assert "live_slots" not in failed(judged("Meadow Tee. Yours for {price}.", name="title"))
    assert "address" in failed(judged("tee-{price}", name="slug"))["live_slots"]


def test_a_slot_that_nothing_fills_today_may_stand_there():
    gate = judged("Yours for {price}.", FACTS[:2])
    assert gate.passed
    assert gate.sentences[-1].facts == ()
    assert "not served" in gate.sentences[-1].claims[0].reason


def test_a_text_without_slots_is_not_asked_about_them():
    assert "live_slots" not in {check.id for check in judged("A cotton tee.").checks}
