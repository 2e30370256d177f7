"""What has expired: not shown from that moment on, and ended for good by the next sweep."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.repository import HandFactRepository
from app.catalog.attestation.rows import deed, is_expired
from app.catalog.attestation.values import CLOCK, HandFact
from app.catalog.facts import hash_of
from app.catalog.stored import StoredProduct
from app.storage import audit
from app.storage.dialects import Dialect
from retrieval.facts import Fact

SWEEP_EVERY_S = 60.0
OnTrouble = Callable[[Exception], None]


async def without_expired(
    session: AsyncSession, dialect: Dialect, stored: Sequence[StoredProduct], now: datetime
) -> Sequence[StoredProduct]:
    """The same products without attested facts that have expired, whether or not a sweep has been there yet."""
    doubtful = [one.product.sku for one in stored if has_attested(one.facts)]
    if not doubtful:
        return stored
    expired = await HandFactRepository(session, dialect).expired(doubtful, now)
    return [_without(one, expired[one.product.sku]) if one.product.sku in expired else one for one in stored]


def has_attested(facts: Sequence[Fact]) -> bool:
    """Whether any of the facts is attested, and so might expire."""
    return any(fact.trust == "attested" for fact in facts)


def _without(stored: StoredProduct, gone: frozenset[str]) -> StoredProduct:
    kept = tuple(fact for fact in stored.facts if fact.id not in gone)
    return replace(stored, facts=kept, facts_hash=hash_of(kept))


async def holding_now(
    session: AsyncSession, repository: HandFactRepository, skus: Sequence[str], now: datetime
) -> Mapping[str, Sequence[HandFact]]:
    """What people say of these products, to draw their facts by; what has expired is ended for good on the way.

    So a clock that is set back revives nothing that a product was once drawn without.
    """
    found = await repository.of(skus)
    due = [row for rows in found.values() for row in rows if is_expired(row, now)]
    if not due:
        return found
    await repository.end([row.id for row in due], now, CLOCK, "expired")
    await audit.record_all(session, CLOCK, "fact.expire", [deed(row, row, None) for row in due], at=now)
    return {sku: [row for row in rows if not is_expired(row, now)] for sku, rows in found.items()}


@contextlib.asynccontextmanager
async def sweeping(
    sweep: Callable[[], Awaitable[int]], on_trouble: OnTrouble, every_s: float = SWEEP_EVERY_S
) -> AsyncIterator[None]:
    """Sweep in the background, at once and then every minute; a sweep that fails is told of, and the next one comes."""

    async def again_and_again() -> None:
        while True:
            try:
                await sweep()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; the sweeps go on
                on_trouble(error)
            await asyncio.sleep(every_s)

    task = asyncio.create_task(again_and_again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
