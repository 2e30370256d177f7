"""One row that is one product or one variant: the fields of generic tables, Google items and loose JSON."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from app.catalog.feeds import text
from app.catalog.feeds.columns import fold, locale_tag, vocabulary
from app.catalog.feeds.dates import parse_moment, parse_period
from app.catalog.feeds.errors import CellError, RowError
from app.catalog.feeds.gtin import parse_gtin
from app.catalog.feeds.measures import plain_measure
from app.catalog.feeds.prices import Mark, parse_price
from app.catalog.feeds.stock import parse_availability, parse_quantity, parse_status
from app.catalog.product import AttributeValue, Image, LocalizedText, Money, Product
from retrieval.quick_values import quick

T = TypeVar("T")
MAX_SKU_CHARS = 255
MAX_TITLE_CHARS = 1000
_EATEN_SKU = re.compile(r"^\d[.,]\d+E\+\d+$", re.IGNORECASE)
_DATE_LIKE = re.compile(
    r"^(?:\d{1,2}[-. ](?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*\.?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-. ]\d{1,2})$",
    re.IGNORECASE,
)
_IMAGE_SPLIT = re.compile(
    r"\s*(?:[|;\n]|,(?=\s*(?:https?:)?//)|,\s+|,(?=[^,]*\.(?:jpe?g|png|webp|gif|avif)\b))\s*", re.IGNORECASE
)

_LISTED = re.compile(r"[|;,\n]")


@quick
@dataclass(frozen=True, slots=True)
class Flat:
    """The cells of one row by field, before anything is read into them."""

    fields: Mapping[str, str]
    attributes: Sequence[tuple[str, AttributeValue]] = ()
    images: Sequence[str] = ()
    localized: Mapping[str, LocalizedText] | None = None
    currency: Mapping[str, str] | None = None
    mark: Mark | None = None
    measures: Mark | None = None
    locale: str | None = None
    notes: Sequence[str] = ()  # on cells that were taken apart before
    titled: bool = True  # False: the feed has no place for titles, as an update of prices has not


@quick
@dataclass(frozen=True, slots=True)
class Entry:
    """One row read: a product without variants, the group it belongs to, and what was refused of it."""

    product: Product
    group: str | None
    notes: tuple[str, ...] = ()


def sku_of(cell: str) -> str:
    """The product number in a cell. Raises `RowError` where there is none or a spreadsheet shortened it."""
    sku = text.unwrap(cell) if cell.isprintable() else text.plain(cell)
    if sku in text.NOTHING:
        raise RowError("the product number is empty")
    if _EATEN_SKU.match(sku):
        raise RowError(f"product number {sku!r} was shortened by a spreadsheet; its digits are lost")
    if len(sku) > MAX_SKU_CHARS:
        raise RowError(f"the product number is longer than {MAX_SKU_CHARS} characters")
    return sku


def title_of(cell: str) -> str:
    """The title in a cell as plain text. Raises `RowError` where nothing is left of it."""
    title = text.title(cell)
    if not title:
        raise RowError("the title is empty")
    if len(title) > MAX_TITLE_CHARS:
        raise RowError(f"the title is longer than {MAX_TITLE_CHARS} characters")
    return title


def read(parse: Callable[[], T | None], notes: list[str]) -> T | None:
    """The value of a cell that may be refused: None then, and the reason goes to `notes`."""
    try:
        return parse()
    except CellError as refused:
        notes.append(str(refused))
        return None


def entry_of(flat: Flat) -> Entry:
    """Reads a row. Raises `RowError` where it cannot be a product; cells that are refused become notes."""
    sku = sku_of(flat.fields.get("sku", ""))
    try:
        return _entry(sku, flat)
    except RowError as error:
        error.sku = sku
        raise


def _entry(sku: str, flat: Flat) -> Entry:
    fields, notes = flat.fields, list(flat.notes)
    title = title_of(fields.get("title", "")) if flat.titled else ""
    attributes = attributes_of(flat.attributes, notes)
    if flat.measures == ",":
        attributes = {name: plain_measure(name, value) for name, value in attributes.items()}
    # Most rows have one of these fields or none: what is not there is not looked into.
    regular = _price("price", flat, notes) if "price" in fields else None
    reduced = (
        _price("sale_price", flat, notes, regular.currency if regular else None)
        if "sale_price" in fields
        else None
    )
    start, end = (None, None) if _SALE_DATES.isdisjoint(fields) else _sale_dates(fields, notes)
    availability, quantity = (None, None) if _STOCK.isdisjoint(fields) else _stock(fields, notes, attributes)
    status = _status(fields, attributes) if "status" in fields else None
    group = text.unwrap(fields["parent"]) if "parent" in fields else ""
    product_type = text.title(fields["product_type"]) if "product_type" in fields else ""
    paths = category_paths(fields["category"]) if "category" in fields else ()
    category = paths[0] if paths else ()
    if len(paths) > 1:
        attributes.setdefault("other_category_path", joined_paths(paths[1:]))
    if product_type and not category:
        category = category_path(product_type)
    elif product_type and category_path(product_type) != category:
        attributes.setdefault("product type", product_type)
    return Entry(
        Product(
            sku=sku,
            title=title,
            description=description_of(fields.get("description", ""), fields.get("short_description", "")),
            brand=(text.title(fields["brand"]) or None) if "brand" in fields else None,
            category=category,
            price=regular,
            sale_price=reduced,
            sale_from=start,
            sale_until=end,
            availability=availability,
            quantity=quantity,
            gtin=read(lambda: parse_gtin(fields["gtin"]), notes) if "gtin" in fields else None,
            images=images_of(flat.images, fields.get("image_alt", "")),
            attributes=attributes,
            url=(text.unwrap(fields["url"]) or None) if "url" in fields else None,
            locale=(locale_tag(fields["locale"]) if "locale" in fields else "") or flat.locale,
            localized=flat.localized or {},
            status="discontinued" if status == "discontinued" else "active",
        ),
        group if group not in text.NOTHING else None,
        tuple(notes),
    )


_SALE_DATES = frozenset({"sale_dates", "sale_from", "sale_until"})
_STOCK = frozenset({"availability", "quantity"})


def _price(field: str, flat: Flat, notes: list[str], beside: str | None = None) -> Money | None:
    """The money of a field; `beside` is the currency of the other price, for want of an own one."""
    cell = flat.fields[field]
    currency = flat.currency.get(field) if flat.currency else None
    own = flat.fields["currency"].strip().upper() if "currency" in flat.fields else ""
    try:
        money = parse_price(cell, own or currency or beside, flat.mark) if cell else None
    except CellError as refused:
        notes.append(str(refused))
        return None
    if money and money.currency is None and currency == "":
        notes.append(f"price {cell.strip()!r} names no currency, and the others of its column name several")
    return money


def description_of(long: str, short: str) -> str:
    """Both of a shop's descriptions as one: the short one leads unless the long one says it already."""
    full = text.description(long) if long else ""
    if not short:
        return full
    lead = text.description(short)
    if not lead or lead in full or text.plain(lead) in text.plain(full):
        return full
    if not full:
        return lead
    paragraphs = [part if part.startswith("<") else f"<p>{part}</p>" for part in (lead, full)]
    return "\n".join(paragraphs)


