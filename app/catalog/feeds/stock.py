"""Availability and quantity as shops write them."""

import re

from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.errors import CellError
from app.catalog.feeds.text import NOTHING, unwrap

_COUNT = re.compile(
    r"^[<>≥~]?\s*(-?\d{1,9})(?:[.,]0+)?\s*(?:\+|pcs?\.?|pieces?|stk\.?|stück|units?|x)?$", re.IGNORECASE
)
_GROUPED = re.compile(r"^\d{1,3}(?:[.,' ]\d{3})+$")


def parse_quantity(text: str) -> int | None:
    """How many are in stock: `10`, `10.0000`, `10+`, `1,200`, `5 pcs`; None where the cell is empty.

    Below zero (oversold) is 0. Raises `CellError` for what is no count.
    """
    text = unwrap(text)
    if text in NOTHING:
        return None
    if _GROUPED.match(text):
        return int(re.sub(r"\D", "", text))
    match = _COUNT.match(text)
    if match is None:
        raise CellError(f"quantity {text[:40]!r} is not a count; imported without it")
    return max(int(match[1]), 0)


def parse_availability(text: str) -> str | None:
    """`in_stock`, `out_of_stock`, `preorder` or `backorder`; None where the cell is empty or says anything else."""
    text = text.strip()
    return vocabulary().availability.get(fold(text.rsplit("/", 1)[-1])) if text else None


def parse_status(text: str) -> str | None:
    """`active` or `discontinued`; None where the cell says neither."""
    return vocabulary().status.get(fold(text))
