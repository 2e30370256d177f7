"""What every format says of its rows: where copy may stand in one, and the row with other copy in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from retrieval.quick_values import quick

TITLE = "title"
VARIANT_TITLE = "variant_title"  # of a row that is one variant among others: `item` is its number
DESCRIPTION = "description_html"
BULLETS = "bullets"
META_TITLE = "meta_title"
META_DESCRIPTION = "meta_description"
ALT = "alt"  # `item` is the image's address

STRUCTURED = "structured_"
"""How the spots of a text by a model begin in a Merchant feed: `structured_title`, `structured_description`."""
DIGITAL_SOURCE = "trained_algorithmic_media"


@quick
@dataclass(frozen=True, slots=True, eq=False)  # each is itself alone: they are keys, and their texts are long
class Spot:
    """A cell of a row that copy may stand in.

    `name` is the same for the same place in every file of a shop; `key` finds it in this row. `says` names the field
    of copy that belongs there, `item` the variant or image it speaks of. `locale` is None for the feed's main texts.
    `html`: the cell may hold markup; `limit` is the most characters that the channel takes there, 0 for no limit. `raw` is
    how `text` is spelt where formats have several ways (escapes of JSON, elements of XML).
    """

    name: str
    says: str
    key: Any
    text: str
    item: str = ""
    locale: str | None = None
    html: bool = False
    limit: int = 0
    raw: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Told:
    """A text for a spot. `by_model`: a language model wrote it, which some channels must be told."""

    text: str
    by_model: bool = False


@quick
@dataclass(frozen=True, slots=True)
class RowSpots:
    """Where copy may stand in one row. `place` names the row in any file of the shop, "" where nothing does."""

    place: str
    spots: Sequence[Spot] = field(default_factory=tuple)


class RowFormat(Protocol):
    """The rows of one layout."""

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:
        """Where copy may stand in a row; `before` is the place of the row before it."""
        ...

    def filled(self, cells: Sequence[str], texts: Mapping[Spot, Told]) -> tuple[str, ...]:
        """The row with these texts in it and everything else as it was."""
        ...

    def restored(self, cells: Sequence[str], originals: Mapping[Spot, Spot]) -> tuple[str, ...]:
        """The row with these cells as they were, to the letter."""
        ...
