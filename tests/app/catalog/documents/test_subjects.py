"""Statements about other goods, other materials and parts that a product has not are nothing for it."""

import pytest

from app.catalog.documents.applicability import applicable
from retrieval.facts import Fact
from tests.builders import a_fact

MOWER = (
    a_fact("F1", "title", "Fernweh Meadow Cordless Mower"),
    a_fact("F2", "brand", "Fernweh"),
    a_fact("F3", "type", "mower"),
    a_fact("F4", "category", ("Garden", "Power Tools", "Mowers")),
    a_fact("F5", "features", ("40 cm blade", "grass box")),
)
KAYAK = (
    a_fact("F1", "title", "Tarn Folding Kayak"),
    a_fact("F2", "type", "kayak"),
    a_fact("F3", "category", ("Sport", "Boats")),
    a_fact("F4", "material", "oak"),
    a_fact("F5", "features", ("removable seat cover", "hull with two zips", "without rudder")),
)
BELL = (a_fact("F1", "title", "Brass Bell"), a_fact("F2", "category", ("Sport", "Bicycles", "Accessories")))
BIKE = (
    a_fact("F1", "title", "Alder City Bike"),
    a_fact("F2", "category", ("Sport", "Bicycles", "City Bikes")),
    a_fact("F3", "features", ("enclosed chain",)),
)


@pytest.mark.parametrize(
    ("text", "product", "applies"),
    [
        ("Store the battery at 10 to 20 °C.", MOWER, True),
        ("Store the battery at 10 to 20 °C.", KAYAK, False),
        ("Store the battery at 10 to 20 °C and charge it to 60 %.", BIKE, False),
        ("Plug the charger into a socket.", KAYAK, False),
        ("Lubricate the chain every 200 km.", BIKE, True),
        ("Lubricate the chain every 200 km.", BELL, False),
        ("Check the tyre pressure once a week.", BIKE, True),
        ("Check the tyre pressure once a week.", BELL, False),
        ("Never clean an e-bike with a hose.", BIKE, False),
        ("Never clean a bike with a hose.", BIKE, True),
        ("Sharpen the blade every spring.", MOWER, True),
        ("Seat covers may be washed at 40 °C.", KAYAK, True),
        ("Sofa covers may be washed at 40 °C.", KAYAK, False),
        ("Close zips and buttons before washing.", KAYAK, False),
        ("Close zips or buttons before washing.", KAYAK, True),
        ("Close every zip and button before washing.", BELL, True),
        ("Do not iron a print.", BELL, True),
        ("Oil oak surfaces twice a year.", KAYAK, True),
        ("Oil teak surfaces twice a year.", KAYAK, False),
        ("Let teak weather to a silver grey.", KAYAK, False),
        ("Wipe the kayak with a soft cotton cloth.", KAYAK, True),
        ("Wipe with a brush and rinse.", KAYAK, True),
        ("Dry flat, away from direct sunlight.", KAYAK, True),
        ("Hand wash only.", KAYAK, True),
        ("Chairs arrive assembled.", KAYAK, False),
        ("Every kayak comes with a ten-year guarantee.", KAYAK, True),
        ("Every chair comes with a ten-year guarantee.", KAYAK, False),
        ("The guarantee covers material and workmanship.", KAYAK, True),
        ("Frames carry a ten-year guarantee.", KAYAK, False),
        ("Frames carry a ten-year guarantee.", BIKE, True),
        ("Power tools come with a five-year warranty.", MOWER, True),
        ("Hand tools are guaranteed for life.", MOWER, False),
        ("Fernweh products are tested in the Alps.", MOWER, True),
        ("Fernweh products are tested in the Alps.", KAYAK, False),
        ("Do not use fabric softener on rain jackets.", KAYAK, False),
        ("Vacuum sofas with a soft brush.", KAYAK, False),
        ("Kayak; Care: Rinse with fresh water", KAYAK, True),
        ("Hammer; Care: Keep the handle dry", KAYAK, False),
    ],
)
def test_what_a_sentence_speaks_of(text: str, product: tuple[Fact, ...], applies: bool) -> None:
    fact = Fact("D1.1", "care", text, text, "document:D1#1", "document", label="Guide")
    assert bool(applicable([fact], product)) is applies
