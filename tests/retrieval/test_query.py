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
