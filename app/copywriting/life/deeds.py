"""What is done to copies within one transaction: states move by the table, and audit, news and epoch follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.copy import Copy, Window
from app.copywriting.life.publications import EndedWhy, Publication
from app.copywriting.life.repository import LifeRepository
from app.copywriting.life.transitions import Action, transition_of
from app.copywriting.repository import CopyRepository
from app.errors import Conflict
from app.storage import audit, epochs, outbox
from app.storage.dialects import Dialect

SYSTEM = "system"
"""The actor of what follows from the clock or from facts."""
ABOUT = ("id", "version", "sku", "template", "channel", "locale", "angle", "variant")
"""What every piece of news tells of its copy."""
_Deed = tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]


class Named(Protocol):
    """A version as the audit names it."""

    @property
    def id(self) -> str:
        """The copy's id."""
        ...

    @property
    def version(self) -> int:
        """The version's number."""
        ...

    @property
    def status(self) -> str:
        """Its state."""
        ...


class Deeds:
    """Collects what one actor does in one transaction; `finish` writes what others are to know of it."""

    def __init__(self, session: AsyncSession, dialect: Dialect, actor: str, now: datetime) -> None:
        self.repository = LifeRepository(session)
        self.now = now
        self.actor = actor
        self.session = session
        self._dialect = dialect
        self._audit: dict[str, list[_Deed]] = {}
        self._news: dict[str, list[Mapping[str, Any]]] = {}
        self._shelf = False

    async def move(
        self, copy: Copy, action: Action, *, note: Mapping[str, Any] | None = None, **changes: Any
    ) -> Copy:
        """The version after an action. Raises Conflict where the table forbids it or somebody else was faster."""
        target = transition_of(action, copy.status).target
        copies = CopyRepository(self.session)
        changed = await copies.set_status(replace(copy, **changes), target, self.now)
        if changed is None:
            raise Conflict(f"{copy.id} was changed by somebody else just now; look at it again")
        self.record(action, copy, changed, note)
        return changed

    def record(
        self, action: str, before: "Named | None", after: "Named", note: Mapping[str, Any] | None = None
    ) -> None:
        """Add an entry of the audit for a copy."""
        was = None if before is None else {"version": before.version, "status": before.status}
        now = {"version": after.version, "status": after.status, **(note or {})}
        self._audit.setdefault(f"copy.{action}", []).append((f"copy:{after.id}", was, now))

    def put_up(self, copy: Copy, window: Window) -> None:
        """Tell that a version was put on the shelf."""
        self._shelf = True
        self.tell(
            "copy.published",
            copy,
            {
                "from": window.starts_at and window.starts_at.isoformat(),
                "until": window.ends_at and window.ends_at.isoformat(),
                "campaign": window.campaign,
            },
        )

    async def take_down(self, publications: Sequence[Publication], why: EndedWhy) -> None:
        """End publications. Raises Conflict where somebody else ended one of them."""
        ended = await self.repository.end([p.id for p in publications], why, self.actor, self.now)
        if ended != len(publications):
            raise Conflict("the shelf was changed by somebody else just now; look at it again")
        self._shelf = self._shelf or bool(publications)

    def served_changed(self) -> None:
        """Let every process look again at what it serves."""
        self._shelf = True

    def tell(self, event: str, copy: Copy, more: Mapping[str, Any]) -> None:
        """Add a piece of news about a copy."""
        self.tell_about(event, {name: getattr(copy, name) for name in ABOUT}, more)

    def tell_about(self, event: str, about: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        """Add a piece of news; `about` holds what `ABOUT` names."""
        self._news.setdefault(event, []).append({**about, **more})

    async def refuse_on_shelf(self, copy: Copy) -> None:
        """Raise Conflict where this version stands on the shelf."""
        if await self.repository.open_of(copy.id, copy.version):
            raise Conflict(
                f"{copy.id} stands on the shelf, without its stale sentences: withdraw it, roll it back or edit it"
            )

    async def finish(self) -> None:
        """Write audit and news, and advance the epoch where the shelf changed. The last thing of a transaction."""
        for action, deeds in self._audit.items():
            await audit.record_all(self.session, self.actor, action, deeds, at=self.now)
        for event, news in self._news.items():
            await outbox.announce(self.session, event, news, at=self.now)
        if self._shelf:
            await epochs.advance(self.session, self._dialect, "copy")
