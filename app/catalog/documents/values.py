"""What the documents' room keeps and tells: values that leave `service.py`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.catalog.documents.guidance import passed_over
from app.catalog.facts import FactChange
from app.catalog.product import Product
from app.catalog.text import fold
from retrieval.facts import Fact
from retrieval.readers import Format

ScopeKind = Literal["all", "brand", "category", "sku"]
_SEPARATOR = re.compile(r"\s*>\s*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which products a document applies to: all, those of a brand, of a category and all below it, or some by SKU.

    `values` is the brand alone, the category's path, or the SKUs; nothing for `all`.
    """

    kind: ScopeKind = "all"
    values: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The scope as it is looked up: folded, but for SKUs."""
        if self.kind == "category":
            return (category_key(self.values),)
        return tuple(map(fold, self.values)) if self.kind == "brand" else self.values or ("",)

    def covers(self, sku: str, brand_key: str, category: str) -> bool:
        """Whether a product is within it; `brand_key` and `category` (a path) folded, as the catalog keeps them."""
        match self.kind:
            case "all":
                return True
            case "brand":
                return brand_key in self.keys
            case "category":
                return any(category == key or category.startswith(f"{key} > ") for key in self.keys)
            case _:
                return sku in self.values


ALL = Scope()


def category_key(path: Sequence[str]) -> str:
    """A category path as the catalog compares it."""
    return fold(" > ".join(path))


def path_of(category: str) -> tuple[str, ...]:
    """The path in "Men > Tops"."""
    return tuple(part for part in _SEPARATOR.split(category.strip()) if part)


@dataclass(frozen=True, slots=True)
class Target:
    """A product as scopes see it: its keys, and its category with all above it."""

    sku: str
    brand_key: str
    categories: tuple[str, ...]

    @classmethod
    def of(cls, product: Product) -> "Target":
        """The target that a product is."""
        path = product.category
        return cls(
            product.sku,
            fold(product.brand or ""),
            tuple(category_key(path[: end + 1]) for end in range(len(path))),
        )


@dataclass(frozen=True, slots=True)
class DocumentPiece:
    """A piece of a document as it is shown: its place, the headings above it, its text and the ids of its facts."""

    n: int
    heading: tuple[str, ...]
    text: str
    facts: tuple[str, ...]

    @property
    def guidance(self) -> tuple[str, ...]:
        """Its sentences that are no evidence of anything: how to write, questions, what is said of others."""
        return tuple(one.text for one in passed_over(self.heading, self.text))


@dataclass(frozen=True, slots=True)
class Document:
    """A document without its text. `notes` say what gave no fact, and why."""

    id: str
    title: str
    format: Format
    scope: Scope
    filename: str | None
    characters: int
    facts_count: int
    version: int
    notes: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its pieces and facts."""

    document: Document
    pieces: tuple[DocumentPiece, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DocumentUpdate:
    """What putting a document did: how many of its facts changed or went, and how many copies turned stale for it.

    `unchanged`: the same was there before, and nothing was written.
    """

    stored: StoredDocument
    created: bool
    facts_changed: int
    copy_stale: int
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFactChanges:
    """News of one document: which of its statements came, went or changed, and its scope where that is another now.

    Products in its scope are not named: there may be a million of them. Who rests on a statement knows that it does.
    """

    document_id: str
    changes: tuple[FactChange, ...]
    scope: Scope | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document as it is handed in: bytes of a file, or text. `title` None: what the document calls itself.

    `scope` None: that of the document in whose place it comes, and all products for a new one.
    """

    source: bytes | str
    format: Format | None = None  # None: found out from the name or the content
    title: str | None = None
    scope: Scope | None = None
    filename: str | None = None
