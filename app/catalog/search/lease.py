"""The right to feed an index that many processes share: a row that its holder renews, and that outlives nobody for long.

No clock of one machine is compared with that of another. The row counts its holder's beats; who waits takes over when
it has watched one beat for longer than a lease lasts, by its own clock. The holder gives up earlier, by its own clock too.
A row, and no advisory lock of the database's: such a lock needs a connection of its own for all its life, which a pooler
may not give, and of a machine that lost its power it is held until TCP gives up, which takes hours. And the row
remembers how far the index has read the log of changes, so that its next holder goes on from there.
"""

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime

from app.catalog.search.repository import LeaseRepository, LeaseRow
from app.errors import Unavailable
from app.storage.database import Database

LASTS_S = 6.0  # without a beat
RENEWED_EVERY_S = 1.5
# The holder counts from before its beat was written and stops that much earlier than anybody may take over.
MARGIN_S = 1.5
_SHOWN_S = 30.0  # a holder that was not heard of for longer is not shown as one


class Lease:
    """The lease of one index, as one process sees it. Belongs to one event loop."""

    def __init__(self, database: Database, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self.name = name
        self._clock = clock
        self._me = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._seen: LeaseRow | None = None
        self._seen_at = float("-inf")
        self._held_until = float("-inf")
        self.position: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process may feed the index just now."""
        return self._clock() < self._held_until

    @property
    def holder(self) -> str | None:
        """Who has it, as host and process; None where nobody was heard of lately."""
        if self._seen is None or not self._seen.holder:
            return None
        if (datetime.now(UTC) - self._seen.renewed_at).total_seconds() > _SHOWN_S:
            return None
        return self._seen.holder.rpartition("/")[0]

    async def look(self) -> None:
        """See how it stands, without taking it."""
        async with self._database.session() as session:
            self._saw(await LeaseRepository(session, self._database.dialect).find(self.name))

    async def beat(self) -> bool:
        """Renew it, or take it where nobody has it any more; whether this process has it now. Raises Unavailable."""
        started = self._clock()
        async with self._database.session() as session:
            row = await LeaseRepository(session, self._database.dialect).find(self.name)
        self._saw(row)
        mine = row is not None and row.holder == self._me
        if row is not None and not mine:
            self._held_until = float("-inf")
            if row.holder and self._clock() - self._seen_at <= LASTS_S:
                return False
        async with self._database.transaction() as session:
            leases = LeaseRepository(session, self._database.dialect)
            if row is None:
                await leases.make(self.name)
                row = await leases.find(self.name)
                assert row is not None  # noqa: S101 - just made, or found to be there
                if row.holder:
                    return False
            position = self.position if mine and self._was_held else row.position
            if not await leases.change(self.name, row, self._me, position):
                self._held_until = float("-inf")
                return False
        self.position = position
        self._saw(LeaseRow(self._me, row.beat + 1, position, datetime.now(UTC)))
        self._held_until = started + LASTS_S - MARGIN_S
        return True

    async def release(self) -> None:
        """Give it back, so that the next process need not wait."""
        was_held = self._was_held
        self._held_until = float("-inf")
        if not was_held or self._seen is None:
            return
        with contextlib.suppress(Unavailable):  # it ends by itself then
            async with self._database.transaction() as session:
                await LeaseRepository(session, self._database.dialect).change(
                    self.name, self._seen, "", self.position
                )

    @property
    def _was_held(self) -> bool:
        return self._held_until > float("-inf")

    def _saw(self, row: LeaseRow | None) -> None:
        before = self._seen
        if row is None or before is None or (row.holder, row.beat) != (before.holder, before.beat):
            self._seen_at = self._clock()
        self._seen = row
