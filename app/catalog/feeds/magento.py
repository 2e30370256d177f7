"""Magento's (Adobe Commerce's) product CSV, and the one-column-per-attribute sheets of its sample data.

The rows of a SKU are its base row and one row per store view. Configurable products take their simples as variants,
wherever those stand; grouped products and bundles name what they hold. A simple that no visible product lists and
that the shop does not show either is rejected: there is no page that copy could stand on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.catalog.feeds import text
from app.catalog.feeds.collect import READING_SHARE, emit
from app.catalog.feeds.columns import fold, locale_tag, vocabulary
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import Flat, description_of, entry_of, joined_paths, sku_of
from app.catalog.feeds.generic import fields_present
from app.catalog.feeds.grouping import selling_price
from app.catalog.feeds.layout import Layout, layout
from app.catalog.feeds.magento_lists import (
    Variation,
    additional_attributes,
    associated,
    bundled,
    category_paths,
    labels,
    variations,
)
from app.catalog.feeds.magento_variants import shared_attributes, variant_of
from app.catalog.feeds.records import Item, Items, ProductRecord, Rejected, SourceRow
from app.catalog.feeds.rows import read_rows
from app.catalog.feeds.source import Source
from app.catalog.feeds.spool import Group, Spool, spool_in
from app.catalog.product import AttributeValue, Image, LocalizedText, Product, Variant

_HIDDEN = {"notvisibleindividually", "1"}
_OFFLINE = {"0", "2", "disabled", "no"}
_CHILD = "child"
_PRESENT: Mapping[str, frozenset[str]] = {
    "short_description": frozenset({"description"}),
    "additional": frozenset({"attributes"}),
    "variations": frozenset({"variants"}),
    "online": frozenset({"status"}),
}
_NOT_PRODUCT = frozenset(
    [
        "store",
        "type",
        "visibility",
        "image_alt",
        "small_image",
        "small_image_alt",
        "thumbnail_image",
        "thumbnail_image_alt",
        "more_images_alt",
        "variation_labels",
        "associated",
        "bundle",
    ]
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What every step of reading one file needs."""

    place: Layout
    spool: Spool
    source: Source
    present: frozenset[str]

    def cells(self, row: SourceRow) -> dict[str, str]:
        """The row's cells by field, empty ones left out."""
        return {
            f: row.cells[i]
            for f, i in self.place.fields.items()
            if i < len(row.cells) and row.cells[i].strip()
        }


def read(source: Source) -> Items:
    """Products of a Magento export."""
    place = layout(source.header, vocabulary().magento)
    with spool_in(source.folder) as spool:
        reader = _Reader(place, spool, source, _present(place))
        for row in read_rows(source, READING_SHARE):
            if isinstance(row, Rejected):
                spool.reject(row)
            else:
                _take(row, reader)
        yield from emit(source, spool, lambda group: _records(group, reader))


def _present(place: Layout) -> frozenset[str]:
    plain = {
        field: i for field, i in place.fields.items() if field not in _NOT_PRODUCT and field not in _PRESENT
    }
    names = fields_present(replace(place, fields=plain)).union(
        *(_PRESENT.get(f, frozenset()) for f in place.fields)
    )
    return names | ({"localized"} if "store" in place.fields else set())


def _take(row: SourceRow, reader: _Reader) -> None:
    """Puts a row to its SKU and remembers which simples a parent lists."""
    cells = reader.cells(row)
    try:
        sku = sku_of(cells.get("sku", ""))
    except RowError as error:
        reader.spool.reject(Rejected(row.line, None, str(error)))
        return
    store = cells.get("store", "").strip()
    where = f"product number {sku!r}" + (f" for store view {store!r}" if store else "")
    if (before := reader.spool.claim(f"{sku}\n{store}", row.line)) is not None:
        detail = f"{where} is already on line {before}; line {row.line} was left out"
        reader.spool.reject(Rejected(row.line, sku, detail))
        return
    reader.spool.add(sku, row, store)
    for variation in variations(cells.get("variations", "")):
        reader.spool.note(_CHILD, variation.sku, sku, row.line)
    for child in (*associated(cells.get("associated", "")), *bundled(cells.get("bundle", ""))):
        reader.spool.note("part", child, sku, row.line)


