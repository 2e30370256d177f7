"""The log of changed products, written with the products themselves; search indexes follow it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import delete, insert, or_
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.tables import product_changes

# Who follows the log is behind by a second at most. Who was away longer than this compares all products instead, which
# takes less than reading a long log would; so the log need not reach far back.
KEPT_ENTRIES = 2_000
KEPT_FOR = timedelta(days=1)
_TRIMMED_EVERY = 50  # entries


async def log_changes(session: AsyncSession, skus: Sequence[str], now: datetime) -> None:
    """Log that these products were written or removed, in the transaction that does it; trims the log now and then.

    The caller holds the catalog's lock: ids follow one another in the order in which transactions commit.
    """
    if not skus:
        return
    added = await session.execute(
        insert(product_changes)
        .values(created_at=now, skus=orjson.dumps(list(skus)).decode())
        .returning(product_changes.c.id)
    )
    newest: int = added.scalar_one()
    if newest % _TRIMMED_EVERY == 0:
        await session.execute(
            delete(product_changes).where(
                # The newest always stays: SQLite would give its number again.
                product_changes.c.id < newest,
                or_(
                    product_changes.c.id <= newest - KEPT_ENTRIES,
                    product_changes.c.created_at < now - KEPT_FOR,
                ),
            )
        )
