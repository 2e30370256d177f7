"""What changed facts do to copy, within the transaction that changes them.

An import changes many products and few of their texts rest on what changed: which ones do is read off a column that
lists the facts of each, and only those are read, as JSON and not as values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from app.catalog.documents.values import DocumentFactChanges
from app.catalog.facts import FactChange
from app.catalog.service import FactNews, ProductFactChanges
from app.copywriting.life.deeds import ABOUT, Deeds
from app.copywriting.life.repository import CitedFacts, RawCopy, TouchedRepository
from app.copywriting.life.transitions import BY_ACTION, ON_SHELF
from retrieval.facts import Fact

_SCOPES = frozenset({"brand", "category"})
_TELLING = 3
"""Letters up to which a value ("yes", "M") says nothing about the sentence that it stands in."""
_EXPIRES = frozenset(BY_ACTION["expire"].sources)
Touched = Mapping[str, FactChange | None]
"""Fact id → its change; None: the fact is as it was, but speaks of this product no more."""


async def expire(deeds: Deeds, news: Sequence[FactNews]) -> int:
    """Turn stale what rests on a changed or vanished fact; withdraw the copy of removed products.

    Of a document those are looked up that cite it, whatever products it applies to. A product that moved to another
    brand or category may have left a document's scope: its copy that cites one turns stale too. How many turned stale.
    """
    repository = TouchedRepository(deeds.session)
    touched: dict[tuple[str, int], dict[str, FactChange | None]] = {}
    opened: dict[tuple[str, int], RawCopy] = {}
    for document in (item for item in news if isinstance(item, DocumentFactChanges)):
        for copy, facts in await _citing(repository, document):
            opened[copy.key] = copy
            touched.setdefault(copy.key, {}).update(facts)
    products = {item.sku: item for item in news if isinstance(item, ProductFactChanges)}
    removed = [sku for sku, item in products.items() if item.removed]
    changed = {sku: facts for sku, item in products.items() if not item.removed and (facts := _gone(item))}
    for row in await repository.cited_by(list(changed)) if changed else ():
        if facts := _rests_on(row, changed[row.copy.sku]):
            opened[row.copy.key] = row.copy
            touched.setdefault(row.copy.key, {}).update(facts)
    moved = [sku for sku, facts in changed.items() if _moved(facts)]
    for citing in await repository.citing_documents(moved) if moved else ():
        touched.setdefault(citing.key, {}).update(dict.fromkeys(citing.fact_ids))
    missing = [key for key in touched if key not in opened]
    opened |= {copy.key: copy for copy in await repository.opened(missing)}
    stale = _mark(deeds, [(copy, touched[key]) for key, copy in opened.items() if key in touched])
    gone = [_withdrawn(deeds, copy) for copy in (await repository.opened_of(removed) if removed else ())]
    await repository.store([*stale, *gone], deeds.now)
    if removed:
        await repository.end_of(removed, "withdrawn", deeds.actor, deeds.now)
    await deeds.finish()
    return sum(copy.status != "stale" for copy in opened.values() if copy.key in {c.key for c in stale})


def _gone(item: ProductFactChanges) -> dict[str, FactChange]:
    """What changed of facts that a text may have rested on; nothing rests on one that only came."""
    return {change.id: change for change in item.changes if change.old is not None}


def _rests_on(row: CitedFacts, facts: Mapping[str, FactChange]) -> Touched:
    return {fact: facts[fact] for fact in row.cited.split() if fact in facts}


def _moved(facts: Mapping[str, FactChange]) -> bool:
    return any(change.old is not None and change.old.name in _SCOPES for change in facts.values())


async def _citing(
    repository: TouchedRepository, news: DocumentFactChanges
) -> Sequence[tuple[RawCopy, Touched]]:
    """The copies that rest on what a document said, each with those of its statements that changed or left it."""
    changes = {change.id: change for change in news.changes if change.old is not None}
    found: list[tuple[RawCopy, Touched]] = []
    for copy, own, brand, category in await repository.citing(news.document_id):
        outside = news.scope is not None and not news.scope.covers(copy.sku, brand, category)
        if news.removed or outside:
            found.append((copy, {fact: changes.get(fact) for fact in own}))
        elif facts := {fact: changes[fact] for fact in own if fact in changes}:
            found.append((copy, facts))
    return found


def _mark(deeds: Deeds, touched: Iterable[tuple[RawCopy, Touched]]) -> list[RawCopy]:
    """The copies with what of them is stale now, recorded and told."""
    marked: list[RawCopy] = []
    for copy, facts in touched:
        if copy.status not in _EXPIRES:
            continue
        content = orjson.loads(copy.data)
        new = _sentences(content, facts)
        before = content.get("stale", [])
        content["stale"] = _merged(before, new)
        if copy.status == "stale" and content["stale"] == before:
            continue
        content["status"] = "stale"
        after = copy._replace(status="stale", data=orjson.dumps(content).decode())
        marked.append(after)
        deeds.record("expire", copy, after, {"facts": sorted(facts), "sentences": len(new)})
        if copy.status in ON_SHELF:
            deeds.served_changed()
        about = {name: content[name] for name in ABOUT}
        deeds.tell_about("copy.stale", about, {"on_shelf": copy.status == "published", "sentences": new})
    return marked


def _sentences(content: Mapping[str, Any], facts: Touched) -> list[dict[str, Any]]:
    """The sentences of a stored copy that rest on these facts, as `StaleSentence` is stored.

    A sentence that states a fact without naming it is known by the fact's value in it.
    """
    was = {fact["id"]: fact for fact in content["facts"]}
    found: list[dict[str, Any]] = []
    for fact_id, change in facts.items():
        old = was.get(fact_id) or (_stored(change.old) if change and change.old else None)
        value = _value(old)
        named = [s for s in content["sentences"] if fact_id in s["facts"]]
        about = {
            "fact": fact_id,
            "name": old["name"] if old else "",
            "old": value,
            "new": _value(_stored(change.new)) if change and change.new else None,
        }
        found.extend(
            {"field": sentence["field"], "text": sentence["text"], **about}
            for sentence in named or [s for s in content["sentences"] if _states(s["text"], value)]
        )
    return found


def _merged(before: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each sentence once for each fact: with the value that it was written by, and today's."""
    entries = {(e["field"], e["text"], e["fact"]): e for e in before}
    for entry in new:
        key = entry["field"], entry["text"], entry["fact"]
        entries[key] = {**entry, "old": entries[key]["old"]} if key in entries else entry
    return list(entries.values())


def _stored(fact: Fact) -> Mapping[str, Any]:
    """What is said of a fact, as a stored copy has it."""
    return {"name": fact.name, "value": fact.value, "unit": fact.unit}


def _value(fact: Mapping[str, Any] | None) -> str:
    """A fact's value with its unit, for people."""
    if fact is None:
        return ""
    value = fact["value"]
    text = value if isinstance(value, str) else ", ".join(value)
    return f"{text} {fact['unit']}" if fact.get("unit") else text


def _states(text: str, value: str) -> bool:
    return len(value) > _TELLING and value.casefold() in text.casefold()


def _withdrawn(deeds: Deeds, copy: RawCopy) -> RawCopy:
    content = orjson.loads(copy.data)
    content["status"] = "withdrawn"
    after = copy._replace(status="withdrawn", data=orjson.dumps(content).decode())
    deeds.record("withdraw", copy, after, {"why": "product_removed"})
    deeds.served_changed()
    deeds.tell_about("copy.withdrawn", {name: content[name] for name in ABOUT}, {"why": "product_removed"})
    return after
