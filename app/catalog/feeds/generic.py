"""Any table of products: columns recognised by their usual names, every other column an attribute."""

from collections.abc import Mapping
from functools import partial
from itertools import chain

from app.catalog.feeds import text
from app.catalog.feeds.collect import READING_SHARE, Reading, by_parent, one_by_one
from app.catalog.feeds.columns import Section, vocabulary
from app.catalog.feeds.flat import Flat, entry_of
from app.catalog.feeds.google_lists import left_in_rows, taken_apart
from app.catalog.feeds.layout import Layout, is_source_only, layout
from app.catalog.feeds.records import Items, SourceRow
from app.catalog.feeds.rows import read_rows
from app.catalog.feeds.source import Source
from app.catalog.product import AttributeValue, LocalizedText

# Fields of `Product` under another name in the columns.
PRODUCT_FIELDS = {
    "short_description": ("description",),
    "product_type": ("category",),
    "sale_dates": ("sale_from", "sale_until"),
    "image_alt": (),
    "currency": (),
    "parent": (),
}


def read(source: Source) -> Items:
    """Products of a generic table; rows with a parent column are grouped under their parent."""
    return read_table(source, vocabulary().generic)


def read_table(source: Source, section: Section) -> Items:
    """Products of a table in which each row is a product or a variant, by the column names of `section`."""
    place = layout(source.header, section)
    currency = {**source.currency, **place.currency}
    read_row = partial(
        _read_row, source=source, place=place, currency=currency, present=fields_present(place)
    )
    if "parent" in place.fields:
        items = by_parent(source, read_rows(source, READING_SHARE), read_row)
    else:
        items = one_by_one(source, read_rows(source), read_row)
    if source.format == "google":
        names = [name for name in source.header if is_source_only(name, section)]
        return chain(left_in_rows(names, source.skip), items)
    return items


def fields_present(place: Layout) -> frozenset[str]:
    """The fields of `Product` that a table has columns for, and its attributes."""
    names = {name for field in place.fields for name in PRODUCT_FIELDS.get(field, (field,))} - {
        "image",
        "more_images",
    }
    names |= {"images"} if place.images else set()
    names |= {"attributes"} if place.attributes or place.pairs else set()
    names |= {"locale"} if place.locale else set()
    names |= {"localized"} if place.localized else set()
    return frozenset(names | {f"attributes.{column.name}" for column in place.attributes})


def _read_row(
    row: SourceRow, *, source: Source, place: Layout, currency: Mapping[str, str], present: frozenset[str]
) -> Reading:
    cells = row.cells if len(row.cells) >= place.width else row.cells + ("",) * (place.width - len(row.cells))
    notes: list[str] = []
    attributes = _attributes(cells, place)
    if source.format == "google":
        attributes = taken_apart(attributes, notes)
    flat = Flat(
        fields={field: cells[i] for field, i in place.fields.items() if cells[i]},
        attributes=attributes,
        images=[cells[i] for i in place.images if cells[i]],
        localized=_localized(cells, place) if place.localized else None,
        currency=currency,
        mark=source.mark,
        measures=source.measures,
        locale=place.locale,
        notes=notes,
        titled="title" in place.fields,
    )
    entry = entry_of(flat)
    if place.pairs or source.format == "google":
        present |= {f"attributes.{name}" for name in entry.product.attributes}
    return Reading(entry, present)


def _attributes(cells: tuple[str, ...], place: Layout) -> list[tuple[str, AttributeValue]]:
    found: list[tuple[str, AttributeValue]] = [
        (column.name, cells[column.index]) for column in place.attributes if cells[column.index]
    ]
    for pair in place.pairs:
        name, value = text.title(cells[pair.name]), cells[pair.value]
        if name and value.strip():
            found.append((name, tuple(value.split(", ")) if pair.listed and ", " in value else value))
    return found


def _localized(cells: tuple[str, ...], place: Layout) -> Mapping[str, LocalizedText]:
    words: dict[str, dict[str, str]] = {}
    for column in place.localized:
        if cell := cells[column.index].strip():
            clean = text.description(cell) if column.field == "description" else text.title(cell)
            words.setdefault(column.locale, {})[column.field] = clean
    return {
        locale: LocalizedText(said.get("title"), said.get("description"), {}, said.get("url"))
        for locale, said in words.items()
    }
