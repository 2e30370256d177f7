"""Shopify's product CSV, with its old column names and its new ones.

A product is all rows with its handle: the first that has a title carries the product, each row with an option value,
a price or a SKU is a variant, rows with nothing but an image add an image. A product with one variant and no
options is known by its SKU, one with several by its handle (Shopify has no SKU for the whole).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.catalog.feeds import text
from app.catalog.feeds.collect import READING_SHARE, duplicate, emit
from app.catalog.feeds.columns import vocabulary
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import attributes_of, category_path, note_date, sku_of, title_of
from app.catalog.feeds.flat import read as reading
from app.catalog.feeds.gtin import parse_gtin
from app.catalog.feeds.layout import Layout, layout
from app.catalog.feeds.prices import parse_price
from app.catalog.feeds.records import Item, Items, ProductRecord, Rejected, SourceRow
from app.catalog.feeds.rows import read_rows
from app.catalog.feeds.source import Source
from app.catalog.feeds.spool import Group, Spool, spool_in
from app.catalog.feeds.stock import parse_quantity
from app.catalog.product import AttributeValue, Image, Money, Product, Variant

_DEFAULT = {"default title", "default", "title", ""}
_PRESENT: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "description": ("description",),
    "brand": ("brand",),
    "category": ("category",),
    "type": ("category", "attributes.Type"),
    "tags": ("attributes.Tags",),
    "status": ("status",),
    "published": ("status",),
    "gtin": ("gtin",),
    "price": ("price",),
    "compare_at": ("price", "sale_price"),
    "quantity": ("quantity", "availability"),
    "option1_value": ("variants",),
    "grams": ("attributes.Weight",),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its cells by field."""

    row: SourceRow
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")

    @property
    def is_variant(self) -> bool:
        return any(self[field].strip() for field in ("option1_value", "price", "sku", "gtin"))


@dataclass(frozen=True, slots=True)
class _Offer:
    """A variant with what belongs to its price and stock."""

    variant: Variant
    compare_at: Money | None
    sells_on: bool
    grams: str


def read(source: Source) -> Items:
    """Products of a Shopify export, wherever the rows of a handle stand."""
    place = layout(source.header, vocabulary().shopify)
    present = _present(place)
    with spool_in(source.folder) as spool:
        for row in read_rows(source, READING_SHARE):
            if isinstance(row, Rejected):
                spool.reject(row)
                continue
            handle = text.unwrap(_cells(row, place).get("handle", ""))
            if handle in text.NOTHING:
                spool.reject(Rejected(row.line, None, "the handle is empty"))
            else:
                spool.add(handle, row)
        yield from emit(source, spool, lambda group: _product(group, place, present, spool))


def _present(place: Layout) -> frozenset[str]:
    names = {"sku", "url"} | {name for field in place.fields for name in _PRESENT.get(field, ())}
    names |= {f"attributes.{column.name}" for column in place.attributes}
    names |= {"images"} if place.images else set()
    return frozenset(names | ({"attributes"} if any(n.startswith("attributes.") for n in names) else set()))


def _cells(row: SourceRow, place: Layout) -> Mapping[str, str]:
    return {field: row.cells[i] for field, i in place.fields.items() if i < len(row.cells) and row.cells[i]}


def _product(group: Group, place: Layout, present: frozenset[str], spool: Spool) -> Iterator[Item]:
    rows = [_Row(row, _cells(row, place)) for _, row in group.rows]
    titled = "title" in place.fields
    main = next((row for row in rows if text.title(row["title"])), None if titled else rows[0])
    if main is None:
        for row in rows:
            yield Rejected(
                row.row.line, group.key, f"the title is empty: no row of handle {group.key!r} has one"
            )
        return
    rejected: list[Rejected] = []
    try:
        title = title_of(main["title"]) if titled else ""
    except RowError as error:
        yield Rejected(main.row.line, group.key, str(error))
        return
    mine = _own_rows(rows, main, title, group.key, rejected)
    offers = _offers(mine, main, group.key, spool, rejected)
    lost = frozenset(r.line for r in rejected if not r.kept)
    notes: list[str] = []
    if offers or not any(row.is_variant for row in mine):
        product = _assemble(title, main, mine, offers, place, notes)
        # A lone variant has claimed the product's number already.
        before = spool.claim(product.sku, main.row.line) if product.variants or not offers else None
        if before is None:
            yield ProductRecord(product, tuple(row.row for row in mine if row.row.line not in lost), present)
        else:
            rejected.append(duplicate(product.sku, before, main.row.line))
    yield from rejected
    for note in notes:
        yield Rejected(main.row.line, group.key, note, kept=True)


def _own_rows(rows: list[_Row], main: _Row, title: str, handle: str, rejected: list[Rejected]) -> list[_Row]:
    """The rows of the product; a row with the handle of another title is another product and rejected."""
    mine = []
    for row in rows:
        other = text.title(row["title"])
        if other and other != title:
            detail = f"handle {handle!r} is already on line {main.row.line} with another title; line {row.row.line} was left out"
            rejected.append(Rejected(row.row.line, handle, detail))
        else:
            mine.append(row)
    return mine


