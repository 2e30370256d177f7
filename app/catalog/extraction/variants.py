"""Sums up what the variants differ in: one fact for each option, its values in the shop's order."""

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.values import clean
from app.catalog.product import Variant
from retrieval.attributes import is_technical, normalise_name

_NO_CHOICE = frozenset({"default title", "default", "title"})


def variant_facts(variants: tuple[Variant, ...]) -> list[Found]:
    """Give a fact for each option of the variants: the sizes, the colours, whatever else the shop lets choose."""
    values: dict[str, dict[str, str]] = {}
    labels: dict[str, str] = {}
    for variant in variants:
        for option, value in variant.options.items():
            seen = values.get(option)
            if seen is None:
                seen = values[option] = {}
                labels[option] = option
            if value not in seen:
                seen[value] = clean(value)
    facts: list[Found] = []
    for option, seen in values.items():
        name = normalise_name(option)
        told = tuple(dict.fromkeys(text for text in seen.values() if text and text.lower() not in _NO_CHOICE))
        if not told or not name or is_technical(option):
            continue
        choices = told if len(told) > 1 else told[0]
        facts.append(
            found(
                f"variant:{name}",
                name,
                choices,
                f"variant:{name}",
                label=labels[option],
                original=" | ".join(seen),
            )
        )
    return facts
