"""Text, GTINs, dates and counts, one cell at a time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from app.catalog.feeds import text
from app.catalog.feeds.dates import parse_moment, parse_period
from app.catalog.feeds.errors import CellError
from app.catalog.feeds.gtin import check_digit_fits, parse_gtin
from app.catalog.feeds.stock import parse_availability, parse_quantity


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("  Mug,\n blue ", "Mug, blue"),
        ("Lumaflex&trade; Band", "Lumaflex™ Band"),
        ("<b>Soft</b> Tee<br>Red", "Soft Tee Red"),
        ("Tee &amp; Cap", "Tee & Cap"),
        ("Tee &amp;amp; Cap", "Tee & Cap"),
        ("Mug < 5 cm", "Mug < 5 cm"),
        ("CafÃ© crÃ¨me", "Café crème"),
        ("donâ€™t", "don’t"),
        ("It’s “fine” — Lumaflex™", "It’s “fine” — Lumaflex™"),
        ("GrÃ¶ÃŸe", "Größe"),
        ("Âncora Ã", "Âncora Ã"),
        ("Cafe\u0301", "Café"),
        ("Mug\x00\x07\ufeff", "Mug"),
        ('="Mug"', "Mug"),
        ("#NAME?", ""),
        ("<p></p>", ""),
    ],
)
def test_a_title_is_plain_text(cell: str, title: str) -> None:
    assert text.title(cell) == title


@pytest.mark.parametrize(
    "cell",
    [
        "<script>alert(1)</script>Mug",
        "Mug<script src=//x>",
        "&lt;script&gt;alert(1)&lt;/script&gt;Mug",
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Mug",
        "&amp;amp;amp;lt;script&amp;amp;amp;gt;alert(1)Mug",
        "<img src=x onerror=alert(1)>Mug",
        "<scr<script>ipt>alert(1)</script>Mug",
        "Mug <svg/onload=alert(1)>",
    ],
)
def test_no_script_survives_in_a_title(cell: str) -> None:
    title = text.title(cell)
    assert "<" not in title
    assert "script>" not in title
    assert "onerror" not in title


@settings(deadline=None)  # the first call imports
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf"])))
def test_cleaning_any_title_twice_changes_nothing_more(cell: str) -> None:
    once = text.title(cell)
    assert "\n" not in once
    assert not any(ord(c) < 32 for c in once)
    assert text.title(once) in {once, ""}


def test_a_description_keeps_paragraphs_and_lists_and_loses_what_acts() -> None:
    cell = '<p class="x" onclick="y()">Soft &amp; warm</p><script>alert(1)</script><ul><li style="a">One</ul><a href="javascript:x">link</a>'
    assert text.description(cell) == "<p>Soft &amp; warm</p><ul><li>One</li></ul>link"


def test_a_plain_description_gets_the_structure_that_its_lines_mean() -> None:
    cell = "First line\nsecond line\n\nFeatures:\n• One\n- Two\n\n3 < 5"
    assert text.description(cell) == (
        "<p>First line<br>second line</p><p>Features:</p><ul><li>One</li><li>Two</li></ul><p>3 &lt; 5</p>"
    )
    assert text.description("A soft mug.") == "A soft mug."
    assert text.description("&lt;p&gt;Soft&lt;/p&gt;") == "<p>Soft</p>"
    assert text.description("Tom &amp; Co") == "Tom &amp; Co"


@settings(deadline=None)  # the first call imports
@given(st.text())
@example("<?")  # makes a comment of the script's tag: its content is then plain text
def test_no_description_holds_script_or_handlers(cell: str) -> None:
    html = text.description(f"{cell}<script>bad()</script><p onclick='bad()'>x</p>")
    for node in LexborHTMLParser(html).css("*"):
        assert node.tag != "script"
        assert not [name for name in node.attributes if name.startswith("on")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Cotton", "Cotton"),
        ("All-weather|Cool|Indoor", ("All-weather", "Cool", "Indoor")),
        ("Nylon\nPolyester", ("Nylon", "Polyester")),
        ("\nMetal\nRubber", ("Metal", "Rubber")),
        ("<ul><li>One</li><li>Two</li></ul>", ("One", "Two")),
        ("Cotton|", "Cotton"),
        ("n/a", None),
        ("", None),
        ("#REF!", None),
        ("A long sentence that wraps over\n" + "x" * 100, "A long sentence that wraps over " + "x" * 100),
    ],
)
def test_an_attribute_is_a_value_or_a_list(cell: str, value: object) -> None:
    assert text.attribute(cell) == value


@pytest.mark.parametrize(
    ("cell", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381-333931", "4006381333931"),
        (" 4006381333931.0 ", "4006381333931"),
        ('="4006381333931"', "4006381333931"),
        ("'4006381333931", "4006381333931"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        ("36000291452", "036000291452"),  # the zero is back
        ("10614141000415", "10614141000415"),
        ("", None),
        ("n/a", None),
    ],
)
def test_reads_gtins(cell: str, gtin: str | None) -> None:
    assert parse_gtin(cell) == gtin


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("4.00E+12", "spreadsheet"),
        ("1,23E+11", "spreadsheet"),
        ("4006381333932", "check digit"),
        ("123", "digits"),
        ("ABC-1", "not a number"),
        ("0000000000000", "zeros"),
        ("36000291453", "check digit"),
    ],
)
def test_refuses_bad_gtins_with_the_reason(cell: str, word: str) -> None:
    with pytest.raises(CellError, match=word):
        parse_gtin(cell)


@settings(deadline=None)  # the first call imports
@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
def test_one_check_digit_of_ten_fits(body: str) -> None:
    fitting = [d for d in "0123456789" if check_digit_fits(body + d)]
    assert len(fitting) == 1
    assert parse_gtin(body + fitting[0]) == body + fitting[0]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-02-24", datetime(2026, 2, 24, tzinfo=UTC)),
        ("2026-02-24 00:00:00", datetime(2026, 2, 24, tzinfo=UTC)),
        ("2026-02-24T11:07+0100", datetime(2026, 2, 24, 11, 7, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-02-24T11:07:00Z", datetime(2026, 2, 24, 11, 7, tzinfo=UTC)),
        ("3/4/26", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2/24/2026, 3:05 PM", datetime(2026, 2, 24, 15, 5, tzinfo=UTC)),
        ("24/2/2026", datetime(2026, 2, 24, tzinfo=UTC)),
        ("24.02.2026", datetime(2026, 2, 24, tzinfo=UTC)),
        ("3.4.2026", datetime(2026, 4, 3, tzinfo=UTC)),
        ("", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_reads_dates(cell: str, moment: datetime | None) -> None:
    assert parse_moment(cell) == moment


def test_a_sale_until_a_day_lasts_that_day() -> None:
    assert parse_moment("2026-02-24", end=True) == datetime(2026, 2, 24, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["soon", "2026-13-01", "31.02.2026", "2026"])
def test_refuses_what_is_no_date(cell: str) -> None:
    with pytest.raises(CellError):
        parse_moment(cell)


def test_reads_googles_interval() -> None:
    period = parse_period("2026-02-24T11:07+0100/2026-02-28T23:07+0100")
    assert period.start is not None
    assert period.end is not None
    assert period.end - period.start == timedelta(days=4, hours=12)
    with pytest.raises(CellError):
        parse_period("2026-02-24")


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("10", 10),
        ("10.0000", 10),
        ("10+", 10),
        ("1,200", 1200),
        ("5 pcs", 5),
        ("-3", 0),
        ("", None),
        ("> 50", 50),
    ],
)
def test_reads_counts(cell: str, count: int | None) -> None:
    assert parse_quantity(cell) == count


def test_reads_availability_in_words() -> None:
    assert parse_availability("In stock") == "in_stock"
    assert parse_availability("https://schema.org/OutOfStock") == "out_of_stock"
    assert parse_availability("sofort lieferbar") == "in_stock"
    assert parse_availability("preorder") == "preorder"
    assert parse_availability("ships when it ships") is None