def _offers(
    rows: list[_Row], main: _Row, handle: str, spool: Spool, rejected: list[Rejected]
) -> list[_Offer]:
    offers: list[_Offer] = []
    names = [text.title(main[f"option{n}_name"]) or f"Option {n}" for n in (1, 2, 3)]
    lines: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not row.is_variant:
            continue
        line = row.row.line
        notes: list[str] = []
        try:
            offer = _offer(row, names, handle, notes)
        except RowError as error:
            rejected.append(Rejected(line, text.unwrap(row["sku"]) or handle, str(error)))
            continue
        options = tuple(offer.variant.options.values())
        if options in lines:
            what = "/".join(options) or "the product without options"
            detail = f"{what} is already on line {lines[options]}; line {line} was left out"
            rejected.append(Rejected(line, offer.variant.sku, detail))
        elif (before := spool.claim(offer.variant.sku, line)) is not None:
            rejected.append(duplicate(offer.variant.sku, before, line))
        else:
            lines[options] = line
            offers.append(offer)
            rejected += [Rejected(line, offer.variant.sku, note, kept=True) for note in notes]
    return offers


def _offer(row: _Row, names: list[str], handle: str, notes: list[str]) -> _Offer:
    options = {}
    for name, cell in zip(
        names, (row["option1_value"], row["option2_value"], row["option3_value"]), strict=True
    ):
        value = text.title(cell)
        if value and not (name.casefold() in _DEFAULT | {"option 1"} and value.casefold() in _DEFAULT):
            options[name] = value
            note_date(name, value, notes)
    slug = "-".join(re.sub(r"\W+", "-", value.casefold()).strip("-") for value in options.values())
    sku = sku_of(row["sku"]) if row["sku"].strip() else f"{handle}-{slug}" if slug else handle
    variant = Variant(
        sku=sku,
        options=options,
        price=reading(lambda: parse_price(row["price"], None, "."), notes),
        gtin=reading(lambda: parse_gtin(row["gtin"]), notes),
        quantity=reading(lambda: parse_quantity(row["quantity"]), notes),
        image=text.unwrap(row["variant_image"]) or None,
    )
    compare_at = reading(lambda: parse_price(row["compare_at"], None, "."), notes)
    return _Offer(
        variant, compare_at, row["policy"].strip().casefold() in {"continue", "true", "yes"}, row["grams"]
    )


def _assemble(
    title: str, main: _Row, rows: list[_Row], offers: list[_Offer], place: Layout, notes: list[str]
) -> Product:
    handle = text.unwrap(main["handle"])
    alone = offers[0].variant if len(offers) == 1 and not offers[0].variant.options else None
    priced = [offer for offer in offers if offer.variant.price]
    cheapest = min(priced, key=lambda o: o.variant.price.amount if o.variant.price else 0) if priced else None
    price = cheapest.variant.price if cheapest else None
    before = cheapest.compare_at if cheapest else None
    reduced = bool(price and before and before.amount > price.amount)
    quantities = [o.variant.quantity for o in offers if o.variant.quantity is not None]
    kind = text.title(main["type"])
    category = category_path(main["category"])
    attributes = attributes_of(_attribute_cells(main, offers, place), notes)
    return Product(
        sku=alone.sku if alone else handle,
        title=title,
        description=text.description(main["description"]),
        brand=text.title(main["brand"]) or None,
        category=category or ((kind,) if kind else ()),
        price=before if reduced else price,
        sale_price=price if reduced else None,
        availability=_availability(offers),
        quantity=sum(quantities) if quantities else None,
        gtin=alone.gtin if alone else None,
        images=_images(rows, place),
        attributes=attributes,
        variants=() if alone else tuple(offer.variant for offer in offers),
        url=f"/products/{handle}",
        status="discontinued" if main["status"].strip().casefold() == "archived" else "active",
    )


def _attribute_cells(main: _Row, offers: list[_Offer], place: Layout) -> list[tuple[str, AttributeValue]]:
    cells: list[tuple[str, AttributeValue]] = []
    if main["type"].strip():
        cells.append(("Type", main["type"]))
    if tags := tuple(tag.strip() for tag in main["tags"].split(",") if tag.strip()):
        cells.append(("Tags", tags))
    grams = {offer.grams.strip() for offer in offers}
    if (
        len(grams) == 1
        and (weight := grams.pop().removesuffix(".0"))
        and weight.replace(".", "", 1).isdecimal()
        and float(weight)
    ):
        cells.append(("Weight", f"{weight} g"))
    for column in place.attributes:
        if column.index < len(main.row.cells) and main.row.cells[column.index].strip():
            # Metafields that hold a list are written "a; b".
            cell = main.row.cells[column.index]
            cells.append((column.name, tuple(cell.split("; ")) if "; " in cell and len(cell) < 200 else cell))
    return cells


def _images(rows: list[_Row], place: Layout) -> tuple[Image, ...]:
    found: list[tuple[int, int, Image]] = []
    for order, row in enumerate(rows):
        position = row["image_position"].strip()
        rank = int(position) if position.isdecimal() and len(position) < 6 else 10**6
        alt = text.title(row["image_alt"])
        for index in place.images:
            url = row.row.cells[index].strip() if index < len(row.row.cells) else ""
            if url not in text.NOTHING:
                found.append((rank, order, Image(url, alt)))
    unique: dict[str, Image] = {}
    for _, _, image in sorted(found, key=lambda f: f[:2]):
        if image.url not in unique or (image.alt and not unique[image.url].alt):
            unique[image.url] = image
    return tuple(unique.values())


def _availability(offers: list[_Offer]) -> str | None:
    counted = [offer for offer in offers if offer.variant.quantity is not None]
    if not counted:
        return None
    if any(offer.variant.quantity for offer in counted):
        return "in_stock"
    return "backorder" if any(offer.sells_on for offer in counted) else "out_of_stock"
