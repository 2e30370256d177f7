"""What other texts a text was compared with: the value that the gate reads, found by whoever holds the texts."""

from dataclasses import dataclass

TWIN_OVERLAP = 0.6
"""From this share of shared word runs on, two texts of two products are one text to a reader.

Chosen by measurement: docs/duplicates.md.
"""
FEWEST_WORDS = 20
"""Shorter texts (a headline, a call to action) resemble each other by nature and are not judged."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A text of another product that resembles the judged one.

    `overlap`: share of shared word runs, 0–1 (`retrieval.duplicates.Neighbour`). `similarity`: cosine of the two
    embeddings, None where there are none.
    """

    sku: str
    copy_id: str
    overlap: float
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The nearest texts of other products, nearest first.

    `complete`: every text was looked at. `short`: the text has too few words to be compared.
    """

    twins: tuple[Twin, ...] = ()
    complete: bool = True
    short: bool = False
