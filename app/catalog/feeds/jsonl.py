"""JSON Lines: one product a line, in the project's own form or a looser one.

Keys are recognised like the columns of a generic table; any other key is an attribute, a nested object "outer inner"
each. A file that is one array of objects is read the same way. Lines that name a parent (`parent_sku`, `item_group_id`) become its variants.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from app.catalog.feeds import text
from app.catalog.feeds.collect import READING_SHARE, Reading, by_parent, one_by_one
from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import Entry, Flat, category_path, entry_of, images_of
from app.catalog.feeds.json_array import elements
from app.catalog.feeds.json_values import (
    as_text,
    attributes_in,
    clean_attributes,
    localized_in,
    money_in,
    variants_in,
)
from app.catalog.feeds.records import Items, Rejected, SourceRow
from app.catalog.feeds.rows import damage
from app.catalog.feeds.source import Source
from app.catalog.product import Image

_DERIVED = frozenset({"factshash", "updatedat", "createdat"})  # of our own form; made anew by the import
_STRUCTURED = frozenset({"variants", "localized", "attributes"})
_GROUPING = re.compile(
    rb'"(?:parent[ _-]?(?:sku|id)?|item[ _-]?group[ _-]?id|variant[ _-]?of|group[ _-]?id)"\s*:', re.I
)
_CHUNK = 1024**2


def read(source: Source) -> Items:
    """Products of a JSON Lines file."""
    if _names_parents(source.path):
        return by_parent(source, source.in_own_words(_lines(source, READING_SHARE)), _read_line)
    return one_by_one(source, source.in_own_words(_lines(source)), _read_line)


def _names_parents(path: Path) -> bool:
    """Whether any line names a parent: then the file needs two passes."""
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            if _GROUPING.search(tail + chunk):
                return True
            tail = chunk[-64:]
    return False


def _lines(source: Source, share: float = 1.0) -> Iterator[SourceRow | Rejected]:
    with source.path.open("rb") as raw, source.open_text(raw) as stream:
        total = max(source.progress.total, 1)
        source.progress.follow(lambda: 0 if raw.closed else raw.tell() / total, share=share)
        if source.notes.get("array"):
            for element in elements(stream):
                if isinstance(element, SourceRow) and source.damaged and (reason := damage(element.cells)):
                    yield Rejected(element.line, None, reason)
                else:
                    yield element
            source.progress.reached(share)
            return
        for number, line in enumerate(stream, start=1):
            row = line.strip("\ufeff \t\r\n")
            if source.damaged and (reason := damage((row,))):
                yield Rejected(number, None, reason)
            elif row:
                yield SourceRow(number, (row,))
        source.progress.reached(share)


def _read_line(row: SourceRow) -> Reading:
    try:
        data = orjson.loads(row.cells[0])
    except ValueError as error:
        raise RowError(f"not valid JSON: {str(error)[:120]}") from None
    if not isinstance(data, Mapping):
        raise RowError("not a JSON object")
    try:
        chosen, attributes, present = _sorted_keys(data)
        entry = _entry(chosen, attributes)
    except RowError as error:
        error.sku = error.sku or as_text(data.get("sku")) or None
        raise
    return Reading(entry, frozenset(present | {f"attributes.{name}" for name in entry.product.attributes}))


def _sorted_keys(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Any]], set[str]]:
    """Which key is which field (the better spelling wins), which are attributes, and what the line speaks about."""
    ranked: dict[str, tuple[int, str]] = {}
    rest: list[str] = []
    for key in data:
        folded = fold(key)
        field, rank = vocabulary().generic.spellings.get(folded, ("", 0))
        if folded in _STRUCTURED:
            ranked[folded] = (0, key)
        elif field and _may_be(field, data[key]) and (field not in ranked or rank < ranked[field][0]):
            if field in ranked:
                rest.append(ranked[field][1])
            ranked[field] = (rank, key)
        elif folded not in _DERIVED:
            rest.append(key)
    chosen = {field: data[key] for field, (_, key) in ranked.items()}
    attributes = [pair for key in rest for pair in attributes_in(key, data[key])]
    inner = chosen.pop("attributes", None)
    if isinstance(inner, Mapping):
        attributes += [pair for key, value in inner.items() for pair in attributes_in(str(key), value)]
    elif inner is not None:
        attributes += attributes_in("attributes", inner)
    present = {_PLACES.get(field, field) for field in chosen} - {""}
    return chosen, attributes, present | ({"attributes"} if attributes or inner is not None else set())


def _may_be(field: str, value: Any) -> bool:
    """Whether a value has a form that the field can take; "details" may be prose or a list of objects."""
    if field in _RICH:
        return True
    return not isinstance(value, Mapping) and not (
        isinstance(value, list) and any(isinstance(v, Mapping) for v in value)
    )


_RICH = frozenset({"image", "more_images", "category", "brand", "price", "sale_price"})  # may be objects
_PLACES = {
    "image": "images", "more_images": "images", "short_description": "description", "product_type": "category",
    "parent": "", "currency": "", "image_alt": "", "sale_dates": "sale_from",
}  # fmt: skip


def _entry(chosen: Mapping[str, Any], attributes: Sequence[tuple[str, Any]]) -> Entry:
    notes: list[str] = []
    currency = as_text(chosen.get("currency")).strip().upper()
    scalars = {
        field: _joined(value)
        for field, value in chosen.items()
        if field not in {"price", "sale_price", "image", "more_images", "category", *_STRUCTURED}
    }
    flat = Flat({field: value for field, value in scalars.items() if value}, titled="title" in chosen)
    entry = entry_of(flat)
    price, sale = money_in(chosen.get("price"), notes), money_in(chosen.get("sale_price"), notes)
    product = replace(
        entry.product,
        price=replace(price, currency=price.currency or currency or None) if price else None,
        sale_price=replace(sale, currency=sale.currency or currency or None) if sale else None,
        category=_category(chosen.get("category")) or entry.product.category,
        images=_images(chosen, as_text(chosen.get("image_alt"))),
        attributes={**entry.product.attributes, **clean_attributes(attributes)},
        variants=variants_in(chosen["variants"], notes) if chosen.get("variants") is not None else (),
        localized=localized_in(chosen["localized"]) if chosen.get("localized") is not None else {},
    )
    return Entry(product, entry.group, (*entry.notes, *notes))


def _joined(value: Any) -> str:
    if isinstance(value, Mapping):  # {"name": "Acme"} as in structured data
        return as_text(value.get("name") or value.get("value"))
    return "\n\n".join(filter(None, map(as_text, value))) if isinstance(value, list) else as_text(value)


def _category(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        names = [as_text(v.get("name")) if isinstance(v, Mapping) else as_text(v) for v in value]
        return tuple(name for name in map(text.title, names) if name)
    return category_path(_joined(value))


def _images(chosen: Mapping[str, Any], alt: str) -> tuple[Image, ...]:
    found: dict[str, Image] = {}
    for field in ("image", "more_images"):
        value = chosen.get(field)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                url = as_text(item.get("url") or item.get("src")).strip()
                if url:
                    found.setdefault(url, Image(url, text.title(as_text(item.get("alt")))))
            elif isinstance(item, str) and isinstance(value, list):
                found.setdefault(item.strip(), Image(item.strip()))
            elif isinstance(item, str):
                found |= {image.url: image for image in images_of([item], alt) if image.url not in found}
    return tuple(image for url, image in found.items() if url)
