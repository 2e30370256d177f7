"""Sums up what the variants differ in: one fact for each option, its values in the shop's order."""

from functools import lru_cache

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.values import clean
from app.catalog.product import Variant
from retrieval.attributes import is_technical, normalise_name

_NO_CHOICE = frozenset({"default title", "default", "title"})


def variant_facts(variants: tuple[Variant, ...]) -> list[Found]:
    """Give a fact for each option of the variants: the sizes, the colours, whatever else the shop lets choose."""
    values: dict[str, dict[str, None]] = {}
    for variant in variants:
        for option, value in variant.options.items():
            values.setdefault(option, {})[value] = None
    facts = (_option(option, tuple(seen)) for option, seen in values.items())
    return [fact for fact in facts if fact is not None]


@lru_cache(maxsize=8192)
def _option(option: str, values: tuple[str, ...]) -> Found | None:
    """The fact of one option. Cached: the products of a shop come in the same sizes."""
    name = normalise_name(option)
    cleaned = dict.fromkeys(map(clean, values))
    told = tuple(text for text in cleaned if text and text.lower() not in _NO_CHOICE)
    if not told or not name or is_technical(option):
        return None
    choices = told if len(told) > 1 else told[0]
    source = f"variant:{name}"
    return found(source, name, choices, source, label=option, original=" | ".join(values))
