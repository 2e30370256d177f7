"""Markdown: marks that pair are dropped, all others are prose, and no mark costs more than the length of its line."""

import contextlib
import time

import pytest

from retrieval.readers import DocumentUnreadableError, read_document

LENGTH = 100_000
"""Enough that the square of it is minutes, and what is linear in it a blink."""
OPENERS = ["**", "**a ", "__", "__a b ", "*", "*a ", "*a*", "_", "_a ", "`", "` ", "```` ", "`a ``b ", "[", "[a](", "[](",
           "[a](b(c ", "[a][", "![", "![a][b ", "<", "<a ", "<http:a", "<!--", "<script", "~~", "~~a ", "\\", "&", "&#", "&#9",
           "*a_", "|", "> ", "# "]  # fmt: skip
# {} is a long run of blanks, of "# " and of "-|".
LINES = ["# a{}b", "|a|b|\n|-{}x", "|a|b|\n|-|{}|x", "---\ntitle: a{}b\n---\nx", "x\n={}x", "- - -{}x", "1.{}x",
         "[a]:{}x", "[x](a{}", "<a{}", ">{}x", "a{}\n=="]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a **b** __c__ ***d*** *e* _f_ ~~g~~", "a b c d e f g"),
        ("**a *b* c** and *a **b** c*", "a b c and a b c"),
        ("**Note:**Text", "Note:Text"),
        ("2*3*4 its_shape, a 5* hotel * ~30 cm __init__", "2*3*4 its_shape, a 5* hotel * ~30 cm init"),
        ("**open and *open", "**open and *open"),
        ("`a*b*` ``a`b`` \\*no\\* `**` un ``closed", "a*b* a`b *no* ** un ``closed"),
        ("[**x**](http://a_b.c/d_(e) 't') ![i](u) <https://a.b>", "x i https://a.b"),
        ("30&deg; &amp; <b>bold</b>", "30° & bold"),
    ],
)
def test_inline_marks(text: str, said: str) -> None:
    assert read_document(f"It: {text}", "markdown").text == f"It: {' '.join(said.split())}"


@pytest.mark.parametrize(
    "heading", ["# Care guide", "## Care guide ##", "# Care guide \t#  ", "#\tCare guide"]
)
def test_a_heading_without_its_marks(heading: str) -> None:
    assert read_document(heading, "markdown").text == "Care guide"
    assert read_document("# C#", "markdown").text == "C#"


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("begin", ["x ", "", "|a|b|\n|-|-|\n|"], ids=["prose", "line", "table"])
def test_hostile_openers_take_no_time(opener: str, begin: str) -> None:
    started = time.process_time()
    with contextlib.suppress(DocumentUnreadableError):
        read_document(begin + opener * (LENGTH // len(opener)), "markdown")
    assert time.process_time() - started < 2


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("filler", [" ", "# ", "-|"])
def test_hostile_lines_take_no_time(line: str, filler: str) -> None:
    started = time.process_time()
    with contextlib.suppress(DocumentUnreadableError):
        read_document(line.replace("{}", filler * (LENGTH // len(filler))), "markdown")
    assert time.process_time() - started < 2


def test_a_long_paragraph_loses_no_word() -> None:
    text = " ".join(f"word{n}" for n in range(30_000))
    assert read_document(f"**Note** {text}", "markdown").text == f"Note {text}"


def test_a_reference_to_a_number_beyond_all_characters_is_none() -> None:
    assert "Wash" in read_document(f"Wash &#{'9' * 5000};", "markdown").text


@pytest.mark.parametrize("opener", ["**a ", "__a b ", "```` a "])
def test_openers_that_nothing_closes_are_not_searched_for_a_partner_each(opener: str) -> None:
    started = time.process_time()
    read_document("x " + opener * (1_200_000 // len(opener)), "markdown")
    assert time.process_time() - started < 3
