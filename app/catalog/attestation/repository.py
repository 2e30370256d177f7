"""The only SQL of facts by hand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.values import Differing, Ended, HandFact, HandQuery
from app.catalog.codec import fact_from_row, fact_to_row
from app.catalog.repository.filters import conditions
from app.catalog.stored import ProductQuery
from app.storage.bulk import insert_many
from app.storage.dialects import Dialect
from app.storage.tables import hand_facts, products
from retrieval.facts import Fact

_INSERT = insert(hand_facts)


class HandFactRepository:
    """Facts by hand within one session; the caller holds the transaction and, to write, the catalog's lock."""

    def __init__(self, session: AsyncSession, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    async def any(self) -> bool:
        """Whether there is any row at all, ended ones too."""
        found = await self._session.execute(select(hand_facts.c.id).limit(1))
        return found.first() is not None

    async def of(self, skus: Sequence[str]) -> Mapping[str, Sequence[HandFact]]:
        """SKU → what holds of it, oldest first; a product of which something once held is there, with nothing."""
        rows = await self._session.execute(
            select(hand_facts).where(self._dialect.among(hand_facts.c.sku, skus)).order_by(hand_facts.c.id)
        )
        found: dict[str, list[HandFact]] = {}
        for row in rows:
            holding = found.setdefault(row.sku, [])
            if row.ended_at is None:
                holding.append(_hand_fact(row))
        return found

    async def due(self, now: datetime, limit: int) -> Sequence[HandFact]:
        """What holds though it has expired, the longest expired first."""
        rows = await self._session.execute(
            select(hand_facts)
            .where(hand_facts.c.ended_at.is_(None), hand_facts.c.expires_at <= now)
            .order_by(hand_facts.c.expires_at)
            .limit(limit)
        )
        return [_hand_fact(row) for row in rows]

    async def expired(self, skus: Sequence[str], now: datetime) -> Mapping[str, frozenset[str]]:
        """SKU → the ids of its attested facts that have expired and were not taken out yet."""
        rows = await self._session.execute(
            select(hand_facts.c.sku, hand_facts.c.fact_id).where(
                self._dialect.among(hand_facts.c.sku, skus),
                hand_facts.c.kind == "attest",
                hand_facts.c.ended_at.is_(None),
                hand_facts.c.expires_at <= now,
            )
        )
        found: dict[str, set[str]] = {}
        for sku, fact_id in rows:
            found.setdefault(sku, set()).add(fact_id)
        return {sku: frozenset(ids) for sku, ids in found.items()}

    async def page(self, query: HandQuery, limit: int, before: str | None) -> Sequence[HandFact]:
        """Facts by hand, newest first, older than the id `before`."""
        statement = select(hand_facts).where(*_conditions(query)).order_by(hand_facts.c.id.desc())
        if before is not None:
            statement = statement.where(hand_facts.c.id < before)
        return [_hand_fact(row) for row in await self._session.execute(statement.limit(limit))]

    async def add(self, rows: Sequence[HandFact]) -> None:
        """Store new ones."""
        await insert_many(self._session, _INSERT, [_row(row) for row in rows])

    async def end(self, ids: Collection[str], at: datetime, by: str, why: Ended) -> None:
        """Let them hold no longer. Nothing ever lets one hold again."""
        if ids:
            await self._session.execute(
                update(hand_facts)
                .where(self._dialect.among(hand_facts.c.id, list(ids)), hand_facts.c.ended_at.is_(None))
                .values(ended_at=at, ended_by=by, ended_why=why)
            )

    async def set_standing(self, rows: Sequence[HandFact]) -> None:
        """Store their facts' ids, and what they set aside since the product was last drawn."""
        for row in rows:
            stored = _row(row)
            await self._session.execute(
                update(hand_facts)
                .where(hand_facts.c.id == row.id)
                .values({name: stored[name] for name in ("fact_id", "seen", "aside", "differs")})
            )

    async def facts_of_category(
        self, category: str | None, limit: int, after: str | None
    ) -> Sequence[tuple[str, str, str]]:
        """SKU, category and facts (as stored) of the active products of a category, in order of SKU, after `after`."""
        wanted = ProductQuery(category=category, status="active")
        statement = select(products.c.sku, products.c.category, products.c.facts).where(*conditions(wanted))
        if after is not None:
            statement = statement.where(products.c.sku > after)
        rows = await self._session.execute(statement.order_by(products.c.sku).limit(limit))
        return [(sku, path, facts) for sku, path, facts in rows]


def _conditions(query: HandQuery) -> list[ColumnElement[bool]]:
    c = hand_facts.c
    found: list[ColumnElement[bool]] = []
    if not query.ended:
        found.append(c.ended_at.is_(None))
    if query.sku is not None:
        found.append(c.sku == query.sku)
    if query.actor is not None:
        found.append(c.actor == query.actor)
    if query.kind is not None:
        found.append(c.kind == query.kind)
    if query.differs is not None:
        found.append(c.differs.is_not(None) if query.differs else c.differs.is_(None))
    return found


def _row(row: HandFact) -> dict[str, Any]:
    return {
        "id": row.id,
        "sku": row.sku,
        "kind": row.kind,
        "fact_key": row.fact_key,
        "fact_id": row.fact_id,
        "name": row.name,
        "value": row.value,
        "unit": row.unit,
        "label": row.label,
        "original": row.original,
        "evidence": row.evidence,
        "reason": row.reason,
        "actor": row.actor,
        "expires_at": row.expires_at,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
        "ended_why": row.ended_why,
        "seen": None if row.seen is None else [fact_to_row(fact) for fact in row.seen],
        "aside": [fact_to_row(fact) for fact in row.aside],
        "differs": None
        if row.differs is None
        else {
            "facts": [fact_to_row(fact) for fact in row.differs.facts],
            "import_id": row.differs.import_id,
            "at": row.differs.at.isoformat(),
        },
    }


def _hand_fact(row: Row[Any]) -> HandFact:
    differs = row.differs
    return HandFact(
        id=row.id,
        sku=row.sku,
        kind=row.kind,
        fact_key=row.fact_key,
        fact_id=row.fact_id,
        name=row.name,
        value=tuple(row.value) if isinstance(row.value, list) else row.value,
        unit=row.unit,
        label=row.label,
        original=row.original,
        actor=row.actor,
        created_at=row.created_at,
        evidence=row.evidence,
        reason=row.reason,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_why=row.ended_why,
        seen=None if row.seen is None else _facts(row.seen),
        aside=_facts(row.aside or []),
        differs=None
        if differs is None
        else Differing(_facts(differs["facts"]), differs["import_id"], datetime.fromisoformat(differs["at"])),
    )


def _facts(rows: list[Any]) -> tuple[Fact, ...]:
    return tuple(fact_from_row(row) for row in rows)
