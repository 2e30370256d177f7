"""The value that all of Shelftalker stands on: one atomic statement about a product."""

from dataclasses import dataclass
from typing import Literal

from retrieval.quick_values import quick

Trust = Literal["data", "attested", "document", "merchant_claim", "review"]
"""Who answers for a fact: the shop's structured data, a named person, a document, the merchant's prose, reviews."""


@quick
@dataclass(frozen=True, slots=True)
class Fact:
    """One atomic statement that copy may rest on.

    `id` ("F3") stays with its fact for the product's life and is never given to another.
    `name` is the normalised family ("color", see `retrieval.attributes`) or, for attributes that no family
    knows, the shop's own name in snake_case. `value` is the value as it may be written; a list stays a list.
    `unit` is the canonical unit symbol where the value is a number or numbers ("in", "cm", "kg", "GB", "W").
    `text` is the statement for people and checkers ("Color: black, blue, green"). `source` says where it came
    from: `attribute:NAME`, `title`, `brand`, `type`, `category`, `description:N` (the N-th sentence or list item,
    from 1), `variant:OPTION`, `document:ID#n`, `attested:ACTOR`, `reviews`; empty where nobody says. `live` facts (price, sale price,
    availability, quantity) change by the hour and are never frozen into text. `label` and `original` keep the
    shop's own spelling of name and value.
    """

    id: str
    name: str
    value: str | tuple[str, ...]
    text: str = ""
    source: str = ""
    trust: Trust = "data"
    unit: str | None = None
    live: bool = False
    label: str = ""
    original: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The value as a tuple, whether it is one or a list."""
        return self.value if isinstance(self.value, tuple) else (self.value,)
