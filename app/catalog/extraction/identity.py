"""What the product is: title, brand, type, category."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from app.catalog.extraction.found import Found, found
from app.catalog.extraction.types import as_type, is_work, type_in_title, type_of_leaf, work_on_shelf
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
    if product.brand and clean(product.brand):
        return clean(product.brand), "brand"
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
    names no thing), the title's head noun, the category leaf: the deepest shelf that names a thing.
    """
    stated = _stated_type(product.attributes)
    noun = type_in_title(_without_brand(title, product.brand)) if title else None
    if stated:
        return (noun, "type", title) if noun and _is_more(noun, stated[0], title) else stated
    work = work_on_shelf(product.category)
    if work is None and _columns_of("isbn", product.attributes):
        work = "book"
    if work and not (noun and is_work(noun)):  # "Sunday Roast Cookbook" says it by itself
        return work, "type", product.category[-1] if product.category else title
    if noun:
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
    """A title without its maker's name, which may hold a noun ("Case Logic DCB-302")."""
    return title[len(brand) :] if brand and title.lower().startswith(brand.lower()) else title


def _stated_type(attributes: Mapping[str, AttributeValue]) -> tuple[str, str, str] | None:
    for name in _columns_of("type", attributes):
        value = attributes[name]
        if isinstance(value, str):
            noun = as_type(clean(value))
            if noun:
                return noun, f"attribute:{name}", value
    return None
