"""Products as values: what every feed is read into and every fact is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from retrieval.quick_values import quick

AttributeValue = str | tuple[str, ...]
Status = Literal["active", "discontinued"]


@quick
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217); `currency` is None where the feed does not say."""

    amount: Decimal
    currency: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Image:
    """An image by address, with the alternative text the shop gave it ("" where none)."""

    url: str
    alt: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Variant:
    """One sellable version of a product. `options` keeps the shop's order ({"size": "XS", "color": "Black"})."""

    sku: str
    options: Mapping[str, str] = field(default_factory=dict)
    price: Money | None = None
    gtin: str | None = None
    quantity: int | None = None
    image: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A product's words in another locale; None: that locale does not say."""

    title: str | None = None
    description: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    url: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Product:
    """A product with its variants grouped under it.

    `title` is plain text (no markup, no entities). `description` is the merchant's text as sanitised HTML.
    `attributes` holds every column that is nothing else: the shop's own name → one value, or a list as a tuple.
    """

    sku: str
    title: str
    description: str = ""
    brand: str | None = None
    category: tuple[str, ...] = ()
    price: Money | None = None
    sale_price: Money | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    availability: str | None = None  # in_stock | out_of_stock | preorder | backorder
    quantity: int | None = None
    gtin: str | None = None
    images: tuple[Image, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    url: str | None = None
    locale: str | None = None
    localized: Mapping[str, LocalizedText] = field(default_factory=dict)
    status: Status = "active"
