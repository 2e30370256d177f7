"""What each format is given, and where."""

import csv
import io
from typing import Any

import pytest

from tests.app.exporting.conftest import Shop
from tests.shelving import a_copy, shelve

GOOGLE = (
    "id\titem_group_id\ttitle\tdescription\timage_link\tprice\tsize\n"
    "T-S\tT\tTee small\tA tee\thttps://x.example/1.jpg\t9.00 EUR\tS\n"
    "T-M\tT\tTee medium\tA tee\thttps://x.example/1.jpg\t9.00 EUR\tM\n"
    "M-1\t\tMug\tA mug\thttps://x.example/2.jpg\t5.00 EUR\t\n"
)
TEE: dict[str, Any] = {
    "title": "Ours Tee",
    "description_html": "<p>Cut from cotton &amp; linen.</p><p>Made in Portugal.</p>",
    "variant_titles": {"T-S": "Ours Tee, S", "T-M": "Ours Tee, M"},
}


def rows(data: bytes, delimiter: str = "\t") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


async def test_each_variant_of_a_merchant_feed_has_its_own_title(small_shop: Shop) -> None:
    await small_shop.take(GOOGLE)
    await shelve(small_shop.database, [a_copy("T", TEE), a_copy("M-1", {"title": "Ours Mug"})])
    found = rows(await small_shop.give())
    assert [row["title"] for row in found] == ["Ours Tee, S", "Ours Tee, M", "Ours Mug"]
    assert [row["description"] for row in found] == ["Cut from cotton & linen. Made in Portugal."] * 2 + [
        "A mug"
    ]
    assert "structured_title" not in found[0]


async def test_variants_without_titles_of_their_own_keep_the_shops(small_shop: Shop) -> None:
    await small_shop.take(GOOGLE)
    await shelve(small_shop.database, [a_copy("T", {"title": "Ours Tee"})])
    assert [row["title"] for row in rows(await small_shop.give())] == ["Tee small", "Tee medium", "Mug"]


@pytest.mark.parametrize("authorship", ["llm", "llm_edited"])
async def test_texts_by_a_model_say_so(small_shop: Shop, authorship: str) -> None:
    await small_shop.take(GOOGLE)
    mug = {"title": 'Mug 3" "wide"', "description_html": "<p>Holds tea.</p>"}
    await shelve(small_shop.database, [a_copy("T", TEE), a_copy("M-1", mug, authorship=authorship)])
    given = await small_shop.give()
    small, _, found = rows(given)
    assert (small["title"], small["structured_title"]) == ("Ours Tee, S", "")
    assert (found["title"], found["description"]) == ("", "")
    assert found["structured_title"] == 'trained_algorithmic_media:"Mug 3"" ""wide"""'
    assert found["structured_description"] == 'trained_algorithmic_media:"Holds tea."'
    again = await small_shop.take(given, mode="full")
    assert (again.counts.unchanged, again.counts.rejected_rows, again.counts.edited_outside) == (2, 0, 0)
    edited = given.replace(b"Holds tea.", b"Holds tea and coffee.")
    assert (await small_shop.take(edited)).counts.edited_outside == 1
    (edit,) = (await small_shop.edits.list()).items
    version = await small_shop.edits.accept(edit.id, "Rhea")
    assert version.fields["description_html"] == "<p>Holds tea and coffee.</p>"


async def test_texts_by_a_model_in_xml(small_shop: Shop) -> None:
    feed = (
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>\n'
        "<item><g:id>M-1</g:id><title>Mug</title><g:description>A mug</g:description><g:price>5.00 EUR</g:price>"
        "<g:shipping><g:country>DE</g:country></g:shipping></item>\n"
        "<item><g:id>B-1</g:id><title>Bowl</title><g:description>A bowl</g:description></item>\n</channel></rss>\n"
    )
    await small_shop.take(feed, "feed.xml")
    mug, bowl = (
        {"title": f"Ours {n}", "description_html": f"<p>Our {n} &amp; more.</p>"} for n in ("mug", "bowl")
    )
    await shelve(small_shop.database, [a_copy("M-1", mug, authorship="llm"), a_copy("B-1", bowl)])
    given = (await small_shop.give()).decode()
    source = "<g:digital_source_type>trained_algorithmic_media</g:digital_source_type>"
    assert f"<g:structured_title>{source}<g:content>Ours mug</g:content></g:structured_title>" in given
    assert f"<g:structured_description>{source}<g:content>Our mug &amp; more.</g:content>" in given
    assert "<title>Ours bowl</title><g:description>Our bowl &amp; more.</g:description>" in given
    assert "<g:shipping><g:country>DE</g:country></g:shipping>" in given
    assert (await small_shop.take(given, "again.xml")).counts.unchanged == 2


async def test_store_views_get_the_texts_of_their_language(small_shop: Shop) -> None:
    header = "sku,store_view_code,product_type,name,description,short_description,attribute_set_code,visibility,price\n"
    feed = (
        f'{header}A,,simple,Mug,<p>A mug.</p>,,Default,"Catalog, Search",5\n'
        "A,en_gb,,Mug,,,,,\nA,de,,Becher,<p>Ein Becher.</p>,,,,\n"
    )
    await small_shop.take(feed)
    us = a_copy("A", {"description_html": "<p>Gray.</p>", "bullets": ["gray & round"]})
    gb = a_copy("A", {"description_html": "<p>Grey.</p>"}, locale="en-GB")
    await shelve(small_shop.database, [us, gb])
    found = rows(await small_shop.give(), ",")
    assert [row["description"] for row in found] == ["<p>Gray.</p>", "<p>Grey.</p>", "<p>Ein Becher.</p>"]
    assert [row["short_description"] for row in found] == ["<ul><li>gray &amp; round</li></ul>", "", ""]
    only = rows(await small_shop.give(locale="en-GB"), ",")
    assert [row["description"] for row in only] == ["<p>Grey.</p>", "<p>Grey.</p>", "<p>Ein Becher.</p>"]
    again = await small_shop.take(await small_shop.give())
    assert (again.counts.unchanged, again.counts.edited_outside) == (1, 0)


async def test_letters_that_an_encoding_lacks(small_shop: Shop) -> None:
    header = "Handle,Title,Body (HTML),Variant SKU,Variant Price,SEO Title\n"
    await small_shop.take(f"{header}a,Größe,<p>Für Tee.</p>,A,1.00,\n".encode("cp1252"))
    await shelve(
        small_shop.database,
        [a_copy("A", {"description_html": "<p>3″ hoch</p>", "meta_title": "Tee → 3″ · Łódź"})],
    )
    given = await small_shop.give()
    assert '<p>3&#8243; hoch</p>,A,1.00,"Tee ? 3"" · Lódz"' in given.decode("cp1252")
    again = await small_shop.take(given)
    assert (again.counts.unchanged, again.counts.edited_outside) == (1, 0)


async def test_what_stands_around_a_table_stays(small_shop: Shop) -> None:
    feed = 'sep=;\r\n"Artikel-Nr.";"Bezeichnung";"Beschreibung";"Eigenes"\r\n"A";"Becher";"Ein ""Becher""\r\naus Ton";"x;y"\r\n'
    data = b"\xef\xbb\xbf" + feed.encode()
    await small_shop.take(data)
    await shelve(small_shop.database, [a_copy("A", {"description_html": "<p>Aus Ton.</p>"})])
    assert (await small_shop.give()).decode() == data.decode().replace(
        'Ein ""Becher""\r\naus Ton', "Aus Ton."
    )
