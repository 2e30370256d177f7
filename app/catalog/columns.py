"""A product as the row that is stored: what is kept whole, and what is searched and sorted by."""

from functools import lru_cache

from app.catalog.product import Product
from app.catalog.text import fold, without_nul


def searchable(product: Product) -> dict[str, str | None]:
    """The columns that lists are filtered and shown by."""
    brand, brand_key = _brand(product.brand)
    category, category_key = _shelf(product.category)
    return {
        "sku": product.sku,
        "status": product.status,
        "title": without_nul(product.title),
        "brand": brand,
        "category": category,
        "brand_key": brand_key,
        "category_key": category_key,
        "search": search_text(product),
        "locales": locales_text(product),
    }


def search_text(product: Product) -> str:
    """What `q` looks through: SKU, variants' SKUs, title, brand."""
    text = f"{product.sku} {product.title} {product.brand or ''}"
    if product.variants:
        text = f"{text} {' '.join([variant.sku for variant in product.variants])}"
    return fold(text)


# Products share makers and shelves.
@lru_cache(maxsize=4096)
def _brand(brand: str | None) -> tuple[str | None, str]:
    """A brand, and how it is compared."""
    return None if brand is None else without_nul(brand), fold(brand or "")


@lru_cache(maxsize=4096)
def _shelf(path: tuple[str, ...]) -> tuple[str, str]:
    """A category path for people ("Men > Tops"), and how it is compared."""
    text = without_nul(" > ".join(path))
    return text, fold(text)


def locales_text(product: Product) -> str:
    """The locales a product speaks, between blanks; " * " where the shop does not say which its own is."""
    if not product.localized and product.locale is None:
        return " * "
    return f" {' '.join([(product.locale or '*').lower(), *(name.lower() for name in product.localized)])} "
