"""Facts by hand as values: what is asked for, what is kept, and what is said of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from retrieval.facts import Fact

Kind = Literal["attest", "suppress"]
Ended = Literal["undone", "expired", "replaced"]
CLOCK = "shelftalker"
"""Who ends what has expired: nobody in person."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """An order: somebody answers for a fact of a product.

    `value` is read as a column of a feed is ("2 years" is a number with its unit; "cotton, linen" a list where the
    family is one). `evidence` is a note or a link; past `expires_at` the fact no longer counts.
    """

    sku: str
    name: str
    value: str | tuple[str, ...]
    unit: str | None = None
    evidence: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Differing:
    """What a supplier says that is neither what a person says nor what that person saw when saying it."""

    facts: tuple[Fact, ...]
    import_id: str | None  # of the import that brought it; None: put by hand
    at: datetime


@dataclass(frozen=True, slots=True)
class HandFact:
    """A fact that somebody attested, or took out (`suppress`), with what came of it since.

    `fact_key` is how the fact is known again at the next import, `fact_id` its id on the product (empty until it is
    first drawn). Of a suppressed fact `name`, `value` and `unit` are what it said then. `seen` are the supplier's facts
    that were set aside when this was made (None until then), `aside` those that are now, `differs` those of them
    that are news. `ended_at`: it no longer holds.
    """

    id: str
    sku: str
    kind: Kind
    fact_key: str
    fact_id: str
    name: str
    value: str | tuple[str, ...]
    unit: str | None
    label: str
    original: str
    actor: str
    created_at: datetime
    evidence: str | None = None
    reason: str | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: Ended | None = None
    seen: tuple[Fact, ...] | None = None
    aside: tuple[Fact, ...] = ()
    differs: Differing | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The value as a tuple, whether it is one or a list."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a change by hand: the row, and how many copies turned stale with it."""

    row: HandFact
    copy_stale: int


@dataclass(frozen=True, slots=True)
class HandQuery:
    """Which facts by hand to list; None asks for nothing. Without `ended` only those that hold."""

    sku: str | None = None
    actor: str | None = None
    kind: Kind | None = None
    differs: bool | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """What made the facts of a product be drawn anew: an import, or (None) a person or the clock; and when."""

    import_id: str | None
    at: datetime
