"""Words and meaning made one score.

Both scores are divided by the best of their kind and added by weight (a convex combination, which Bruch, Gai and Ingber
2022 find better than ranks; it was here too). Then the query's vector is moved towards those of the best products
(Rocchio 1971, with the first results taken for relevant) and the sum is taken once more: that is how "laptop" finds the
products that only say "notebook". docs/retrieval.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DEPTH = 50
"""How many products each half puts forward."""


@dataclass(frozen=True, slots=True)
class Blend:
    """The free numbers of the fusion.

    `words` is the weight of the lexical score, 1 - `words` that of the similarity. `feedback` is the length by which the
    mean of the `assumed` best products' vectors is added to the query's (0: not at all).
    """

    words: float = 0.6
    feedback: float = 0.7
    assumed: int = 5


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is fused: keys, their lexical scores (0 where words did not find them) and vectors.

    `embedded` says which rows of `vectors` are vectors; the others wait for theirs.
    """

    keys: Sequence[str]
    lexical: Floats
    vectors: Floats
    embedded: NDArray[np.bool_]


def fused(candidates: Candidates, query: Floats, blend: Blend) -> Floats:
    """Give each candidate its score (0 to about 1)."""
    words = _of_best(candidates.lexical)
    scores = _sum(words, _similarity(candidates, query), blend)
    assumed = np.argsort(-scores, kind="stable")[: blend.assumed]
    assumed = assumed[candidates.embedded[assumed]]
    weight = float(scores[assumed].sum()) if len(assumed) else 0.0
    if not blend.feedback or weight <= 0:
        return scores
    moved = query + blend.feedback * (scores[assumed] / weight) @ candidates.vectors[assumed]
    moved /= max(float(np.linalg.norm(moved)), 1e-9)
    return _sum(words, _similarity(candidates, moved.astype(np.float32)), blend)


def _similarity(candidates: Candidates, query: Floats) -> Floats:
    """Cosine by candidate; one without a vector is taken for an average one."""
    cosines = candidates.vectors @ query
    if candidates.embedded.any() and not candidates.embedded.all():
        cosines[~candidates.embedded] = np.median(cosines[candidates.embedded])
    return _of_best(cosines)


def _sum(words: Floats, similarity: Floats, blend: Blend) -> Floats:
    return np.asarray(blend.words * words + (1 - blend.words) * similarity, np.float32)


def _of_best(scores: Floats) -> Floats:
    """Scores as shares of the best."""
    top = float(scores.max(initial=0.0))
    return scores / np.float32(top) if top > 0 else scores
