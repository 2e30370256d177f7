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
from app.catalog.facts import Drawn, FactChange, FactRules, changes, draw
from app.catalog.feeds import Rejected
from app.catalog.product import AttributeValue, Product
from retrieval.facts import Fact
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
    return plan_all([task], rules, rules_version, None if product is None else [product])[0]


def plan_all(
    tasks: Sequence[Task], rules: FactRules, rules_version: str, products: Sequence[Product] | None = None
) -> list[Plan]:
    """What `plan` gives for each of many tasks, in less time than one by one."""
    decoded: Sequence[Product | None] = products or [None] * len(tasks)
    settled = [_compared(task, rules_version, product) for task, product in zip(tasks, decoded, strict=True)]
    changed = [found for found in settled if isinstance(found, _Changed)]
    planned = iter(_planned(changed, rules, rules_version))
    return [next(planned) if isinstance(found, _Changed) else found for found in settled]


@quick
@dataclass(frozen=True, slots=True)
class _Changed:
    """A product whose facts are to be drawn, as JSON with its hash too."""

    task: Task
    product: Product
    data: str
    data_hash: str


def _compared(task: Task, rules_version: str, product: Product | None) -> _Changed | Rejected | None:
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
    return _Changed(task, product, data, data_hash)


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


def _planned(changed: Sequence[_Changed], rules: FactRules, rules_version: str) -> list[Planned]:
    drawn = draw(
        [one.product for one in changed],
        [orjson.loads(one.task.before.fact_ids) if one.task.before else {} for one in changed],
        [one.task.own_sentences for one in changed],
        rules,
    )
    localized = [
        _localized(one, base.ids, rules) if one.product.localized else ("{}", base.ids)
        for one, base in zip(changed, drawn, strict=True)
    ]
    facts = [base.as_json() for base in drawn]
    columns: list[dict[str, str | None]] = [
        {
            **searchable(one.product),
            "data": one.data,
            "data_hash": one.data_hash,
            "facts": stated,
            "localized_facts": spoken,
            "fact_ids": orjson.dumps(ids).decode(),
            "facts_hash": base.facts_hash,
            "facts_rules": rules_version,
        }
        for one, base, stated, (spoken, ids) in zip(changed, drawn, facts, localized, strict=True)
    ]
    return [_outcome(one, base, written) for one, base, written in zip(changed, drawn, columns, strict=True)]


def _localized(one: _Changed, ids: Mapping[str, str], rules: FactRules) -> tuple[str, Mapping[str, str]]:
    """The facts of each locale as JSON, and the ids of all facts."""
    by_locale: dict[str, Sequence[Fact]] = {}
    for locale in one.product.localized:
        (drawn,) = draw([in_locale(one.product, locale)], [ids], [one.task.own_sentences], rules)
        ids, by_locale[locale] = drawn.ids, drawn.facts()
    return encode_localized(by_locale), ids


def _outcome(one: _Changed, drawn: Drawn, columns: Mapping[str, str | None]) -> Planned:
    before = one.task.before
    if before is None:
        return Planned(one.product.sku, "created", columns)
    same = before.data_hash == one.data_hash and before.facts_hash == drawn.facts_hash
    alike = before.facts == columns["facts"]
    news = () if alike else changes(decode_facts(before.facts), drawn.facts())
    return Planned(one.product.sku, "redrawn" if same else "updated", columns, news)


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
