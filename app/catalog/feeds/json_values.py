"""Values of JSON read as the cells of a feed: numbers and booleans become text, money and variants take their forms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.catalog.feeds import text
from app.catalog.feeds.columns import locale_tag
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import read, sku_of
from app.catalog.feeds.gtin import parse_gtin
from app.catalog.feeds.prices import parse_price
from app.catalog.feeds.stock import parse_quantity
from app.catalog.product import AttributeValue, LocalizedText, Money, Variant

_DEEPEST = 5


def as_text(value: Any) -> str:
    """A scalar as text: 320.0 is "320", true is "true", null is ""; of a list or object there is no text: ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        number = format(Decimal(repr(value)), "f")
        return number.removesuffix(".0")
    return ""


def attributes_in(name: str, value: Any, depth: int = 0) -> list[tuple[str, AttributeValue]]:
    """The attributes that a value makes: a list of scalars stays a list, an object becomes "name key" each."""
    if isinstance(value, Mapping):
        if depth >= _DEEPEST:
            raise RowError(f"{name!r} is nested deeper than {_DEEPEST} levels")
        return [
            pair for key, inner in value.items() for pair in attributes_in(f"{name} {key}", inner, depth + 1)
        ]
    if isinstance(value, list):
        scalars = tuple(item for item in map(as_text, value) if item)
        nested = [item for item in value if isinstance(item, Mapping | list)]
        named = [pair for item in nested for pair in _named(name, item, depth)]
        return ([(name, scalars)] if scalars else []) + named
    return [(name, as_text(value))] if value is not None else []


def _named(name: str, item: Any, depth: int) -> list[tuple[str, AttributeValue]]:
    """`{"name": "Color", "value": "Red"}` in a list is the attribute Color."""
    if isinstance(item, Mapping):
        label = as_text(item.get("name") or item.get("key") or item.get("label"))
        if label and "value" in item:
            return attributes_in(label, item["value"], depth + 1)
        return attributes_in(name, item, depth)
    return attributes_in(name, item, depth + 1) if depth < _DEEPEST else []


def money_in(value: Any, notes: list[str]) -> Money | None:
    """`{"amount": "19.99", "currency": "EUR"}`, a number, or text as in a table's cell. Raises `RowError`."""
    if isinstance(value, Mapping):
        currency = as_text(value.get("currency") or value.get("currencyCode")).strip().upper() or None
        return read(
            lambda: parse_price(as_text(value.get("amount", value.get("value"))), currency, "."), notes
        )
    return read(lambda: parse_price(as_text(value), None, "."), notes)


def variants_in(value: Any, notes: list[str]) -> tuple[Variant, ...]:
    """The `variants` of the project's form. Raises `RowError` for one without a SKU or a SKU that comes twice."""
    if not isinstance(value, list):
        raise RowError("variants is not a list")
    found: dict[str, Variant] = {}
    for item in value:
        if not isinstance(item, Mapping):
            raise RowError("a variant is not an object")
        sku = sku_of(as_text(item.get("sku")))
        if sku in found:
            raise RowError(f"variant {sku!r} is there twice")
        options = item.get("options") if isinstance(item.get("options"), Mapping) else {}
        found[sku] = Variant(
            sku,
            {
                str(name): text.plain(as_text(option))
                for name, option in (options or {}).items()
                if as_text(option)
            },
            price=money_in(item.get("price"), notes),
            gtin=read(lambda: parse_gtin(as_text(item.get("gtin"))), notes),  # noqa: B023 - called at once
            quantity=read(lambda: parse_quantity(as_text(item.get("quantity"))), notes),  # noqa: B023 - called at once
            image=as_text(item.get("image")).strip() or None,
        )
    return tuple(found.values())


def localized_in(value: Any) -> dict[str, LocalizedText]:
    """The `localized` of the project's form. Raises `RowError` where it is not one."""
    if not isinstance(value, Mapping) or not all(isinstance(said, Mapping) for said in value.values()):
        raise RowError("localized is not an object of objects")
    found = {}
    for locale, said in value.items():
        inner = said.get("attributes")
        pairs = (
            [p for k, v in inner.items() for p in attributes_in(str(k), v)]
            if isinstance(inner, Mapping)
            else []
        )
        found[locale_tag(locale)] = LocalizedText(
            title=text.title(as_text(said.get("title"))) or None,
            description=text.description(as_text(said.get("description"))) or None,
            attributes=clean_attributes(pairs),
            url=as_text(said.get("url")).strip() or None,
        )
    return found


def clean_attributes(pairs: Sequence[tuple[str, AttributeValue]]) -> dict[str, AttributeValue]:
    """Attribute values as plain text, empty ones left out."""
    clean: dict[str, AttributeValue] = {}
    for name, value in pairs:
        if isinstance(value, tuple):
            values = tuple(v for v in map(text.title, value) if v)
            if values:
                clean[name] = values
        elif (read_value := text.title(value)) != "":
            clean[name] = read_value
    return clean
