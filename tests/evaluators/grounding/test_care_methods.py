"""Care in a text against care in the facts: what excludes what, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators import check_grounding
from evaluators.grounding.care_methods import read_care
from evaluators.grounding.polarity import negations
from evaluators.grounding.terms import terms

AGAINST = [
    ("hand wash only", "Machine wash at 40 °C."),
    ("dry clean only", "Machine wash cold with similar colours."),
    ("dry clean", "Wash by hand at 30 °C."),
    ("wipe clean with a damp cloth", "Machine wash at 30 °C."),
    ("machine wash", "Spot clean only."),
    ("machine wash", "Hand wash only."),
    ("hand wash", "Machine or hand wash."),
    ("hand wash only", "Can be machine washed or hand washed."),
    ("hand wash only", "Dishwasher safe."),
    ("do not wash", "Wash at 30 °C."),
    ("do not dry clean", "Dry clean only."),
    ("cold wash only", "Wash at 60 °C."),
    ("30°", "Wash at 60 °C."),
    ("60°", "Wash at 203°."),
    ("do not wash above 40 °C", "Wash at 60 °C."),
    ("machine wash cold", "Machine wash warm."),
    ("line dry", "Tumble dry on low."),
    ("tumble dry low", "Hang to dry."),
    ("tumble dry low", "Tumble dry on high heat."),
    ("dry flat", "Hang to dry."),
    ("tumble dry low", "Do not tumble dry."),
    ("tumble dry low", "Keep it out of the dryer."),
    ("do not iron", "Iron on low heat."),
    ("iron on low heat", "Iron on high heat."),
    ("no bleach", "Bleach when needed."),
    ("do not bleach", "Use non-chlorine bleach when needed."),
    ("Handwäsche", "Machine wash."),
    ("Nicht bügeln", "Iron on low heat."),
    ("Nicht im Trockner trocknen", "Tumble dry."),
    ("lavage à la main", "Machine wash."),
]
BESIDE = [
    ("can be machine washed or hand washed", "Hand wash only."),
    ("can be machine washed or hand washed", "Machine wash cold."),
    ("machine wash", "Machine or hand wash."),
    ("machine wash at 40 °C", "Spot clean stains."),
    ("max. 40 °C machine wash", "Wash at 30 °C."),
    ("do not wash above 40 °C", "Wash at 30 °C."),
    ("machine wash cold", "Wash at 30 °C."),
    ("30°", "Wash at 20 °C."),
    ("wash inside out", "Machine wash."),
    ("do not machine wash", "Hand wash."),
    ("do not wash with dark colours", "Machine wash."),
    ("dishwasher safe", "Hand wash to keep its shine."),
    ("line dry", "Air dry."),
    ("dry flat", "Air dry in the shade."),
    ("do not iron the print", "Iron on low heat."),
    ("do not iron", "A no-iron shirt."),
    ("iron on high heat", "Use a warm iron."),
    ("do not use chlorine bleach", "Bleach only when needed."),
    ("machine wash warm, tumble dry low", "Machine wash warm and tumble dry low."),
    ("hand wash", "Machine wash the removable lining."),
    ("dry clean only", "A washed denim look for dry skin."),
]


def contradictions(name: str, value: str, text: str) -> list[str]:
    facts = [
        {"id": "F1", "name": "title", "value": "Meadow Tee"},
        {"id": "F2", "name": "type", "value": "tee"},
        {"id": "F3", "name": name, "value": value},
    ]
    claims = [claim for s in check_grounding(text, facts).sentences for claim in s.claims]
    return [claim.text for claim in claims if claim.verdict == "contradicted" and claim.fact == "F3"]


@pytest.mark.parametrize(("care", "text"), AGAINST)
def test_care_that_the_facts_exclude_is_contradicted(care: str, text: str) -> None:
    assert contradictions("care", care, text)


@pytest.mark.parametrize(("care", "text"), BESIDE)
def test_care_beside_the_facts_is_no_contradiction(care: str, text: str) -> None:
    assert not contradictions("care", care, text)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("washing", "by hand", "Machine wash."),
        ("wash", "machine", "Hand wash only."),
        ("machine_washable", "yes", "Dry clean only."),
        ("dry_clean", "yes", "Machine wash."),
        ("drying", "flat", "Tumble dry."),
        ("tumble_dry", "no", "Tumble dry low."),
        ("ironing", "no", "Iron on low."),
        ("bleach", "no", "Bleach when needed."),
        ("wash", "cold", "Wash at 60 °C."),
        ("origin", "Portugal", "Our tees are made in Italy."),
        ("country_of_origin", "Portuguese", "Made in the USA."),
        ("lining", "none", "The lining is silk."),
        ("lining", "No", "Lined with silk."),
    ],
)
def test_what_a_fact_says_with_its_name_counts(name: str, value: str, text: str) -> None:
    assert contradictions(name, value, text)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("machine_washable", "yes", "Machine wash."),
        ("origin", "Portugal", "Designed in Italy, made in Portugal."),
        ("origin", "Portugal", "Made in Europe."),
        ("origin", "Italian", "Made in Italy."),
        ("region", "Tuscany", "Made in Italy."),
        ("lining", "none", "It has no lining."),
        ("lining", "none", "The pocket lining is mesh."),
        ("lining", "none", "Line dry."),
    ],
)
def test_what_a_fact_leaves_open_stays_open(name: str, value: str, text: str) -> None:
    assert not contradictions(name, value, text)


@pytest.mark.parametrize("text", ["Iron on the reverse side.", "Keep away from the dryer.", "Do not iron."])
@pytest.mark.parametrize("care", ["hand wash", "store in a dry place"])
def test_an_iron_in_a_guide_is_not_taken_for_goods(care: str, text: str) -> None:
    facts = [{"name": "type", "value": "sweater"}, {"name": "care", "value": care}]
    claims = [claim for s in check_grounding(text, facts).sentences for claim in s.claims]
    assert {claim.verdict for claim in claims} == {"unsupported"}


def test_facts_that_differ_among_themselves_exclude_neither() -> None:
    facts = [
        {"id": "F1", "name": "care", "value": "machine wash"},
        {
            "id": "F2",
            "name": "description",
            "value": "We wash it by hand, as one does with fine knits at home.",
        },
    ]
    report = check_grounding("Machine wash. Wash by hand.", facts)
    assert {s.verdict for s in report.sentences} == {"supported"}


_WORD_TEXT = "do not wash washed machine or hand dry clean tumble flat iron on low bleach only the at 30 °C 40° max . , ; dishwasher lining"
WORDS = _WORD_TEXT.split()


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=60))
def test_anything_can_be_read(text: str) -> None:
    read = terms(text)
    found = read_care(text, read, negations(read), "wash")
    for said in (*found.methods, *found.heats):
        assert 0 <= said.first <= said.last < len(read)
    assert all(heat.lowest <= heat.highest for heat in found.heats)


@given(st.sampled_from([care for care, _ in AGAINST]))
def test_what_a_text_says_never_contradicts_itself(care: str) -> None:
    assert not contradictions("care", care, f"{care}.")
