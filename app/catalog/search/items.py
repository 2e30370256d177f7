"""A product of the catalog as a search index sees it."""

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from app.catalog.product import AttributeValue, Product
from retrieval.attributes import is_technical, own_name, read_name
from retrieval.items import Item

# What a shopper types is a word or a number; a longer value is prose, of which the beginning tells what it is about.
LONGEST_VALUE = 300
LONGEST_DESCRIPTION = 5_000
_CODES = frozenset({
    "sku", "gtin", "gtin8", "gtin12", "gtin13", "gtin14", "ean", "ean13", "ean_code", "upc", "isbn", "isbn13", "barcode",
    "mpn", "part_number", "manufacturer_part_number", "model_number", "item_model_number",
})  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"(?:https?:)?//\S+$|\S+\.(?:jpe?g|png|gif|webp|svg|pdf|mp4)$", re.IGNORECASE)


def item_of(product: Product, kind: str, version: str) -> Item:
    """Give what is searched of a product. `kind`: the noun that its type fact says, "" where it has none."""
    return Item(
        key=product.sku,
        title=product.title,
        brand=product.brand or "",
        category=product.category,
        type=kind,
        description=plain_text(product.description)[:LONGEST_DESCRIPTION],
        attributes=tuple(_attributes(product)),
        codes=tuple(dict.fromkeys(_codes(product))),
        version=version,
    )


def plain_text(markup: str) -> str:
    """Give the words of a description: no tags, no entities, single blanks."""
    text = _TAG.sub(" ", markup) if "<" in markup else markup
    return " ".join((html.unescape(text) if "&" in text else text).split())


def _codes(product: Product) -> Iterator[str]:
    """SKU, the variants' SKUs, every GTIN, the manufacturer's part number."""
    yield product.sku
    if product.gtin:
        yield product.gtin
    for variant in product.variants:
        yield variant.sku
        if variant.gtin:
            yield variant.gtin
    for name, value in product.attributes.items():
        if _role(name) == "code":
            yield from filter(None, _values(value))


def _attributes(product: Product) -> Iterator[tuple[str, str]]:
    for name, value in product.attributes.items():
        if _role(name) == "shown" and (text := _value(value)):
            yield name, text
    for name, texts in _options(product).items():
        yield name, ", ".join(texts)[:LONGEST_VALUE]
    # A shop that speaks two languages is searched in both.
    for locale, words in product.localized.items():
        if words.title:
            yield f"title {locale}", words.title


def _options(product: Product) -> Mapping[str, Mapping[str, None]]:
    """What the variants differ in: name → the options, each once, in the shop's order."""
    found: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for name, option in variant.options.items():
            found.setdefault(name, {})[option] = None
    return found


def _values(value: AttributeValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _value(value: AttributeValue) -> str:
    shown = [plain_text(one) for one in _values(value) if not _ADDRESS.match(one)]
    return ", ".join(filter(None, shown))[:LONGEST_VALUE]


@lru_cache(maxsize=4096)
def _role(name: str) -> Literal["code", "shown", "hidden"]:
    """What a column is to search; catalogs share their columns."""
    if own_name(name) in _CODES:
        return "code"
    if is_technical(name) or read_name(name).name in {"title", "description"}:
        return "hidden"
    return "shown"
