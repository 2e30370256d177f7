"""Copy written anew on both databases: some fields, what is locked, what is stale; and live values as they are served."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.copywriting.bulk import GenerateProgress
from app.copywriting.copy import Copy
from app.copywriting.life.editing import MerchantText
from app.copywriting.life.preconditions import expected_of
from app.copywriting.life.service import LifeService
from app.copywriting.live_values.serving import filled_text
from app.copywriting.regeneration.service import Rewrite
from app.copywriting.request import CopyRequest
from app.errors import Conflict, Invalid, NotFound, StaleVersion
from app.storage.database import Database
from evaluators.fields import sentences_of
from tests.builders import eur
from tests.conformance.test_life import JACKET, START, Shop

REQUEST = CopyRequest(sku="")
PRICED = replace(JACKET, price=eur("129.00"), quantity=7)


@pytest.fixture
async def shop(database: Database) -> Shop:
    shop = Shop(database)
    shop.life = LifeService(database, shop.catalog, clock=shop.clock, fill=filled_text)
    await shop.catalog.put_product("J-1", JACKET)
    return shop


async def mended(shop: Shop, **options: object) -> list[Copy]:
    steps = [step async for step in shop.copy.generate_all(REQUEST, stale=True, actor="Mia", **options)]  # type: ignore[arg-type]
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert all(step.total == len(steps) for step in steps)
    return [copy for step in steps for copy in step.copies]


def said(copy: Copy, name: str = "description_html") -> list[str]:
    return [s.text for s in copy.sentences if s.field.partition("/")[0] == name]


# -- fields and locks ---------------------------------------------------------------------------------------------


async def test_only_the_named_fields_are_new(shop: Shop) -> None:
    before = await shop.published()
    after = await shop.copy.regenerate(before.id, Rewrite(("bullets",)), "Mia")
    assert (after.id, after.version, after.status, after.created_by) == (before.id, 2, "needs_review", "Mia")
    assert {name for name in after.fields if after.fields[name] != before.fields[name]} == {"bullets"}
    assert after.clean
    assert (after.reviewed_by, after.publish) == (None, None)
    assert (await shop.shown())[before.id].version == 1  # until somebody publishes the new one
    assert (await shop.deeds(before.id))[-1] == "copy.regenerate"
    with pytest.raises(StaleVersion):
        await shop.copy.regenerate(before.id, Rewrite(), "Mia", expected=expected_of("1"))


async def test_what_is_locked_survives_every_regeneration(shop: Shop) -> None:
    copy = await shop.written()
    title, sentence = copy.fields["title"], said(copy)[1]
    locked = await shop.copy.lock(copy.id, ["title"], [sentence], "Ben")
    assert (locked.version, locked.locked, locked.locked_sentences) == (1, ("title",), (sentence,))
    assert (await shop.deeds(copy.id))[-1] == "copy.lock"
    texts = set()
    for number in range(2, 5):
        copy = await shop.copy.regenerate(copy.id, Rewrite(), "Mia")
        assert (copy.version, copy.fields["title"]) == (number, title)
        assert sentence in said(copy)
        assert (copy.locked, copy.locked_sentences) == (("title",), (sentence,))
        texts.add(copy.fields["description_html"])
    assert len(texts) > 1
    # A person may edit what is locked; a sentence that is gone is locked no more.
    copy = await shop.life.edit(
        copy.id, {"description_html": "<p>A jacket.</p>", "title": "Fjord Jacket"}, "Ben"
    )
    assert (copy.locked, copy.locked_sentences) == (("title",), ())
    unlocked = await shop.copy.lock(copy.id, [], [], "Ben")
    assert unlocked.locked == ()


async def test_bad_orders(shop: Shop) -> None:
    copy = await shop.written()
    with pytest.raises(Invalid, match="poem"):
        await shop.copy.regenerate(copy.id, Rewrite(("poem",)), "Mia")
    with pytest.raises(Invalid, match="does not say"):
        await shop.copy.lock(copy.id, [], ["Never said."], "Mia")
    with pytest.raises(Invalid, match="no field"):
        await shop.copy.lock(copy.id, ["poem"], [], "Mia")
    with pytest.raises(NotFound):
        await shop.copy.regenerate("cp_none", Rewrite(), "Mia")
    await shop.copy.lock(copy.id, ["title"], [], "Mia")
    with pytest.raises(Conflict, match="locked"):
        await shop.copy.regenerate(copy.id, Rewrite(("title",)), "Mia")
    with pytest.raises(Conflict, match="no other words"):
        await shop.copy.regenerate(copy.id, Rewrite(("slug",)), "Mia")
    await shop.catalog.delete_product("J-1")
    with pytest.raises(Conflict, match="withdrawn"):
        await shop.copy.regenerate(copy.id, Rewrite(), "Mia")


async def test_of_two_at_once_one_wins(shop: Shop) -> None:
    copy = await shop.written()
    results = await asyncio.gather(
        *(shop.copy.regenerate(copy.id, Rewrite(("bullets",)), name) for name in ("Mia", "Ben")),
        return_exceptions=True,
    )
    won = [one for one in results if isinstance(one, Copy)]
    assert won
    assert sorted(one.version for one in won) == list(range(2, 2 + len(won)))
    assert all(isinstance(one, Copy | StaleVersion | Conflict) for one in results)


# -- what is stale ------------------------------------------------------------------------------------------------


async def test_a_stale_copy_keeps_to_the_letter_what_still_holds(shop: Shop) -> None:
    before = await shop.published()
    await shop.catalog.put_product("J-1", replace(JACKET, attributes={**JACKET.attributes, "fit": "Slim"}))
    (after,) = await mended(shop)
    assert (after.id, after.version, after.status) == (before.id, 2, "needs_review")
    assert after.clean
    assert after.stale == ()
    stale = {s.text for s in (await shop.life.versions(before.id)).items[1].stale}
    for name in before.fields:
        old, new = said(before, name), said(after, name)
        holding = [text for text in old if text not in stale]
        assert [text for text in new if text in holding] == holding
    assert not stale & {s.text for s in after.sentences}
    assert "Slim" in after.fields["title"]
    assert "Slim fit" in after.fields["bullets"]
    assert after.fields["slug"] == before.fields["slug"]
    assert any("Relaxed fit" in note and "Slim fit" in note for note in after.notes)
    # The page shows the old text without what is stale, until somebody publishes the new one.
    assert (await shop.shown())[before.id].source == "without_sentences"
    await shop.life.act(after.id, "approve", "Ben")
    await shop.life.publish(after.id, "Ben")
    assert (await shop.shown())[before.id].version == 2
    assert await mended(shop) == []
    written = [step.outcome async for step in shop.copy.generate_all(REQUEST)]
    assert written == ["skipped"]  # the mended copy is the answer to the request


async def test_a_fact_that_is_gone_takes_its_sentences_along(shop: Shop) -> None:
    before = await shop.approved()
    attributes = {name: value for name, value in JACKET.attributes.items() if name != "care"}
    await shop.catalog.put_product("J-1", replace(JACKET, attributes=attributes))
    (after,) = await mended(shop)
    assert "Machine wash" in before.fields["bullets"]
    assert after.fields["bullets"] == [text for text in before.fields["bullets"] if text != "Machine wash"]
    assert after.fields["title"] == before.fields["title"]
    assert "left out: bullets/4: “Machine wash”" in after.notes
    (older,) = (await shop.life.versions(before.id)).items[1:]
    assert older.status == "withdrawn"


async def test_a_humans_and_the_merchants_words_are_mended_as_theirs(shop: Shop) -> None:
    words = "<p>Machine wash. It has a relaxed fit. Two zipped pockets.</p>"
    human = await shop.life.edit((await shop.written()).id, {"description_html": words}, "Ben")
    merchant = await shop.life.write_merchant(
        MerchantText({"title": "Fjord Jacket", "description_html": words}, sku="J-1", locale="en-GB"), "Ben"
    )
    await shop.catalog.put_product("J-1", replace(JACKET, attributes={**JACKET.attributes, "fit": "Slim"}))
    after = {copy.id: copy for copy in await mended(shop)}
    own, theirs = after[human.id], after[merchant.id]
    assert (own.provenance.authorship, theirs.provenance.authorship) == ("human", "merchant")
    assert theirs.fields["description_html"] == "<p>Machine wash. Two zipped pockets.</p>"
    text = own.fields["description_html"]
    assert text.startswith("<p>Machine wash. ")
    assert text.endswith(" Two zipped pockets.</p>")
    assert "slim" in text.lower()
    assert "relaxed" not in text


async def test_what_is_locked_stays_even_if_it_holds_no_more_and_the_gate_says_so(shop: Shop) -> None:
    copy = await shop.written()
    await shop.copy.lock(copy.id, ["title"], ["Relaxed fit"], "Ben")
    await shop.catalog.put_product("J-1", replace(JACKET, attributes={**JACKET.attributes, "fit": "Slim"}))
    (after,) = await mended(shop)
    assert after.fields["title"] == copy.fields["title"]
    assert "Relaxed fit" in after.fields["bullets"]
    assert not after.clean
    assert sum("holds no more" in note for note in after.notes) == 2
    with pytest.raises(Conflict, match="Relaxed"):
        await shop.life.act(after.id, "approve", "Ben")


async def test_the_work_list_goes_on_where_it_was_stopped_and_knows_its_products(shop: Shop) -> None:
    await shop.catalog.put_product("J-2", replace(JACKET, sku="J-2", title="Harbor Jacket"))
    await shop.copy.write(CopyRequest(sku="J-2"), "Mia")
    await shop.written()
    await shop.written(locale="en-GB")
    for sku, title in (("J-1", "Fjord Jacket"), ("J-2", "Harbor Jacket")):
        changed = replace(JACKET, sku=sku, title=title, attributes={**JACKET.attributes, "fit": "Slim"})
        await shop.catalog.put_product(sku, changed)
    run = shop.copy.generate_all(REQUEST, stale=True)
    first = await anext(run)
    assert (first.done, first.total, first.outcome) == (1, 3, "written")
    await run.aclose()  # type: ignore[attr-defined]  # a generator
    assert {copy.sku for copy in await mended(shop, skus=["J-2"])} <= {"J-2"}
    rest = await mended(shop)
    assert first.copies[0].id not in {copy.id for copy in rest}
    assert await mended(shop) == []


async def every(shop: Shop) -> list[GenerateProgress]:
    return [step async for step in shop.copy.generate_all(REQUEST, stale=True)]


async def test_another_process_that_was_quicker_is_no_failure(shop: Shop) -> None:
    await shop.written()
    await shop.catalog.put_product("J-1", replace(JACKET, attributes={**JACKET.attributes, "fit": "Slim"}))
    both = await asyncio.gather(every(shop), every(shop))
    outcomes = sorted(step.outcome for steps in both for step in steps)
    assert outcomes.count("written") == 1
    (newest,) = (await shop.copy.for_product("J-1")).items
    assert newest.version == 2


# -- live values --------------------------------------------------------------------------------------------------


async def test_slots_are_filled_when_the_text_is_served_and_no_price_makes_it_stale(shop: Shop) -> None:
    await shop.catalog.put_product("J-1", PRICED)
    copy = await shop.written()
    text = copy.fields["description_html"].replace(
        "</p>", " Now {sale_price} instead of {price}. Yours for {price}. Only {stock} left.</p>"
    )
    edited = await shop.life.edit(copy.id, {"description_html": text}, "Ben")
    assert edited.clean
    live = [s for s in edited.sentences if "{" in s.text]
    assert [(s.verdict, len(s.facts)) for s in live] == [("supported", 1), ("supported", 1), ("supported", 1)]
    await shop.life.act(copy.id, "approve", "Ben")
    await shop.life.publish(copy.id, "Ben")

    async def page() -> str:
        served = (await shop.shown())[copy.id]
        assert {s.text for s in served.sentences if s.field == "description_html"} <= set(
            _sentences(served.fields["description_html"])
        )
        return str(served.fields["description_html"])

    assert (await page()).endswith(" Yours for €129.00. Only 7 left.</p>")
    sale = replace(PRICED, sale_price=eur("99"), sale_until=START + timedelta(days=1), quantity=None)
    await shop.catalog.put_product("J-1", sale)
    assert (await page()).endswith(" Now €99.00 instead of €129.00. Yours for €129.00.</p>")
    assert (await shop.life.get(copy.id)).status == "published"
    assert "how many" in (await shop.shown())[copy.id].reason
    shop.later(days=2)
    assert "instead of" not in await page()


def _sentences(html: str) -> list[str]:
    return [s.text for s in sentences_of({"description_html": html})]
