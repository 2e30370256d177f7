"""What the product is: title, brand, type, category."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.types import (
    as_type,
    is_work,
    noun_in_title,
    type_of_leaf,
    unlisted_type,
    work_on_shelf,
)
from app.catalog.extraction.values import clean
from app.catalog.extraction.vocabulary import tokens
from app.catalog.product import AttributeValue, Product
from retrieval.attributes import own_name, read_name


def identity_facts(product: Product) -> list[Found]:
    """Give the identity facts of a product, those that it has."""
    title = clean(product.title)
    facts = [found("title", "title", title, "title", original=product.title)] if title else []
    brand = brand_of(product)
    if brand:
        facts.append(_brand(*brand))
    kind = type_of(product, title)
    if kind:
        facts.append(_type(*kind))
    shelf = _category(product.category) if product.category else None
    if shelf:
        facts.append(shelf)
    return facts


# Products share makers, types and shelves.
@lru_cache(maxsize=4096)
def _brand(brand: str, source: str) -> Found:
    return found("brand", "brand", brand, source, original=brand)


@lru_cache(maxsize=8192)
def _type(noun: str, source: str, words: str) -> Found:
    return found("type", "type", noun, source, original=words)


@lru_cache(maxsize=4096)
def _category(shelves: tuple[str, ...]) -> Found | None:
    path = tuple(clean(part) for part in shelves if part.strip())
    return (
        found("category", "category", path, "category", text=f"Category: {' > '.join(path)}")
        if path
        else None
    )


def brand_of(product: Product) -> tuple[str, str] | None:
    """The brand and its source: the product's own, else an attribute's of that family."""
    if product.brand and (brand := clean(product.brand)):
        return brand, "brand"
    for name in _columns_of("brand", product.attributes):
        value = product.attributes[name]
        if isinstance(value, str) and clean(value):
            return clean(value), f"attribute:{name}"
    return None


_Role = Literal["brand", "type", "isbn"]


def _columns_of(role: _Role, attributes: Iterable[str]) -> list[str]:
    """The columns that tell what a product is."""
    return [name for name in attributes if _role(name) == role]


@lru_cache(maxsize=16384)
def _role(name: str) -> _Role | None:
    told = read_name(name).name
    if told in ("brand", "type"):
        return "brand" if told == "brand" else "type"
    return "isbn" if own_name(name) == "isbn" else None


def type_of(product: Product, title: str) -> tuple[str, str, str] | None:
    """The type noun, its source and the words it was read from.

    A type column counts if its value is a noun for a thing ("Original" is none), unless the title makes another thing
    of that noun ("keyboard" and "Keyboard cover"). Then the shelf, if it holds works (a title such as "The Salt Roads"
    names no thing), a noun of the type column that no list has ("Poultry"), the title's noun, the category leaf: the
    deepest shelf that names a thing. A title's noun that may only tell the sort of what follows ("drum sticks") names
    nothing. A column that is just called "type" holds grades and forms as well: an unlisted
    word there gives way to a title that ends in a noun.
    """
    columns = {name: role for name in product.attributes if (role := _role(name)) in ("type", "isbn")}
    stated = _stated_type(product.attributes) if columns else None
    found = noun_in_title(_without_brand(title, product.brand)) if title else None
    noun = found.noun if found else None
    if stated:
        return (noun, "type", title) if noun and _is_more(noun, stated[0], title) else stated
    work = work_on_shelf(product.category)
    if work is None and "isbn" in columns.values():
        work = "book"
    if work and not (noun and is_work(noun)):  # "Sunday Roast Cookbook" says it by itself
        return work, "type", product.category[-1] if product.category else title
    sure = found is not None and found.sure
    own = _unlisted_type(product.attributes, sure=sure) if columns else None
    if own:
        return own
    if noun and not (found and found.modifies):
        return noun, "type", title
    for leaf in reversed(product.category):
        noun = type_of_leaf(clean(leaf), title)
        if noun:
            return noun, "type", leaf
    return None


def _is_more(noun: str, stated: str, title: str) -> bool:
    """Whether the title's noun is another thing made of the stated one: "keyboard cover", "ottoman and bench"."""
    if noun.endswith(f" and {stated}"):
        return True
    if noun.startswith(f"{stated} "):
        return True
    return f" {stated} {noun} " in f" {' '.join(tokens(title))} "


def _without_brand(title: str, brand: str | None) -> str:
    """A title without its maker's name, which may hold a noun ("Case Logic DCB-302"); "Hand" is not in "Handbag"."""
    if not brand:
        return title
    plain, maker = title.lower(), brand.lower()
    if plain.endswith(f" {maker}"):  # "Coffee machine Philips"
        return title[: -len(brand)].rstrip()
    if not plain.startswith(maker):
        return title
    rest = title[len(brand) :]
    return title if rest[:1].isalnum() else rest


def _stated_type(attributes: Mapping[str, AttributeValue]) -> tuple[str, str, str] | None:
    for name in _columns_of("type", attributes):
        value = attributes[name]
        if isinstance(value, str):
            noun = as_type(clean(value))
            if noun:
                return noun, f"attribute:{name}", value
    return None


def _unlisted_type(attributes: Mapping[str, AttributeValue], *, sure: bool) -> tuple[str, str, str] | None:
    """The column's own noun; where the title's is `sure`, only that of a column which says that it holds product types.

    A "device type" is as often that of the device which the product is for.
    """
    for name in _columns_of("type", attributes):
        value = attributes[name]
        says_so = own_name(name) in _TYPE_COLUMNS
        if isinstance(value, str) and (says_so or (not sure and own_name(name) in _BARE_COLUMNS)):
            noun = unlisted_type(clean(value))
            if noun:
                return noun, f"attribute:{name}", value
    return None


_BARE_COLUMNS = frozenset({"type", "tipo", "soort", "typ"})
_TYPE_COLUMNS = frozenset(
    {"product_type", "producttype", "item_type", "item_type_name", "article_type", "garment_type", "apparel_type", "produkttyp", "produktart", "artikelart", "type_de_produit", "tipo_di_prodotto", "tipo_prodotto", "tipo_de_producto", "productsoort"}
)  # fmt: skip
