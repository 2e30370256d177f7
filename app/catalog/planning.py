"""What a batch of a feed means for the stored catalog: merge, compare, draw facts. Pure; knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import orjson

from app.catalog.codec import (
    decode_facts,
    decode_product,
    digest,
    encode_facts,
    encode_localized,
    encode_product,
)
from app.catalog.facts import FactRules, changes, facts_of
from app.catalog.feeds import ProductRecord, Rejected
from app.catalog.product import AttributeValue, Product
from app.catalog.stored import ProductFactChanges
from app.catalog.text import fold, without_nul
from app.errors import Invalid

Outcome = Literal["created", "updated"]
FIELDS = frozenset(field.name for field in fields(Product)) - {"sku", "attributes"}
EVERY_FIELD = FIELDS | {"attributes"}


@dataclass(frozen=True, slots=True)
class Before:
    """A stored product as it is compared: still encoded, because most products of a feed are equal to it."""

    data: str
    data_hash: str
    facts: str
    facts_hash: str
    fact_ids: str
    facts_rules: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A product that is to be written.

    `facts` and `localized_facts` are encoded as stored, `fact_ids` are those of both. `changes` is None for a new
    product. `outcome` is None where only the rules that draw facts have changed, not what they drew.
    """

    product: Product
    data: str
    data_hash: str
    facts_hash: str
    facts: str
    localized_facts: str
    fact_ids: str
    outcome: Outcome | None
    changes: ProductFactChanges | None
    rows: tuple["EncodedRow", ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class EncodedRow:
    """A source row with its cells as JSON."""

    line: int
    cells: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record of a feed with its JSON and hash, made once. `position` is the product's place in the file."""

    record: ProductRecord
    data: str
    data_hash: str
    rows: tuple[EncodedRow, ...]
    position: int


def encoded(record: ProductRecord, position: int) -> Encoded | Rejected:
    """A record ready for comparison; rejected where a database could not hold it."""
    sku = record.product.sku
    line = record.rows[0].line if record.rows else 0
    if "\0" in sku:
        return Rejected(line, sku.replace("\0", ""), "the SKU holds a control character")
    try:
        data = encode_product(record.product)
        rows = tuple(EncodedRow(row.line, orjson.dumps(row.cells).decode()) for row in record.rows)
    except (ValueError, TypeError) as error:
        return Rejected(line, sku.encode(errors="replace").decode(), str(error))
    return Encoded(record, data, digest(data), rows, position)


def merged(before: Product, record: ProductRecord) -> Product:
    """The stored product with everything that the feed speaks of replaced; a column it lacks erases nothing.

    A product that a feed lists is on sale unless the feed itself says otherwise.
    """
    new, present = record.product, record.present
    spoken = {name: getattr(new, name) for name in FIELDS & present}
    attributes = _merged_attributes(before.attributes, record)
    return replace(before, **({"status": "active"} | spoken | {"attributes": attributes}))


def _merged_attributes(
    before: Mapping[str, AttributeValue], record: ProductRecord
) -> dict[str, AttributeValue]:
    """The shop's order: attributes that stay keep their place, new ones follow."""
    new = record.product.attributes
    kept = {
        name: new.get(name, value)
        for name, value in before.items()
        if name in new or f"attributes.{name}" not in record.present
    }
    return kept | {name: value for name, value in new.items() if name not in kept}


def plan(
    item: Encoded, before: Before | None, own_sentences: Sequence[str], rules: FactRules, rules_version: str
) -> Planned | Rejected | None:
    """What to write for one record: None where the stored product is equal already.

    A record without a title is an addition to a known product (a price list); for an unknown one it is rejected.
    """
    record = item.record
    if before is None:
        if not record.product.title:
            line = record.rows[0].line if record.rows else 0
            return Rejected(line, record.product.sku, "no title, and no product with this SKU is known yet")
        return _drawn(record.product, item.data, item.data_hash, None, own_sentences, rules, item)
    current = before.facts_rules == rules_version
    if current and before.data_hash == item.data_hash:
        return None
    product = merged(decode_product(before.data), record)
    data = encode_product(product)
    data_hash = digest(data)
    if current and before.data_hash == data_hash:
        return None
    return _drawn(product, data, data_hash, before, own_sentences, rules, item)


def plan_put(
    product: Product,
    before: Before | None,
    own_sentences: Sequence[str],
    rules: FactRules,
    rules_version: str,
) -> Planned | None:
    """What to write for a product put as a whole; None where it is equal already.

    Raises Invalid for what a database cannot hold.
    """
    item = encoded(ProductRecord(product, (), EVERY_FIELD), 0)
    if isinstance(item, Rejected):
        raise Invalid(item.detail)
    if before is not None and before.data_hash == item.data_hash and before.facts_rules == rules_version:
        return None
    return _drawn(product, item.data, item.data_hash, before, own_sentences, rules, item)


def _drawn(
    product: Product,
    data: str,
    data_hash: str,
    before: Before | None,
    own_sentences: Sequence[str],
    rules: FactRules,
    item: Encoded,
) -> Planned:
    base = facts_of(product, orjson.loads(before.fact_ids) if before else {}, own_sentences, rules)
    ids, by_locale = base.ids, {}
    for locale in product.localized:
        drawn = facts_of(in_locale(product, locale), ids, own_sentences, rules)
        ids, by_locale[locale] = drawn.ids, drawn.facts
    news = None
    outcome: Outcome | None = "created"
    if before is not None:
        news = ProductFactChanges(product.sku, changes(decode_facts(before.facts), base.facts))
        same = before.data_hash == data_hash and before.facts_hash == base.facts_hash
        outcome = None if same else "updated"
    return Planned(
        product=product,
        data=data,
        data_hash=data_hash,
        facts_hash=base.facts_hash,
        facts=encode_facts(base.facts),
        localized_facts=encode_localized(by_locale),
        fact_ids=orjson.dumps(dict(ids)).decode(),
        outcome=outcome,
        changes=news,
        rows=item.rows,
        position=item.position,
    )


def in_locale(product: Product, locale: str) -> Product:
    """The product as a shopper of that locale reads it; what has no words of its own stays as it is."""
    words = product.localized[locale]
    return replace(
        product,
        title=words.title or product.title,
        description=product.description if words.description is None else words.description,
        attributes={**product.attributes, **words.attributes},
        url=words.url or product.url,
        locale=locale,
        localized={},
    )


def search_text(product: Product) -> str:
    """What `q` looks through: SKU, variants' SKUs, title, brand."""
    text = f"{product.sku} {product.title} {product.brand or ''}"
    if product.variants:
        text = f"{text} {' '.join([variant.sku for variant in product.variants])}"
    return fold(text)


def category_text(path: Sequence[str]) -> str:
    """A category path for people: "Men > Tops"."""
    return without_nul(" > ".join(path))


def locales_text(product: Product) -> str:
    """The locales a product speaks, between blanks; " * " where the shop does not say which its own is."""
    if not product.localized and product.locale is None:
        return " * "
    return f" {' '.join([(product.locale or '*').lower(), *(name.lower() for name in product.localized)])} "
