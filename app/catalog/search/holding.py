"""What the keeper needs of the place where the shelves are."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from app.catalog.search.shelves import Shelves
from app.catalog.search.status import News
from app.catalog.search.vault import Saved

T = TypeVar("T")
Tell = Callable[[News], None]


class Holding(Protocol):
    """The shelves of one place, and the one thread that changes them.

    `local`: they are this process's own, kept on disk; otherwise many processes share them. `where` names the place,
    without secrets. `searchers`: how many searches may go on at once. `opened` is set as soon as there are shelves.
    `rebuilds` and `saves` count since the start. `position`: the last entry of the log of changes that the shelves
    have taken in, None where that is not known.
    """

    local: bool
    where: str
    searchers: int
    retry_at_most_s: float
    opened: asyncio.Event
    rebuilds: int
    saves: int

    @property
    def shelves(self) -> Shelves | None:
        """The shelves, once they are open."""
        ...

    @property
    def position(self) -> int | None:
        """How far the shelves have read the log of changes."""
        ...

    @property
    def feeds(self) -> bool:
        """Whether this process may change the shelves just now."""
        ...

    @property
    def kept_here(self) -> bool:
        """Whether this process is the one that makes vectors, and saves where there is something to save."""
        ...

    @property
    def away(self) -> str | None:
        """Why the place does not answer; None while it does."""
        ...

    def kept_by(self) -> int | str | None:
        """The process that keeps the index; None where there is none."""
        ...

    async def saved(self) -> Saved:
        """What is kept beyond this process's life. Raises Unavailable."""
        ...

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something on the thread that changes the shelves."""
        ...

    async def open(self, model: str | None, dimension: int) -> Shelves:
        """The shelves, with vectors of this model and size. Raises Unavailable."""
        ...

    async def keep(self) -> None:
        """Become the process that keeps the index. Raises Conflict where another one is, Unavailable."""
        ...

    async def may_feed(self) -> bool:
        """Become the process that changes the shelves, where there is none; whether this is it. Raises Unavailable."""
        ...

    async def watch(self) -> None:
        """One look at how the place stands; called again and again while the process serves. Raises Unavailable."""
        ...

    async def refresh(self) -> None:
        """Count anew what is on the shelves. Raises Unavailable."""
        ...

    def reached(self, position: int | None) -> None:
        """The shelves have taken in the log of changes up to there."""
        ...

    async def text_hashes(self) -> frozenset[str] | None:
        """The hashes of all products' texts; None where that is too much to ask."""
        ...

    def touch(self) -> None:
        """The shelves have changed."""
        ...

    async def look_after(self) -> None:
        """Save where it is time."""
        ...

    async def save(self) -> None:
        """Save what is unsaved. Raises Unavailable where the disk refuses."""
        ...

    async def close(self) -> None:
        """End, and let another process keep the index."""
        ...
