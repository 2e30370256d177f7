"""Which name was meant, where one is none of those that there are."""

import difflib
from collections.abc import Mapping, Sequence


def near(name: str, known: Sequence[str] | Mapping[str, str]) -> str:
    """`; did you mean 'Fernweh'?`, or nothing where no known name is like it.

    A mapping says for each known name how it is told in full.
    """
    told = known if isinstance(known, Mapping) else {one: one for one in known}
    folded = {other.casefold(): full for other, full in told.items()}
    close = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
    return f"; did you mean {listed([folded[found] for found in close])}?" if close else ""


def listed(names: Sequence[str]) -> str:
    """Names as an error lists them."""
    return ", ".join(map(repr, names))