def _base(group: Group) -> tuple[str, SourceRow]:
    """The row that carries the product: that of no store view, or else the first."""
    stores = vocabulary().base_stores
    ranked = sorted(
        group.rows, key=lambda tagged: (tagged[0] != "", fold(tagged[0]) not in stores, tagged[1].line)
    )
    return ranked[0]


def _records(group: Group, reader: _Reader) -> Iterator[Item]:
    store, row = _base(group)
    cells = reader.cells(row)
    parent = reader.spool.noted(_CHILD, group.key)
    if parent is not None and parent != group.key and reader.spool.group(parent) is not None:
        return  # comes with its parent
    children = variations(cells.get("variations", ""))
    if fold(cells.get("visibility", "")) in _HIDDEN and not children:
        if reader.spool.noted("part", group.key) is None:
            yield Rejected(
                row.line, group.key, "not visible individually, and no product in the file lists it"
            )
        return
    notes: list[str] = []
    try:
        product = _product(group.key, row, cells, reader, notes)
    except RowError as error:
        yield Rejected(row.line, group.key, str(error))
        yield from _lost(group.key, children, reader)
        return
    if fold(store) not in vocabulary().base_stores:
        product = replace(product, locale=locale_tag(store))
    localized = {
        locale_tag(tag): _localized(reader.cells(r), r, reader) for tag, r in group.rows if r is not row
    }
    said = [Rejected(row.line, group.key, note, kept=True) for note in notes]
    rows = [r for _, r in group.rows]
    names = labels(cells.get("variation_labels", ""))
    variants, simples = _variants(children, names, group.key, reader, rows, said)
    rows.sort(key=lambda r: r.line)
    parts = (*associated(cells.get("associated", "")), *bundled(cells.get("bundle", "")))
    attributes = dict(product.attributes)
    if parts:
        contents = tuple(_name(part, reader) for part in parts)
        attributes.setdefault("included_items", contents if len(contents) > 1 else contents[0])
    if variants:
        product = _with_variants(product, variants, simples)
        shared = shared_attributes(attributes, variants, simples)
        attributes = shared.attributes
        said.extend(Rejected(row.line, group.key, note, kept=True) for note in shared.notes)
    yield ProductRecord(
        replace(product, attributes=attributes, localized=localized),
        tuple(rows),
        _all_present(attributes, reader),
    )
    yield from said


def _all_present(attributes: Mapping[str, AttributeValue], reader: _Reader) -> frozenset[str]:
    return reader.present | {f"attributes.{name}" for name in attributes}


def _lost(sku: str, children: Sequence[Variation], reader: _Reader) -> Iterator[Rejected]:
    """The simples of a configurable product that was rejected."""
    for child in children:
        if group := reader.spool.group(child.sku):
            yield Rejected(_base(group)[1].line, child.sku, f"its configurable product {sku!r} was rejected")


def _product(
    sku: str, row: SourceRow, cells: Mapping[str, str], reader: _Reader, notes: list[str]
) -> Product:
    attributes: dict[str, AttributeValue] = {
        column.name: row.cells[column.index]
        for column in reader.place.attributes
        if column.index < len(row.cells) and row.cells[column.index].strip()
    }
    extra = additional_attributes(cells.get("additional", ""))
    fields = {field: cells[field] for field in cells if field not in {"category", "status"}}
    for name in list(extra):
        field = vocabulary().magento.spellings.get(fold(name), ("", 0))[0]
        value = extra[name]
        if field in {"brand", "gtin", "short_description"} and isinstance(value, str):
            fields.setdefault(field, value)
            del extra[name]
    paths = category_paths(cells.get("category", ""))
    if len(paths) > 1:
        extra.setdefault("other_category_path", joined_paths(paths[1:]))
    flat = Flat(
        fields | {"sku": sku},
        [*attributes.items(), *extra.items()],
        currency=reader.source.currency,
        mark=reader.source.mark,
        measures=reader.source.measures,
        titled="title" in reader.place.fields,
    )
    entry = entry_of(flat)
    notes.extend(entry.notes)
    online = fold(cells.get("online", "")) not in _OFFLINE
    return replace(
        entry.product,
        category=paths[0] if paths else (),
        images=_images(cells),
        url=text.unwrap(cells.get("url", "")) or None,
        status="active" if online else "discontinued",
    )


