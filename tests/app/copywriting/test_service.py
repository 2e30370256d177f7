"""Copy from request to shelf, on real databases: written, edited, refused, approved, published, stale."""

import asyncio
from dataclasses import replace

import pytest

from app.catalog.service import CatalogService
from app.copywriting.copy import Copy
from app.copywriting.life.preconditions import Expected
from app.copywriting.life.service import LifeService
from app.copywriting.repository import CopyQuery
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyService
from app.errors import Conflict, Invalid, NotFound, StaleVersion
from app.storage.database import Database
from tests.builders import a_product, a_variant

JACKET = a_product(
    "J-1",
    "Fjord Jacket",
    category=("Clothing", "Jackets"),
    description="<p>A jacket for wet days.</p><ul><li>Two zipped pockets</li><li>Adjustable hood</li></ul>",
    attributes={
        "material": ("nylon", "polyester"),
        "care": "Machine wash",
        "fit": "Relaxed",
        "waterproof": "yes",
    },
    variants=(
        a_variant("J-1-S", {"size": "S", "color": "Blue"}),
        a_variant("J-1-M", {"size": "M", "color": "Red"}),
    ),
)


class Shop:
    """The two domains over one database, wired as in the service."""

    def __init__(self, database: Database) -> None:
        async def tell(session, news):  # type: ignore[no-untyped-def]  # the hook's types are the service's own
            return await self.life.on_facts_changed(session, news)

        self.catalog = CatalogService(database, on_facts_changed=tell)
        self.copy = CopyService(database, self.catalog)
        self.life = LifeService(database, self.catalog)

    async def one(self, **request: object) -> Copy:
        (copy,) = await self.copy.write(CopyRequest(sku="J-1", **request), "Mia")  # type: ignore[arg-type]
        return copy


@pytest.fixture
async def shop(database: Database) -> Shop:
    shop = Shop(database)
    await shop.catalog.put_product("J-1", JACKET)
    return shop


async def test_every_sentence_rests_on_facts_of_the_product(shop: Shop) -> None:
    copy = await shop.one()
    known = {fact.id for fact in (await shop.catalog.get_product("J-1")).facts}
    assert copy.status == "needs_review"
    assert copy.sentences
    for sentence in copy.sentences:
        assert sentence.verdict in ("supported", "claimless"), sentence
        assert set(sentence.facts) <= known
        assert sentence.facts or sentence.verdict == "claimless", sentence
    assert {fact.id for fact in copy.facts} >= {cited for s in copy.sentences for cited in s.facts}
    assert copy.created_by == "Mia"
    assert await shop.copy.get(copy.id) == copy


async def test_the_same_request_gives_the_same_text_and_variants_differ(shop: Shop) -> None:
    first, again = await shop.one(), await shop.one()
    assert first.fields == again.fields
    assert first.id != again.id
    eight = await shop.copy.write(CopyRequest(sku="J-1", variants=8), "Mia")
    texts = {copy.fields["description_html"] for copy in eight}
    assert len(eight) == len(texts) == 8


async def test_a_stream_tells_of_each_stage_and_ends_with_done(shop: Shop) -> None:
    events = [event.event async for event in shop.copy.stream(CopyRequest(sku="J-1", variants=2), "Mia")]
    assert events == ["facts", "draft", "check", "copy", "facts", "draft", "check", "copy", "done"]


async def test_only_the_wanted_fields_are_written(shop: Shop) -> None:
    copy = await shop.one(fields=("title", "slug"))
    assert set(copy.fields) == {"title", "slug"}
    assert copy.status == "needs_review"


async def test_headlines_come_one_for_each_angle(shop: Shop) -> None:
    copies = await shop.copy.write(CopyRequest(sku="J-1", template="headline_variants"), "Mia")
    angles = [copy.angle for copy in copies]
    assert len(angles) == len(set(angles)) >= 3
    assert all(set(copy.fields) == {"headline", "hook", "cta"} for copy in copies)
    (care,) = await shop.copy.write(CopyRequest(sku="J-1", template="headline_variants", angle="care"), "Mia")
    assert care.angle == "care"


