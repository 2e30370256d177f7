"""Rows by hand: how they are made, compared, looked for and told to the audit. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from app.catalog.attestation.statements import OF_THE_PRODUCT, Statement
from app.catalog.attestation.values import Attestation, HandFact
from app.catalog.codec import decode_facts
from app.catalog.planning import Before
from app.errors import Conflict, Invalid, NotFound
from app.storage.ids import sortable_id
from retrieval.facts import Fact

MAX_NOTE = 2000  # characters of an evidence or a reason
Deed = tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]


def attested(statement: Statement, order: Attestation, actor: str, now: datetime) -> HandFact:
    """The row of an attestation, not drawn yet."""
    return HandFact(
        id=sortable_id("hf", now),
        sku=order.sku,
        kind="attest",
        fact_key=statement.key,
        fact_id="",
        name=statement.name,
        value=statement.value,
        unit=statement.unit,
        label=statement.label,
        original=statement.original,
        actor=actor,
        created_at=now,
        evidence=order.evidence,
        expires_at=order.expires_at,
    )


def suppressed(sku: str, fact: Fact, before: Before, reason: str, actor: str, now: datetime) -> HandFact:
    """The row of a suppression, not drawn yet."""
    keys: Mapping[str, str] = orjson.loads(before.fact_ids)
    return HandFact(
        id=sortable_id("hf", now),
        sku=sku,
        kind="suppress",
        fact_key=next(key for key, number in keys.items() if number == fact.id),
        fact_id=fact.id,
        name=fact.name,
        value=fact.value,
        unit=fact.unit,
        label=fact.label,
        original=fact.original,
        actor=actor,
        created_at=now,
        reason=reason,
    )


def is_same(row: HandFact, statement: Statement, order: Attestation, actor: str) -> bool:
    """Whether a row says already what an order asks for."""
    said = row.name, row.value, row.unit, row.evidence, row.expires_at, row.actor
    asked = statement.name, statement.value, statement.unit, order.evidence, order.expires_at, actor
    return said == asked


def is_expired(row: HandFact, now: datetime) -> bool:
    """Whether it no longer counts, ended or not."""
    return row.expires_at is not None and row.expires_at <= now


def supplied(fact_id: str, before: Before, holding: Sequence[HandFact]) -> Fact:
    """The supplier's fact of this id, also one that an attested fact sets aside.

    Raises NotFound where the product has none, Conflict for what is no supplier's to be wrong about.
    """
    for row in holding:
        if row.fact_id == fact_id:
            how = "suppressed already" if row.kind == "suppress" else "attested; undo that instead"
            raise Conflict(f"{fact_id} is {how} (by {row.actor})")
    aside = (fact for row in holding for fact in row.aside)
    fact = next((fact for fact in (*decode_facts(before.facts), *aside) if fact.id == fact_id), None)
    if fact is None:
        if fact_id.startswith("D"):
            raise Conflict(f"{fact_id} is a document's statement: replace or remove the document")
        raise NotFound(f"the product has no fact {fact_id!r} now")
    if fact.live or fact.name in OF_THE_PRODUCT:
        raise Conflict(f"{fact_id} ({fact.name}) is the product's own: change it with the product")
    return fact


def note(text: str, name: str) -> str:
    """An evidence or a reason, without blanks around it. Raises Invalid for an empty or endless one."""
    plain = text.strip()
    if not plain or len(plain) > MAX_NOTE:
        raise Invalid(f"{name}: 1 to {MAX_NOTE:,} characters", pointer=f"/{name}")
    return plain


def deed(row: HandFact, before: HandFact | None, after: HandFact | None) -> Deed:
    """An entry of the audit: the fact, what was said of it, what is."""
    was, now = _told(before) if before else None, _told(after) if after else None
    return f"fact:{row.sku}/{row.fact_id}", was, now


def _told(row: HandFact) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "kind": row.kind,
        "name": row.name,
        "value": row.value,
        "unit": row.unit,
        "evidence": row.evidence,
        "reason": row.reason,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "by": row.actor,
        "aside": [f"{fact.id} {fact.text}" for fact in row.aside],
    }
    return {name: value for name, value in told.items() if value not in (None, [])}
