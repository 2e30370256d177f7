"""What a list item says of fit is the fit; what serves it is a part."""

from app.catalog.facts import facts_of
from app.catalog.product import Product


def test_a_part_that_serves_the_fit_is_no_fit() -> None:
    facts = facts_of(
        Product("A", "Inez Jacket", "<ul><li>Thumbholes for comfortable fit.</li><li>Relaxed fit.</li></ul>")
    ).facts
    assert [fact.value for fact in facts if fact.name == "fit"] == ["Relaxed"]
