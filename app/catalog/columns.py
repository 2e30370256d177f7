"""A product as the row that is stored: what is kept whole, and what is searched and sorted by."""

from collections.abc import Sequence

from app.catalog.product import Product
from app.catalog.text import fold, without_nul


def searchable(product: Product) -> dict[str, str | None]:
    """The columns that lists are filtered and shown by."""
    category = category_text(product.category)
    return {
        "sku": product.sku,
        "status": product.status,
        "title": without_nul(product.title),
        "brand": None if product.brand is None else without_nul(product.brand),
        "category": category,
        "brand_key": fold(product.brand or ""),
        "category_key": fold(category),
        "search": search_text(product),
        "locales": locales_text(product),
    }


def search_text(product: Product) -> str:
    """What `q` looks through: SKU, variants' SKUs, title, brand."""
    text = f"{product.sku} {product.title} {product.brand or ''}"
    if product.variants:
        text = f"{text} {' '.join([variant.sku for variant in product.variants])}"
    return fold(text)


def category_text(path: Sequence[str]) -> str:
    """A category path for people: "Men > Tops"."""
    return without_nul(" > ".join(path))


def locales_text(product: Product) -> str:
    """The locales a product speaks, between blanks; " * " where the shop does not say which its own is."""
    if not product.localized and product.locale is None:
        return " * "
    return f" {' '.join([(product.locale or '*').lower(), *(name.lower() for name in product.localized)])} "