def attributes_of(cells: Sequence[tuple[str, AttributeValue]], notes: list[str]) -> dict[str, AttributeValue]:
    """Attributes with their values cleaned, empty ones left out; sizes that look like dates are noted."""
    attributes: dict[str, AttributeValue] = {}
    for name, cell in cells:
        if isinstance(cell, tuple):
            values = tuple(v for v in map(text.title, cell) if v)
            value: AttributeValue | None = values[0] if len(values) == 1 else values or None
        else:
            value = text.attribute(cell)
        if value is None:
            continue
        attributes[name] = value
        if _holds_sizes(name) and isinstance(value, str) and value[-1:].isalnum() and len(value) < 12:
            note_date(name, value, notes)
    return attributes


@lru_cache(maxsize=4096)
def _holds_sizes(name: str) -> bool:
    return fold(name) in vocabulary().sizes


def note_date(name: str, value: str, notes: list[str]) -> None:
    """Notes a size that a spreadsheet seems to have made a date of."""
    if _DATE_LIKE.match(value):
        notes.append(f"{name} {value!r} looks like a date that a spreadsheet made of a size; kept as it is")


def images_of(cells: Sequence[str], alt: str = "") -> tuple[Image, ...]:
    """The images of cells that hold one address or a list of them; the alternative text is the first one's."""
    if not cells:
        return ()
    if len(cells) == 1 and not alt and not _LISTED.search(cells[0]):
        return (Image(cells[0].strip()),) if cells[0].strip() not in text.NOTHING else ()
    urls = dict.fromkeys(
        url.strip()
        for cell in cells
        if cell
        for url in _IMAGE_SPLIT.split(cell.strip())
        if url.strip() not in text.NOTHING
    )
    label = text.title(alt) if alt else ""
    return tuple(Image(url, label if i == 0 else "") for i, url in enumerate(urls))