async def test_an_angle_that_no_fact_carries_is_refused(shop: Shop) -> None:
    await shop.catalog.put_product("M", a_product("M", "Mug, blue", brand=None, category=(), attributes={}))
    with pytest.raises(Conflict, match="do not carry"):
        await shop.copy.write(CopyRequest(sku="M", template="headline_variants", angle="care"), "Mia")


async def test_unknown_products_and_copies_are_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await shop.copy.write(CopyRequest(sku="NOPE"), "Mia")
    with pytest.raises(NotFound):
        await shop.copy.get("cp_nope")
    with pytest.raises(NotFound):
        await shop.copy.for_product("NOPE")


async def test_an_invented_claim_is_edited_in_and_refused_with_its_words(shop: Shop) -> None:
    copy = await shop.one()
    html = copy.fields["description_html"] + "<p>It comes with a lifetime warranty.</p>"
    edited = await shop.life.edit(copy.id, {"description_html": html}, "Ben")
    assert (edited.version, edited.status) == (2, "needs_review")
    assert edited.provenance.authorship == "human"
    with pytest.raises(Conflict) as refused:
        await shop.life.act(copy.id, "approve", "Ben")
    assert "lifetime warranty" in refused.value.detail
    (sentence,) = refused.value.extra["sentences"]
    assert sentence["text"] == "It comes with a lifetime warranty."
    assert refused.value.extra["ways_out"]
    assert (await shop.copy.get(copy.id)).status == "needs_review"


async def test_the_way_to_the_shelf_and_the_text_that_makes_room(shop: Shop) -> None:
    first = await shop.one()
    with pytest.raises(Conflict, match="cannot be published"):
        await shop.life.act(first.id, "publish", "Ben")
    await shop.life.act(first.id, "approve", "Ben")
    published = await shop.life.act(first.id, "publish", "Ben")
    assert (published.status, published.reviewed_by) == ("published", "Ben")
    second = await shop.one()
    await shop.life.act(second.id, "approve", "Ann")
    await shop.life.act(second.id, "publish", "Ann")
    assert (await shop.copy.get(first.id)).status == "withdrawn"
    (on_shelf,) = (await shop.copy.list(CopyQuery(sku="J-1", status="published"))).items
    assert on_shelf.id == second.id


async def test_a_published_text_stays_until_its_edit_replaces_it(shop: Shop) -> None:
    copy = await shop.one()
    await shop.life.act(copy.id, "approve", "Ben")
    await shop.life.act(copy.id, "publish", "Ben")
    await shop.life.edit(copy.id, {"title": "Fjord Jacket"}, "Ben")
    (on_shelf,) = (await shop.copy.list(CopyQuery(status="published"))).items
    assert on_shelf.version == 1
    await shop.life.act(copy.id, "approve", "Ben")
    await shop.life.act(copy.id, "publish", "Ben")
    (on_shelf,) = (await shop.copy.list(CopyQuery(status="published"))).items
    assert on_shelf.version == 2


