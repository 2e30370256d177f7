"""A statement contradicts a product only by the same property of the same thing."""

import pytest

from app.copywriting.contradictions import contradicted
from evaluators.grounding.index import FactIndex
from retrieval.facts import Fact
from tests.builders import a_fact

OWN = FactIndex(
    (
        a_fact("F1", "title", "Alder Armchair"),
        a_fact("F2", "type", "armchair"),
        a_fact("F3", "material", "beech"),
        a_fact("F4", "age", "from 6 years"),
        a_fact("F5", "features", ("water resistant for 80 minutes", "two-speed rocker")),
        a_fact("F6", "warranty", "3 years"),
        a_fact("F7", "cover_care", "machine wash at 30 °C"),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "Vacuum with a soft brush.",
        "Plug the charger into a socket.",
        "Never clean an armchair with a high-pressure washer.",
        "Clean with a washer-safe cloth.",
        "Wipe with a cotton cloth.",
        "Allow 24 hours to cure.",
        "If you are between two sizes, choose the larger one.",
        "It takes about 30 minutes to assemble.",
        "Open tins keep for 12 months.",
        "Oil the legs every 18 months.",
    ],
)
def test_what_speaks_of_another_property_contradicts_nothing(text: str) -> None:
    assert contradicted(Fact("D1.1", "care", text, text, "document:D1#1", "document"), OWN) is None


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("Made of solid oak.", "F3"),
        ("Suitable for children from 3 years.", "F4"),
        ("Every armchair comes with a ten-year guarantee.", "F6"),
        ("Wash covers at 60 °C.", "F7"),
    ],
)
def test_what_says_other_of_the_same_does(text: str, against: str) -> None:
    claim = contradicted(Fact("D1.1", "care", text, text, "document:D1#1", "document"), OWN)
    assert claim is not None
    assert claim.fact == against
