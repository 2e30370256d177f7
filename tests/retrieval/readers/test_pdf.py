"""PDF: however much a page draws, reading it ends in time and says why."""

import io
import time

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from retrieval.readers import DocumentUnreadableError
from retrieval.readers.pdf import read_pdf

FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


def a_page(content: str, *, form: str = "") -> bytes:
    """A PDF of one page that is drawn by this content, compressed; the content may draw a form as /X1."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): FONT})})
    if form:
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 12 Tf {form} ET".encode())
        drawn.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/Resources"): resources.clone(writer),
            }
        )
        resources[NameObject("/XObject")] = DictionaryObject(
            {NameObject("/X1"): writer._add_object(drawn.flate_encode())}
        )
    page[NameObject("/Resources")] = resources
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 50 750 Td {content} ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_form_is_read_as_part_of_its_page() -> None:
    data = a_page("(Wash cold.) Tj /X1 Do", form="50 600 Td (Dry flat.) Tj")
    assert "Wash cold. Dry flat." in read_pdf(data).text


@pytest.mark.parametrize(
    ("content", "form"),
    [("(a) Tj 0 0 Td " * 20_000, ""), ("q Q " * 20_000, ""), ("[" + "(a) 1 " * 20_000 + "] TJ", ""),
     ("(a) Tj /X1 Do", "(a) Tj 0 0 Td " * 20_000), ("/X1 Do " * 2_000, "(a) Tj " * 2_000)],
    ids=["text", "drawing", "array", "form", "forms"],
)  # fmt: skip
def test_a_page_of_many_operators_is_refused_at_its_budget(content: str, form: str) -> None:
    data = a_page(content, form=form)
    started = time.process_time()
    with pytest.raises(DocumentUnreadableError, match="more than 5,000 operators"):
        read_pdf(data, operators=5_000)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("form", ["", "(a) Tj 0 0 Td " * 2_000])
def test_one_page_is_refused_when_its_time_is_over(form: str) -> None:
    data = a_page("/X1 Do " * 1_000 if form else "(a) Tj 0 0 Td " * 40_000, form=form)
    started = time.process_time()
    with pytest.raises(DocumentUnreadableError, match=r"takes longer than 0\.1 s"):
        read_pdf(data, seconds=0.1)
    assert time.process_time() - started < 5


def test_a_page_too_large_to_be_taken_apart_is_refused() -> None:
    with pytest.raises(DocumentUnreadableError, match="holds too much"):
        read_pdf(a_page("q " * 600_000))


def test_a_line_of_blanks_takes_no_time() -> None:
    line = f"Page 1{' ' * 30_000}x"
    started = time.process_time()
    assert "Page 1 x" in read_pdf(a_page(f"({line}) Tj")).text
    assert time.process_time() - started < 3