async def test_two_editors_at_once_and_the_second_is_told(shop: Shop) -> None:
    copy = await shop.one()
    outcomes = await asyncio.gather(
        *(
            shop.life.edit(copy.id, {"title": f"Fjord Jacket {i}"}, "x", expected=Expected(1))
            for i in range(4)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Copy) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 3
    assert (await shop.copy.get(copy.id)).version == 2


async def test_a_changed_fact_turns_stale_what_rests_on_it_and_nothing_else(shop: Shop) -> None:
    copy = await shop.one()
    name_only = await shop.one(fields=("slug",))
    changed = replace(JACKET, attributes={**JACKET.attributes, "material": ("recycled nylon",)})
    await shop.catalog.put_product("J-1", changed)
    assert (await shop.copy.get(copy.id)).status == "stale"
    assert (await shop.copy.get(name_only.id)).status == "needs_review"
    await shop.catalog.delete_product("J-1")
    assert (await shop.copy.get(name_only.id)).status == "withdrawn"


async def test_lists_filter_and_page_without_losing_a_version(shop: Shop) -> None:
    await shop.copy.write(CopyRequest(sku="J-1", variants=5), "Mia")
    seen, cursor = [], None
    while True:
        page = await shop.copy.list(CopyQuery(sku="J-1"), 2, cursor)
        seen += [copy.id for copy in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert not (await shop.copy.list(CopyQuery(category="Shoes"))).items
    assert len((await shop.copy.list(CopyQuery(category="clothing"))).items) == 5
    assert len((await shop.copy.list(CopyQuery(text="FJORD"))).items) == 5
    assert not (await shop.copy.list(CopyQuery(text="100%_"))).items
    with pytest.raises(Invalid):
        await shop.copy.list(CopyQuery(), 2, "rubbish")


async def test_a_bulk_run_skips_what_is_current_and_can_be_stopped(shop: Shop) -> None:
    for i in range(120):
        await shop.catalog.put_product(
            f"P-{i:03}", replace(JACKET, sku=f"P-{i:03}", title=f"Fjord Jacket {i}", variants=())
        )
    run = shop.copy.generate_all(CopyRequest(sku=""), actor="Mia")
    async for progress in run:
        assert progress.total == 121
        if progress.done == 60:
            break
    await run.aclose()
    outcomes = [p.outcome async for p in shop.copy.generate_all(CopyRequest(sku=""))]
    assert outcomes.count("skipped") >= 60
    assert outcomes.count("skipped") + outcomes.count("written") == 121
    assert {p.outcome async for p in shop.copy.generate_all(CopyRequest(sku=""))} == {"skipped"}
    (forced,) = [p async for p in shop.copy.generate_all(CopyRequest(sku=""), skus=["J-1"], force=True)]
    assert forced.outcome == "written"
    (missing,) = [p async for p in shop.copy.generate_all(CopyRequest(sku=""), skus=["NOPE"])]
    assert (missing.outcome, "NOPE" in missing.detail) == ("failed", True)


async def test_asking_again_by_name_shows_the_current_copy(shop: Shop) -> None:
    request = CopyRequest(sku="", variants=8)
    await shop.catalog.put_product("M", a_product("M", "Mug, blue", brand=None, category=(), attributes={}))
    (first,) = [p async for p in shop.copy.generate_all(request, skus=["M"])]
    (again,) = [p async for p in shop.copy.generate_all(request, skus=["M"])]
    assert (first.outcome, again.outcome) == ("written", "skipped")
    assert {copy.id for copy in first.copies} == {copy.id for copy in again.copies}
    assert len({copy.fields["description_html"] for copy in first.copies}) == len(first.copies)


async def test_a_bulk_run_leaves_what_a_person_edited(shop: Shop) -> None:
    (first,) = [p async for p in shop.copy.generate_all(CopyRequest(sku=""), skus=["J-1"])]
    edited = await shop.life.edit(first.copies[0].id, {"title": "Fjord Jacket"}, "Ben")
    (again,) = [p async for p in shop.copy.generate_all(CopyRequest(sku=""), skus=["J-1"])]
    assert (again.outcome, again.copies) == ("skipped", (edited,))


async def test_of_two_texts_for_one_place_one_is_on_the_shelf(shop: Shop) -> None:
    copies = [await shop.one() for _ in range(4)]
    for copy in copies:
        await shop.life.act(copy.id, "approve", "Ben")
    outcomes = await asyncio.gather(
        *(shop.life.act(copy.id, "publish", "Ben") for copy in copies), return_exceptions=True
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Copy)]
    assert all(isinstance(outcome, Copy | Conflict) for outcome in outcomes), outcomes
    assert len((await shop.copy.list(CopyQuery(sku="J-1", status="published"))).items) == 1


async def test_a_request_that_fails_at_its_end_stores_nothing(database: Database) -> None:
    shop = Shop(database)
    await shop.catalog.put_product("J-1", JACKET)
    same = CopyService(database, shop.catalog, new_id=lambda _: "cp_same")  # the second text cannot be stored
    with pytest.raises(Exception, match=r"(?i)unique"):
        await same.write(CopyRequest(sku="J-1", variants=3), "Mia")
    assert not (await shop.copy.list(CopyQuery(sku="J-1"))).items
