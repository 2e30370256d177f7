"""Sentences are recognised again through case, marks and small edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.near_duplicates import fingerprint, resembles

SENTENCE = "The duffle is waterproof and lockable, with a full-length zipper and two handles."


def test_case_marks_and_spaces_do_not_matter() -> None:
    assert fingerprint("Full-length  zipper.") == fingerprint("full length zipper")
    assert fingerprint("Full-length zipper") != fingerprint("Full-length zip")


@pytest.mark.parametrize(
    "other",
    [
        SENTENCE.upper(),
        SENTENCE.replace("full-length", "long"),
        SENTENCE + " Order it today.",
        "Waterproof and lockable, with a full-length zipper and two handles.",
    ],
)
def test_small_edits_are_seen_through(other: str) -> None:
    assert resembles(SENTENCE, other)
    assert resembles(other, SENTENCE)


@pytest.mark.parametrize(
    "other",
    [
        "A waterproof bag.",
        "The backpack is light, with padded straps, a laptop sleeve and a front pocket.",
        "",
    ],
)
def test_other_sentences_are_not_taken_for_it(other: str) -> None:
    assert not resembles(SENTENCE, other)


def test_short_sentences_must_be_equal() -> None:
    assert resembles("Kangaroo pocket.", "kangaroo pocket")
    assert not resembles("Kangaroo pocket", "Side pocket")


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_is_symmetric_and_reflexive(a: str, b: str) -> None:
    assert resembles(a, b) == resembles(b, a)
    assert resembles(a, a)
