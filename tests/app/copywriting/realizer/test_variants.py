"""Eight variants of a product with few facts are eight texts."""

from collections.abc import Callable
from typing import Any

import pytest

from app.copywriting.copy import VOICES, Brief
from app.copywriting.realizer.realize import realize

Make = Callable[..., Brief]
VARIANT = {"source": "variant:x"}
SHORT: dict[str, tuple[tuple[Any, ...], ...]] = {
    "tee": (
        ("title", "Logo Tee"),
        ("brand", "Acme"),
        ("type", "tee"),
        ("material", "Cotton"),
        ("color", ("Red", "Blue"), VARIANT),
    ),
    "named tee": (
        ("title", "Juno Tee"),
        ("brand", "Acme"),
        ("type", "tee"),
        ("material", "Cotton"),
        ("color", ("Red", "Blue"), VARIANT),
    ),
    "knife": (
        ("title", "Tarn Paring Knife"),
        ("type", "knife"),
        ("blade_material", "Steel"),
        ("length", "20", "cm"),
        ("weight", "90", "g"),
    ),
    "mug": (("title", "Blue Mug"), ("type", "mug"), ("material", "Stoneware"), ("capacity", "300", "ml"), ("origin", "Portugal")),
    "banner": (("title", "Trade Show Banner"), ("brand", "Acme"), ("type", "banner")),
    "lights": (
        ("title", "Party Lights"),
        ("brand", "Acme"),
        ("type", "string lights"),
        ("power_source", "USB"),
        ("cable_length", "10", "m"),
        ("bulb_base", "LED"),
    ),
    "crackers": (
        ("title", "Olive & Thyme Crackers"),
        ("type", "crackers"),
        ("ingredients", ("Wheat flour", "Olive oil", "Thyme")),
        ("weight", "150", "g"),
        ("vegan", "yes"),
        ("origin", "Italy"),
    ),
    "soap": (("title", "Fen Soap"), ("type", "soap"), ("scent", "Neroli"), ("weight", "100", "g"), ("vegan", "yes")),
}  # fmt: skip


@pytest.mark.parametrize("product", SHORT)
@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("sku", ["A", "B", "C"])
def test_eight_variants_of_few_facts_are_eight_texts(brief: Make, product: str, voice: str, sku: str) -> None:
    texts = {
        realize(
            brief(*SHORT[product], voice=voice, variant=variant, sku=sku, fields=("description_html",))
        ).fields["description_html"]
        for variant in range(8)
    }
    assert len(texts) == 8, texts
