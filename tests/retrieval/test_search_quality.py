"""Search by words over a small rated shop: a floor under what a change may cost."""

import math
from collections.abc import Mapping, Sequence

import pytest

from retrieval.index import Index
from tests.retrieval.rated_shop import PRODUCTS, RATINGS

# What it stood at when the floor was laid, less a little: one query that is lost altogether falls below it.
FLOOR = 0.95
CUT = 10


def ndcg(found: Sequence[str], ratings: Mapping[str, int]) -> float:
    """The gains 2^r - 1 discounted by log2 of the rank + 1 (Järvelin and Kekäläinen 2002), by the best there could be."""

    def dcg(gains: Sequence[int]) -> float:
        return sum((2**gain - 1) / math.log2(rank + 1) for rank, gain in enumerate(gains[:CUT], 1))

    return dcg([ratings.get(key, 0) for key in found]) / dcg(sorted(ratings.values(), reverse=True))


@pytest.fixture(scope="module")
def quality() -> dict[str, float]:
    index = Index()
    index.upsert(PRODUCTS)
    found = {query: [hit.key for hit in index.search(query, limit=CUT).hits] for query in RATINGS}
    return {query: ndcg(found[query], ratings) for query, ratings in RATINGS.items()}


def test_the_ratings_are_of_products_that_there_are() -> None:
    keys = {item.key for item in PRODUCTS}
    assert len(keys) == len(PRODUCTS) >= 40
    assert all(ratings.keys() <= keys and max(ratings.values()) == 3 for ratings in RATINGS.values())


def test_search_by_words_is_as_good_as_it_was(quality: Mapping[str, float]) -> None:
    assert sum(quality.values()) / len(quality) >= FLOOR, quality


def test_no_query_is_lost(quality: Mapping[str, float]) -> None:
    assert min(quality.values()) >= 0.5, quality
