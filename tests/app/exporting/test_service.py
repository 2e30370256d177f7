"""What an export promises, on both databases."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.catalog.service import ProductQuery
from app.errors import Conflict, Invalid, NotFound
from app.exporting.order import ExportOrder
from app.storage.tables import copies, publications
from tests.app.exporting.conftest import Shop
from tests.shelving import a_copy, shelve

HEADER = "Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Alt Text,SEO Title,SEO Description,Cost per item,My Own"
ROWS = """
tee,Meadow Tee,"<p>A boxy tee of organic cotton.
Made in Portugal.</p>",Fernweh,Size,S,TEE-S,29.00,https://x.example/1.jpg,,,,9.10,a
tee,,,,,M,TEE-M,29.00,https://x.example/2.jpg,old alt,,,9.20,b
mug,Blue Mug,<p>A mug of stoneware.</p>,Fernweh,Title,Default Title,MUG,12.00,https://x.example/3.jpg,,Mug,A mug,4.00,c
"""
SHOPIFY = HEADER + ROWS
TEE = {
    "title": "Meadow Tee in Organic Cotton",
    "description_html": "<p>The Meadow Tee is cut from organic cotton and made in Portugal.</p>",
    "bullets": ["organic cotton", "made in Portugal"],
    "meta_title": "Meadow Tee | Fernweh",
    "meta_description": "A tee of organic cotton, made in Portugal.",
    "alt": {"https://x.example/1.jpg": "Meadow Tee from the front"},
    "variant_titles": {"TEE-S": "Meadow Tee, S", "TEE-M": "Meadow Tee, M"},
}


def cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


async def everything(shop: Shop) -> list[object]:
    page = await shop.catalog.list_products(ProductQuery(), 200)
    return [(p.product, p.facts, p.import_id) for p in page.items]


async def test_only_the_cells_of_published_fields_change(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE)])
    before, after = cells(SHOPIFY.encode()), cells(await shop.give())
    changed = {
        (number, name): after[number][name]
        for number, row in enumerate(before)
        for name in row
        if row[name] != after[number][name]
    }
    assert changed == {
        (0, "Body (HTML)"): TEE["description_html"],
        (0, "SEO Title"): TEE["meta_title"],
        (0, "SEO Description"): TEE["meta_description"],
        (0, "Image Alt Text"): "Meadow Tee from the front",
    }
    titled = cells(await shop.give(fields=("title",)))
    assert [row["Title"] for row in titled] == ["Meadow Tee in Organic Cotton", "", "Blue Mug"]
    assert titled[0]["SEO Title"] == ""


async def test_without_copy_the_file_comes_back_to_the_byte(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    assert await shop.give() == SHOPIFY.encode()


async def test_drafts_stay_where_they_are(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE, status="approved")])
    assert await shop.give() == SHOPIFY.encode()
    assert cells(await shop.give(status="approved"))[0]["SEO Title"] == TEE["meta_title"]


async def test_our_own_file_changes_nothing_when_it_comes_back(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE)])
    before = await everything(shop)
    given = await shop.give(fields=("title", "description_html", "meta_title", "meta_description", "alt"))
    for mode in ("delta", "full"):
        report = await shop.take(given, mode=mode)
        counts = report.counts
        assert (counts.unchanged, counts.created, counts.updated, counts.facts_changed) == (2, 0, 0, 0)
        assert (counts.copy_stale, counts.edited_outside, counts.notes, counts.rejected_rows) == (0, 0, 0, 0)
    assert await everything(shop) == before
    assert (await shop.take(SHOPIFY)).counts.unchanged == 2  # what the shop had before is no edit of ours
    assert (await shop.edits.list()).items == ()


async def test_a_price_changes_and_the_words_of_the_shop_stay(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE)])
    given = (await shop.give()).replace(b"29.00", b"31.00")
    report = await shop.take(given)
    assert (report.counts.updated, report.counts.facts_changed, report.counts.edited_outside) == (1, 0, 0)
    stored = await shop.catalog.get_product("tee")
    assert "boxy tee" in stored.product.description
    async with shop.database.transaction() as session:  # the text is taken down: the shop's own returns
        await session.execute(update(copies).values(status="withdrawn"))
        await session.execute(update(publications).values(ended_at=datetime.now(UTC)))
    assert await shop.give() == SHOPIFY.replace("29.00", "31.00").encode()


async def test_an_older_text_of_ours_is_ours(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    first = a_copy("tee", TEE)
    await shelve(shop.database, [first])
    old = await shop.give()
    async with shop.database.transaction() as session:
        await session.execute(update(copies).values(status="withdrawn"))
        await session.execute(update(publications).values(ended_at=datetime.now(UTC)))
    await shelve(
        shop.database, [a_copy("tee", TEE | {"description_html": "<p>Another text altogether.</p>"})]
    )
    await shop.give()
    report = await shop.take(old)
    assert (report.counts.unchanged, report.counts.edited_outside) == (2, 0)


async def test_an_edit_in_the_shop_is_an_offer_and_no_fact(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    copy = a_copy("tee", TEE)
    await shelve(shop.database, [copy])
    before = await everything(shop)
    edited = (await shop.give()).replace(
        b"is cut from organic cotton and made in Portugal.</p>",
        b"is cut from organic cotton and made in Portugal and waterproof.</p>",
    )
    report = await shop.take(edited)
    assert (report.counts.unchanged, report.counts.edited_outside, report.counts.facts_changed) == (2, 1, 0)
    assert [(note.sku, note.kept, copy.id in note.detail) for note in report.rejected] == [
        ("tee", True, True)
    ]
    assert await everything(shop) == before
    (edit,) = (await shop.edits.list()).items
    assert (edit.sku, edit.field, edit.copy_id, edit.status) == ("tee", "description_html", copy.id, "open")
    assert "waterproof" in edit.text

    assert (await shop.take(edited)).counts.edited_outside == 1  # met again it is the same offer
    assert len((await shop.edits.list()).items) == 1

    version = await shop.edits.accept(edit.id, "Rhea")
    assert (version.id, version.version, version.status) == (copy.id, 2, "needs_review")
    assert version.provenance.authorship == "merchant"
    assert "waterproof" in version.fields["description_html"]
    assert version.fields["meta_title"] == TEE["meta_title"]
    with pytest.raises(Conflict):
        await shop.edits.accept(edit.id, "Rhea")
    assert (await shop.take(edited)).counts.edited_outside == 0
    assert (
        cells(await shop.give())[0]["Body (HTML)"] == TEE["description_html"]
    )  # until somebody publishes it


async def test_a_dismissed_edit_is_not_told_of_again(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE)])
    edited = (await shop.give()).replace(b"Meadow Tee | Fernweh", b"Meadow Tee | SALE")
    await shop.take(edited)
    (edit,) = (await shop.edits.list(sku="tee")).items
    assert (await shop.edits.dismiss(edit.id, "Rhea")).status == "dismissed"
    assert (await shop.take(edited)).counts.edited_outside == 0
    assert [e.decided_by for e in (await shop.edits.list(status="dismissed")).items] == ["Rhea"]


async def test_a_suppliers_new_text_is_the_shops_word(shop: Shop) -> None:
    """A file without a trace of ours: it did not come from a shop that has loaded our export."""
    feed = "sku,title,description\nA,Mug,<p>A mug of stoneware.</p>\n"
    await shop.take(feed)
    await shelve(shop.database, [a_copy("A", {"description_html": "<p>Our mug holds a litre of tea.</p>"})])
    await shop.give()
    report = await shop.take("sku,title,description\nA,Mug,<p>Enamel on steel.</p>\n")
    assert (report.counts.updated, report.counts.edited_outside) == (1, 1)
    assert (await shop.catalog.get_product("A")).product.description == "<p>Enamel on steel.</p>"


async def test_columns_that_say_nothing_of_products_are_those_of_the_newest_file(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    newer = SHOPIFY.replace(",4.00,c", ",4.75,c")  # the cost is a setting of the shop and no fact
    report = await shop.take(newer)
    assert (report.counts.unchanged, report.counts.updated) == (2, 0)
    assert await shop.give() == newer.encode()


async def test_products_that_a_full_file_no_longer_lists_do_not_return_to_the_shop(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shop.take(SHOPIFY[: SHOPIFY.index("mug,Blue")], mode="full", force=True)
    assert [row["Handle"] for row in cells(await shop.give())] == ["tee", "tee"]


async def test_products_that_the_feed_has_no_rows_for_are_named(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shop.take("sku,title,price\nX-1,Lamp,9.00 EUR\n", "more.csv")
    async with shop.exports.open(ExportOrder()) as opened:
        assert (opened.format, opened.left_out, opened.left_out_skus) == ("shopify", 1, ("X-1",))
    lamp = next(feed for feed in await shop.exports.layouts() if feed.shape.format == "csv")
    assert await shop.give(layout=lamp.layout) == b"sku,title,price\nX-1,Lamp,9.00 EUR\n"
    assert await shop.give(import_id=lamp.imports[0]) == b"sku,title,price\nX-1,Lamp,9.00 EUR\n"


async def test_some_of_the_products(shop: Shop) -> None:
    await shop.take("sku,title,category\nA,Mug,Home > Mugs\nB,Tee,Clothing\nC,Bowl,Home\nD,Homer,Homeless\n")
    assert [row["sku"] for row in cells(await shop.give(skus=("B", "C")))] == ["B", "C"]
    assert [row["sku"] for row in cells(await shop.give(category="home"))] == ["A", "C"]


async def test_what_cannot_be_exported_says_what_can(shop: Shop) -> None:
    with pytest.raises(NotFound, match="no feed was imported yet"):
        await shop.give()
    await shop.take(SHOPIFY)
    with pytest.raises(NotFound, match="shopify"):
        await shop.give(format="magento")
    with pytest.raises(NotFound, match="imp_none"):
        await shop.give(import_id="imp_none")
    with pytest.raises(Invalid, match="magento"):
        await shop.give(format="word")
    with pytest.raises(Invalid, match="published"):
        await shop.give(status="lost")
    with pytest.raises(Invalid, match="meta_title"):
        await shop.give(fields=("headline",))


async def test_an_export_is_of_one_moment_while_an_import_runs(shop: Shop) -> None:
    def feed(price: int) -> str:
        rows = "".join(f"P-{i:04},Mug {i},{price}.00 EUR\n" for i in range(1200))
        return f"sku,title,price\n{rows}"

    await shop.take(feed(1))
    async with shop.exports.open(ExportOrder()) as opened:
        chunks = opened.read()
        got = [await anext(chunks)]
        report = await shop.take(feed(2), "newer.csv")
        assert report.counts.updated == 1200
        got += [chunk async for chunk in chunks]
    assert b"".join(got) == feed(1).encode()
    assert await shop.give() == feed(2).encode()


async def test_many_at_once_give_the_same_bytes(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    await shelve(shop.database, [a_copy("tee", TEE)])
    given = await asyncio.gather(*(shop.give() for _ in range(4)))
    assert len(set(given)) == 1


async def test_a_campaign_is_exported_while_it_lasts(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    sale = a_copy("tee", {"meta_title": "Winter sale"})
    await shelve(shop.database, [a_copy("tee", TEE), sale])
    now = datetime.now(UTC)

    async def window(start: timedelta, end: timedelta) -> str:
        async with shop.database.transaction() as session:
            await session.execute(
                update(publications)
                .where(publications.c.copy_id == sale.id)
                .values(campaign="winter", starts_at=now + start, ends_at=now + end)
            )
        return cells(await shop.give())[0]["SEO Title"]

    assert await window(timedelta(hours=1), timedelta(hours=2)) == TEE["meta_title"]
    assert await window(-timedelta(hours=1), timedelta(hours=1)) == "Winter sale"
    assert await window(-timedelta(hours=2), -timedelta(hours=1)) == TEE["meta_title"]


async def test_live_values_do_not_go_into_a_file(shop: Shop) -> None:
    await shop.take(SHOPIFY)
    said = {
        "description_html": "<p>A tee of cotton. Now {price}. Made in Portugal.</p>",
        "meta_title": "Tee {price}",
    }
    await shelve(shop.database, [a_copy("tee", said)])
    row = cells(await shop.give())[0]
    assert row["Body (HTML)"] == "<p>A tee of cotton. Made in Portugal.</p>"
    assert row["SEO Title"] == ""
