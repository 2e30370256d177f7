"""The lexical half: order, updates, merging, sweeping."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import query_words
from retrieval.bm25 import LexicalIndex, Tuning, best, prepare
from retrieval.items import Item


def index_of(*items: Item, tuning: Tuning | None = None) -> LexicalIndex:
    index = LexicalIndex(tuning)
    for item in items:
        index.add(prepare(item))
    return index


def found(index: LexicalIndex, query: str, limit: int = 10) -> list[int]:
    return index.search(query_words(query), limit).slots.tolist()


def test_score_is_bm25f() -> None:
    """One field, no length normalisation: idf · tf · (k1 + 1) / (tf + k1) by hand."""
    tuning = Tuning(weights=(1.0, 1.0, 1.0, 1.0), length=(0.0,) * 4, saturation=1.2, coverage=False)
    index = index_of(Item("a", "bag bag"), Item("b", "bag"), Item("c", "cup"), tuning=tuning)
    scored = index.search(query_words("bag"), 10)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert scored.slots.tolist() == [0, 1]
    assert scored.scores == pytest.approx([idf * 2 * 2.2 / (2 + 1.2), idf * 1 * 2.2 / (1 + 1.2)], rel=1e-6)


def test_the_title_says_more_than_an_attribute() -> None:
    index = index_of(Item("a", "Cup", attributes=(("note", "bag"),)), Item("b", "Bag"))
    assert found(index, "bag") == [1, 0]


def test_all_words_beat_one_word_often() -> None:
    index = index_of(
        Item("a", "Red red red", description="red red"), Item("b", "Red bag"), Item("c", "Blue cup")
    )
    assert found(index, "red bag")[0] == 1


def test_what_it_is_beats_what_it_is_for() -> None:
    index = index_of(Item("a", "Sleeve for laptop"), Item("b", "Laptop sleeve"), Item("c", "Grey cup"))
    assert found(index, "laptop") == [1, 0]


def test_attributes_that_are_true_are_found_by_name() -> None:
    index = index_of(Item("a", "Jacket", attributes=(("water_resistant", "true"),)), Item("b", "Jacket"))
    assert found(index, "water resistant") == [0]


def test_updates_are_as_if_made_anew() -> None:
    words = ["red bag", "blue bag", "green cup", "red cup for tea", "tea pot 0.5 l", "blue pot 500 ml"]
    changed = index_of(*(Item(str(n), text) for n, text in enumerate(words)))
    for slot in (1, 3):
        changed.remove(slot)
    changed.add(prepare(Item("9", "blue bag with tea")))
    fresh = index_of(*(Item(str(n), words[n]) for n in (0, 2, 4, 5)), Item("9", "blue bag with tea"))
    numbers = {0: 0, 1: 2, 2: 4, 3: 5, 4: 6}
    for query in ("bag", "blue", "tea", "500 ml", "red cup"):
        one, two = changed.search(query_words(query), 10), fresh.search(query_words(query), 10)
        assert one.slots.tolist() == [numbers[slot] for slot in two.slots.tolist()]
        assert one.scores == pytest.approx(two.scores, rel=1e-6)


@given(
    st.lists(st.sampled_from(["red bag", "red cup", "tea pot", "bag for tea"]), min_size=1, max_size=12),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_merging_and_sweeping_change_no_answer(texts: list[str], data: st.DataObject) -> None:
    index = index_of(*(Item(str(n), text) for n, text in enumerate(texts)))
    dead = data.draw(st.sets(st.integers(0, len(texts) - 1), max_size=len(texts) - 1))
    for slot in dead:
        index.remove(slot)
    before = {query: index.search(query_words(query), 10) for query in ("red", "bag", "tea pot")}
    index.swap(index.postings.merged())
    for query, scored in before.items():
        again = index.search(query_words(query), 10)
        assert again.slots.tolist() == scored.slots.tolist()
        assert again.scores.tolist() == scored.scores.tolist()
    numbers = index.swept_numbers()
    index.swap(index.postings.merged(numbers), numbers)
    assert len(index.alive) == len(texts) - len(dead)
    for query, scored in before.items():
        again = index.search(query_words(query), 10)
        assert again.slots.tolist() == [int(numbers[slot]) for slot in scored.slots]
        assert again.scores == pytest.approx(scored.scores, rel=1e-6)


def test_documents_are_found_beside_merged_ones() -> None:
    index = index_of(Item("a", "red bag"))
    index.swap(index.postings.merged())
    index.add(prepare(Item("b", "red cup")))
    assert sorted(found(index, "red")) == [0, 1]
    assert found(index, "cup") == [1]


def test_nothing_is_found_in_nothing() -> None:
    assert found(LexicalIndex(), "bag") == []
    index = index_of(Item("a", "bag"))
    index.remove(0)
    assert found(index, "bag") == []
    assert found(index_of(Item("a", "")), "bag") == []


def test_only_allowed_documents() -> None:
    index = index_of(Item("a", "bag"), Item("b", "bag"))
    scored = index.search(query_words("bag"), 10, np.array([False, True]))
    assert scored.slots.tolist() == [1]


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 12))
def test_best_is_a_sorted_list_cut(values: list[int], limit: int) -> None:
    scored = best(np.array(values, np.float32), limit)
    wanted = sorted((n for n, value in enumerate(values) if value), key=lambda n: (-values[n], n))[:limit]
    assert scored.slots.tolist() == wanted


def test_a_term_is_known_by_its_living_documents() -> None:
    index = index_of(Item("a", "red bag"), Item("b", "red cup"))
    assert (index.known("red"), index.known("cup"), index.known("zebra")) == (2, 1, 0)
    found(index, "red cup")  # what a search keeps of a term says the same
    assert (index.known("red"), index.known("cup")) == (2, 1)
    index.remove(1)
    assert (index.known("red"), index.known("cup")) == (1, 0)
    assert index.has("red")
    assert not index.has("zebra")


def test_beginnings_of_terms_are_known_before_and_after_a_merge() -> None:
    index = index_of(Item("a", "Lantern"), Item("b", "TV"))
    for _ in range(2):
        assert index.begins("lan")
        assert index.begins("tv")
        assert not index.begins("zeb")
        index.swap(index.postings.merged())
    index.remove(0)
    index.swap(index.postings.merged(index.swept_numbers()), index.swept_numbers())
    assert not index.begins("lan")
