"""Chance that is no chance: every choice follows from a seed and the name of the choice, for ever."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chance:
    """Choices for one text. Two texts differ where their seeds do: product, template and variant."""

    product: str
    variant: int

    @classmethod
    def of(cls, sku: str, template_hash: str, variant: int, voice: str = "") -> "Chance":
        """The seed of a text (SHA-256 over SKU, template hash and voice; the variant turns it)."""
        return cls(hashlib.sha256(f"{sku}\x00{template_hash}\x00{voice}".encode()).hexdigest(), variant)

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
        digest = hashlib.sha256(f"{self.product}\x00{key}".encode()).digest()
        return (int.from_bytes(digest[:8], "big") + self.variant) % below

    def order(self, key: str, items: Sequence[T]) -> tuple[T, ...]:
        """The items in an order of the seed's."""
        return tuple(
            item for _, item in sorted(enumerate(items), key=lambda pair: self.share(f"{key}/{pair[0]}"))
        )
