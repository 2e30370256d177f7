"""Reading documents: what a reader sees is there, what a machine hid is not, and what cannot be read is said clearly."""

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from retrieval.readers import (
    MAX_TEXT,
    DocumentTooLargeError,
    DocumentUnreadableError,
    Format,
    Reading,
    format_of,
    read_document,
)


def blocks(text: str | bytes, kind: Format) -> list[tuple[str, str]]:
    reading = read_document(text, kind)
    return [(b.kind, reading.text[b.start : b.end]) for b in reading.blocks]


def a_pdf(*pages: list[str], password: str | None = None) -> bytes:
    """A PDF with lines of text on its pages."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream.set_data(f"BT /F1 12 Tf 14 TL 50 750 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_markdown_without_its_marks() -> None:
    text = """---
title: "The guide"
---
Care *guide*
============

Wash **inside out**, see [here](https://shop.example/a_(b)).
It keeps `its_shape` and 2 * 3 * 4.

- [x] Machine wash
  at 30 °C
1. Dry flat

> Quoted.

| a | b |
|---|---|
| 1 \\| 2 | **3** |

```
x = 1
```
<!-- hidden -->
"""
    assert blocks(text, "markdown") == [
        ("heading", "Care guide"),
        ("paragraph", "Wash inside out, see here. It keeps its_shape and 2 * 3 * 4."),
        ("item", "Machine wash at 30 °C"),
        ("item", "Dry flat"),
        ("paragraph", "Quoted."),
        ("row", "a: 1 | 2; b: 3"),
        ("code", "x = 1"),
    ]
    assert read_document(text, "markdown").title == "The guide"


def test_html_as_a_browser_shows_it() -> None:
    text = """<title>Guide</title><script>alert(1)</script><style>p {}</style><h1>Care<br>guide</h1>
    <p>Wash <b>in</b>side&nbsp;out.<p>Dry flat.<ul><li>One<li>Two</ul>
    <table><tr><th>Size<th>Chest<tr><td>S<td>88 <p>cm</table>After.<template>no</template>"""
    assert blocks(text, "html") == [
        ("heading", "Care guide"),
        ("paragraph", "Wash inside out."),
        ("paragraph", "Dry flat."),
        ("item", "One"),
        ("item", "Two"),
        ("row", "Size: S; Chest: 88 cm"),
        ("paragraph", "After."),
    ]


def test_a_table_of_two_columns_without_header_names_and_says() -> None:
    table = "<table><tr><td>Care:</td><td>Wash cold</td></tr><tr><td>Fit</td><td>Boxy</td></tr></table>"
    assert blocks(table, "html") == [("row", "Care: Wash cold"), ("row", "Fit: Boxy")]


def test_plain_text_with_headings_lists_and_wrapped_lines() -> None:
    text = "CARE GUIDE\n\nHow to wash it\n\nWash inside out\nat 30 degrees.\n\n- cold\n- gently\n  by hand\n\nEnd.\n"
    assert blocks(text, "text") == [
        ("heading", "CARE GUIDE"),
        ("heading", "How to wash it"),
        ("paragraph", "Wash inside out at 30 degrees."),
        ("item", "cold"),
        ("item", "gently by hand"),
        ("paragraph", "End."),
    ]


def test_pdf_without_running_heads_and_page_numbers() -> None:
    pages = [
        [
            "Shop 2026",
            "Care of wool",
            "Wash wool by hand, in water that is",
            f"cold. Page text {n}.",
            f"Page {n}",
        ]
        for n in (1, 2, 3)
    ]
    found = blocks(a_pdf(*pages), "pdf")
    said = " ".join(text for _, text in found)
    assert found[0] == ("heading", "Care of wool")
    assert "Wash wool by hand, in water that is cold. Page text 2." in said
    assert "Shop 2026" not in said


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n" + b"\xff" * 500, "broken or no PDF"),
        (b"no pdf at all", "broken or no PDF"),
        (b"", "broken or no PDF"),
        (a_pdf(["Wash it."])[:200], "broken or no PDF"),
        (a_pdf(["Wash it."], password="secret"), "password"),
        (a_pdf([]), "only images"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, why: str) -> None:
    with pytest.raises(DocumentUnreadableError, match=why):
        read_document(data, "pdf")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("", "text"),
        ("<p></p>", "html"),
        (b"\x00\x01\x02", "text"),
        ("***", "markdown"),
        ("<div>" * 200_000 + "x", "html"),
    ],
)
def test_a_document_without_text_is_refused(source: str | bytes, kind: Format) -> None:
    started = time.process_time()
    with pytest.raises(DocumentUnreadableError):
        read_document(source, kind)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_too_much_text_is_refused_at_once(kind: Format) -> None:
    with pytest.raises(DocumentTooLargeError, match=f"{MAX_TEXT:,}"):
        read_document("Wash it. " * (MAX_TEXT * 5 // 9), kind)


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "**a" * 20_000, "`" * 50_000, "_a" * 50_000, "![" * 20_000, "<!--" * 20_000, "A. " * 20_000,
     "> " * 50_000, "\\" * 50_000, "|" * 50_000 + "\n|-|", "~~a" * 20_000, "[a](" * 20_000],
    ids=range(12),
)  # fmt: skip
def test_hostile_markdown_takes_no_time(text: str) -> None:
    started = time.process_time()
    read_document(f"x {text}", "markdown")
    assert time.process_time() - started < 5


@given(st.text(max_size=300), st.sampled_from(["markdown", "html", "text"]))
def test_any_text_is_read_or_refused(text: str, kind: Format) -> None:
    try:
        reading = read_document(text, kind)
    except DocumentUnreadableError:
        return
    assert isinstance(reading, Reading)
    ends = [0, *(block.end for block in reading.blocks)]
    for block, before in zip(reading.blocks, ends, strict=False):
        assert before <= block.start < block.end <= len(reading.text)
        assert "\n" not in reading.text[block.start : block.end]


@given(st.binary(max_size=400))
def test_any_bytes_are_no_pdf_or_one(data: bytes) -> None:
    with pytest.raises(DocumentUnreadableError):
        read_document(b"%PDF-1.4\n" + data, "pdf")


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("care.md", "x", "markdown"),
        ("care.HTM", "x", "html"),
        ("care.txt", "# x", "text"),
        ("care.txt", b"%PDF-1.4", "pdf"),
        ("", "<p>Wash it.</p>", "html"),
        ("", "# Care\n\nWash it.", "markdown"),
        ("", "Wash it.", "text"),
    ],
)
def test_the_format_is_found_out(name: str, source: str | bytes, kind: str) -> None:
    assert format_of(name, source) == kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert blocks("Wash at 30 °C, not 40 °C.".encode(encoding), "text") == [
        ("paragraph", "Wash at 30 °C, not 40 °C.")
    ]


def test_what_stands_around_the_text_of_a_page_is_not_read() -> None:
    page = (
        "<body><nav><a>Shop</a> <a>Cart</a></nav><div class='breadcrumb trail'>Shop / Rugs</div><header><h1>Rugs</h1></header>"
        "<main><p>Beat the rug.</p><table><caption>Rug sizes</caption><tr><td>S</td><td>90 cm</td></tr></table></main>"
        "<aside>Subscribe now.</aside><div role='navigation'>More</div><footer>© 2031</footer></body>"
    )
    reading = read_document(page, "html")
    said = [(block.kind, reading.text[block.start : block.end]) for block in reading.blocks]
    assert said == [
        ("heading", "Rugs"),
        ("paragraph", "Beat the rug."),
        ("code", "Rug sizes"),
        ("row", "S: 90 cm"),
    ]
