"""Numbers that grow when something changes that every process must know of: keys, what is served, voices.

A process that keeps such a thing in memory compares the number before it believes its memory.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.storage.dialects import Dialect
from app.storage.tables import epochs

_PENDING = "shelftalker_epochs"  # in `Session.info`


async def advance(session: AsyncSession, dialect: Dialect, name: str) -> None:  # noqa: ARG001 - see `write`
    """Let the others know, at the end of this transaction."""
    session.info.setdefault(_PENDING, set()).add(name)


async def write(session: AsyncSession, dialect: Dialect) -> None:
    """Store what this transaction advanced. Called at its end (`Database.transaction`), and there alone.

    At the end and in one order, because each number is a row that others wait for: so nobody waits for longer than a
    commit, and no two for one another.
    """
    for name in sorted(session.info.pop(_PENDING, ())):
        new = dialect.insert_new(epochs, ("name",)).values(name=name, value=0)
        await session.execute(new)
        await session.execute(epochs.update().where(epochs.c.name == name).values(value=epochs.c.value + 1))


async def current(session: AsyncSession) -> Mapping[str, int]:
    """Every epoch; one that never advanced is not there and counts as 0."""
    found = await session.execute(select(epochs.c.name, epochs.c.value))
    return {row.name: row.value for row in found}
