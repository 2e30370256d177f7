"""What an import asks about texts of ours that come back with its file; a room above answers."""

from collections.abc import Callable
from typing import Protocol

from app.catalog.feeds.source import OwnTexts


class ReturnedTexts(OwnTexts, Protocol):
    """Texts of ours in the file of one import. `edited` counts those that were changed in the shop."""

    @property
    def edited(self) -> int:
        """So far."""
        ...

    async def prepare(self) -> None:
        """Before the file is opened."""
        ...

    async def keep(self) -> None:
        """Store what was changed."""
        ...


Returned = Callable[[str], ReturnedTexts]
"""The texts for an import by its id."""
