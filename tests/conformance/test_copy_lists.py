"""What lists of copies promise, on both databases: filters, order, words; samples and disputes over them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from app.catalog.service import CatalogService
from app.copywriting.copy import Copy, CopySentence, Provenance
from app.copywriting.life.policy import LifePolicy
from app.copywriting.life.service import LifeService
from app.copywriting.repository import CopyQuery, CopyRepository
from app.copywriting.request import CopyRequest
from app.copywriting.review.service import ReviewService
from app.copywriting.review.values import Ref, Selection
from app.copywriting.service import CopyService
from app.errors import Conflict, Invalid
from app.storage.database import Database
from app.storage.phrases import FEW
from app.storage.tables import publications
from evaluators.checks import Check
from tests.builders import a_fact, a_product

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def a_copy(n: int, *said: str, sku: str = "TS-1", claims: tuple[str, ...] = (), **given: object) -> Copy:
    sentences = tuple(CopySentence("description_html", one, ("F1",), "supported", claims) for one in said)
    whole = Copy(
        id=f"cp_{n:06d}",
        version=1,
        sku=sku,
        template="product_description",
        template_version=1,
        variant=n,
        locale="en-US",
        channel="storefront",
        voice="plain",
        angle=None,
        status="needs_review",
        fields={"description_html": " ".join(said)},
        sentences=sentences,
        facts=tuple(a_fact(f"F{i}", "material", "cotton") for i in range(1, 6)),
        checks=(Check("grounding", "error", True, 1.0, ""),),
        provenance=Provenance("template", "template@1", "h", "h"),
        request_hash=f"r{n}",
        created_at=THEN + timedelta(seconds=n),
    )
    return replace(whole, **given)  # type: ignore[arg-type]  # the members of Copy


class Shop:
    """Copies, their life and their review over one database."""

    def __init__(self, database: Database, policy: LifePolicy | None = None) -> None:
        self.database = database
        self.catalog = CatalogService(database)
        self.copy = CopyService(database, self.catalog)
        self.life = LifeService(database, self.catalog, policy=policy)
        self.reviews = ReviewService(database, self.catalog, self.life)

    async def put(self, *copies: Copy) -> None:
        async with self.database.transaction() as session:
            await CopyRepository(session).add(copies)

    async def found(self, **asked: object) -> list[int]:
        page = await self.copy.list(CopyQuery(**asked), 1000)  # type: ignore[arg-type]  # CopyQuery's own
        return [int(copy.id.removeprefix("cp_")) for copy in page.items]


@pytest.fixture
async def shop(database: Database) -> Shop:
    shop = Shop(database)
    await shop.catalog.put_product("TS-1", a_product("TS-1"))
    await shop.catalog.put_product("TS-2", a_product("TS-2", category=("Home", "Mugs")))
    return shop


async def test_words_are_found_in_a_row_whatever_their_case_and_accents(shop: Shop) -> None:
    await shop.put(
        a_copy(1, "Made of organic cotton.", "It is soft."),
        a_copy(2, "Cotton, organic and soft."),
        a_copy(3, "Café-crème, Größe 30 °C, 1e5 x 0x1f, o'clock naïve.", claims=("Café-crème",)),
        a_copy(4, "Organic\ncottonwood!"),
    )
    expected = {
        "organic cotton": [4, 1], "ORGANIC  Cot": [4, 1], "cotton organic": [2], "cotton it": [], "it is": [1],
        "cafe creme": [3], "GRÖSSE": [3], "30 c": [3], "1e5": [3], "0x1f": [3], "o'clock": [3], "naive": [3],
        "otton": [], "so": [], "sof": [2, 1], "!": [], "words : x": [], '"': [], "cotton OR soft": [], "soft*": [2, 1],
    }  # fmt: skip
    assert {words: await shop.found(text=words) for words in expected} == expected
    assert await shop.found(claim="creme") == [3]
    assert await shop.found(claim="organic") == []


async def test_words_that_many_texts_have_are_found_all_the_same(shop: Shop) -> None:
    many = FEW + 50
    await shop.put(
        *(a_copy(n, "Soft cotton." if n % 2 else "Soft wool.", claims=("Soft",)) for n in range(many))
    )
    assert await shop.found(text="soft cotton") == [n for n in range(many - 1, -1, -1) if n % 2][:1000]
    assert await shop.found(text="soft", order="risk") == list(range(many - 1, many - 1001, -1))
    assert await shop.found(text="soft w", sku="TS-2") == []
    assert len(await shop.found(claim="soft")) == 1000


async def test_each_filter_finds_its_copies(shop: Shop) -> None:
    failed = (Check("shouting", "warning", False, None, "SOFT"),)
    await shop.put(
        a_copy(1, "One."),
        a_copy(2, "Two.", sku="TS-2", locale="en-GB"),
        a_copy(3, "Three.", checks=failed, status="draft", angle="care"),
        a_copy(4, "Four.", status="withdrawn"),
        a_copy(5, "Five.", facts=(a_fact("F12", "care", "wash"),), template="headline_variants"),
    )
    async with shop.database.transaction() as session:
        await session.execute(
            insert(publications),
            [
                {"id": "pb_1", "sku": "TS-1", "place": "p", "copy_id": "cp_000001", "version": 1, "campaign": "easter",
                 "starts_at": THEN, "published_by": "Mia", "published_at": THEN}
            ],
        )  # fmt: skip
    assert await shop.reviews.assign(Selection((Ref("cp_000002"),)), "Ada", "Mia") == 1
    expected: dict[tuple[str, str], list[int]] = {
        ("status", "draft"): [3], ("status", "withdrawn"): [4], ("sku", "TS-2"): [2], ("locale", "en-GB"): [2],
        ("check", "shouting"): [3], ("check", "shout"): [], ("fact", "F1"): [3, 2, 1], ("fact", "F12"): [5],
        ("category", "home"): [2], ("category", "Home > Mugs"): [2], ("category", "Home > M"): [], ("category", "clothing"): [5, 3, 1],
        ("template", "headline_variants"): [5], ("angle", "care"): [3], ("assignee", "Ada"): [2], ("campaign", "easter"): [1],
        ("campaign", "xmas"): [],
    }  # fmt: skip
    assert {asked: await shop.found(**dict([asked])) for asked in expected} == expected
    assert await shop.found() == [5, 3, 2, 1]
    assert await shop.found(order="risk") == [5, 3, 2, 1]  # few facts, a failed check


async def test_pages_by_risk_join_without_gap(shop: Shop) -> None:
    await shop.put(*(a_copy(n, "One.", facts=(a_fact("F1", "a", "b"),) * (n % 6)) for n in range(25)))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await shop.reviews.queue(CopyQuery(order="risk"), 4, cursor)
        seen += [f"{one.risk:03d}{one.copy.id}" for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 25
    newest = (await shop.reviews.queue(CopyQuery(), 4)).next_cursor
    with pytest.raises(Invalid, match="another list"):
        await shop.reviews.queue(CopyQuery(order="risk"), 4, newest)


async def test_the_first_text_of_a_category_is_riskier_until_one_is_approved(shop: Shop) -> None:
    (copy,) = await shop.copy.write(CopyRequest(sku="TS-1"), "Mia")
    (first,) = (await shop.reviews.queue(CopyQuery())).items
    assert "new category" in first.reasons
    await shop.life.act(copy.id, "approve", "Ada")
    (_, other) = (
        await shop.copy.write(CopyRequest(sku="TS-1", keyphrase="tee"), "Mia"),
        (await shop.reviews.queue(CopyQuery(status="needs_review"))).items[0],
    )
    assert other.risk == first.risk - 10


async def test_a_named_reviewer_approves_over_a_disputed_verdict_where_allowed(database: Database) -> None:
    shop = Shop(database, LifePolicy(approve_over_disputes=True))
    await shop.catalog.put_product("TS-1", a_product("TS-1", attributes={"weight": "200 g"}))
    (copy,) = await shop.copy.write(CopyRequest(sku="TS-1"), "Mia")
    await shop.life.edit(copy.id, {"description_html": "<p>It is waterproof.</p>"}, "Mia")
    with pytest.raises(Conflict, match="waterproof"):
        await shop.life.act(copy.id, "approve", "Ada")
    case = await shop.reviews.disputes.dispute(
        copy.id, "description_html", "It is waterproof.", "Tested.", "Mia"
    )
    assert (await shop.life.act(copy.id, "approve", "Ada")).status == "approved"
    (kept,) = (await shop.reviews.disputes.list()).items
    assert (kept.id, kept.approved_by, kept.sku) == (case.id, "Ada", "TS-1")

    await shop.life.edit(copy.id, {"description_html": "<p>It weighs 350 g.</p>"}, "Mia")
    wrong = await shop.reviews.disputes.dispute(
        copy.id, "description_html", "It weighs 350 g.", "Weighed.", "Mia"
    )
    assert wrong.verdict == "contradicted"
    with pytest.raises(Conflict, match="350 g"):
        await shop.life.act(copy.id, "approve", "Ada")


async def test_two_reviewers_decide_on_one_sample_and_one_of_them_holds(shop: Shop) -> None:
    for n in range(4):
        await shop.catalog.put_product(f"M-{n}", a_product(f"M-{n}", title=f"Mug {n}"))
        await shop.copy.write(CopyRequest(sku=f"M-{n}"), "Mia")
    sample, copies = await shop.reviews.samples.draw(Selection(query=CopyQuery()), 2, "Ada", seed=1)
    again, _ = await shop.reviews.samples.draw(Selection(query=CopyQuery()), 2, "Ada", seed=1)
    assert again.drawn == sample.drawn
    ids = [copy.id for copy in copies]
    decided = await shop.reviews.samples.decide(sample.id, ids, {}, "Ada")
    assert (decided.status, decided.approved, dict(decided.refused)) == ("passed", 4, {})
    with pytest.raises(Conflict, match="decided by Ada"):
        await shop.reviews.samples.decide(sample.id, ids[:1], {ids[1]: None}, "Bo")
