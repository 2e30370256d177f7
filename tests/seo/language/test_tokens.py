"""Sentences and words keep their offsets and survive the punctuation of shops."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seo.language.tokens import Span, sentences, words

SENTENCES = [
    ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
    ("A 15.6\" screen, 29\" × 13\" × 11\". It weighs 2.5 kg.", ['A 15.6" screen, 29" × 13" × 11".', "It weighs 2.5 kg."]),
    ("Weighs approx. 5 kg, e.g. with feet. Fits most.", ["Weighs approx. 5 kg, e.g. with feet.", "Fits most."]),
    ("It is 29 in. wide. Black.", ["It is 29 in. wide.", "Black."]),
    ("The desk is 29 in. It folds.", ["The desk is 29 in.", "It folds."]),
    ("With vitamin C. It smells.", ["With vitamin C.", "It smells."]),
    ("Designed by J. Smith in Leeds.", ["Designed by J. Smith in Leeds."]),
    ("• Organic cotton\n• Ribbed cuffs\n- Full zip", ["Organic cotton", "Ribbed cuffs", "Full zip"]),
    ("1. Open the box\n2) Close it", ["Open the box", "Close it"]),
    ("Organic cotton • Ribbed cuffs • Full zip", ["Organic cotton", "Ribbed cuffs", "Full zip"]),
    ("Title\n\nA text.", ["Title", "A text."]),
    ("It is made of cotton and carries a zip that\nruns up to the chin. Red.",
     ["It is made of cotton and carries a zip that\nruns up to the chin.", "Red."]),
    ("it is red . it is blue .", ["it is red .", "it is blue ."]),
    ("A hoodie.The zip is red.", ["A hoodie.", "The zip is red."]),
    ('He said "Yes." Then he left.', ['He said "Yes."', "Then he left."]),
    ("See example.com for USB 3.0. New.", ["See example.com for USB 3.0.", "New."]),
    ("", []),
    (" \n\t• \n", []),
]  # fmt: skip

WORDS = [
    ("A water-repellent USB-C hub", ["A", "water-repellent", "USB-C", "hub"]),
    ("24-MB02, 15.6 in, 1,299.00", ["24-MB02", "15.6", "in", "1,299.00"]),
    ("XS–XL wash/dry is_for", ["XS", "XL", "wash", "dry", "is", "for"]),
    ("women's CoolTech™ by AT&T", ["women's", "CoolTech", "by", "AT&T"]),
    ("The U.S.A. e.g. this.", ["The", "U.S.A.", "e.g.", "this"]),
    ("Größe, café; 50%", ["Größe", "café", "50"]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_splits_into_sentences(text: str, expected: list[str]) -> None:
    assert [span.text for span in sentences(text)] == expected


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_splits_into_words(text: str, expected: list[str]) -> None:
    assert [span.text for span in words(text)] == expected


@given(
    st.text(alphabet=st.sampled_from("aB1 .,!?…\n\r\t•-–\"')(é2x&'’*"), max_size=80) | st.text(max_size=60)
)
def test_offsets_are_exact_and_nothing_said_is_lost(text: str) -> None:
    for spans in (sentences(text), words(text)):
        assert all(text[span.start : span.end] == span.text for span in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))
        assert all(span.text and span.text == span.text.strip() for span in spans)
    inside = [span for sentence in sentences(text) for span in words(sentence.text)]
    letters = sum(character.isalpha() for character in text)
    assert sum(character.isalpha() for span in inside for character in span.text) == letters


def test_spans_are_values() -> None:
    assert Span("a", 0, 1) == Span("a", 0, 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Wash at 30°C. Do not bleach.", "Wash at 30°C."),
        ("Rated 16 A. Made here.", "Rated 16 A."),
        ("Charges by USB-C. It lasts.", "Charges by USB-C."),
        ("Reads Yahoo! mail daily. Nice.", "Reads Yahoo! mail daily."),
        ("Wow! This is it.", "Wow!"),
        ("By J. R. Smith. Nice.", "By J. R. Smith."),
    ],
)
def test_marks_behind_measures_and_in_names(text: str, first: str) -> None:
    assert sentences(text)[0].text == first
