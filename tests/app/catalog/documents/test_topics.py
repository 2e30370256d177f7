"""What statements are about, and which of them speak of a product."""

import pytest

from app.catalog.documents.applicability import applicable
from app.catalog.documents.topics import topic_of
from retrieval.facts import Fact
from tests.builders import a_fact


@pytest.mark.parametrize(
    ("heading", "text", "name"),
    [
        (("Guarantee",), "Seams hold.", "warranty"),
        (("Guide", "How to wash it"), "Cold water.", "care"),
        (("Care guide", "Bags"), "Wipe bags with a damp cloth.", "care"),
        (("Care guide", "Our story"), "The shop opened in 1987.", "our_story"),
        (("Size chart",), "Size: S; Chest: 88 cm", "size"),
        (("FAQ",), "The tee is washed at 30 °C.", "care"),
        ((), "The shop opened in 1987.", "statement"),
        (("Title",), "The shop opened in 1987.", "about_title"),
        (("Guide", "Oak"), "Oil oak surfaces twice a year.", "care"),
        (("Guide", "Materials"), "Vacuum upholstery with a soft brush.", "care"),
        (("Guide", "Sofas"), "Covers may be washed at 40 °C.", "care"),
        (("Guide", "Sofas"), "Let it weather or oil it every spring.", "care"),
        (("Guide",), "Store in a dry place.", "care"),
        (("Guide", "Assembly"), "Chairs arrive assembled.", "assembly"),
        (("Guide",), "Clean lines and slim legs.", "guide"),
        (("Guide",), "Store up to 64 GB of photos.", "guide"),
        (("Guide",), "The top is oiled by hand.", "guide"),
        (("Guide",), "Dust bags are included.", "guide"),
        (("Is the mug unbreakable?",), "The mug holds 0.3 litres.", "statement"),
        (("Price",), "The shop opened in 1987.", "price"),
    ],
)
def test_the_family_that_heading_or_words_tell(heading: tuple[str, ...], text: str, name: str) -> None:
    assert topic_of(heading, text) == name


TEE = (
    a_fact("F1", "title", "Meadow Tee"),
    a_fact("F2", "category", ("Clothing", "T-Shirts")),
    a_fact("F3", "material", ("organic cotton", "elastane")),
)


@pytest.mark.parametrize(
    ("label", "text", "applies"),
    [
        ("Guide", "Wash at 30 °C.", True),
        ("Guide > Cotton", "Wash at 60 °C.", True),
        ("Guide > Cotton and wool", "Wash at 30 °C.", True),
        ("Guide > Wool", "Wash at 30 °C.", False),
        ("Guide > T-shirts", "Wash at 30 °C.", True),
        ("Guide > Jackets and coats", "Wash at 30 °C.", False),
        ("Guide", "Wash wool by hand.", False),
        ("Guide", "Wash cotton at 60 °C.", True),
        ("Leather care", "Rub in a little wax.", False),
        ("", "Wash at 30 °C.", True),
    ],
)
def test_a_chapter_on_something_else_is_nothing_for_a_product(label: str, text: str, applies: bool) -> None:
    fact = Fact("D1.1", "care", text, text, "document:D1#1", "document", label=label)
    assert applicable([fact], TEE) == ((fact,) if applies else ())
