"""Words broken over lines: one word again, a compound with its hyphen, never a blank within a word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers import Format, read_document

FORMATS: tuple[Format, ...] = ("text", "markdown")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Do not use fab-\nric softener.", "Do not use fabric softener."),
        ("Wash at thirty de-\n  grees or less.", "Wash at thirty degrees or less."),
        ("It is machine-\nwashable at 30 °C.", "It is machine-washable at 30 °C."),
        ("A flame‐\nresistant lining.", "A flame‐resistant lining."),
        ("The hand-\nand machine-wash cycles.", "The hand- and machine-wash cycles."),
        ("A T-\nShirt of cotton.", "A T-Shirt of cotton."),
        ("Do not use fab\xad\nric soft\xadener.", "Do not use fabric softener."),
        ("Wash it -\ncold.", "Wash it - cold."),
        ("Sizes 30-\n32 fit.", "Sizes 30- 32 fit."),
        ("Wasch-\nmaschine.", "Waschmaschine."),
        ("In water. A water-\nside mill. Its side is wet.", "In water. A water-side mill. Its side is wet."),
        ("The waterside. A water-\nside mill by water.", "The waterside. A waterside mill by water."),
        ("A well-worn coat, well-\nworn.", "A well-worn coat, well-worn."),
        ("A laun-\ndry bag, over-\nsized.", "A laundry bag, oversized."),
        ("- a fab-\n  ric", "a fabric"),
    ],
)
def test_a_word_broken_over_lines(text: str, said: str, kind: Format) -> None:
    assert read_document(text, kind).text == said


def test_soft_hyphens_of_html_are_dropped() -> None:
    assert read_document("<p>fab&shy;ric soft&#173;ener", "html").text == "fabric softener"


@given(st.lists(st.text(alphabet="abX-‐\xad 1'", max_size=12), max_size=12))
def test_no_letter_is_lost(lines: list[str]) -> None:
    text = "x\n" + "\n".join(lines)
    read = read_document(text, "text").text
    assert [c for c in read if c.isalpha()] == [c for c in text if c.isalpha()]


@pytest.mark.parametrize(
    "text", ["a-\n" * 100_000, "a" * 300_000 + "-\nb", "a-" * 150_000 + "\nb", "ab-\ncd-\n\n" * 50_000]
)
def test_hostile_lines_take_no_time(text: str) -> None:
    started = time.process_time()
    read_document(text, "text")
    assert time.process_time() - started < 3
