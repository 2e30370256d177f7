"""A copy's life on both databases: dates, campaigns, rollback, withdrawal, staleness, what is served."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.catalog.service import CatalogService
from app.copywriting.copy import Copy, Window
from app.copywriting.life.editing import MerchantText
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.preconditions import expected_of, tag_of
from app.copywriting.life.service import LifeService
from app.copywriting.life.shelf import ShelfText
from app.copywriting.life.withdrawal import WithdrawOrder
from app.copywriting.repository import CopyQuery
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyService
from app.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from app.storage.database import Database
from tests.builders import a_product

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
)
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Shop:
    """A shop whose clock the tests move; `other` is a second process over the same database."""

    def __init__(self, database: Database, policy: LifePolicy | None = None) -> None:
        self.now = START

        async def tell(session, news):  # type: ignore[no-untyped-def]  # the hook's types are the service's own
            return await self.life.on_facts_changed(session, news)

        self.database = database
        self.catalog = CatalogService(database, on_facts_changed=tell, clock=self.clock)
        self.copy = CopyService(database, self.catalog, clock=self.clock)
        self.life = LifeService(database, self.catalog, policy=policy, clock=self.clock)
        self.other = LifeService(database, self.catalog, policy=policy, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def written(self, **request: object) -> Copy:
        (copy,) = await self.copy.write(CopyRequest(sku="J-1", **request), "Mia")  # type: ignore[arg-type]
        return copy

    async def approved(self, **request: object) -> Copy:
        return await self.life.act((await self.written(**request)).id, "approve", "Ben")

    async def published(self, window: Window | None = None, **request: object) -> Copy:
        return await self.life.publish((await self.approved(**request)).id, "Ben", window)

    async def shown(self, life: LifeService | None = None) -> Mapping[str, ShelfText]:
        """Copy id → the text that is served."""
        return {t.copy_id: t for t in (await (life or self.life).served(["J-1"]))["J-1"]}

    async def deeds(self, copy_id: str) -> list[str]:
        async with self.database.session() as session:
            rows = await session.execute(
                text("SELECT action FROM audit WHERE subject = :subject ORDER BY id"),
                {"subject": f"copy:{copy_id}"},
            )
            return [row.action for row in rows]


@pytest.fixture
async def shop(database: Database) -> Shop:
    shop = Shop(database)
    await shop.catalog.put_product("J-1", JACKET)
    return shop


# -- the shelf ---------------------------------------------------------------------------------------------------


async def test_a_campaign_lies_over_the_base_text_which_returns_without_waiting_for_a_sweep(
    shop: Shop,
) -> None:
    base = await shop.published()
    week = Window(START + timedelta(days=1), START + timedelta(days=8), "Sale", "Europe/Berlin")
    sale = await shop.published(week)
    assert sale.publish == week
    assert set(await shop.shown()) == {base.id}
    shop.later(days=2)
    served = await shop.shown()
    assert set(served) == {sale.id}
    assert [p.copy_id for p in served[sale.id].beneath] == [base.id]
    shop.later(days=6)
    assert set(await shop.shown()) == {base.id}
    assert (await shop.life.get(sale.id)).status == "published"
    assert await shop.life.sweep() == 1
    assert await shop.life.sweep() == 0
    assert (await shop.life.get(sale.id)).status == "withdrawn"
    assert (await shop.life.get(base.id)).status == "published"
    assert await shop.deeds(sale.id) == ["copy.approve", "copy.publish", "copy.end"]


async def test_of_two_campaigns_the_later_shows_and_the_overlap_is_told(shop: Shop) -> None:
    long = await shop.published(Window(START, START + timedelta(days=20), "Autumn"))
    short = await shop.published(Window(START + timedelta(days=2), START + timedelta(days=4), "Flash"))
    shop.later(days=3)
    served = await shop.shown()
    assert set(served) == {short.id}
    assert [p.campaign for p in served[short.id].beneath] == ["Autumn"]
    campaigns = {c.campaign: c for c in (await shop.life.campaigns()).items}
    assert [o.campaign for o in campaigns["Autumn"].overlaps] == ["Flash"]
    assert [o.example for o in campaigns["Flash"].overlaps] == ["J-1"]
    assert (campaigns["Autumn"].state, campaigns["Autumn"].texts) == ("running", 1)
    assert [c.campaign for c in (await shop.life.campaigns(limit=1)).items] == ["Autumn"]
    await shop.life.end(short.id, "Ben")
    assert set(await shop.shown()) == {long.id}
    assert {c.campaign: c.state for c in (await shop.life.campaigns()).items}["Flash"] == "over"


async def test_a_scheduled_base_text_takes_over_at_its_time(shop: Shop) -> None:
    old = await shop.published()
    new = await shop.published(Window(START + timedelta(days=1)))
    served = await shop.shown()
    assert set(served) == {old.id}
    assert [p.copy_id for p in served[old.id].upcoming] == [new.id]
    shop.later(days=1)
    assert set(await shop.shown()) == {new.id}
    assert await shop.life.sweep() == 1
    assert (await shop.life.get(old.id)).status == "withdrawn"
    assert (await shop.life.rollback(new.id, "Ben")).id == old.id
    assert set(await shop.shown()) == {old.id}


async def test_a_published_text_is_given_an_end(shop: Shop) -> None:
    copy = await shop.published()
    with pytest.raises(Conflict, match="cannot be published"):
        await shop.life.publish(copy.id, "Ben")
    await shop.life.publish(copy.id, "Ben", Window(ends_at=START + timedelta(hours=1)))
    shop.later(hours=1)
    assert await shop.shown() == {}
    with pytest.raises(Invalid, match="before it begins"):
        await shop.published(Window(shop.now, shop.now))
    with pytest.raises(Invalid, match="before it begins"):
        await shop.published(Window(ends_at=START))


async def test_rollback_brings_the_text_before_back_and_not_what_is_no_longer_clean(shop: Shop) -> None:
    first = await shop.published()
    with pytest.raises(Conflict, match="no text stood there before"):
        await shop.life.rollback(first.id, "Ben")
    await shop.life.edit(first.id, {"title": "Fjord Jacket"}, "Ann")
    await shop.life.act(first.id, "approve", "Ben")
    second = await shop.life.publish(first.id, "Ben")
    assert (second.version, (await shop.shown())[first.id].version) == (2, 2)
    back = await shop.life.rollback(first.id, "Ben")
    assert (back.id, back.version, back.status) == (first.id, 1, "published")
    assert (await shop.life.get(first.id)).status == "rejected"  # version 2: an edit brings it on
    assert (await shop.shown())[first.id].version == 1
    assert (await shop.life.edit(first.id, {"title": "Fjord Jacket, new"}, "Ann")).version == 3
    assert (await shop.shown())[first.id].version == 1

    third = await shop.published()
    bare = replace(JACKET, description="", attributes={"fit": "Relaxed"})
    await shop.catalog.put_product("J-1", bare)
    with pytest.raises(Conflict, match="cannot be brought back"):
        await shop.life.rollback(third.id, "Ben")


async def test_of_two_replicas_that_publish_at_once_one_is_told(shop: Shop) -> None:
    copies = [await shop.approved() for _ in range(4)]
    services = [shop.life, shop.other, shop.life, shop.other]
    outcomes = await asyncio.gather(
        *(
            life.publish(copy.id, f"P{i}")
            for i, (life, copy) in enumerate(zip(services, copies, strict=True))
        ),
        return_exceptions=True,
    )
    won = [outcome for outcome in outcomes if isinstance(outcome, Copy)]
    told = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(won) + len(told) == 4, outcomes
    assert won
    assert told
    assert set(await shop.shown()) == {won[-1].id} or len(await shop.shown()) == 1
    assert any("just now" in error.detail for error in told)


async def test_another_replica_serves_what_is_true_within_two_seconds(shop: Shop) -> None:
    copy = await shop.published()
    assert set(await shop.shown(shop.other)) == {copy.id}
    await shop.life.withdraw(WithdrawOrder(ids=(copy.id,), reason="wrong"), "Ben")
    assert await shop.shown() == {}
    await asyncio.sleep(1.1)
    assert await shop.shown(shop.other) == {}


# -- versions ----------------------------------------------------------------------------------------------------


async def test_who_comes_second_hears_what_changed(shop: Shop) -> None:
    copy = await shop.written()
    seen = expected_of(tag_of(copy))
    shop.later(minutes=1)
    html = copy.fields["description_html"] + "<p>Machine wash.</p>"
    await shop.life.edit(copy.id, {"description_html": html}, "Ann", expected=seen)
    with pytest.raises(StaleVersion, match=r"version 2 \(by Ann\)") as told:
        await shop.life.act(copy.id, "approve", "Ben", expected=seen)
    assert [s["change"] for s in told.value.extra["sentences"]] == ["added"]
    seen = expected_of(tag_of(await shop.life.get(copy.id)))
    await shop.life.act(copy.id, "approve", "Ben", expected=seen)
    with pytest.raises(StaleVersion, match=r"approved, not needs_review.*copy\.approve by Ben"):
        await shop.life.act(copy.id, "reject", "Cem", expected=seen)
    with pytest.raises(StaleVersion):
        await shop.life.act(copy.id, "reject", "Cem", expected=expected_of("1"))
    assert (await shop.life.get(copy.id)).status == "approved"


async def test_versions_and_their_differences(shop: Shop) -> None:
    copy = await shop.written()
    html = copy.fields["description_html"] + "<p>Machine wash.</p>"
    await shop.life.edit(copy.id, {"description_html": html, "title": "Fjord Jacket"}, "Ann")
    versions = (await shop.life.versions(copy.id)).items
    assert [(v.version, v.created_by) for v in versions] == [(2, "Ann"), (1, "Mia")]
    diff = await shop.life.diff(copy.id)
    assert (diff.older.version, diff.newer.version) == (1, 2)
    added = [s for s in diff.sentences if s.change == "added"]
    assert [s.text for s in added if s.field == "description_html"] == ["Machine wash."]
    assert added[0].facts
    assert added[0].verdict == "supported"
    assert any(s.change == "kept" for s in diff.sentences)
    with pytest.raises(NotFound):
        await shop.life.diff(copy.id, 1, 7)
    with pytest.raises(NotFound):
        await shop.life.versions("cp_nope")


async def test_the_merchants_words_are_a_version_too(shop: Shop) -> None:
    words = {"title": "Fjord Jacket", "description_html": "<p>Machine wash. Two zipped pockets.</p>"}
    copy = await shop.life.write_merchant(MerchantText(words, sku="J-1"), "Ann")
    assert (copy.provenance.authorship, copy.status, copy.created_by) == ("merchant", "needs_review", "Ann")
    assert {s.verdict for s in copy.sentences} <= {"supported", "claimless"}
    second = await shop.life.write_merchant(MerchantText({"title": "Fjord"}, copy_id=copy.id), "Ann")
    assert (second.version, second.provenance.authorship) == (2, "merchant")
    lie = await shop.life.write_merchant(
        MerchantText({"description_html": "<p>It comes with a lifetime warranty.</p>"}, sku="J-1"), "Ann"
    )
    with pytest.raises(Conflict, match="lifetime warranty"):
        await shop.life.act(lie.id, "approve", "Ben")
    with pytest.raises(Invalid):
        await shop.life.write_merchant(MerchantText({"nope": "x"}, sku="J-1"), "Ann")


async def test_the_policy_says_what_skips_review_and_what_needs_four_eyes(database: Database) -> None:
    policy = LifePolicy(frozenset({"template_without_warnings"}), frozenset({"human"}))
    shop = Shop(database, policy)
    await shop.catalog.put_product("J-1", JACKET)
    copy = await shop.life.publish((await shop.written()).id, "Ben")
    assert copy.status == "published"
    await shop.life.edit(copy.id, {"title": "Fjord Jacket"}, "Ann")
    with pytest.raises(Conflict, match="cannot be published"):
        await shop.life.publish(copy.id, "Ben")
    with pytest.raises(Forbidden, match="FOUR_EYES"):
        await shop.life.act(copy.id, "approve", "Ann")
    assert (await shop.life.act(copy.id, "approve", "Ben")).reviewed_by == "Ben"


# -- facts -------------------------------------------------------------------------------------------------------


async def test_a_changed_fact_names_its_sentences_and_the_rest_is_served(shop: Shop) -> None:
    copy = await shop.published()
    care = [s.text for s in copy.sentences if "machine wash" in s.text.casefold()]
    assert care
    changed = replace(JACKET, attributes={**JACKET.attributes, "care": "Hand wash only"})
    await shop.catalog.put_product("J-1", changed)
    stale = await shop.life.get(copy.id)
    assert stale.status == "stale"
    assert {s.text for s in stale.stale} >= set(care)
    assert {(s.name, s.old, s.new) for s in stale.stale} == {("care", "Machine wash", "Hand wash only")}
    (served,) = (await shop.shown()).values()
    assert served.source == "without_sentences", served.reason
    assert "machine wash" not in str(served.fields).casefold()
    assert {s.text for s in served.left_out} == {s.text for s in stale.stale}
    with pytest.raises(Conflict, match="a copy that is stale"):
        await shop.life.act(copy.id, "approve", "Ben")
    with pytest.raises(Conflict, match="stands on the shelf"):
        await shop.life.act(copy.id, "reject", "Ben")

    twice = replace(changed, attributes={**changed.attributes, "care": "Dry clean"})
    await shop.catalog.put_product("J-1", twice)
    assert {s.new for s in (await shop.life.get(copy.id)).stale} == {"Dry clean"}

    mended = copy.fields["description_html"]
    for sentence in care:
        mended = mended.replace(sentence, "")
    edited = await shop.life.edit(copy.id, {"title": "Fjord Jacket"}, "Ann")
    assert edited.stale == ()
    assert (await shop.shown())[copy.id].version == 1


@pytest.mark.parametrize("serves", ["merchant", "nothing"])
async def test_what_is_served_of_a_stale_text_is_a_setting(database: Database, serves: str) -> None:
    shop = Shop(database, LifePolicy(stale_serves=serves))  # type: ignore[arg-type]
    await shop.catalog.put_product("J-1", JACKET)
    await shop.published()
    changed = replace(JACKET, attributes={**JACKET.attributes, "care": "Hand wash only"})
    await shop.catalog.put_product("J-1", changed)
    (served,) = (await shop.shown()).values()
    assert served.source == serves
    assert (served.fields.get("title") == "Fjord Jacket") == (serves == "merchant")


async def test_copy_that_rests_on_nothing_that_changed_stays(shop: Shop) -> None:
    copy = await shop.published(fields=("slug", "title"))
    await shop.catalog.put_product(
        "J-1", replace(JACKET, attributes={**JACKET.attributes, "care": "Hand wash"})
    )
    assert (await shop.life.get(copy.id)).status == "published"


# -- withdrawal --------------------------------------------------------------------------------------------------


async def test_a_claim_is_taken_off_every_page_with_a_report(shop: Shop) -> None:
    first = await shop.published()
    shop.later(hours=1)
    second = await shop.published()
    british = await shop.published(locale="en-GB")
    sale = await shop.published(Window(campaign="Sale"))
    draft = await shop.written()
    shop.later(hours=1)
    order = WithdrawOrder(query=CopyQuery(text="machine wash"), preview=True)
    preview = await shop.life.withdraw(order, "Ben")
    assert {i.id for i in preview.items} == {first.id, second.id, british.id, sale.id, draft.id}
    assert len(await shop.shown()) == 2
    with pytest.raises(Invalid, match="reason"):
        await shop.life.withdraw(replace(order, preview=False), "Ben")
    done = await shop.life.withdraw(replace(order, preview=False, reason="wrong", rule=True), "Ben")
    assert await shop.shown() == {}
    items = {item.id: item for item in done.items}
    assert [(s.starts_at, s.ends_at) for s in items[first.id].shown] == [(START, START + timedelta(hours=1))]
    assert [(s.campaign, s.ends_at) for s in items[sale.id].shown] == [("Sale", None)]
    assert items[draft.id].shown == ()
    assert all("machine wash" in s.casefold() for item in done.items for s in item.sentences)
    assert done.rule
    with pytest.raises(Conflict):  # the text before it said so too
        await shop.life.rollback(second.id, "Ben")
    again = await shop.written()
    if "machine wash" in str(again.fields).casefold():
        with pytest.raises(Conflict):
            await shop.life.act(again.id, "approve", "Ben")


@pytest.mark.parametrize("order", [WithdrawOrder(), WithdrawOrder(query=CopyQuery()), WithdrawOrder(query=CopyQuery(sku="J-1"), reason="x", rule=True)])  # fmt: skip
async def test_a_withdrawal_that_names_too_much_or_too_little(shop: Shop, order: WithdrawOrder) -> None:
    with pytest.raises(Invalid):
        await shop.life.withdraw(order, "Ben")
    with pytest.raises(NotFound):
        await shop.life.withdraw(WithdrawOrder(ids=("cp_nope",), reason="x"), "Ben")


async def test_a_removed_product_takes_its_copy_off_the_shelf(shop: Shop) -> None:
    copy = await shop.published()
    await shop.catalog.delete_product("J-1")
    assert (await shop.life.get(copy.id)).status == "withdrawn"
    assert await shop.shown() == {}
