"""From a refused claim to the fact that would bear it: what is suggested is what the checker then accepts."""

from datetime import UTC, datetime

import pytest

from app.catalog.attestation.layer import fact_of
from app.catalog.attestation.suggestions import suggestion
from app.catalog.attestation.values import HandFact
from evaluators.grounding.check import check_grounding
from evaluators.grounding.verdicts import Claim
from tests.builders import a_fact

FACTS = [a_fact("F1", "title", "Harbour Bag", text="Title: Harbour Bag"), a_fact("F2", "type", "bag")]


def claims(text: str) -> list[Claim]:
    return [c for s in check_grounding(text, FACTS).sentences for c in s.claims if c.verdict != "supported"]


@pytest.mark.parametrize(
    "text",
    [
        "The bag has a 2-year warranty.",
        "The bag is certified by OEKO-TEX.",
        "The bag weighs 800 g.",
        "The bag holds 30 litres.",
        "The bag is waterproof.",
        "The bag is made of linen.",
        "The bag is red.",
    ],
)
def test_a_sentence_passes_once_what_is_suggested_for_its_claims_is_attested(text: str) -> None:
    refused = claims(text)
    assert refused
    facts = list(FACTS)
    for number, claim in enumerate(refused, 3):
        found = suggestion(claim)
        assert found is not None, claim
        row = HandFact(
            "hf",
            "S",
            "attest",
            found.key,
            "",
            found.name,
            found.value,
            found.unit,
            "",
            "",
            "Ada",
            datetime.now(UTC),
        )
        facts.append(fact_of(row, f"F{number}"))
    report = check_grounding(text, facts)
    assert {sentence.verdict for sentence in report.sentences} == {"supported"}, report


@pytest.mark.parametrize("kind", ["superlative", "price", "availability", "social_proof", "count"])
def test_what_no_attested_fact_could_bear_has_no_suggestion(kind: str) -> None:
    assert suggestion(Claim("the best", 0, 8, kind, "unsupported", None, "")) is None


def test_a_contradicted_claim_is_put_right_by_its_fact() -> None:
    assert suggestion(Claim("2-year warranty", 0, 15, "warranty", "contradicted", "F3", "")) is None
    assert suggestion(Claim("2-year warranty", 0, 15, "warranty", "supported", "F3", "")) is None


def test_a_warranty_s_value_is_its_length() -> None:
    found = suggestion(Claim("2-year limited warranty", 0, 23, "warranty", "unsupported", None, ""))
    assert found is not None
    assert (found.name, found.value, found.unit) == ("warranty", "2", "y")
