"""Facts and briefs for the template writer's tests."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.copywriting.copy import Brief, Subject
from retrieval.facts import Fact

Row = tuple[Any, ...]
CLAIM: Mapping[str, Any] = {"trust": "merchant_claim", "source": "description:1"}


def make_facts(*rows: Row) -> tuple[Fact, ...]:
    """Facts from rows: name, value, and then a unit (text) or other fields of the fact (a map)."""
    made = []
    for number, (name, value, *rest) in enumerate(rows, start=1):
        options: dict[str, Any] = {"source": f"attribute:{name}", "label": name}
        for extra in rest:
            options |= {"unit": extra} if isinstance(extra, str) else extra
        shown = ", ".join(value) if isinstance(value, tuple) else value
        made.append(Fact(id=f"F{number}", name=name, value=value, text=f"{name}: {shown}", **options))
    return tuple(made)


@pytest.fixture
def facts() -> Callable[..., tuple[Fact, ...]]:
    return make_facts


@pytest.fixture
def brief() -> Callable[..., Brief]:
    def make(*rows: Row, **options: Any) -> Brief:
        made = make_facts(*rows)
        title = next((fact.values[0] for fact in made if fact.name == "title"), "Thing")
        brand = next((fact.values[0] for fact in made if fact.name == "brand"), None)
        sku = options.pop("sku", "SKU-1")
        return Brief(Subject(sku, title, brand), made, template_hash="t", **options)

    return make


@pytest.fixture
def hoodie() -> tuple[Row, ...]:
    variant = {"source": "variant:x"}
    return (
        ("title", "Bruno Compete Hoodie"),
        ("type", "hoodie"),
        ("material", "Organic Cotton"),
        ("pattern", "Solid"),
        ("climate", ("All-weather", "Cool", "Indoor", "Spring", "Windy")),
        ("hood", "Adjustable drawstring"),
        ("closure", "Full zip"),
        ("feature", "Ribbed cuffs and waistband", CLAIM),
        ("feature", "Kangaroo pocket", CLAIM),
        ("care", "Machine wash/dry", CLAIM),
        ("feature", "Water-repellent exterior", CLAIM),
        ("feature", "Wicks moisture", CLAIM),
        ("size", ("XS", "S", "M", "L", "XL"), variant),
        ("color", ("Black", "Blue", "Green"), variant),
    )


@pytest.fixture
def laptop() -> tuple[Row, ...]:
    return (
        ("title", "Satellite Ares 93"),
        ("brand", "Toshiba"),
        ("type", "laptop"),
        ("memory", "4", "GB"),
        ("storage", "500", "GB"),
        ("battery_rating", "exceptional"),
        ("drive_range", "medium"),
        ("is_for_business_computing", "false"),
        ("operating_system", "Windows 8.1"),
        ("weight", "2.3", "kg"),
        ("hdmi_ports", "2"),
        ("has_usb_port", "no"),
        ("touchscreen", "yes"),
    )
