"""Imports as values: how far one is, and what it did."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from app.catalog.feeds import Rejected
from app.errors import Invalid

Mode = Literal["delta", "full"]
ImportStatus = Literal["running", "done", "held", "failed", "interrupted"]
MODES: tuple[Mode, ...] = ("delta", "full")

# Rows that a report names; its counts are exact however many there are.
NAMED_ROWS = 1000
# A full import that would discontinue more than this share of the active products is held: more likely than a shop
# that drops a third of its range overnight is a file that was cut off, or the wrong one.
HOLD_ABOVE = 0.30


def check_mode(mode: str) -> Mode:
    """The mode itself. Raises Invalid, naming the known ones, for any other word."""
    for known in MODES:
        if mode == known:
            return known
    raise Invalid(f"mode: no mode {mode!r}; known are {', '.join(MODES)}", pointer="/mode")


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of an import. They add.

    `products` were read whole from the file: created + updated + unchanged. `facts_changed` counts facts (not live
    ones) that changed, came or went on products that existed before. `rejected_rows` stayed out; `notes` are values
    that were refused while their product went in. `facts_overridden` counts facts by hand (attested or suppressed) of
    which the file says something that nobody has seen yet: what people say stays, and a note names each.
    `edited_outside` counts texts of ours that somebody changed in the shop: offered as versions, a note names each.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    discontinued: int = 0
    facts_changed: int = 0
    copy_stale: int = 0
    rejected_rows: int = 0
    notes: int = 0
    facts_overridden: int = 0
    edited_outside: int = 0

    @property
    def products(self) -> int:
        """Products read whole."""
        return self.created + self.updated + self.unchanged

    def __add__(self, other: Self) -> Self:
        return replace(
            self, **{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__}
        )


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is. `total_bytes` is 0 where the size is not known."""

    bytes_read: int
    total_bytes: int
    products: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; of a dry run or a held one, what it would do.

    `rejected` names the first 1,000 rows. `detail` says why an import is held or failed. A dry run is not kept: its
    id names nothing.
    """

    id: str
    status: ImportStatus
    format: str
    mode: Mode
    filename: str
    actor: str
    counts: Counts
    rejected: tuple[Rejected, ...]
    created_at: datetime
    duration_ms: float
    detail: str | None = None
    dry_run: bool = False

    @property
    def created(self) -> int:
        """Products that were new."""
        return self.counts.created

    @property
    def updated(self) -> int:
        """Products that changed."""
        return self.counts.updated

    @property
    def unchanged(self) -> int:
        """Products that were already so."""
        return self.counts.unchanged

    @property
    def discontinued(self) -> int:
        """Products that a full import did not name."""
        return self.counts.discontinued

    @property
    def products(self) -> int:
        """Products read whole from the file."""
        return self.counts.products

    @property
    def facts_changed(self) -> int:
        """Facts that changed, came or went on products that existed before."""
        return self.counts.facts_changed

    @property
    def facts_overridden(self) -> int:
        """Facts by hand of which the file says something new and different."""
        return self.counts.facts_overridden

    @property
    def edited_outside(self) -> int:
        """Texts of ours that somebody changed in the shop."""
        return self.counts.edited_outside

    @property
    def copy_stale(self) -> int:
        """Copies that turned stale."""
        return self.counts.copy_stale
