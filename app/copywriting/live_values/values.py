"""What fills the live slots of a product's texts at a moment, in the words and formats of a locale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_currency, format_decimal

from app.catalog.product import Money, Product

LOWEST_PRICE = "lowest_price_30_days"
"""The attribute with the lowest price of the 30 days before a reduction (an amount in the product's currency)."""
_AVAILABILITY: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "in_stock": "in stock",
            "out_of_stock": "out of stock",
            "preorder": "available to pre-order",
            "backorder": "on back order",
        }
    }
)


@dataclass(frozen=True, slots=True)
class SlotValues:
    """Slot → its text. `missing`: why the others have none; `no_discount`: why no sentence may speak of one, or None."""

    texts: Mapping[str, str]
    missing: Mapping[str, str]
    no_discount: str | None


def values_of(product: Product, locale: str, now: datetime) -> SlotValues:
    """The values of a product's slots at `now`."""
    try:
        spoken = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        why = f"nobody knows how {locale} writes it"
        return SlotValues({}, dict.fromkeys(("price", "sale_price", "availability", "stock"), why), why)
    texts: dict[str, str] = {}
    missing: dict[str, str] = {}
    if (price := _price(product, spoken)) is not None:
        texts["price"] = price
    else:
        missing["price"] = "the product has no price in a currency"
    why_none = _no_sale(product, now)
    if why_none is None and product.sale_price is not None:
        texts["sale_price"] = _money(product.sale_price, spoken)
    else:
        missing["sale_price"] = why_none or ""
    words = _AVAILABILITY.get(spoken.language, {}).get(product.availability or "")
    if words is not None:
        texts["availability"] = words
    else:
        missing["availability"] = "the product does not say whether it is available"
    quantity = _quantity(product)
    if quantity is not None and quantity >= 0:
        texts["stock"] = format_decimal(quantity, locale=spoken)
    else:
        missing["stock"] = "the product does not say how many there are"
    return SlotValues(texts, missing, why_none or _no_reference(product))


def _price(product: Product, locale: Locale) -> str | None:
    """Its price; of a product that has none of its own, the range of its variants'."""
    if product.price is not None:
        return _money(product.price, locale) if _known(product.price) else None
    prices = [variant.price for variant in product.variants if variant.price is not None]
    if not prices or not all(_known(price) for price in prices) or len({p.currency for p in prices}) > 1:
        return None
    low, high = (pick(prices, key=lambda price: price.amount) for pick in (min, max))
    if low.amount == high.amount:
        return _money(low, locale)
    return f"{_money(low, locale)}–{_money(high, locale)}"


def _no_sale(product: Product, now: datetime) -> str | None:
    """Why the product has no sale price now; None where it has one."""
    sale, price = product.sale_price, product.price
    if sale is None or not _known(sale):
        return "the product has no sale price in a currency"
    if product.sale_from is not None and now < _aware(product.sale_from):
        return "the sale has not begun"
    if product.sale_until is not None and now >= _aware(product.sale_until):
        return "the sale is over"
    if price is not None and price.currency == sale.currency and sale.amount >= price.amount:
        return "the sale price is no lower than the price"
    return None


def _no_reference(product: Product) -> str | None:
    """Why the price is none that a reduction may be compared with; None where it is one."""
    price, sale = product.price, product.sale_price
    if price is None or sale is None or price.currency != sale.currency:
        return "there is no single price in the same currency to compare the sale price with"
    lowest = _amount(product.attributes.get(LOWEST_PRICE))
    if lowest is not None and price.amount > lowest:
        return "the price is above the lowest of the 30 days before"
    return None


def _amount(value: object) -> Decimal | None:
    try:
        return Decimal(value.split()[0]) if isinstance(value, str) and value.strip() else None
    except InvalidOperation:
        return None


def _quantity(product: Product) -> int | None:
    if product.quantity is not None:
        return product.quantity
    counted = [variant.quantity for variant in product.variants if variant.quantity is not None]
    return sum(counted) if counted else None


def _known(money: Money) -> bool:
    """Whether it can be written as money: in a currency, and finite."""
    currency = money.currency or ""
    return len(currency) == 3 and currency.isalpha() and money.amount.is_finite()


def _money(money: Money, locale: Locale) -> str:
    return str(format_currency(money.amount, (money.currency or "").upper(), locale=locale))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
