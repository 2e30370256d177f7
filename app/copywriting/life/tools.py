"""What every use case of this room works with, and the first step of each: the copy as its caller saw it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.copy import Authorship, Copy
from app.copywriting.judging import Judge
from app.copywriting.life.deeds import SYSTEM, Deeds
from app.copywriting.life.differences import differences
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.preconditions import Expected, outdated
from app.copywriting.life.repository import LifeRepository
from app.copywriting.repository import CopyRepository
from app.errors import NotFound
from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class Tools:
    """`changed` is called after each transaction that changed a copy."""

    database: Database
    judge: Judge
    policy: LifePolicy
    clock: Callable[[], datetime]
    new_id: Callable[[str, datetime], str]
    changed: Callable[[], None]

    async def newest(self, copy_id: str, expected: Expected | None = None) -> Copy:
        """The newest version of a copy. Raises NotFound; StaleVersion where it is not as the caller saw it."""
        async with self.database.session() as session:
            copy = await CopyRepository(session).newest(copy_id)
            if copy is None:
                raise NotFound(f"there is no copy {copy_id!r}")
            if expected is None or expected.fits(copy):
                return copy
            repository = LifeRepository(session)
            seen = await repository.version(copy_id, expected.version)
            deeds = await repository.deeds(copy_id, expected.version, expected.status)
        changes = differences(seen, copy) if seen and seen.version != copy.version else ()
        raise outdated(expected, copy, list(deeds), changes)

    async def makers(self, copy_id: str) -> list[tuple[str, Authorship]]:
        """Who made each version of a copy, and whose words it then was."""
        async with self.database.session() as session:
            return list(await LifeRepository(session).makers(copy_id))

    def deeds_within(self, session: AsyncSession, actor: str = SYSTEM) -> Deeds:
        """What `actor` does within a transaction of somebody else, who commits it; call `finish` on it."""
        return Deeds(session, self.database.dialect, actor, self.clock())

    @asynccontextmanager
    async def deeds(self, actor: str) -> AsyncIterator[Deeds]:
        """A transaction in which `actor` changes copies."""
        async with self.database.transaction() as session:
            deeds = Deeds(session, self.database.dialect, actor, self.clock())
            yield deeds
            await deeds.finish()
        self.changed()
