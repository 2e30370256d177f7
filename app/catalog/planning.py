"""What a record of a feed means for the stored catalog: merge, compare, draw facts. Pure; knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import orjson

from app.catalog.codec import (
    decode_facts,
    decode_product,
    digest,
    encode_localized,
    encode_product,
)
from app.catalog.columns import searchable
from app.catalog.facts import FactChange, FactRules, changes, draw
from app.catalog.feeds import Rejected
from app.catalog.product import AttributeValue, Product
from retrieval.quick_values import quick

Outcome = Literal["created", "updated", "redrawn"]
FIELDS = frozenset(field.name for field in fields(Product)) - {"sku", "attributes"}


# What a plan says of a product's row, all but by whom and when it is written.
PLANNED_COLUMNS = (
    *("sku", "status", "title", "brand", "category", "brand_key", "category_key", "search", "locales"),
    *("data", "data_hash", "facts", "localized_facts", "fact_ids", "facts_hash", "facts_rules"),
)


@quick
@dataclass(frozen=True, slots=True)
class Before:
    """A stored product as it is compared: still encoded, because most products of a feed are equal to it."""

    data: str
    data_hash: str
    facts: str
    facts_hash: str
    fact_ids: str
    facts_rules: str


@quick
@dataclass(frozen=True, slots=True)
class Task:
    """One record and what the catalog knows of its product.

    `data` is the record's product as JSON, `present` what its feed speaks of (None: of everything), `line` where it
    begins, `own_sentences` what we wrote about the product.
    """

    data: str
    data_hash: str
    present: frozenset[str] | None
    line: int
    before: Before | None
    own_sentences: Sequence[str] = ()


@quick
@dataclass(frozen=True, slots=True)
class Planned:
    """A product that is to be written: its `PLANNED_COLUMNS`, and which of its facts changed (none of a new product's).

    `redrawn`: the product is as it was, and so are its facts; only the rules that draw them have changed.
    """

    sku: str
    outcome: Outcome
    columns: Mapping[str, str | None]
    changes: tuple[FactChange, ...] = ()


Plan = Planned | Rejected | None


def plan(task: Task, rules: FactRules, rules_version: str, product: Product | None = None) -> Plan:
    """What to write for one record: None where the stored product is equal already.

    A record without a title is an addition to a known product (a price list); for an unknown one it is rejected.
    `product` saves the decoding of `task.data` where the caller has it.
    """
    before = task.before
    current = before is not None and before.facts_rules == rules_version
    if before is not None and current and before.data_hash == task.data_hash:
        return None
    data, data_hash = task.data, task.data_hash
    product = product or decode_product(data)
    if before is None:
        if not product.title:
            return Rejected(task.line, product.sku, "no title, and no product with this SKU is known yet")
    elif task.present is not None:
        product = merged(decode_product(before.data), product, task.present)
        data = encode_product(product)
        data_hash = digest(data)
        if current and before.data_hash == data_hash:
            return None
    return _drawn(product, data, data_hash, task, rules, rules_version)


def merged(before: Product, new: Product, present: frozenset[str]) -> Product:
    """The stored product with everything that the feed speaks of replaced; a column it lacks erases nothing.

    A product that a feed lists is on sale unless the feed itself says otherwise.
    """
    spoken = {name: getattr(new, name) for name in FIELDS & present}
    attributes = _merged_attributes(before.attributes, new.attributes, present)
    return replace(before, **({"status": "active"} | spoken | {"attributes": attributes}))


def _merged_attributes(
    before: Mapping[str, AttributeValue], new: Mapping[str, AttributeValue], present: frozenset[str]
) -> dict[str, AttributeValue]:
    """The shop's order: attributes that stay keep their place, new ones follow."""
    kept = {
        name: new.get(name, value)
        for name, value in before.items()
        if name in new or f"attributes.{name}" not in present
    }
    return kept | {name: value for name, value in new.items() if name not in kept}


def _drawn(
    product: Product, data: str, data_hash: str, task: Task, rules: FactRules, rules_version: str
) -> Planned:
    before, own = task.before, task.own_sentences
    base = draw(product, orjson.loads(before.fact_ids) if before else {}, own, rules)
    ids, by_locale = base.ids, {}
    for locale in product.localized:
        drawn = draw(in_locale(product, locale), ids, own, rules)
        ids, by_locale[locale] = drawn.ids, drawn.facts()
    facts = base.as_json()
    columns = {
        **searchable(product),
        "data": data,
        "data_hash": data_hash,
        "facts": facts,
        "localized_facts": encode_localized(by_locale),
        "fact_ids": orjson.dumps(ids).decode(),
        "facts_hash": base.facts_hash,
        "facts_rules": rules_version,
    }
    if before is None:
        return Planned(product.sku, "created", columns)
    same = before.data_hash == data_hash and before.facts_hash == base.facts_hash
    news = () if before.facts == facts else changes(decode_facts(before.facts), base.facts())
    return Planned(product.sku, "redrawn" if same else "updated", columns, news)


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
