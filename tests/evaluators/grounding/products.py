"""The made-up products of `cases.yaml`."""

from pathlib import Path
from typing import Any

import yaml

from retrieval.facts import Fact

PRODUCTS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8")
)


def facts_of(product: dict[str, Any]) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for number, fact in enumerate(product["facts"], start=1):
        value = tuple(fact["value"]) if isinstance(fact["value"], list) else fact["value"]
        shown = ", ".join(value) if isinstance(value, tuple) else value
        text = fact.get("text") or f"{fact['name'].replace('_', ' ')}: {shown} {fact.get('unit', '')}".strip()
        found.append(
            Fact(
                f"F{number}", fact["name"], value, text, f"attribute:{fact['name']}",
                unit=fact.get("unit"), live=fact.get("live", False),
            )
        )  # fmt: skip
    return tuple(found)
