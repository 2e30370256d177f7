"""What a feed yields: products with the rows they came from, and rows that were not taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.catalog.product import Product
from retrieval.quick_values import quick


@quick
@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record of the file, as read: `line` is the physical line it starts on (from 1).

    `cells` are the cells of a table untouched; JSON Lines and XML have one cell, the element's own text.
    """

    line: int
    cells: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that was not taken, and why.

    `kept` False: the whole row stayed out. True: the product went in, and only what `detail` names (a GTIN
    that a spreadsheet shortened, a price "on request") was refused or is worth a look.
    """

    line: int
    sku: str | None
    detail: str
    kept: bool = False


@quick
@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product, every row it was made of in file order, and what the feed speaks about at all.

    `present` names the fields of `Product` that the feed has a place for, and "attributes.NAME" for each
    attribute: a field that is not named was not in the feed, which is not the same as being empty.
    """

    product: Product
    rows: tuple[SourceRow, ...]
    present: frozenset[str]


Item = ProductRecord | Rejected
Items = Iterator[Item]