def _images(cells: Mapping[str, str]) -> tuple[Image, ...]:
    pairs: list[tuple[str, str]] = [
        (cells.get(field, ""), cells.get(f"{field}_alt", ""))
        for field in ("image", "small_image", "thumbnail_image")
    ]
    more = cells.get("more_images", "").replace("\n", ",").split(",")
    alts = cells.get("more_images_alt", "").split(",") if "more_images_alt" in cells else []
    pairs += [
        (url, alts[i] if i < len(alts) and len(alts) == len(more) else "") for i, url in enumerate(more)
    ]
    found: dict[str, Image] = {}
    for cell, alt in pairs:
        url = cell.strip()
        if url not in text.NOTHING and url != "no_selection":
            found.setdefault(url, Image(url, text.title(alt)))
    return tuple(found.values())


def _variants(
    children: Sequence[Variation],
    names: Mapping[str, str],
    parent: str,
    reader: _Reader,
    rows: list[SourceRow],
    said: list[Rejected],
) -> tuple[list[Variant], list[Product]]:
    """The children as variants, and what those of them that are in the file say themselves.

    A child that is listed but not in the file has its options only; one whose row is rejected is no variant.
    """
    variants: list[Variant] = []
    simples: list[Product] = []
    for child in children:
        options = {names.get(name, name): value for name, value in child.options.items()}
        group = reader.spool.group(child.sku)
        if group is None or reader.spool.noted(_CHILD, child.sku) != parent:
            variants.append(Variant(child.sku, options))
            continue
        _, row = _base(group)
        cells = reader.cells(row)
        notes: list[str] = []
        try:
            simple = _product(child.sku, row, cells | {"title": cells.get("title", child.sku)}, reader, notes)
        except RowError as error:
            said.append(Rejected(row.line, child.sku, str(error)))
            continue
        rows.extend(r for _, r in group.rows)
        said.extend(Rejected(row.line, child.sku, note, kept=True) for note in notes)
        simples.append(simple)
        variants.append(variant_of(simple, options))
    return variants, simples


def _with_variants(product: Product, variants: Sequence[Variant], simples: Sequence[Product]) -> Product:
    """A configurable product has no stock or, often, price of its own: its variants' count.

    Without a price it takes that of the variant that sells cheapest, with the reduction and its dates.
    """
    quantities = [v.quantity for v in variants if v.quantity is not None]
    product = replace(
        product,
        quantity=sum(quantities) if quantities else product.quantity,
        brand=product.brand or next((p.brand for p in simples if p.brand), None),
        variants=tuple(variants),
    )
    priced = [p for p in simples if p.price]
    if not priced:
        return product
    cheapest = min(priced, key=selling_price)
    if product.price and product.price.amount and (product.sale_price or product.price != cheapest.price):
        return product
    return replace(
        product,
        price=cheapest.price,
        sale_price=cheapest.sale_price,
        sale_from=cheapest.sale_from,
        sale_until=cheapest.sale_until,
    )


def _localized(cells: Mapping[str, str], row: SourceRow, reader: _Reader) -> LocalizedText:
    attributes: dict[str, AttributeValue] = {}
    for column in reader.place.attributes:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        if (value := text.attribute(cell)) is not None:
            attributes[column.name] = value
    attributes |= additional_attributes(cells.get("additional", ""))
    return LocalizedText(
        title=text.title(cells.get("title", "")) or None,
        description=description_of(cells.get("description", ""), cells.get("short_description", "")) or None,
        attributes=attributes,
        url=text.unwrap(cells.get("url", "")) or None,
    )


def _name(sku: str, reader: _Reader) -> str:
    group = reader.spool.group(sku)
    return text.title(reader.cells(_base(group)[1]).get("title", "")) or sku if group else sku
