"""Products and facts as JSON, exactly: decimals keep their digits, moments their zone, mappings their order."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from app.catalog.product import AttributeValue, Image, LocalizedText, Money, Product, Variant
from retrieval.facts import Fact


def encode_product(product: Product) -> str:
    """A product as JSON. Equal products give equal text.

    Raises ValueError for what JSON cannot hold: half a letter (a lone surrogate), a number beyond 64 bits.
    """
    try:
        return orjson.dumps(product, default=_plain).decode()
    except orjson.JSONEncodeError as error:
        raise ValueError(f"cannot be stored: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def decode_product(text: str) -> Product:
    """The product that `encode_product` was given."""
    raw = orjson.loads(text)
    raw["category"] = tuple(raw["category"])
    for price in ("price", "sale_price"):
        if raw[price]:
            raw[price] = _money(raw[price])
    for moment in ("sale_from", "sale_until"):
        if raw[moment]:
            raw[moment] = datetime.fromisoformat(raw[moment])
    raw["images"] = tuple([Image(**image) for image in raw["images"]]) if raw["images"] else ()
    raw["attributes"] = _attributes(raw["attributes"])
    raw["variants"] = tuple([_variant(variant) for variant in raw["variants"]]) if raw["variants"] else ()
    if localized := raw["localized"]:
        raw["localized"] = {
            locale: LocalizedText(**(words | {"attributes": _attributes(words["attributes"])}))
            for locale, words in localized.items()
        }
    return Product(**raw)


def digest(text: str) -> str:
    """A 128-bit hash of stored text: equal exactly when the texts are."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def encode_facts(facts: Sequence[Fact]) -> str:
    """Facts as JSON: one array each, in the order of `Fact`'s fields."""
    return orjson.dumps([fact_to_row(fact) for fact in facts]).decode()


def decode_facts(text: str) -> tuple[Fact, ...]:
    """The facts that `encode_facts` was given."""
    return tuple(fact_from_row(row) for row in orjson.loads(text))


def encode_localized(facts: Mapping[str, Sequence[Fact]]) -> str:
    """Facts by locale as JSON."""
    if not facts:
        return "{}"
    return orjson.dumps(
        {locale: [fact_to_row(fact) for fact in spoken] for locale, spoken in facts.items()}
    ).decode()


def decode_localized(text: str) -> dict[str, tuple[Fact, ...]]:
    """The facts that `encode_localized` was given."""
    return {locale: tuple(fact_from_row(row) for row in rows) for locale, rows in orjson.loads(text).items()}


def fact_to_row(f: Fact) -> tuple[object, ...]:
    """A fact's fields in order, for JSON."""
    return (f.id, f.name, f.value, f.text, f.source, f.trust, f.unit, f.live, f.label, f.original)


def fact_without_id(f: Fact) -> str:
    """The end of a fact's array in `encode_facts`, all that comes behind its id: for facts that many products share."""
    return orjson.dumps(fact_to_row(f)[1:])[1:].decode()


def encode_numbered(ids: Iterable[str], rows: Iterable[str]) -> str:
    """Facts as JSON, as `encode_facts` gives them, from their ids and what `fact_without_id` made of each.

    The ids are F1, F2, …: nothing in them needs to be escaped.
    """
    return "[" + ",".join([f'["{number}",{row}' for number, row in zip(ids, rows, strict=True)]) + "]"


def fact_from_row(row: list[Any]) -> Fact:
    """The fact that `fact_to_row` was given."""
    return Fact(row[0], row[1], tuple(row[2]) if isinstance(row[2], list) else row[2], *row[3:])


def _variant(raw: dict[str, Any]) -> Variant:
    raw["price"] = _money(raw["price"])
    return Variant(**raw)


def _money(raw: Mapping[str, Any] | None) -> Money | None:
    return None if raw is None else Money(Decimal(raw["amount"]), raw["currency"])


def _attributes(raw: dict[str, Any]) -> dict[str, AttributeValue]:
    for name, value in raw.items():
        if value.__class__ is list:
            raw[name] = tuple(value)  # a name that is there: the mapping keeps its order and its size
    return raw
