"""What changes by the hour: price, sale price, availability, quantity. Live facts are never frozen into text."""

from functools import lru_cache

from app.catalog.extraction.found import Found, found
from app.catalog.product import Money, Product


def live_facts(product: Product) -> list[Found]:
    """Give the live facts of a product; where it has no price of its own, the range of its variants' prices."""
    facts: list[Found] = []
    if product.price:
        facts.append(_money("price", product.price))
    else:
        facts.extend(_price_range(product))
    if product.sale_price:
        facts.append(_money("sale_price", product.sale_price))
    if product.sale_price and (product.sale_from or product.sale_until):
        start = product.sale_from.isoformat() if product.sale_from else ""
        end = product.sale_until.isoformat() if product.sale_until else ""
        facts.append(_state("sale_period", f"{start}/{end}"))
    if product.availability:
        said = product.availability
        facts.append(_state("availability", said.replace("_", " "), said))
    quantity = product.quantity
    if quantity is None and product.variants:
        counted = [variant.quantity for variant in product.variants if variant.quantity is not None]
        quantity = sum(counted) if counted else None
    if quantity is not None:
        facts.append(_state("quantity", str(quantity)))
    return facts


def _money(name: str, money: Money) -> Found:
    return _amount(name, f"{money.amount:f}", money.currency)


@lru_cache(maxsize=8192)
def _amount(name: str, amount: str, currency: str | None) -> Found:
    return found(f"live:{name}", name, amount, f"attribute:{name}", unit=currency, live=True)


@lru_cache(maxsize=4096)
def _state(name: str, value: str, original: str = "") -> Found:
    return found(f"live:{name}", name, value, f"attribute:{name}", live=True, original=original)


def _price_range(product: Product) -> list[Found]:
    prices = [variant.price for variant in product.variants if variant.price]
    if not prices or len({price.currency for price in prices}) > 1:
        return []
    low, high = min(p.amount for p in prices), max(p.amount for p in prices)
    value = f"{low:f}" if low == high else f"{low:f}–{high:f}"
    return [_amount("price", value, prices[0].currency)]
