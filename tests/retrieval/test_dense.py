"""The nearest keys: against a plain sort over all vectors, while few and many, filtered, changed and read at once."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.dense import DenseIndex

DIMENSION = 16


def directions(count: int, seed: int = 0, dimension: int = DIMENSION) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def truth(vectors: dict[str, np.ndarray], query: np.ndarray, k: int) -> list[str]:
    return sorted(vectors, key=lambda key: (-float(vectors[key] @ query), key))[:k]


def names(count: int, prefix: str = "p") -> list[str]:
    return [f"{prefix}{i}" for i in range(count)]


def filled(count: int, **limits: int) -> tuple[DenseIndex, dict[str, np.ndarray]]:
    vectors = directions(count)
    index = DenseIndex(DIMENSION, **limits)
    index.upsert(names(count), vectors)
    return index, dict(zip(names(count), vectors, strict=True))


def test_nothing_is_near_in_an_empty_index():
    index = DenseIndex(DIMENSION)
    assert index.search(directions(1)[0], 5) == []
    assert len(index) == 0
    assert index.vector("a") is None


def test_the_nearest_come_first_with_their_cosines():
    index, vectors = filled(300)
    for query in directions(20, seed=1):
        near = index.search(query, 7)
        assert [n.key for n in near] == truth(vectors, query, 7)
        assert [n.score for n in near] == pytest.approx(
            [float(vectors[n.key] @ query) for n in near], abs=1e-5
        )


def test_vectors_of_any_length_count_by_their_direction():
    index = DenseIndex(2)
    index.upsert(["long", "near"], np.array([[0, 100], [1, 1]], np.float32))
    assert [(n.key, round(n.score, 3)) for n in index.search(np.array([3, 0], np.float32), 2)] == [
        ("near", 0.707),
        ("long", 0.0),
    ]


def test_equal_ones_are_ordered_by_key():
    index = DenseIndex(DIMENSION)
    same = np.repeat(directions(1), 50, axis=0)
    index.upsert(sorted(names(50), reverse=True), same)
    found = index.search(same[0], 50)
    assert {round(n.score, 5) for n in found} == {1.0}
    exact = [n.key for n in sorted(found, key=lambda n: (-n.score, n.key))]
    assert [n.key for n in found] == exact


def test_a_key_that_comes_again_has_its_new_vector_alone():
    index, vectors = filled(100)
    vectors["p3"] = -vectors["p3"]
    index.upsert(["p3"], vectors["p3"][np.newaxis])
    assert len(index) == 100
    assert [n.key for n in index.search(vectors["p3"], 100)] == truth(vectors, vectors["p3"], 100)
    assert index.vector("p3") == pytest.approx(vectors["p3"])


def test_a_key_twice_in_one_call_has_the_last_vector():
    index, one = DenseIndex(DIMENSION), directions(2)
    index.upsert(["a", "a"], one)
    assert len(index) == 1
    assert index.vector("a") == pytest.approx(one[1])


def test_what_is_removed_is_not_found_and_unknown_keys_are_no_error():
    index, vectors = filled(50)
    index.remove(["p1", "p2", "unknown"])
    for key in ("p1", "p2"):
        del vectors[key]
    assert index.rows.live.keys() == set(vectors)
    assert [n.key for n in index.search(directions(1)[0], 50)] == truth(vectors, directions(1)[0], 50)


@pytest.mark.parametrize("bad", [[0.0] * DIMENSION, [float("nan")] * DIMENSION, [float("inf")] * DIMENSION])
def test_a_vector_without_direction_is_refused_by_name_and_nothing_is_set(bad):
    index = DenseIndex(DIMENSION)
    with pytest.raises(ValueError, match="'b'"):
        index.upsert(["a", "b"], np.array([directions(1)[0], bad], np.float32))
    assert len(index) == 0
    with pytest.raises(ValueError, match="direction"):
        index.search(np.array(bad, np.float32), 3)


@pytest.mark.parametrize("shape", [(1, DIMENSION + 1), (2, DIMENSION), (DIMENSION,)])
def test_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="shape"):
        DenseIndex(DIMENSION).upsert(["a"], np.ones(shape, np.float32))


@pytest.mark.parametrize("limits", [{}, {"flat_limit": 500, "tail_limit": 200}])
@pytest.mark.parametrize("count", [0, 1, 5, 40, 2_500])
def test_a_filter_never_costs_answers(limits, count):
    """Also where the allowed ones are the farthest of all, with and without the graph."""
    index, vectors = filled(3_000, **limits)
    assert index.settle(60)
    query = directions(1, seed=9)[0]
    allowed = set(truth(vectors, query, 3_000)[3_000 - count :])
    found = index.search(query, 10, allowed | {"unknown"})
    assert [n.key for n in found] == truth({k: vectors[k] for k in allowed}, query, 10)


def test_many_go_into_a_graph_and_are_still_found():
    index, vectors = filled(4_000, flat_limit=1_000, tail_limit=500)
    assert index.settle(60)
    queries = directions(50, seed=2)
    hits = [len({n.key for n in index.search(q, 10)} & set(truth(vectors, q, 10))) for q in queries]
    assert sum(hits) / 500 >= 0.98
    added = directions(100, seed=3)
    index.upsert(names(100, "new"), added)  # beside the graph, exact
    vectors |= dict(zip(names(100, "new"), added, strict=True))
    assert all(index.search(v, 1)[0].key == key for key, v in zip(names(100, "new"), added, strict=True))
    index.remove(names(1_500))  # so many that the graph is made anew
    assert index.settle(60)
    for key in names(1_500):
        del vectors[key]
    assert len(index) == len(vectors)
    found = [{n.key for n in index.search(q, 10)} for q in queries]
    assert all(len(keys) == 10 and keys <= set(vectors) for keys in found)
    hits = [len(keys & set(truth(vectors, q, 10))) for keys, q in zip(found, queries, strict=True)]
    assert sum(hits) / 500 >= 0.98


def test_where_the_whole_neighbourhood_is_gone_the_next_ones_are_found():
    index, vectors = filled(3_000, flat_limit=500, tail_limit=100)
    assert index.settle(60)
    query = directions(1, seed=4)[0]
    gone = truth(vectors, query, 700)
    index.remove(gone)
    for key in gone:
        del vectors[key]
    assert index.search(query, 5)[0].key == truth(vectors, query, 1)[0]
    assert len(index.search(query, 5)) == 5


steps = st.lists(
    st.one_of(
        st.tuples(st.just("upsert"), st.lists(st.integers(0, 60), max_size=40)),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 60), max_size=30)),
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(steps, st.sampled_from([1_000_000, 20]), st.integers(0, 2**32 - 1))
def test_any_run_of_changes_leaves_what_a_dictionary_would_hold(changes, flat_limit, seed):
    index = DenseIndex(DIMENSION, flat_limit=flat_limit, tail_limit=10)
    held: dict[str, np.ndarray] = {}
    rng = np.random.default_rng(seed)
    for kind, numbers in changes:
        keys = [f"k{n}" for n in numbers]
        if kind == "upsert":
            vectors = rng.standard_normal((len(keys), DIMENSION)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            index.upsert(keys, vectors)
            held |= dict(zip(keys, vectors, strict=True))
        else:
            index.remove(keys)
            held = {key: v for key, v in held.items() if key not in keys}
    index.close()
    assert index.rows.live.keys() == set(held)
    query = directions(1, seed=5)[0]
    found = index.search(query, 100)
    assert {n.key for n in found} == set(held)
    assert [n.score for n in found] == pytest.approx(
        sorted((float(v @ query) for v in held.values()), reverse=True), abs=1e-5
    )


def test_readers_always_see_the_keys_that_stay_whatever_writers_do():
    """Stable keys are found by every search while others come, change and go, and the graph is made."""
    index = DenseIndex(DIMENSION, flat_limit=1_500, tail_limit=300)
    stable = dict(zip(names(200, "s"), directions(200, seed=6), strict=True))
    index.upsert(list(stable), np.array(list(stable.values())))
    stop, wrong = threading.Event(), []

    def read() -> None:
        allowed = set(stable)
        while not stop.is_set():
            for key, vector in stable.items():
                near = index.search(vector, 1, allowed)
                if not near or near[0].key != key:
                    wrong.append((key, near))
                if (all_near := index.search(vector, 3)) and all_near[0].key != key:
                    wrong.append((key, all_near))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        moving = names(150, f"m{turn % 12}-")
        index.upsert(moving, directions(150, seed=100 + turn))
        index.upsert(list(stable), np.array(list(stable.values())))
        if turn % 5 == 4:
            index.remove(moving)
    index.settle(30)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
