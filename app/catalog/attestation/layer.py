"""The layer that people's facts are above the supplier's. Pure: the same facts whatever made them be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from app.catalog.attestation.statements import ADDITIVE
from app.catalog.attestation.values import Differing, HandFact, Origin
from app.catalog.codec import decode_facts, decode_localized, encode_facts, encode_localized
from app.catalog.extraction.conflicts import Stated, objection
from app.catalog.extraction.found import statement
from app.catalog.facts import FactRules, changes, hash_of
from app.catalog.planning import Before, Planned, Task, plan
from retrieval.facts import Fact
from retrieval.quantities import of_fact, same


@dataclass(frozen=True, slots=True)
class Layer:
    """A product's facts with what people say of them, the ids of all, and what each saying sets aside (by its id)."""

    facts: tuple[Fact, ...]
    ids: Mapping[str, str]
    aside: Mapping[str, tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan with the layer on it, and the rows by hand as they stand now."""

    planned: Planned
    rows: tuple[HandFact, ...]


def layered(base: Sequence[Fact], ids: Mapping[str, str], hand: Sequence[HandFact]) -> Layer:
    """Lay what people say over the facts that a product gives by itself.

    A suppressed fact goes, and with it whatever states the same. An attested fact takes the place of the supplier's
    facts of its name (of what there may be many, only of those that state the same) and of sentences of the
    description that speak of another color, size or material; with none of these it stands before the live ones. Its id
    is the next free one of the product and stays. Live facts are left alone.
    """
    left = list(base)
    numbers = dict(ids)
    highest = max((int(number[1:]) for number in numbers.values() if number[1:].isdigit()), default=0)
    aside: dict[str, tuple[Fact, ...]] = {}
    ordered = sorted(hand, key=lambda row: (row.kind != "suppress", row.id))
    for row in ordered:
        if row.kind == "suppress":
            number = numbers.get(row.fact_key)
            gone = [f for f in left if not f.live and (f.id == number or _states(f, row))]
            left = _without(left, gone)
        else:
            if row.fact_key not in numbers:
                highest += 1
                numbers[row.fact_key] = f"F{highest}"
            gone = [f for f in left if f.trust != "attested" and _gives_way(f, row)]
            place = left.index(gone[0]) if gone else _end(left)
            left = _without(left, gone)
            left.insert(place, fact_of(row, numbers[row.fact_key]))
        aside[row.id] = tuple(gone)
    return Layer(tuple(left), numbers, aside)


def fact_of(row: HandFact, number: str) -> Fact:
    """An attested fact under its id."""
    text = row.values[0] if row.name == "description" else statement(row.name, row.value, row.unit)
    source = f"attested:{row.actor}"
    return Fact(
        number, row.name, row.value, text, source, "attested", row.unit, False, row.label, row.original
    )


def with_hand(planned: Planned, before: Before | None, hand: Sequence[HandFact], origin: Origin) -> Applied:
    """A plan of the supplier's facts alone, with what people say laid over it and compared with what was stored."""
    base = decode_facts(planned.columns["facts"] or "[]")
    layer = layered(base, orjson.loads(planned.columns["fact_ids"] or "{}"), hand)
    spoken = decode_localized(planned.columns["localized_facts"] or "{}")
    columns = {
        **planned.columns,
        "facts": encode_facts(layer.facts),
        "localized_facts": encode_localized(
            {locale: layered(facts, layer.ids, hand).facts for locale, facts in spoken.items()}
        ),
        "fact_ids": orjson.dumps(layer.ids).decode(),
        "facts_hash": hash_of(layer.facts),
    }
    rows = tuple(_as_it_stands(row, layer, origin) for row in hand)
    if before is None:
        return Applied(replace(planned, columns=columns), rows)
    is_same = before.data_hash == columns["data_hash"] and before.facts_hash == columns["facts_hash"]
    news = changes(decode_facts(before.facts), layer.facts)
    return Applied(Planned(planned.sku, "redrawn" if is_same else "updated", columns, news), rows)


def redrawn(before: Before, own_sentences: Sequence[str], rules: FactRules, rules_version: str) -> Planned:
    """The plan of a stored product that is drawn anew as it is: what an import of the same row would plan."""
    task = Task(before.data, before.data_hash, None, 0, replace(before, facts_rules=""), own_sentences)
    match plan(task, rules, rules_version):
        case Planned() as planned:
            return planned
        case _:
            raise AssertionError("a product whose rules are not the current ones is always drawn")


def is_news(row: HandFact, before: HandFact) -> bool:
    """Whether a supplier says since that something differs, or differs otherwise."""
    return row.differs is not None and row.differs != before.differs


def _as_it_stands(row: HandFact, layer: Layer, origin: Origin) -> HandFact:
    aside = layer.aside[row.id]
    seen = aside if row.seen is None else row.seen
    news = tuple(
        fact for fact in aside if not (_states(fact, row) or any(_alike(fact, known) for known in seen))
    )
    differs = row.differs
    if not news:
        differs = None
    elif differs is None or [f.text for f in differs.facts] != [f.text for f in news]:
        differs = Differing(news, origin.import_id, origin.at)
    number = layer.ids.get(row.fact_key, row.fact_id)
    return replace(row, fact_id=number, seen=seen, aside=aside, differs=differs)


def _gives_way(fact: Fact, row: HandFact) -> bool:
    """Whether a supplier's fact stands aside for an attested one."""
    if fact.live:
        return False
    if row.name in ADDITIVE:
        return _states(fact, row)
    return fact.name == row.name or (fact.trust == "merchant_claim" and _speaks_against(fact, row))


def _speaks_against(fact: Fact, row: HandFact) -> bool:
    """Whether prose names another color, size or material than the attested one."""
    told = {name: row.values if row.name == name else () for name in ("color", "size", "material")}
    if not any(told.values()):
        return False
    return objection(fact.text, Stated(told["color"], told["size"], told["material"], None)) is not None


def _states(fact: Fact, row: HandFact) -> bool:
    """Whether a fact states what the row does."""
    return _plain(fact.name, fact.values, fact.unit) == _plain(row.name, row.values, row.unit) or (
        fact.name == row.name and _same_quantity(fact, fact_of(row, ""))
    )


def _alike(a: Fact, b: Fact) -> bool:
    """Whether two facts state the same, whichever column says it."""
    return _plain(a.name, a.values, a.unit) == _plain(b.name, b.values, b.unit)


def _plain(name: str, values: Sequence[str], unit: str | None) -> tuple[str, frozenset[str], str | None]:
    called = "feature" if name == "features" else name
    return called, frozenset(value.casefold().rstrip(".") for value in values), unit


def _same_quantity(a: Fact, b: Fact) -> bool:
    one, two = of_fact(a), of_fact(b)
    return bool(one) and len(one) == len(two) and all(map(same, one, two))


def _without(facts: Sequence[Fact], gone: Sequence[Fact]) -> list[Fact]:
    ids = {fact.id for fact in gone}
    return [fact for fact in facts if fact.id not in ids]


def _end(facts: Sequence[Fact]) -> int:
    """Where the facts that are not live end."""
    return next((i for i, fact in enumerate(facts) if fact.live), len(facts))
