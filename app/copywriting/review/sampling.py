"""Drawing a sample, and how sure it makes one: pure."""

import math
import random
from collections.abc import Collection

from app.copywriting.review.values import Bound

CONFIDENCE = 0.95


def draw(population: Collection[tuple[str, int]], size: int, seed: int) -> tuple[tuple[str, int], ...]:
    """`size` of the population, each subset as likely as any other; the same seed draws the same again.

    Raises ValueError where there are fewer.
    """
    return tuple(random.Random(seed).sample(sorted(population), size))  # noqa: S311 - to be repeated, no secret


def bound(defects: int, drawn: int, confidence: float = CONFIDENCE) -> Bound:
    """The largest share of defects in the whole that does not make this sample a surprise.

    The one-sided exact bound of Clopper and Pearson (Biometrika 26, 1934): the share p for which as few defects as
    these in `drawn` have the probability 1 - confidence. Without a defect it is 1 - (1 - confidence)^(1/drawn), which the
    "rule of three" puts at about 3/drawn (Hanley and Lippman-Hand, JAMA 249, 1983). It holds for wholes of any size;
    drawn from a small one, a sample says more than this.
    """
    if not 0 <= defects <= drawn or drawn < 1:
        raise ValueError(f"{defects} defects among {drawn}")
    if defects == drawn:
        share = 1.0
    elif defects == 0:
        share = 1 - (1 - confidence) ** (1 / drawn)
    else:
        share = _bisected(defects, drawn, 1 - confidence)
    return Bound(confidence, share, "Clopper-Pearson, one-sided")


def _bisected(defects: int, drawn: int, chance: float) -> float:
    low, high = defects / drawn, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(defects, drawn, middle) > chance:
            low = middle
        else:
            high = middle
    return high


def _at_most(defects: int, drawn: int, share: float) -> float:
    """The probability of that many defects or fewer."""
    return sum(math.comb(drawn, k) * share**k * (1 - share) ** (drawn - k) for k in range(defects + 1))