@lru_cache(maxsize=4096)
def category_paths(cell: str) -> tuple[tuple[str, ...], ...]:
    """Every path in a cell such as `Clothing > Tees, Clothing > Sale`; a comma inside a name is no new path."""
    parts = re.split(r",\s*", cell)
    if len(parts) < 2 or not all(">" in part for part in parts):
        parts = [cell]
    return tuple(path for path in map(category_path, parts) if path)


def joined_paths(paths: Sequence[tuple[str, ...]]) -> AttributeValue:
    """Paths as the value of an attribute."""
    joined = tuple(" > ".join(path) for path in paths)
    return joined[0] if len(joined) == 1 else joined


@lru_cache(maxsize=4096)
def category_path(cell: str) -> tuple[str, ...]:
    """The path in a category cell, from the top: `A > B`, `A / B`, `A|B`, or one a line; a bare number is no path."""
    cell = cell.strip()
    if not cell or cell.isdigit():
        return ()
    if "<" not in cell and "&" not in cell and cell.isascii() and not any(c in cell for c in ">/|\n"):
        return (text.title(cell),) if text.title(cell) else ()
    cell = cell.replace("&gt;", ">")
    for mark in (">", "»", "›", "|", "\n", " / "):
        if mark in cell:
            break
    else:
        mark = "/" if cell.count("/") > 1 else "\x00"
    return tuple(part for part in map(text.title, cell.split(mark)) if part)


def _sale_dates(fields: Mapping[str, str], notes: list[str]) -> tuple[datetime | None, datetime | None]:
    if dates := fields.get("sale_dates", ""):
        period = read(lambda: parse_period(dates), notes)
        return (period.start, period.end) if period else (None, None)
    start = fields.get("sale_from", "")
    end = fields.get("sale_until", "")
    return (
        read(lambda: parse_moment(start), notes) if start else None,
        read(lambda: parse_moment(end, end=True), notes) if end else None,
    )


def _stock(
    fields: Mapping[str, str], notes: list[str], attributes: dict[str, AttributeValue]
) -> tuple[str | None, int | None]:
    said, counted = fields.get("availability", ""), fields.get("quantity", "")
    if not said and not counted:
        return None, None
    availability = parse_availability(said)
    if said and availability is None and said.strip() not in text.NOTHING:
        if said.strip().isdigit():
            availability = "in_stock" if int(said) else "out_of_stock"
        else:
            attributes.setdefault("availability", text.plain(said))
    if counted and not any(c.isdigit() for c in counted) and (words := parse_availability(counted)):
        return availability or words, None
    return availability, read(lambda: parse_quantity(counted), notes) if counted else None


def _status(fields: Mapping[str, str], attributes: dict[str, AttributeValue]) -> str | None:
    said = fields.get("status", "")
    if not said:
        return None
    status = parse_status(said)
    if said.strip() and status is None:
        attributes.setdefault("status", text.plain(said))
    return status
