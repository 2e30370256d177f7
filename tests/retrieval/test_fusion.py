"""Words and meaning made one score."""

import numpy as np
import pytest

from retrieval.fusion import Blend, Candidates, fused


def candidates(
    lexical: list[float], vectors: list[list[float]], embedded: list[bool] | None = None
) -> Candidates:
    rows = np.array(vectors, np.float32)
    there = np.array(embedded or [True] * len(lexical), np.bool_)
    return Candidates([str(n) for n in range(len(lexical))], np.array(lexical, np.float32), rows, there)


def test_a_convex_combination_of_shares_of_the_best() -> None:
    found = candidates([4.0, 2.0, 0.0], [[0.6, 0.8], [1.0, 0.0], [0.8, 0.6]])
    scores = fused(found, np.array([1.0, 0.0], np.float32), Blend(words=0.6, feedback=0.0))
    assert scores == pytest.approx([0.6 + 0.4 * 0.6, 0.6 * 0.5 + 0.4, 0.4 * 0.8])


def test_feedback_lifts_what_is_near_the_best() -> None:
    """2 and 3 are as near to the query, but 3 is near to the best product too."""
    found = candidates([5.0, 0.0, 0.0], [[0.6, 0.8], [0.0, -1.0], [0.6, -0.8]])
    query = np.array([1.0, 0.0], np.float32)
    alike = candidates([5.0, 0.0, 0.0], [[0.6, 0.8], [0.6, -0.8], [0.6, 0.8]])
    without = fused(alike, query, Blend(feedback=0.0))
    assert without[1] == pytest.approx(without[2])
    with_feedback = fused(alike, query, Blend(feedback=1.0, assumed=1))
    assert with_feedback[2] > with_feedback[1]
    assert fused(found, query, Blend(assumed=1)).argmax() == 0


def test_what_has_no_vector_yet_counts_as_average() -> None:
    found = candidates(
        [1.0, 0.0, 0.0, 0.0], [[0, 0], [1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], [False, True, True, True]
    )
    scores = fused(found, np.array([1.0, 0.0], np.float32), Blend(words=0.5, feedback=0.0))
    assert scores == pytest.approx([0.5 + 0.5 * 0.6, 0.5, 0.3, 0.0])


def test_words_alone_and_nothing_at_all() -> None:
    query = np.array([1.0, 0.0], np.float32)
    assert fused(candidates([2.0, 1.0], [[0, 0], [0, 0]], [False, False]), query, Blend()) == pytest.approx(
        [0.6, 0.3]
    )
    assert fused(candidates([0.0], [[-1.0, 0.0]]), query, Blend())[0] <= 0
