"""Texts that nearly say the same are found, whatever they are called; those that do not are not."""

import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.duplicates import TextIndex
from retrieval.near_duplicates import words_of
from retrieval.sketches import shingles_of

TEXT = (
    "The Harrow Rain Jacket is made of recycled nylon and has an adjustable hood. It weighs 410 g. "
    "Two zipped pockets keep keys and cards dry. Machine wash at 30 °C. Choose from navy, olive and sand."
)
OTHER = (
    "A stoneware mug with a wide handle, glazed by hand. It holds half a litre and goes into the dishwasher. "
    "Each piece differs a little in tone."
)
NAMES = ("Harrow Rain Jacket", "Fernweh")


@pytest.fixture
def index() -> TextIndex:
    index = TextIndex()
    index.upsert("harrow", TEXT, names=NAMES)
    index.upsert("mug", OTHER, names=("Bremen Mug",))
    return index


@pytest.mark.parametrize(
    ("text", "names", "least"),
    [
        (TEXT, NAMES, 1.0),
        (TEXT, (), 1.0),  # nobody knows what it is about
        (TEXT.upper().replace(".", " !"), NAMES, 1.0),
        (TEXT.replace("Harrow Rain Jacket", "Selwick Parka"), ("Selwick Parka", "Ton"), 1.0),
        (TEXT.replace("Harrow", "Selwick"), ("Selwick Rain Jacket",), 1.0),
        (TEXT.replace("410", "385").replace("30", "40"), NAMES, 1.0),
        (TEXT.replace("navy", "red"), NAMES, 0.8),
        (TEXT.replace("Harrow Rain Jacket", "Selwick Parka"), (), 0.7),
        (TEXT + " Free delivery from our warehouse within two days.", NAMES, 0.7),
    ],
)
def test_a_text_that_differs_only_a_little_is_found(
    index: TextIndex, text: str, names: tuple[str, ...], least: float
) -> None:
    (first, *_) = index.nearest(text, 3, names=names)
    assert first.key == "harrow"
    assert least <= first.overlap <= 1.0
    assert first.similarity is None


def test_other_texts_are_no_neighbours(index: TextIndex) -> None:
    assert index.nearest("Solid oak sideboard with three drawers and a cable outlet at the back.") == ()
    assert index.nearest("") == ()
    assert index.nearest("… – !") == ()
    assert index.nearest(TEXT, 0) == ()


def test_what_is_excluded_removed_or_replaced_is_not_found(index: TextIndex) -> None:
    assert index.nearest(TEXT, exclude=["harrow", "never heard of"]) == ()
    assert index.nearest(TEXT)[0].key == "harrow"  # leaving out is for one question only
    index.upsert("harrow", OTHER)
    assert index.nearest(TEXT) == ()
    assert [one.key for one in index.nearest(OTHER)] == ["harrow", "mug"]
    assert index.remove("harrow")
    assert not index.remove("harrow")
    assert [one.key for one in index.nearest(OTHER)] == ["mug"]
    index.upsert("mug", " ")
    assert len(index) == 0
    assert "mug" not in index


def test_a_word_of_the_name_that_says_what_it_is_stays() -> None:
    """Else a bag and a bottle of one maker would be one text."""
    index = TextIndex()
    index.upsert(
        "bag", "A bag for trips. This bag is waterproof. The Wayfarer is a bag.", names=("Wayfarer Bag",)
    )
    found = index.nearest(
        "A bottle for trips. This bottle is waterproof. The Tarn is a bottle.", names=("Tarn Bottle",)
    )
    assert all(one.overlap < 0.3 for one in found)


def test_embeddings_give_the_similarity(index: TextIndex) -> None:
    east, north = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)
    index.upsert("east", TEXT, vector=east)
    index.upsert("north", TEXT, vector=north)
    found = {one.key: one.similarity for one in index.nearest(TEXT, vector=east)}
    assert found == {"east": 1.0, "north": 0.0, "harrow": None}


def test_the_overlap_is_exact_and_half_of_it_is_seldom_missed() -> None:
    """More texts than the unsorted tail holds, so that both halves of the table are asked."""
    rng = random.Random(11)  # noqa: S311 - draws test cases
    words = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrstx"]
    texts = {str(i): " ".join(rng.choices(words, k=60)) for i in range(4500)}
    index = TextIndex()
    for key, text in texts.items():
        index.upsert(key, text)
    found = of = 0
    for key in rng.sample(sorted(texts), 150):
        changed = texts[key].split()
        for place in rng.sample(range(60), 5):
            changed[place] = rng.choice(words)
        query = " ".join(changed)
        own = set(shingles_of(words_of(query), ()).tolist())
        other = set(shingles_of(words_of(texts[key]), ()).tolist())
        exact = len(own & other) / len(own | other)
        near = {one.key: one.overlap for one in index.nearest(query, 5)}
        if exact >= 0.5:
            of += 1
            found += key in near
        if key in near:
            assert near[key] == pytest.approx(exact)
    assert of > 50
    assert found / of >= 0.95
    assert index.nbytes / len(index) < 2500


def test_reading_and_writing_at_once() -> None:
    index, troubles = TextIndex(), []

    def write(start: int) -> None:
        try:
            for i in range(start, start + 300):
                index.upsert(str(i), f"{TEXT} Number {'x' * (i % 7)} of many.")
                index.nearest(TEXT, 3)
                if i % 3 == 0:
                    index.remove(str(i))
        except Exception as error:  # noqa: BLE001
            troubles.append(error)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(index) == 600


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_finds_itself(text: str, names: list[str]) -> None:
    index = TextIndex()
    index.upsert("it", text, names=names)
    found = index.nearest(text, names=names)
    assert [(one.key, one.overlap) for one in found] == ([("it", 1.0)] if words_of(text) else [])


def test_texts_that_come_and_go_leave_nothing_behind() -> None:
    """A hundred texts that are written anew sixty times, then others in their place."""
    rng = random.Random(5)  # noqa: S311 - draws test cases
    words = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrstx"]
    index, sizes, last = TextIndex(), [], {}
    for round_ in range(60):
        for number in range(100):
            last[number] = " ".join(rng.choices(words, k=20))
            index.upsert(f"text{number}", last[number])
        if round_ % 20 == 19:
            sizes.append(index.nbytes)
    assert len(index) == 100
    assert max(sizes) < 1.1 * min(sizes)
    for number, text in last.items():
        assert index.nearest(text, 1)[0].key == f"text{number}"
    for number in range(100):
        index.remove(f"text{number}")
    assert all(index.nearest(text) == () for text in last.values())


def test_most_of_a_large_index_goes_and_the_rest_is_found() -> None:
    rng = random.Random(6)  # noqa: S311 - draws test cases
    words = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrstx"]
    texts = {str(number): " ".join(rng.choices(words, k=12)) for number in range(5_000)}
    index = TextIndex()
    for key, text in texts.items():
        index.upsert(key, text)
    full = index.nbytes
    for number in range(4_900):
        index.remove(str(number))
    assert index.nbytes < full / 2
    for number in range(4_900, 5_000):
        assert index.nearest(texts[str(number)], 1)[0].key == str(number)
    assert all(one.overlap < 0.5 for one in index.nearest(texts["0"]))
