"""What goes into a search index and what comes out: values only, shared by every index."""

import hashlib
from dataclasses import dataclass

# The model reads about 256 word pieces; what stands further behind would be cut off by it anyway.
_EMBEDDED_DESCRIPTION = 400


@dataclass(frozen=True, slots=True)
class Item:
    """A product as search sees it.

    `key` names it in the index (and is itself an exact code). `category` is the path from the root. `description` is
    plain text. `attributes` are (name, value) pairs, a list joined by ", ". `codes` are what finds it exactly: SKU,
    GTINs, SKUs of variants, manufacturer's part number. `version` is opaque: whoever feeds the index compares it to
    know what has changed.
    """

    key: str
    title: str
    brand: str = ""
    category: tuple[str, ...] = ()
    type: str = ""
    description: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found. Ranks count from 1 and are None where that half did not find it.

    `exact`: the query is a code of the product. `score` orders the hits of one search and compares with no other.
    """

    key: str
    title: str
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first. `dense`: whether vectors took part."""

    hits: tuple[Hit, ...]
    dense: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """The text of an item that waits for its vector. `text_hash` tells whether the text is still the same."""

    key: str
    text: str
    text_hash: str


def named(item: Item) -> Item:
    """Give the item back. Raises ValueError where its key is empty: nothing could find, change or remove it."""
    if not item.key.strip():
        raise ValueError(f"an item needs a key; the one titled {item.title!r} has none")
    return item


def pending_of(item: Item) -> Pending:
    """Give what an embedder is to read of an item."""
    text = embedded_text(item)
    return Pending(item.key, text, hashlib.blake2b(text.encode(), digest_size=12).hexdigest())


def embedded_text(item: Item) -> str:
    """Give the short text of an item that is embedded: title, brand, type, category, start of the description."""
    title = item.title.strip()
    brand = item.brand.strip()
    parts = [title if brand.lower() in title.lower() else f"{brand} {title}", item.type.strip()]
    parts += [" > ".join(item.category), " ".join(item.description.split())[:_EMBEDDED_DESCRIPTION]]
    return ". ".join(part for part in parts if part)
