"""Splitting: no word lost, no sentence cut, every offset right, whatever the document."""

import re

from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers import DocumentUnreadableError, Format, Reading, read_document
from retrieval.splitter import MAX_CHARS, Piece, split
from seo.language.tokens import sentences

GUIDE = """# Care guide

Wash inside out at approx. 30 °C. Do not bleach.

## Sizes

| Size | Chest |
|------|-------|
| S | 88 cm |
| M | 96 cm |

## Empty
"""

words = st.text(alphabet="abcXYZäß1.,!?|#*-_`> ", min_size=1, max_size=60)
lines = st.one_of(
    words,
    st.sampled_from(
        [
            "",
            "# Care",
            "## Wool",
            "- Wash cold.",
            "| Size | Chest |",
            "|---|---|",
            "| S | 88 cm |",
            "```",
            "===",
        ]
    ),
    st.just("Wash at approx. 30 °C with 29 in. of water. It keeps its shape! Does it? Yes."),
)
documents = st.lists(lines, max_size=30).map("\n".join)
formats = st.sampled_from(["markdown", "text"])


def reading_of(text: str, kind: Format = "markdown") -> Reading | None:
    try:
        return read_document(text, kind)
    except DocumentUnreadableError:
        return None


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@given(documents, formats, st.integers(20, 400))
def test_nothing_is_lost_and_offsets_are_right(text: str, kind: Format, size: int) -> None:
    reading = reading_of(text, kind)
    if reading is None:
        return
    pieces = split(reading, size)
    headings = {(b.start, b.end) for b in reading.blocks if b.kind == "heading"}
    bodies = "".join(
        reading.text[b.start : b.end] for b in reading.blocks if (b.start, b.end) not in headings
    )
    assert plain("".join(piece.text for piece in pieces)) == plain(bodies)
    told = {title for piece in pieces for title in piece.heading}
    assert told == {reading.text[start:end] for start, end in headings}
    for piece in pieces:
        assert reading.text[piece.start : piece.end] == piece.text
        for statement in piece.statements:
            assert reading.text[statement.start : statement.end] == statement.text
            assert piece.start <= statement.start <= statement.end <= piece.end
    assert [piece.n for piece in pieces] == list(range(1, len(pieces) + 1))


@given(documents, formats, st.integers(20, 400))
def test_no_sentence_is_cut_and_pieces_are_bounded(text: str, kind: Format, size: int) -> None:
    reading = reading_of(text, kind)
    if reading is None:
        return
    pieces = split(reading, size)
    whole = [
        span.text
        for block in reading.blocks
        if block.kind in {"paragraph", "item"}
        for span in sentences(reading.text[block.start : block.end])
    ]
    stated = [s.text for piece in pieces for s in piece.statements if s.kind != "row"]
    assert stated == whole
    for piece in pieces:
        assert len(piece.text) <= size or len(piece.statements) <= 1


def pieces_of(text: str, kind: Format = "markdown", size: int = MAX_CHARS) -> tuple[Piece, ...]:
    return split(read_document(text, kind), size)


def test_a_piece_knows_the_headings_above_it() -> None:
    assert [piece.heading for piece in pieces_of(GUIDE)] == [
        ("Care guide",), ("Care guide", "Sizes"), ("Care guide", "Empty"),
    ]  # fmt: skip


def test_a_row_is_a_statement_with_the_names_of_its_columns() -> None:
    sizes = pieces_of(GUIDE)[1]
    assert [s.text for s in sizes.statements] == ["Size: S; Chest: 88 cm", "Size: M; Chest: 96 cm"]
    assert {s.kind for s in sizes.statements} == {"row"}


def test_a_table_that_fits_into_a_piece_is_not_parted() -> None:
    intro = "Here is what to know. " * 5
    rows = "\n".join(f"| {size} | {chest} cm |" for size, chest in zip("SML", (88, 96, 104), strict=True))
    first, second = pieces_of(f"{intro}\n\n| Size | Chest |\n|---|---|\n{rows}", size=150)
    assert not any(s.kind == "row" for s in first.statements)
    assert [s.kind for s in second.statements] == ["row"] * 3


def test_a_longer_table_is_parted_between_rows() -> None:
    rows = "\n".join(f"| {n} | {n * 2} cm |" for n in range(100))
    pieces = pieces_of(f"| Size | Chest |\n|---|---|\n{rows}", size=200)
    assert all(len(piece.text) <= 200 for piece in pieces)
    assert sum(len(piece.statements) for piece in pieces) == 100


def test_a_deeper_heading_ends_where_one_of_its_rank_begins() -> None:
    pieces = pieces_of("# A\n## B\nOne.\n### C\nTwo.\n## D\nThree.\n# E\nFour.")
    assert [piece.heading for piece in pieces] == [("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_a_large_document_is_split_in_time_that_grows_with_its_length() -> None:
    text = "# Guide\n" + "A sentence of the guide says something about washing. " * 20_000
    pieces = pieces_of(text)
    assert sum(len(piece.statements) for piece in pieces) == 20_000
    assert max(len(piece.text) for piece in pieces) <= MAX_CHARS
