"""What people say of facts, within an import: laid over its plans, and what it says otherwise is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.expiry import holding_now
from app.catalog.attestation.layer import is_news, with_hand
from app.catalog.attestation.repository import HandFactRepository
from app.catalog.attestation.values import HandFact, Origin
from app.catalog.feeds import Rejected
from app.catalog.planning import Before, Plan, Planned
from app.storage.dialects import Dialect

NAMED = 3
"""So many facts that differ a note of an import says in words."""


class HandLayer:
    """What people say of the products of a batch, within the transaction that writes it.

    `spoken_of` are the products of which anything was ever said: their plans must rest on what is stored now, because
    an id that was given by hand since they were made would be given twice.
    """

    def __init__(
        self, repository: HandFactRepository, holding: Mapping[str, Sequence[HandFact]], origin: Origin
    ) -> None:
        self._repository = repository
        self._holding = holding
        self._origin = origin
        self._rows: list[HandFact] = []
        self.overridden: list[Rejected] = []
        self.facts_overridden = 0

    @classmethod
    async def over(
        cls, session: AsyncSession, dialect: Dialect, skus: Sequence[str], import_id: str, now: datetime
    ) -> "HandLayer":
        """The layer over these products. As long as nobody ever said anything it costs one look."""
        repository = HandFactRepository(session, dialect)
        is_any = bool(skus) and await repository.any()
        holding = await holding_now(session, repository, skus, now) if is_any else {}
        return cls(repository, holding, Origin(import_id, now))

    @property
    def spoken_of(self) -> frozenset[str]:
        """Products of which somebody says, or said, something."""
        return frozenset(self._holding)

    def on(self, sku: str, plan: Plan, before: Before | None, line: int) -> Plan:
        """A plan with the layer on it; `line` is where the product stands in the file."""
        hand = self._holding.get(sku)
        if not hand or not isinstance(plan, Planned):
            return plan
        applied = with_hand(plan, before, hand, self._origin)
        earlier = {row.id: row for row in hand}
        self._rows += [row for row in applied.rows if row != earlier[row.id]]
        news = [row for row in applied.rows if is_news(row, earlier[row.id])]
        self.facts_overridden += len(news)
        self.overridden += [Rejected(line, sku, _said(row), kept=True) for row in news]
        return applied.planned

    async def write(self) -> None:
        """Store what the rows by hand set aside since."""
        await self._repository.set_standing(self._rows)


def _said(row: HandFact) -> str:
    told = "; ".join(fact.text for fact in row.differs.facts[:NAMED]) if row.differs else ""
    if row.kind == "suppress":
        return f"{told}: {row.actor} took {row.fact_id} out, and it stays out"
    value = ", ".join(row.values) + (f" {row.unit}" if row.unit else "")
    return f"{told}: {row.actor} attests {row.name} {value} ({row.fact_id}), and that stays"
