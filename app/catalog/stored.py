"""What the catalog keeps and what it is asked: values that leave `service.py`."""

from dataclasses import dataclass
from datetime import datetime

from app.catalog.documents.values import DocumentFactChanges
from app.catalog.facts import FactChange
from app.catalog.product import Product
from retrieval.facts import Fact


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """A product as the catalog keeps it, with the facts drawn from it.

    `documents` are statements of the shop's documents that may speak of it; empty until they are asked for
    (`CatalogService.with_documents`).
    """

    product: Product
    facts: tuple[Fact, ...]
    facts_hash: str
    created_at: datetime
    updated_at: datetime
    import_id: str | None = None  # the import that brought this state; None: put by hand
    documents: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductFactChanges:
    """News of one product: which of its facts changed (live ones are no news), or that it is gone."""

    sku: str
    changes: tuple[FactChange, ...]
    removed: bool = False


FactNews = ProductFactChanges | DocumentFactChanges
"""What the hook of the catalog hears: news of a product, or of a document whose products are not named."""


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Which products to list; None asks for nothing.

    `q`: every word of it occurs in the SKU, a variant's SKU, the title or the brand. `category`: that one and all
    below it ("Men", "Men > Tops"). `copy_status`: has a copy in that state, in `locale` where given; "missing": has
    none. `locale`: is written in or translated to it (a language takes in its regions), or does not say.
    """

    q: str | None = None
    category: str | None = None
    brand: str | None = None
    status: str | None = None
    copy_status: str | None = None
    locale: str | None = None
