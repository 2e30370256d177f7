"""The answer for a SKU that no product has."""

import difflib
from collections.abc import Sequence

from app.errors import NotFound


def unknown_product(sku: str, near: Sequence[str]) -> NotFound:
    """NotFound, naming those of `near` that look like it."""
    folded = {other.lower(): other for other in near}
    close = [folded[found] for found in difflib.get_close_matches(sku.lower(), folded, n=3, cutoff=0.6)]
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    return NotFound(f"no product {sku!r}{hint}", extra={"close": close} if close else None)
