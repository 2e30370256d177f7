"""HTML: tables as grids, what is hidden stays unread, and no page costs more than its length."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers import DocumentTooLargeError, DocumentUnreadableError, read_document


def blocks(text: str) -> list[tuple[str, str]]:
    reading = read_document(text, "html")
    return [(b.kind, reading.text[b.start : b.end]) for b in reading.blocks]


def rows(text: str) -> list[str]:
    return [said for kind, said in blocks(text) if kind == "row"]


def test_stacked_headers_are_joined_over_the_columns_that_they_span() -> None:
    table = """<table><thead><tr><th></th><th colspan=2>Body</th></tr>
    <tr><th>Size</th><th>Chest</th><th>Waist</th></tr></thead>
    <tbody><tr><td>S</td><td>88</td><td>72</td></tr></tbody></table>"""
    assert rows(table) == ["Size: S; Body Chest: 88; Body Waist: 72"]


def test_spans_down_and_across_fill_every_place_that_they_cover() -> None:
    table = """<table><tr><th rowspan=2>Size<th colspan=2>Body<tr><th>Chest<th>Waist
    <tr><td rowspan="2">S / M<td>88<td>72<tr><td colspan=2>89 or more</table>"""
    assert rows(table) == [
        "Size: S / M; Body Chest: 88; Body Waist: 72",
        "Size: S / M; Body Chest: 89 or more; Body Waist: 89 or more",
    ]


def test_a_rowspan_ends_with_its_section() -> None:
    table = """<table><thead><tr><th rowspan=9>Size<th>Chest</thead>
    <tbody><tr><td rowspan=0>S<td>88<tr><td>89</tbody><tbody><tr><td>M<td>96</table>"""
    assert rows(table) == ["Size: S; Chest: 88", "Size: S; Chest: 89", "Size: M; Chest: 96"]


def test_a_cell_over_the_whole_table_is_said_once() -> None:
    table = """<table><tr><th>Size<th>Chest<th>Waist<tr><td colspan=3>Women
    <tr><td>S<td>88<td>72</table>"""
    assert rows(table) == ["Women", "Size: S; Chest: 88; Waist: 72"]
    titled = "<table><thead><tr><th colspan=2>All in cm<tr><th>Size<th>Chest</thead><tr><td>S<td>88</table>"
    assert blocks(titled) == [("paragraph", "All in cm"), ("row", "Size: S; Chest: 88")]


def test_a_first_row_in_bold_names_the_columns() -> None:
    table = """<table><tr><td><b>Size</b></td><td> <strong>Chest</strong></td><td><p><b>Waist</b></p></td></tr>
    <tr><td>S</td><td>88</td><td>72</td></tr></table>"""
    assert rows(table) == ["Size: S; Chest: 88; Waist: 72"]
    partly = table.replace("<b>Size</b>", "<b>Size</b> of it")
    assert rows(partly) == ["Size of it; Chest; Waist", "S; 88; 72"]


@pytest.mark.parametrize(
    "table",
    [
        "<table>" + ("<tr>" + "<td colspan=1000 rowspan=65534>x</td>" * 100 + "</tr>") * 100,
        "<table><tr><td rowspan=0>" + "x" * 100_000 + "<tr><td>a" * 1000,
        "<table><tr><td colspan=999>" + "x" * 100_000 + "<td>a",
        "<table><tr><td colspan=999999999999>x<td rowspan=-3>y<td colspan=a>z",
    ],
    ids=range(4),
)
def test_spans_cannot_blow_a_table_up(table: str) -> None:
    started = time.process_time()
    with contextlib.suppress(DocumentTooLargeError):
        read_document(table, "html")
    assert time.process_time() - started < 3


def test_a_table_within_a_cell_is_part_of_its_text() -> None:
    table = "<table><tr><td>A<table><tr><td>in<td>ner</table>B</td><td>C</td></tr></table>After."
    assert blocks(table) == [("row", "A in ner B: C"), ("paragraph", "After.")]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>No.</p>", "<p hidden>No.", "<div style='color:red; DISPLAY : none'><p>No.</div>",
        "<div aria-hidden=true>No. <div>No.</div> No.</div>", "<template><p>No.</template>",
        "<noscript><p>No.</p></noscript>", "<ul hidden><li>No.<li>No.</ul>", "<svg><title>No.</title><text>No.</text></svg>",
        "<!-- <p>No. -->", "<!-- No. --!>", "<script>'<p>No.'</script>", "<style>No.</style>", "<? No. ?>",
        "<span style='visibility:hidden'>No. <span>No.</span> No.</span>",
        "<table hidden><tr><th>No.<td>No.</table>", "<h2 hidden>No.</h2>", "<a title='> No.'></a>",
    ],
)  # fmt: skip
def test_what_is_hidden_is_not_read(hidden: str) -> None:
    assert blocks(f"<p>Wash cold.</p>{hidden}<p>Dry flat.") == [
        ("paragraph", "Wash cold."),
        ("paragraph", "Dry flat."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Wash.</p>" + '<svg><path d="M0"/><g><path d="M1"/></g></svg>' * 5000,
        "<p>Wash.<font size=2>" * 5000,
        "<p>Wash.</p><script>var t='" + "<div><span>" * 3000 + "'</script>",
        "<p>Wash.</p><style>" + "<div>" * 3000 + "</style><!--" + "<div>" * 3000 + "-->",
        "Wash.<br/><div/><hr><img src=x>" * 3000,
        "<ul>" + "<li>Wash <b>cold" * 3000 + "</ul>",
        "<table>" + "<tr><td>Wash<td>cold" * 3000,
        "<div>" * 900 + "Wash." + "</div>" * 900,
    ],
    ids=range(8),
)
def test_only_what_truly_nests_counts_as_nested(text: str) -> None:
    started = time.process_time()
    assert "Wash" in read_document(text, "html").text
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    ["<div>", "<div></x>", "<table><tr><td><div></p>", "<ul><li>", "<div hidden>", "<svg><style><div>"],
)
def test_what_nests_without_end_is_refused(text: str) -> None:
    started = time.process_time()
    with pytest.raises(DocumentUnreadableError, match=r"nests more than 1,000|no text"):
        read_document(text * 100_000, "html")
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "opener",
    ["<", "</", "<a ", '<a b="', "<a b='\" ", "<a =", "<a b= ", "<a/", "<!", "<!--", "<?", "</script", "<script>",
     "<title>", "<b>", "</p>", "<p>", "<td>", "&", "&#", "&#9", "&#x9", "<p hidden ", "<p style=display", "<svg>x"],
)  # fmt: skip
def test_hostile_openers_take_time_in_proportion(opener: str) -> None:
    """Twenty times as long may take fifty times as long, and not the four hundred of a square."""

    def spent(length: int) -> float:
        text = "x " + opener * (length // len(opener))
        started = time.process_time()
        with contextlib.suppress(DocumentUnreadableError):
            read_document(text, "html")
        return time.process_time() - started

    assert spent(200_000) < 50 * spent(10_000) + 0.5


def test_a_reference_to_a_number_beyond_all_characters_is_none() -> None:
    assert "Wash" in read_document(f"<p>Wash &#{'9' * 5000}; at 30 &deg;C", "html").text


@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td colspan=2>", "<th rowspan=2>", "</td>", "</table>", "<ul>",
    "<li>", "</li>", "<h2>", "</h2>", "<b>", "</b>", "<svg>", "</svg>", "<p hidden>", "<br/>", "<thead>", "</thead>",
    "<caption>", "<span hidden>", "</span>", "<tbody>", "</tr>", "<dl>", "<dd>", "a", "B c.", "<", "&amp;", "<!--", "-->",
]), max_size=40))  # fmt: skip
def test_any_order_of_tags_is_read(parts: list[str]) -> None:
    try:
        reading = read_document("".join(parts), "html")
    except DocumentUnreadableError:
        return
    assert "<p" not in reading.text
