"""What a configurable product of Magento takes from its simples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.product import AttributeValue, Product, Variant

_THEIR_OWN = frozenset({"other_category_path", "included_items", "availability", "status", "product type"})


@dataclass(frozen=True, slots=True)
class Shared:
    """The attributes of a product with those that all its simples share, and which of theirs it has no place for."""

    attributes: dict[str, AttributeValue]
    notes: tuple[str, ...]


def variant_of(simple: Product, options: Mapping[str, str]) -> Variant:
    """A simple as a variant; without options from its parent those attributes that tell variants apart are it."""
    return Variant(
        simple.sku,
        options
        or {
            n: v
            for n, v in simple.attributes.items()
            if fold(n) in vocabulary().options and isinstance(v, str)
        },
        price=simple.price,
        gtin=simple.gtin,
        quantity=simple.quantity,
        image=simple.images[0].url if simple.images else None,
    )


def shared_attributes(
    own: Mapping[str, AttributeValue], variants: Sequence[Variant], simples: Sequence[Product]
) -> Shared:
    """What every simple says alike is true of the product; where they differ, a list would be true of none of them.

    What the product says itself and what the variants are chosen by stays as it is.
    """
    attributes = dict(own)
    notes: list[str] = []
    chosen = {fold(name) for variant in variants for name in variant.options} | {
        fold(value) for variant in variants for value in variant.options.values()
    }
    names = dict.fromkeys(name for simple in simples for name in simple.attributes)
    for name in names:
        if name in own or name in _THEIR_OWN or fold(name) in chosen:
            continue
        values = [simple.attributes[name] for simple in simples if name in simple.attributes]
        if len(values) == len(simples) and all(value == values[0] for value in values):
            attributes[name] = values[0]
        elif not _tells_apart(values, variants):
            notes.append(f"{name} is not the same in all variants; kept in their source rows only")
    return Shared(attributes, tuple(notes))


def _tells_apart(values: Sequence[AttributeValue], variants: Sequence[Variant]) -> bool:
    """Whether these are the values of an option under another name ("color" that is labelled "Farbe")."""
    options = {fold(value) for variant in variants for value in variant.options.values()}
    return all(isinstance(value, str) and fold(value) in options for value in values)
