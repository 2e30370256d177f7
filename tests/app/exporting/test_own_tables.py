"""Tables of our own: for people, programs, and spreadsheets that must not run what they are shown."""

import csv
import io
import json

import openpyxl
import pytest

from app.exporting.sheets import COLUMNS, harmless
from tests.app.exporting.conftest import Shop
from tests.shelving import a_copy, shelve

FEED = "sku,title,material\n=A1,Mug,clay\nB2,Bowl,clay\n"
FIELDS = {
    "title": "=HYPERLINK(1)",
    "description_html": "<p>A bowl.</p>",
    "meta_title": "-5",
    "bullets": ["one", "two"],
}


async def stocked(shop: Shop) -> str:
    await shop.take(FEED)
    copy = a_copy("B2", FIELDS, authorship="llm_edited")
    await shelve(shop.database, [copy])
    return copy.id


def expected(copy_id: str) -> list[dict[str, str]]:
    empty = dict.fromkeys(COLUMNS, "")
    return [
        empty | {"sku": "'=A1", "product_title": "Mug", "product_status": "active"},
        empty
        | {
            "sku": "B2",
            "product_title": "Bowl",
            "product_status": "active",
            "template": "product_description",
            "locale": "en-US",
            "channel": "storefront",
            "variant": "0",
            "title": "'=HYPERLINK(1)",
            "description_html": "<p>A bowl.</p>",
            "bullets": "one\ntwo",
            "meta_title": "-5",
            "authorship": "llm_edited",
            "responsible": "Rhea",
            "copy_status": "published",
            "copy_id": copy_id,
            "version": "1",
        },
    ]


async def test_csv(small_shop: Shop) -> None:
    copy_id = await stocked(small_shop)
    data = await small_shop.give(format="csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == expected(copy_id)
    assert data == await small_shop.give(format="csv")


async def test_xlsx(small_shop: Shop) -> None:
    copy_id = await stocked(small_shop)
    data = await small_shop.give(format="xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == list(COLUMNS)
    assert all(cell.data_type != "f" for row in rows for cell in row)
    said = [dict(zip(COLUMNS, (cell.value or "" for cell in row), strict=True)) for row in rows[1:]]
    assert said == expected(copy_id)
    assert data == await small_shop.give(format="xlsx")


async def test_json_lines(small_shop: Shop) -> None:
    copy_id = await stocked(small_shop)
    bare, told = map(json.loads, (await small_shop.give(format="jsonl")).splitlines())
    assert (bare["product"]["sku"], bare["copy"]) == ("=A1", [])
    (copy,) = told["copy"]
    assert (told["product"]["attributes"], copy["id"], copy["version"]) == ({"material": "clay"}, copy_id, 1)
    assert (copy["authorship"], copy["responsible"], copy["fields"]) == ("llm_edited", "Rhea", FIELDS)
    assert {sentence["field"] for sentence in copy["sentences"]} >= {"title", "description_html"}


async def test_some_fields_and_one_language(small_shop: Shop) -> None:
    await stocked(small_shop)
    data = (await small_shop.give(format="csv", fields=("meta_title",))).decode("utf-8-sig")
    row = list(csv.DictReader(io.StringIO(data, newline="")))[1]
    assert (row["meta_title"], row["title"], row["description_html"]) == ("-5", "", "")
    data = (await small_shop.give(format="csv", locale="en-GB")).decode("utf-8-sig")
    assert [row["copy_id"] for row in csv.DictReader(io.StringIO(data, newline=""))] == ["", ""]


async def test_a_shops_own_feed_is_never_changed_for_spreadsheets(small_shop: Shop) -> None:
    await small_shop.take("sku,title,description\nA,Mug,=1+1\n")
    await shelve(small_shop.database, [a_copy("A", {"description_html": "<p>=2+2 is what it holds.</p>"})])
    assert b"A,Mug,=2+2 is what it holds." in await small_shop.give()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("-5", "-5"),
        ("+49 171", "'+49 171"),
        ("-1.5", "-1.5"),
        ("-12,5 %", "-12,5 %"),
        ("A = B", "A = B"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run(cell: str, shown: str) -> None:
    assert harmless(cell) == shown
