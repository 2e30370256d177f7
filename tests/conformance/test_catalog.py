"""What `CatalogService` promises about single products, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.product import Image, LocalizedText, Money, Product
from app.catalog.service import CatalogService, ProductFactChanges, ProductQuery
from app.errors import Invalid, NotFound
from app.storage.database import Database
from app.storage.tables import copies
from tests.builders import a_product, a_variant, eur


class Listener:
    """Hears of changed facts as copywriting does."""

    def __init__(self) -> None:
        self.news: list[ProductFactChanges] = []

    async def __call__(self, _session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
        self.news += news
        return 0


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def catalog(database: Database, listener: Listener) -> CatalogService:
    return CatalogService(database, on_facts_changed=listener)


FULL = Product(
    sku="24-MB02/ä",
    title="Fusion Backpack",
    description="<p>A pack.</p>",
    brand="Öko & Söhne",
    category=("Gear", "Bags"),
    price=Money(Decimal("1299.90"), "EUR"),
    sale_price=Money(Decimal("1E+3"), None),
    sale_from=datetime(2026, 11, 27, 0, 0, 0, 5, tzinfo=UTC),
    sale_until=datetime(2026, 12, 1, tzinfo=UTC),
    availability="in_stock",
    quantity=-3,
    gtin="04006381333931",
    images=(Image("https://shop.example/a.jpg", "Front"), Image("https://shop.example/b.jpg")),
    attributes={"zeta": "1", "alpha": ("b", "a"), "": "dropped"},
    variants=(a_variant("V-1", {"size": "XS", "color": "Black"}, "12.50"), a_variant("V-2", {})),
    url="https://shop.example/p",
    locale="en-US",
    localized={"de-DE": LocalizedText(title="Rucksack", attributes={"material": ("Leder", "Filz")})},
)


async def test_a_product_comes_back_as_it_was_put(catalog: CatalogService) -> None:
    stored = await catalog.put_product(FULL.sku, FULL)
    again = await catalog.get_product(FULL.sku)
    assert again == stored
    assert again.product.attributes == {"zeta": "1", "alpha": ("b", "a")}
    assert list(again.product.attributes) == ["zeta", "alpha"]
    assert again.product == FULL.__class__(
        **{name: getattr(FULL, name) for name in Product.__dataclass_fields__ if name != "attributes"},
        attributes={"zeta": "1", "alpha": ("b", "a")},
    )
    assert str(again.product.price.amount) == "1299.90" if again.product.price else False


async def test_putting_the_same_again_changes_nothing(catalog: CatalogService, listener: Listener) -> None:
    first = await catalog.put_product("TS-1", a_product())
    assert await catalog.put_product("TS-1", a_product()) == first
    assert first.created_at == first.updated_at
    assert listener.news == []


async def test_a_changed_fact_is_news_and_keeps_the_id_of_the_others(
    catalog: CatalogService, listener: Listener
) -> None:
    before = await catalog.put_product("TS-1", a_product(attributes={"material": "wool", "fit": "boxy"}))
    after = await catalog.put_product("TS-1", a_product(attributes={"material": "linen", "fit": "boxy"}))
    ids = {(fact.name, fact.value): fact.id for fact in before.facts}
    now = {(fact.name, fact.value): fact.id for fact in after.facts}
    assert now["fit", "boxy"] == ids["fit", "boxy"]
    assert after.facts_hash != before.facts_hash
    assert (after.created_at, after.updated_at > before.updated_at) == (before.created_at, True)
    (news,) = listener.news
    assert news.sku == "TS-1"
    assert ids["material", "wool"] in {change.id for change in news.changes if change.old is not None}
    assert not news.removed


async def test_a_changed_price_is_no_news(catalog: CatalogService, listener: Listener) -> None:
    before = await catalog.put_product("TS-1", a_product(price=eur("19.99")))
    after = await catalog.put_product("TS-1", a_product(price=eur("17.99")))
    assert after.facts_hash == before.facts_hash
    assert after.facts != before.facts
    assert listener.news == []


async def test_a_fact_that_returns_has_its_old_id(catalog: CatalogService) -> None:
    first = await catalog.put_product("TS-1", a_product(attributes={"material": "wool", "fit": "boxy"}))
    await catalog.put_product("TS-1", a_product(attributes={"fit": "boxy", "care": "hand wash"}))
    third = await catalog.put_product(
        "TS-1", a_product(attributes={"neck": "round", "fit": "boxy", "material": "wool"})
    )
    ids = {fact.name: fact.id for fact in first.facts}
    now = {fact.name: fact.id for fact in third.facts}
    assert now["material"] == ids["material"]
    assert now["fit"] == ids["fit"]
    assert set(now.values()) - set(ids.values())  # the neck has a number of its own


async def test_a_removed_product_is_gone_and_told_of(catalog: CatalogService, listener: Listener) -> None:
    stored = await catalog.put_product("TS-1", a_product())
    await catalog.delete_product("TS-1")
    with pytest.raises(NotFound):
        await catalog.get_product("TS-1")
    with pytest.raises(NotFound):
        await catalog.delete_product("TS-1")
    (news,) = listener.news
    assert news.removed
    assert {change.id for change in news.changes} >= {fact.id for fact in stored.facts if not fact.live}


async def test_a_listener_that_fails_undoes_the_change(database: Database) -> None:
    async def fail(session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
        raise RuntimeError("no")

    catalog = CatalogService(database, on_facts_changed=fail)
    before = await catalog.put_product("TS-1", a_product())
    with pytest.raises(RuntimeError):
        await catalog.put_product("TS-1", a_product(title="Other"))
    with pytest.raises(RuntimeError):
        await catalog.delete_product("TS-1")
    assert await catalog.get_product("TS-1") == before


async def test_an_unknown_sku_is_answered_with_those_like_it(catalog: CatalogService) -> None:
    await catalog.put_product("TS-1", a_product(variants=(a_variant("TS-1-S-GRN", {"size": "S"}),)))
    await catalog.put_product("HD-7", a_product("HD-7"))
    with pytest.raises(NotFound, match="did you mean TS-1") as caught:
        await catalog.get_product("ts-01")
    assert caught.value.extra["close"] == ["TS-1"]
    with pytest.raises(NotFound, match="TS-1"):
        await catalog.get_product("TS-1-S-GRN")
    with pytest.raises(NotFound, match=r"^no product 'completely-else'$"):
        await catalog.get_product("completely-else")


@pytest.mark.parametrize(
    "product",
    [
        a_product(title=""),
        a_product(title="<script></script>"),
        a_product(sku="a\nb"),
        a_product(url="https://shop.example/\ud800"),
    ],
    ids=["no title", "only markup", "control character", "half a letter"],
)
async def test_what_cannot_be_kept_is_refused(catalog: CatalogService, product: Product) -> None:
    with pytest.raises(Invalid):
        await catalog.put_product(product.sku, product)
    assert await catalog.count_products(ProductQuery()) == 0


@pytest.mark.parametrize("sku", ["\ud800", "a\0b"])
async def test_text_that_no_database_keeps_finds_nothing(catalog: CatalogService, sku: str) -> None:
    with pytest.raises((Invalid, NotFound)):
        await catalog.get_product(sku)


async def test_markup_in_titles_and_scripts_in_descriptions_go(catalog: CatalogService) -> None:
    stored = await catalog.put_product(
        "TS-1",
        a_product(
            title="<b>Tee</b><script>alert(1)</script>",
            description="<p onclick=x>A <script>y</script>tee.</p>",
        ),
    )
    assert "<" not in stored.product.title
    assert stored.product.title.startswith("Tee")
    assert stored.product.description == "<p>A tee.</p>"


async def test_nul_is_kept_from_the_database(catalog: CatalogService) -> None:
    stored = await catalog.put_product(
        "TS-1", a_product(title="Te\0e", brand="Fern\0weh", url="https://x/\0")
    )
    assert stored.product.title == "Tee"
    page = await catalog.list_products(ProductQuery(q="te\0e"), 10)
    assert len(page.items) == 1


async def test_pages_follow_each_other_through_the_whole_list(catalog: CatalogService) -> None:
    skus = ["B", "a", "Z-10", "Z-9", "ä", "b", "Ω", "_", "0"]
    for sku in skus:
        await catalog.put_product(sku, a_product(sku))
    seen: list[str] = []
    cursor = None
    while True:
        page = await catalog.list_products(ProductQuery(), 2, cursor)
        assert len(page.items) <= 2
        seen += [stored.product.sku for stored in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(skus)


@pytest.mark.parametrize("cursor", ["x", "ä", "bnVsbA", "Ilx1MDAwMCI"])
async def test_a_made_up_cursor_is_refused(catalog: CatalogService, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        await catalog.list_products(ProductQuery(), 10, cursor)


@pytest.mark.parametrize("limit", [0, -1, 1001])
async def test_a_limit_that_cannot_be_is_refused(catalog: CatalogService, limit: int) -> None:
    with pytest.raises(Invalid, match="limit"):
        await catalog.list_products(ProductQuery(), limit)


@pytest.fixture
async def shop(catalog: CatalogService) -> CatalogService:
    for product in (
        a_product("TEE", "Meadow Tee 100% Cotton", variants=(a_variant("TEE-S-GRN", {"size": "S"}),)),
        a_product("MUG", "Blue Mug", brand="ÖKO", category=("Home", "Kitchen"), locale="en-GB"),
        a_product("BOX", "Bento_Box", brand=None, category=("Home", "Kitchen", "Boxes"), locale="en-US"),
        a_product("PAN", "Pan", category=("Home & Kitchen",), status="discontinued", locale="fr-FR"),
        a_product(
            "RUG", "Rug", category=(), locale="en-US", localized={"de-DE": LocalizedText(title="Teppich")}
        ),
        a_product("TAP", "Tap", category=("Bath/Shower", "Taps"), locale="nl"),
    ):
        await catalog.put_product(product.sku, product)
    return catalog


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "BOX MUG PAN RUG TAP TEE"),
        ({"q": "meadow"}, "TEE"),
        ({"q": "TEE cotton"}, "TEE"),
        ({"q": "tee-s-grn"}, "TEE"),
        ({"q": "öko"}, "MUG"),
        ({"q": "100%"}, "TEE"),
        ({"q": "o_b"}, "BOX"),
        ({"q": "%"}, "TEE"),
        ({"q": "   "}, "BOX MUG PAN RUG TAP TEE"),
        ({"q": "nothing"}, ""),
        ({"category": "Home"}, "BOX MUG"),
        ({"category": "home > KITCHEN"}, "BOX MUG"),
        ({"category": "Home/Kitchen/Boxes"}, "BOX"),
        ({"category": "Bath/Shower"}, "TAP"),
        ({"category": "Hom"}, ""),
        ({"category": "%"}, ""),
        ({"brand": "öko"}, "MUG"),
        ({"brand": "fernweh"}, "PAN RUG TAP TEE"),
        ({"status": "discontinued"}, "PAN"),
        ({"status": "active", "category": "Home"}, "BOX MUG"),
        ({"locale": "en-gb"}, "MUG TEE"),
        ({"locale": "en"}, "BOX MUG RUG TEE"),
        ({"locale": "de-DE"}, "RUG TEE"),
        ({"locale": "fr"}, "PAN TEE"),
    ],
)
async def test_lists_hold_what_was_asked_for(shop: CatalogService, asked: dict[str, Any], found: str) -> None:
    query = ProductQuery(**asked)
    page = await shop.list_products(query, 100)
    assert " ".join(stored.product.sku for stored in page.items) == found
    assert await shop.count_products(query) == len(page.items)


async def test_lists_by_the_state_of_copy(shop: CatalogService, database: Database) -> None:
    now = datetime.now(UTC)
    row = dict.fromkeys(("template", "channel", "voice", "facts_hash", "template_hash", "request_hash"), "")
    row |= dict.fromkeys(("failed_checks", "cited_facts", "words", "data"), "")
    row |= {"template_version": 1, "variant": 0, "angle": None, "created_at": now, "updated_at": now}

    def copy(sku: str, version: int, status: str, locale: str = "en-US") -> dict[str, Any]:
        return row | {"id": f"c-{sku}", "version": version, "sku": sku, "status": status, "locale": locale}

    async with database.transaction() as session:
        await session.execute(
            insert(copies),
            [
                copy("TEE", 1, "published"),
                copy("TEE", 2, "needs_review"),
                copy("MUG", 1, "needs_review"),
                copy("MUG", 2, "approved"),
                copy("BOX", 1, "withdrawn"),
                copy("RUG", 1, "needs_review", "en-GB"),
            ],
        )

    async def listed(**asked: str) -> str:
        page = await shop.list_products(ProductQuery(**asked), 100)
        return " ".join(stored.product.sku for stored in page.items)

    assert await listed(copy_status="published") == "TEE"
    assert await listed(copy_status="needs_review") == "RUG TEE"
    assert await listed(copy_status="needs_review", locale="en-us") == "TEE"
    assert await listed(copy_status="approved") == "MUG"
    assert await listed(copy_status="missing") == "BOX PAN TAP"
    assert await listed(copy_status="missing", locale="en-GB") == "BOX MUG PAN TAP TEE"


async def test_facts_in_another_locale_have_its_words(catalog: CatalogService) -> None:
    product = a_product(
        attributes={"material": "leather", "fit": "boxy"},
        locale="en-US",
        localized={"de-DE": LocalizedText(title="Rucksack", attributes={"material": "Leder"})},
    )
    base = (await catalog.put_product("TS-1", product)).facts
    german = await catalog.facts("TS-1", locale="de-de")
    assert "Leder" in {fact.value for fact in german}
    assert "Leder" not in {fact.value for fact in base}
    names = {fact.id: fact.name for fact in base}
    assert all(names.get(fact.id, fact.name) == fact.name for fact in german)
    assert {fact.id for fact in await catalog.facts("TS-1", locale="it")} == {fact.id for fact in base}


async def test_writers_of_one_product_at_once_leave_one_of_their_states(catalog: CatalogService) -> None:
    versions = [a_product(attributes={"material": f"kind {i}"}) for i in range(12)]
    stored = await asyncio.gather(*(catalog.put_product("TS-1", product) for product in versions))
    final = await catalog.get_product("TS-1")
    assert final.product in versions
    ids: dict[str, str] = {}
    for facts in (each.facts for each in stored):
        for fact in facts:
            assert ids.setdefault(fact.id, fact.name) == fact.name
