"""What a shop may set about its facts."""

from dataclasses import dataclass
from typing import Literal

ClaimKind = Literal["certification", "award", "warranty", "health", "green"]
CLAIM_KINDS: tuple[ClaimKind, ...] = ("certification", "award", "warranty", "health", "green")


@dataclass(frozen=True, slots=True)
class FactRules:
    """`proof_needed`: the kinds of claim for which the merchant's prose is not enough.

    A sentence of the description that makes such a claim gives no fact; the shop states it as data, attests it or
    documents it instead. The default asks proof for every kind.
    """

    proof_needed: frozenset[ClaimKind] = frozenset(CLAIM_KINDS)
