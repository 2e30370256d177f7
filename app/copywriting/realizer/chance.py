"""Chance that is no chance: every choice follows from a seed and the name of the choice, for ever."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
_TRIES_APART = 8
"""As many as a request has variants, so that no two tries share a seed."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Choices for one text. Two texts differ where their seeds do: product, template and variant.

    `loose` choices move each for itself, where a step for all of them together would come back to the same few texts.
    """

    product: str
    variant: int
    loose: bool = False

    @classmethod
    def of(cls, sku: str, template_hash: str, variant: int, voice: str = "") -> "Chance":
        """The seed of a text (SHA-256 over SKU, template hash and voice; the variant turns it)."""
        return cls(hashlib.sha256(f"{sku}\x00{template_hash}\x00{voice}".encode()).hexdigest(), variant)

    def again(self, attempt: int) -> "Chance":
        """The seed of another try at the same text; the first (0) is the seed itself."""
        return (
            self if attempt == 0 else Chance(self.product, self.variant + _TRIES_APART * attempt, loose=True)
        )

    def number(self, key: str, below: int) -> int:
        """A number in 0 … below − 1."""
        digest = hashlib.sha256(f"{self.product}\x00{self.variant}\x00{key}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % below

    def share(self, key: str) -> float:
        """A number in [0, 1)."""
        return self.number(key, 1 << 32) / (1 << 32)

    def turn(self, key: str, below: int) -> int:
        """A number in 0 … below − 1 that moves by one with each variant, so that neighbours never agree."""
        if below == 1:  # of one there is no choice
            return 0
        if self.loose:
            return self.number(f"turn/{key}", below)
        digest = hashlib.sha256(f"{self.product}\x00{key}".encode()).digest()
        return (int.from_bytes(digest[:8], "big") + self.variant) % below

    def order(self, key: str, items: Sequence[T]) -> tuple[T, ...]:
        """The items in an order of the seed's."""
        return tuple(
            item for _, item in sorted(enumerate(items), key=lambda pair: self.share(f"{key}/{pair[0]}"))
        )
