"""Queries read with the words of a catalog."""

import time

import pytest

from retrieval.analyzer import document_terms
from retrieval.query import LONGEST_QUERY, MOST_WORDS, clean, read

CATALOG = {
    "Notebook computer": 30,
    "Laptop bag": 20,
    "Smartwatch": 10,
    "Bluetooth speaker": 15,
    "Bottle 0.5 l": 3,
    "Red book": 5,
    "Not included": 2,
    "iPhone 15": 4,
    "Ryzen 7 5800": 3,
    "42 inch 07": 2,
}


def known(term: str) -> int:
    return sum(count for text, count in CATALOG.items() if term in document_terms(text).counts)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("laptp bag", ("laptop", "bag")),  # a letter left out
        ("labtop bag", ("laptop", "bag")),  # mistaken
        ("latpop bag", ("laptop", "bag")),  # exchanged
        ("lapttop bag", ("laptop", "bag")),  # doubled
        ("notbook", ("notebook",)),  # nearer than "not" and "book", which are rarer
        ("bluetoothspeaker", ("bluetooth", "speaker")),
        ("laptopbag", ("laptop", "bag")),
        ("xk7", ("xk7",)),  # a name is left alone
        ("iphone15", ("iphon", "15")),
        ("ryzen7", ("ryzen", "7")),
        ("iphone16", ("iphon", "16")),  # the nearest there is
        ("5800x", ("5800", "x")),
        ("b07xyz123", ("b07xyz123",)),  # an unknown code
        ("42ab07", ("42ab07",)),
        ("zzzzzzz", ("zzzzzzz",)),  # nothing is near
    ],
)
def test_unknown_words(query: str, parts: tuple[str, ...]) -> None:
    assert tuple(part for word in read(query, known) for part in word.parts) == parts


@pytest.mark.parametrize(("query", "whole"), [("note book", "notebook"), ("smart watch", "smartwatch")])
def test_two_words_that_the_catalog_writes_as_one(query: str, whole: str) -> None:
    (word,) = read(query, known)
    assert word.whole == whole
    assert len(word.parts) == 2


def test_known_words_stay() -> None:
    assert [word.parts for word in read("red book", known)] == [("red",), ("book",)]


def test_a_quantity_that_products_have_is_searched_as_one() -> None:
    assert read("500ml bottle", known)[0] == read("0.5 l bottle", known)[0]
    assert read("500ml bottle", known)[0].whole is None
    assert read("700ml bottle", known)[0].parts == ("700ml",)  # none has it: the words are left


def test_long_queries_are_cut_in_bounded_time() -> None:
    started = time.process_time()
    for query in (
        "x" * 10_000,
        "laptp " * 2_000,
        " ".join(f"word{i}xyz" for i in range(2_000)),
        "é" * 10_000,
    ):
        assert len(clean(query)) <= LONGEST_QUERY
        assert len(read(clean(query), known)) <= MOST_WORDS
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("query", "cleaned"),
    [
        ("  red\t\n bag\x00 ", "red bag"),
        ("Ｒed ²", "Red 2"),
        ("pipe 1¼ ½", "pipe 1 1/4 1/2"),
        ("pipe 1⁄4", "pipe 1/4"),
        ("", ""),
        ("lap\u00adtop", "laptop"),
        ("a\x07b", "a b"),
        ("\ud800", ""),
        ("\ufdfa" * 1000, None),
    ],
)
def test_cleaning(query: str, cleaned: str | None) -> None:
    assert len(clean(query)) <= LONGEST_QUERY
    assert cleaned is None or clean(query) == cleaned


def test_a_senseless_query_tries_few_spellings() -> None:
    """Each spelling that is tried is asked for once or twice, none of a word that is longer than words are."""
    asked: list[str] = []

    def counting(term: str) -> int:
        asked.append(term)
        return 0

    read(" ".join("qxzjvwkfhb"[number:] + "mnprtqwx" for number in range(9)), counting)
    assert len(asked) < 3 * 1_000
    asked.clear()
    read(" ".join("qxzjvwkfhb" * 3 + letter for letter in "abcdefgh"), counting)
    assert len(asked) < 3 * 30
