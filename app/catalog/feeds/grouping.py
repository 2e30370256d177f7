"""Rows that share a parent become one product with variants."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.flat import Entry
from app.catalog.product import AttributeValue, Product, Variant

_LONGEST_OPTION = 40
_JOINTS = " \t-–—|/,;:("


def grouped(sku: str, parent: Entry | None, members: Sequence[Entry]) -> Product:
    """The product `sku` of its own row, if the feed has one, and the rows of its variants.

    What is the same in all members belongs to the product. What differs and is known to tell variants apart
    (size, colour, …) becomes options, other differing attributes a list of their values. The title of a group
    without a row of its own is what the titles of its members begin with.
    """
    products = [member.product for member in members]
    options = _options(products)
    first = parent.product if parent else products[0]
    priced = [p for p in products if p.price is not None]
    cheapest = min(priced, key=selling_price) if priced else first
    quantities = [p.quantity for p in products if p.quantity is not None]
    images = dict.fromkeys(
        image for p in ([parent.product] if parent else []) + products for image in p.images
    )
    return replace(
        first,
        sku=sku,
        title=first.title if parent else _common_title(products, options),
        description=next((p.description for p in (first, *products) if p.description), ""),
        brand=first.brand or next((p.brand for p in products if p.brand), None),
        category=first.category or next((p.category for p in products if p.category), ()),
        price=first.price if parent and first.price else cheapest.price,
        sale_price=first.sale_price if parent and first.price else cheapest.sale_price,
        sale_from=first.sale_from if parent and first.price else cheapest.sale_from,
        sale_until=first.sale_until if parent and first.price else cheapest.sale_until,
        availability=_availability(products) or first.availability,
        quantity=sum(quantities) if quantities else first.quantity,
        gtin=parent.product.gtin if parent else None,
        images=tuple(images),
        attributes=_attributes(parent, products, options),
        variants=tuple(_variant(p, options) for p in products),
        status="active" if any(p.status == "active" for p in products) else "discontinued",
    )


def _variant(product: Product, options: Sequence[str]) -> Variant:
    values = {name: product.attributes[name] for name in options if name in product.attributes}
    return Variant(
        sku=product.sku,
        options={name: v if isinstance(v, str) else "/".join(v) for name, v in values.items()},
        price=product.price,
        gtin=product.gtin,
        quantity=product.quantity,
        image=product.images[0].url if product.images else None,
    )


def _options(products: Sequence[Product]) -> tuple[str, ...]:
    """The attributes that tell the members apart, in the order of the feed."""
    names = dict.fromkeys(name for p in products for name in p.attributes)
    known = [name for name in names if fold(name) in vocabulary().options]
    if len(products) == 1:
        return tuple(known)
    differing = [name for name in names if len({p.attributes.get(name) for p in products}) > 1]
    # What only some members have is no statement about the product: it stays with them.
    partial = [
        n for n in differing if any(n not in p.attributes for p in products) and _is_short(n, products)
    ]
    chosen = [name for name in differing if name in known or name in partial]
    return tuple(chosen or [name for name in differing if _is_short(name, products)][:3])


def _is_short(name: str, products: Sequence[Product]) -> bool:
    values = (p.attributes.get(name, "") for p in products)
    return all(isinstance(value, str) and len(value) <= _LONGEST_OPTION for value in values)


def _attributes(
    parent: Entry | None, products: Sequence[Product], options: Sequence[str]
) -> dict[str, AttributeValue]:
    merged: dict[str, AttributeValue] = {}
    for product in products:
        for name, value in product.attributes.items():
            if name in options:
                continue
            held = merged.get(name, ())
            values = (held if isinstance(held, tuple) else (held,)) + (
                value if isinstance(value, tuple) else (value,)
            )
            unique = tuple(dict.fromkeys(values))
            merged[name] = unique[0] if len(unique) == 1 else unique
    own = parent.product.attributes if parent else {}
    return {**merged, **{name: value for name, value in own.items() if name not in options}}


def _common_title(products: Sequence[Product], options: Sequence[str]) -> str:
    titles = [p.title for p in products]
    if len(set(titles)) > 1:
        words = [title.split() for title in titles]
        common = 0
        while all(len(w) > common and w[common] == words[0][common] for w in words):
            common += 1
        if shared := " ".join(words[0][:common]).rstrip(_JOINTS):
            return shared
        return titles[0]
    title = titles[0]
    for name in reversed(options):
        value = products[0].attributes.get(name)
        # A lone member still names its variant at the end ("Tee - Red"); the product is the Tee.
        if (
            len(products) == 1
            and isinstance(value, str)
            and title.casefold().rstrip(")").endswith(value.casefold())
        ):
            cut = title.rstrip(")")[: -len(value)].rstrip()
            if cut and cut[-1] in _JOINTS:
                title = cut.rstrip(_JOINTS)
    return title


def selling_price(product: Product) -> Decimal:
    """What the product sells for: its reduced price, if it has one; 0 without any price."""
    price = product.sale_price or product.price
    return price.amount if price else Decimal(0)


def _availability(products: Sequence[Product]) -> str | None:
    said = [p.availability for p in products if p.availability]
    return next((a for a in ("in_stock", "preorder", "backorder", "out_of_stock") if a in said), None)
