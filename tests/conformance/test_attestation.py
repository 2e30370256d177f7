"""Facts by hand, on both databases: above every import and PUT, audited, expiring for good."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.attestation.values import Attestation, HandFact, HandQuery
from app.catalog.imports import ImportReport
from app.catalog.product import LocalizedText
from app.catalog.service import CatalogService, ProductFactChanges, ProductQuery
from app.errors import Conflict, Invalid, NotFound
from app.storage.database import Database
from app.storage.tables import audit, hand_facts, product_changes, products
from retrieval.facts import Fact
from tests.builders import a_product, eur

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class Listener:
    """Hears of changed facts as copywriting does, and may refuse."""

    def __init__(self) -> None:
        self.news: list[ProductFactChanges] = []
        self.trouble: Exception | None = None

    async def __call__(self, _session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
        self.news += news
        if self.trouble:
            raise self.trouble
        return len(news)

    def heard(self) -> list[tuple[str, str | None, str | None]]:
        """SKU, old and new text of each change since the last time."""
        told = [
            (one.sku, c.old.text if c.old else None, c.new.text if c.new else None)
            for one in self.news
            for c in one.changes
        ]
        self.news.clear()
        return told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def catalog(database: Database, listener: Listener, clock: Clock) -> CatalogService:
    return CatalogService(database, on_facts_changed=listener, clock=clock)


BAG = a_product("B-1", "Harbour Bag", attributes={"material": "nylon", "fit": "boxy"}, price=eur("20.00"))


async def facts_by_name(catalog: CatalogService, sku: str = "B-1") -> dict[str, Fact]:
    return {fact.name: fact for fact in await catalog.facts(sku)}


async def imported(
    catalog: CatalogService, tmp_path: Path, *rows: dict[str, Any], **how: Any
) -> ImportReport:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return await catalog.import_file(path, filename="feed.jsonl", **how)


def row(material: str = "nylon", sku: str = "B-1", **more: Any) -> dict[str, Any]:
    return {"sku": sku, "title": "Harbour Bag", "attributes": {"material": material, "fit": "boxy", **more}}


async def audited(database: Database) -> list[tuple[str, str, str]]:
    """Who did what to which fact."""
    statement = select(audit.c.actor, audit.c.action, audit.c.subject).where(
        audit.c.action.startswith("fact.")
    )
    async with database.session() as session:
        return [tuple(one) for one in await session.execute(statement.order_by(audit.c.id))]


# -- saying ----------------------------------------------------------------------------------------------------


async def test_an_attested_fact_has_the_next_id_and_wins(catalog: CatalogService, listener: Listener) -> None:
    stored = await catalog.put_product("B-1", BAG)
    nylon = next(fact for fact in stored.facts if fact.name == "material")
    told = await catalog.attestation.attest(Attestation("B-1", "Material", "linen", evidence="label"), "Ada")
    facts = await facts_by_name(catalog)
    number = max(int(fact.id[1:]) for fact in stored.facts) + 1
    assert facts["material"].id == told.row.fact_id == f"F{number}"
    assert (facts["material"].value, facts["material"].trust) == ("linen", "attested")
    assert facts["material"].source == "attested:Ada"
    assert told.row.aside == (nylon,)
    assert told.copy_stale == 1
    assert listener.heard() == [
        ("B-1", "Material: nylon", None),
        ("B-1", None, "Material: linen"),
    ]
    after = await catalog.get_product("B-1")
    assert after.facts_hash != stored.facts_hash
    assert after.product == stored.product


async def test_saying_the_same_again_changes_nothing(
    catalog: CatalogService, listener: Listener, database: Database
) -> None:
    await catalog.put_product("B-1", BAG)
    order = Attestation("B-1", "warranty", "2 years", evidence="card")
    first = await catalog.attestation.attest(order, "Ada")
    listener.news.clear()
    again = await catalog.attestation.attest(order, "Ada")
    assert again.row == first.row
    assert listener.news == []
    assert len(await audited(database)) == 1


async def test_a_new_value_replaces_the_old_one_and_keeps_its_id(
    catalog: CatalogService, listener: Listener, clock: Clock
) -> None:
    await catalog.put_product("B-1", BAG)
    first = (await catalog.attestation.attest(Attestation("B-1", "warranty", "2 years"), "Ada")).row
    listener.news.clear()
    clock.forward(seconds=1)
    second = (await catalog.attestation.attest(Attestation("B-1", "Garantie", "5 years"), "Bob")).row
    assert second.fact_id == first.fact_id
    assert listener.heard() == [("B-1", "Warranty: 2 y", "Warranty: 5 y")]
    rows = (await catalog.attestation.list(HandQuery(ended=True), 10)).items
    assert [(one.value, one.ended_why, one.ended_by) for one in rows] == [
        ("5", None, None),
        ("2", "replaced", "Bob"),
    ]


async def test_a_supplier_s_wrong_fact_is_taken_out_and_let_in_again(
    catalog: CatalogService, listener: Listener, tmp_path: Path
) -> None:
    stored = await catalog.put_product("B-1", BAG)
    fit = next(fact for fact in stored.facts if fact.name == "fit")
    told = await catalog.attestation.suppress("B-1", fit.id, "  it is slim  ", "Ada")
    assert told.row.reason == "it is slim"
    assert "fit" not in await facts_by_name(catalog)
    assert listener.heard() == [("B-1", "Fit: boxy", None)]
    await imported(catalog, tmp_path, row("wool"))
    assert "fit" not in await facts_by_name(catalog)
    listener.news.clear()
    undone = await catalog.attestation.undo("B-1", fit.id, "suppress", "Bob")
    assert (undone.row.ended_by, undone.row.ended_why) == ("Bob", "undone")
    assert (await facts_by_name(catalog))["fit"] == fit
    assert listener.heard() == [("B-1", None, "Fit: boxy")]


async def test_an_undone_attestation_gives_the_supplier_s_fact_back_and_keeps_its_id(
    catalog: CatalogService, listener: Listener
) -> None:
    stored = await catalog.put_product("B-1", BAG)
    said = (await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")).row
    await catalog.attestation.undo("B-1", said.fact_id, "attest", "Ada")
    again = await catalog.get_product("B-1")
    assert (again.facts, again.facts_hash) == (stored.facts, stored.facts_hash)
    await catalog.put_product("B-1", replace(BAG, attributes={**BAG.attributes, "care": "hand wash"}))
    assert (await facts_by_name(catalog))["care"].id != said.fact_id
    again_said = (await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Bob")).row
    assert again_said.fact_id == said.fact_id


async def test_what_cannot_be_said_is_refused_and_changes_nothing(
    catalog: CatalogService, listener: Listener, database: Database
) -> None:
    stored = await catalog.put_product("B-1", BAG)
    said = (await catalog.attestation.attest(Attestation("B-1", "warranty", "2 years"), "Ada")).row
    ids = {fact.name: fact.id for fact in stored.facts}
    service = catalog.attestation
    listener.news.clear()
    with pytest.raises(NotFound, match="did you mean B-1"):
        await service.attest(Attestation("B-2", "warranty", "2 years"), "Ada")
    with pytest.raises(Invalid):
        await service.attest(Attestation("B-1", "weight", "2", "bananas"), "Ada")
    with pytest.raises(Invalid, match="past"):
        await service.attest(Attestation("B-1", "warranty", "1 year", expires_at=START), "Ada")
    with pytest.raises(NotFound):
        await service.suppress("B-1", "F99", "wrong", "Ada")
    with pytest.raises(NotFound):
        await service.suppress("B-9", ids["fit"], "wrong", "Ada")
    with pytest.raises(Invalid, match="reason"):
        await service.suppress("B-1", ids["fit"], "  ", "Ada")
    for fact_id in (said.fact_id, ids["title"], ids["price"], "D1.2"):
        with pytest.raises(Conflict):
            await service.suppress("B-1", fact_id, "wrong", "Ada")
    with pytest.raises(Conflict, match="DELETE"):
        await service.undo("B-1", said.fact_id, "suppress", "Ada")
    with pytest.raises(Conflict, match="supplier's"):
        await service.undo("B-1", ids["fit"], "attest", "Ada")
    with pytest.raises(NotFound):
        await service.undo("B-1", "F99", "attest", "Ada")
    assert listener.news == []
    assert len(await audited(database)) == 1


async def test_evidence_is_needed_where_the_setting_says_so(database: Database) -> None:
    catalog = CatalogService(database, evidence_needed=True)
    await catalog.put_product("B-1", BAG)
    for evidence in (None, "", "  "):
        with pytest.raises(Invalid) as refused:
            await catalog.attestation.attest(
                Attestation("B-1", "warranty", "2 years", evidence=evidence), "Ada"
            )
        assert [problem.pointer for problem in refused.value.problems] == ["/evidence"]
    told = await catalog.attestation.attest(Attestation("B-1", "warranty", "2 years", evidence="card"), "Ada")
    assert told.row.evidence == "card"


async def test_many_at_once_each_by_itself(
    catalog: CatalogService, listener: Listener, database: Database
) -> None:
    for n in range(3):
        await catalog.put_product(f"B-{n}", replace(BAG, sku=f"B-{n}"))
    orders = [
        Attestation("B-0", "warranty", "2 years"),
        Attestation("B-9", "warranty", "2 years"),
        Attestation("B-1", "weight", "much", "kg"),
        Attestation("B-2", "warranty", "2 years"),
        Attestation("B-2", "Garantie", "3 years"),
        Attestation("B-2", "material", "linen"),
    ]
    batch = await catalog.attestation.attest_all(orders, "Ada")
    assert [type(result) for result in batch.results] == [
        HandFact,
        NotFound,
        Invalid,
        HandFact,
        Invalid,
        HandFact,
    ]
    assert batch.copy_stale == 2
    assert {one.sku for one in listener.news} == {"B-0", "B-2"}
    assert (await facts_by_name(catalog, "B-2"))["warranty"].value == "2"
    assert [action for _, action, _ in await audited(database)] == ["fact.attest"] * 3
    for many in ([], [orders[0]] * 1001):
        with pytest.raises(Invalid):
            await catalog.attestation.attest_all(many, "Ada")


async def test_all_happens_in_one_transaction_or_nothing(
    catalog: CatalogService, listener: Listener, database: Database
) -> None:
    stored = await catalog.put_product("B-1", BAG)
    listener.trouble = Conflict("no")
    fit = next(fact for fact in stored.facts if fact.name == "fit")
    for said in (
        catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada"),
        catalog.attestation.suppress("B-1", fit.id, "wrong", "Ada"),
    ):
        with pytest.raises(Conflict, match="no"):
            await said
    assert await catalog.get_product("B-1") == stored
    assert await audited(database) == []
    async with database.session() as session:
        assert (await session.execute(select(func.count()).select_from(hand_facts))).scalar_one() == 0


async def test_every_deed_is_audited_and_the_index_hears(catalog: CatalogService, database: Database) -> None:
    stored = await catalog.put_product("B-1", BAG)
    fit = next(fact for fact in stored.facts if fact.name == "fit")
    said = (
        await catalog.attestation.attest(Attestation("B-1", "material", "linen", evidence="label"), "Ada")
    ).row
    await catalog.attestation.suppress("B-1", fit.id, "wrong", "Bob")
    await catalog.attestation.undo("B-1", said.fact_id, "attest", "Cem")
    subject = f"fact:B-1/{said.fact_id}"
    assert await audited(database) == [
        ("Ada", "fact.attest", subject),
        ("Bob", "fact.suppress", f"fact:B-1/{fit.id}"),
        ("Cem", "fact.undo", subject),
    ]
    async with database.session() as session:
        attested = select(audit.c.after).where(audit.c.action == "fact.attest")
        after = (await session.execute(attested)).scalar_one()
        logged = (await session.execute(select(func.count()).select_from(product_changes))).scalar_one()
    assert (after["value"], after["evidence"]) == ("linen", "label")
    assert logged == 4


# -- under imports and PUTs ------------------------------------------------------------------------------------


async def test_no_import_and_no_put_writes_over_it(
    catalog: CatalogService, listener: Listener, tmp_path: Path
) -> None:
    await imported(catalog, tmp_path, row())
    said = (await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")).row
    report = await imported(catalog, tmp_path, row("wool", care="hand wash"))
    assert report.updated == 1
    facts = await facts_by_name(catalog)
    assert (facts["material"].id, facts["material"].value) == (said.fact_id, "linen")
    assert facts["care"].value == "hand wash"
    listener.news.clear()
    await catalog.put_product("B-1", replace(BAG, attributes={"material": "silk"}))
    assert (await facts_by_name(catalog))["material"].value == "linen"
    assert "Material: linen" not in str(listener.heard())
    (now,) = (await catalog.attestation.list(HandQuery(), 10)).items
    assert [fact.value for fact in now.aside] == ["silk"]


@pytest.mark.parametrize("mode", ["delta", "full"])
async def test_what_an_import_says_since_is_reported_once(
    catalog: CatalogService, tmp_path: Path, mode: str
) -> None:
    await imported(catalog, tmp_path, row())
    await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")
    same = await imported(catalog, tmp_path, row(care="hand wash"), mode=mode)  # the nylon that Ada saw
    assert (same.facts_overridden, same.counts.notes) == (0, 0)
    rehearsed = await imported(catalog, tmp_path, row("wool"), mode=mode, dry_run=True)
    assert rehearsed.facts_overridden == 1
    assert (await catalog.attestation.list(HandQuery(differs=True), 10)).items == ()
    report = await imported(catalog, tmp_path, row("wool"), mode=mode)
    assert (report.facts_overridden, report.counts.notes) == (1, 1)
    (note,) = report.rejected
    assert (note.sku, note.line, note.kept) == ("B-1", 1, True)
    assert "Material: wool" in note.detail
    assert "Ada attests material linen" in note.detail
    (differing,) = (await catalog.attestation.list(HandQuery(differs=True), 10)).items
    assert differing.differs is not None
    assert [fact.value for fact in differing.differs.facts] == ["wool"]
    assert differing.differs.import_id == report.id
    assert (await catalog.get_import(report.id)).facts_overridden == 1
    again = await imported(catalog, tmp_path, row("wool", pockets="two"), mode=mode)
    assert again.facts_overridden == 0
    agreed = await imported(catalog, tmp_path, row("Linen"), mode=mode)
    assert agreed.facts_overridden == 0
    assert (await catalog.attestation.list(HandQuery(differs=True), 10)).items == ()


async def test_saying_it_again_is_having_seen_it(catalog: CatalogService, tmp_path: Path) -> None:
    await imported(catalog, tmp_path, row())
    await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")
    await imported(catalog, tmp_path, row("wool"))
    await catalog.attestation.attest(Attestation("B-1", "material", "linen", evidence="asked again"), "Ada")
    assert (await catalog.attestation.list(HandQuery(differs=True), 10)).items == ()


async def test_a_suppressed_fact_that_the_supplier_changed_stays_out_and_is_reported(
    catalog: CatalogService, tmp_path: Path
) -> None:
    await imported(catalog, tmp_path, row())
    nylon = (await facts_by_name(catalog))["material"]
    await catalog.attestation.suppress("B-1", nylon.id, "it is not", "Ada")
    report = await imported(catalog, tmp_path, row("wool"))
    assert report.facts_overridden == 1
    assert "Ada took" in report.rejected[0].detail
    assert "material" not in await facts_by_name(catalog)


async def test_a_change_by_hand_between_planning_and_writing_is_not_lost(
    catalog: CatalogService, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await imported(catalog, tmp_path, row())
    transaction = database.transaction
    said: list[HandFact] = []
    begun = 0

    @asynccontextmanager
    async def somebody_is_quicker(**how: Any) -> AsyncIterator[AsyncSession]:
        nonlocal begun
        begun += 1
        if begun == 2:  # the first records the import, the second writes the batch, which is planned by then
            said.append(
                (await catalog.attestation.attest(Attestation("B-1", "warranty", "2 years"), "Ada")).row
            )
        async with transaction(**how) as session:
            yield session

    monkeypatch.setattr(database, "transaction", somebody_is_quicker)
    await imported(catalog, tmp_path, row("wool", care="hand wash"))
    facts = await facts_by_name(catalog)
    assert facts["warranty"].id == said[0].fact_id
    assert facts["care"].id != said[0].fact_id
    assert facts["material"].value == "wool"


async def test_a_product_that_comes_back_finds_what_people_said_of_it(
    catalog: CatalogService, tmp_path: Path
) -> None:
    await imported(catalog, tmp_path, row())
    await catalog.attestation.attest(Attestation("B-1", "warranty", "2 years"), "Ada")
    fit = (await facts_by_name(catalog))["fit"]
    await catalog.attestation.suppress("B-1", fit.id, "wrong", "Ada")
    await catalog.delete_product("B-1")
    with pytest.raises(NotFound):
        await catalog.attestation.attest(Attestation("B-1", "care", "hand wash"), "Ada")
    await imported(catalog, tmp_path, {**row(), "attributes": {"care": "hand wash", "fit": "boxy"}})
    facts = await facts_by_name(catalog)
    assert facts["warranty"].trust == "attested"
    assert "fit" not in facts
    assert len({fact.id for fact in facts.values()}) == len(facts)


async def test_words_of_a_locale_have_the_layer_too(catalog: CatalogService) -> None:
    words = LocalizedText(attributes={"material": "Nylon", "fit": "weit"})
    await catalog.put_product("B-1", replace(BAG, localized={"de-DE": words}))
    said = (await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")).row
    spoken = {fact.name: fact for fact in await catalog.facts("B-1", "de-DE")}
    assert (spoken["material"].id, spoken["material"].value) == (said.fact_id, "linen")
    assert spoken["fit"].value == "weit"


async def test_attesting_and_importing_end_in_the_same_row(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    """Whatever the order: first said and then imported, or the other way round."""
    drawn = (products.c.facts, products.c.localized_facts, products.c.facts_hash)

    async def stored(sku: str) -> Any:
        async with database.session() as session:
            return tuple((await session.execute(select(*drawn).where(products.c.sku == sku))).one())

    await imported(catalog, tmp_path, row(sku="B-1"), row(sku="B-2"))
    await catalog.attestation.attest(Attestation("B-1", "material", "linen"), "Ada")
    await imported(catalog, tmp_path, row("wool", sku="B-1"), row("wool", sku="B-2"))
    await catalog.attestation.attest(Attestation("B-2", "material", "linen"), "Ada")
    assert await stored("B-1") == await stored("B-2")
    await catalog.attestation.sweep()
    async with database.transaction() as session:  # an import drawn by other rules redraws all
        await session.execute(products.update().values(facts_rules="older"))
    before = await stored("B-1")
    await imported(catalog, tmp_path, row("wool", sku="B-1"))
    assert await stored("B-1") == before


async def test_two_people_at_once_get_two_ids(catalog: CatalogService) -> None:
    await catalog.put_product("B-1", BAG)
    names = ["warranty", "care", "pockets", "closure", "season"]
    told = await asyncio.gather(
        *(catalog.attestation.attest(Attestation("B-1", name, "2 years"), "Ada") for name in names)
    )
    assert len({one.row.fact_id for one in told}) == len(names)
    assert {fact.name for fact in await catalog.facts("B-1")} >= set(names)


# -- expiry ----------------------------------------------------------------------------------------------------


async def test_past_its_time_it_is_not_shown_and_the_sweep_ends_it(
    catalog: CatalogService, listener: Listener, clock: Clock, database: Database
) -> None:
    stored = await catalog.put_product("B-1", BAG)
    order = Attestation("B-1", "material", "linen", expires_at=START + timedelta(hours=1))
    await catalog.attestation.attest(order, "Ada")
    assert await catalog.attestation.sweep() == 0
    listener.news.clear()
    clock.forward(hours=1)
    # Before the sweep: gone from what is read, wherever it is read.
    assert "linen" not in {fact.value for fact in await catalog.facts("B-1")}
    (listed,) = (await catalog.list_products(ProductQuery(), 10)).items
    assert "linen" not in {fact.value for fact in listed.facts}
    assert await catalog.attestation.setting_aside("B-1") == []
    assert await catalog.attestation.sweep() == 1
    assert listener.heard() == [("B-1", "Material: linen", None), ("B-1", None, "Material: nylon")]
    assert (await catalog.get_product("B-1")).facts == stored.facts
    (row,) = (await catalog.attestation.list(HandQuery(ended=True), 10)).items
    assert (row.ended_why, row.ended_by) == ("expired", "shelftalker")
    assert (await audited(database))[-1][:2] == ("shelftalker", "fact.expire")
    assert await catalog.attestation.sweep() == 0


async def test_a_clock_that_is_set_back_revives_nothing(
    catalog: CatalogService, clock: Clock, tmp_path: Path
) -> None:
    await imported(catalog, tmp_path, row())
    await catalog.put_product("B-2", replace(BAG, sku="B-2"))
    for sku in ("B-1", "B-2"):
        order = Attestation(sku, "warranty", "2 years", expires_at=START + timedelta(hours=1))
        await catalog.attestation.attest(order, "Ada")
    clock.forward(hours=2)
    await imported(catalog, tmp_path, row("wool"))  # drawn without it: ended, before any sweep
    await catalog.put_product("B-2", replace(BAG, sku="B-2", brand="Other"))
    clock.forward(hours=-2)
    assert "warranty" not in await facts_by_name(catalog)
    assert "warranty" not in await facts_by_name(catalog, "B-2")
    await imported(catalog, tmp_path, row("silk"))
    assert "warranty" not in await facts_by_name(catalog)
    assert (await catalog.attestation.list(HandQuery(), 10)).items == ()


async def test_the_words_of_a_locale_expire_too(catalog: CatalogService, clock: Clock) -> None:
    await catalog.put_product("B-1", replace(BAG, localized={"de-DE": LocalizedText(title="Tasche")}))
    order = Attestation("B-1", "warranty", "2 years", expires_at=START + timedelta(hours=1))
    await catalog.attestation.attest(order, "Ada")
    assert "warranty" in {fact.name for fact in await catalog.facts("B-1", "de-DE")}
    clock.forward(hours=1)
    assert "warranty" not in {fact.name for fact in await catalog.facts("B-1", "de-DE")}


async def test_one_sweep_ends_many(catalog: CatalogService, clock: Clock, listener: Listener) -> None:
    for n in range(205):
        await catalog.put_product(f"B-{n}", a_product(f"B-{n}"))
    at = START + timedelta(minutes=1)
    orders = [Attestation(f"B-{n}", "warranty", "2 years", expires_at=at) for n in range(205)]
    await catalog.attestation.attest_all(orders, "Ada")
    listener.news.clear()
    clock.forward(minutes=1)
    assert await catalog.attestation.sweep() == 205
    assert len({one.sku for one in listener.news}) == 205


# -- reading ---------------------------------------------------------------------------------------------------


async def test_lists_by_product_actor_and_kind_in_pages(catalog: CatalogService, clock: Clock) -> None:
    stored = await catalog.put_product("B-1", BAG)
    await catalog.put_product("B-2", replace(BAG, sku="B-2"))
    for name, sku, actor in [("warranty", "B-1", "Ada"), ("care", "B-2", "Ada"), ("season", "B-1", "Bob")]:
        clock.forward(seconds=1)
        await catalog.attestation.attest(Attestation(sku, name, "2 years"), actor)
    clock.forward(seconds=1)
    await catalog.attestation.suppress(
        "B-1", next(f.id for f in stored.facts if f.name == "fit"), "no", "Bob"
    )

    async def names(**query: Any) -> list[str]:
        return [row.name for row in (await catalog.attestation.list(HandQuery(**query), 10)).items]

    assert await names() == ["fit", "season", "care", "warranty"]
    assert await names(sku="B-1") == ["fit", "season", "warranty"]
    assert await names(actor="Ada") == ["care", "warranty"]
    assert await names(kind="suppress") == ["fit"]
    assert await names(differs=False) == ["fit", "season", "care", "warranty"]
    first = await catalog.attestation.list(HandQuery(), 3)
    rest = await catalog.attestation.list(HandQuery(), 3, first.next_cursor)
    assert [row.name for row in (*first.items, *rest.items)] == ["fit", "season", "care", "warranty"]
    assert rest.next_cursor is None
    assert [row.name async for row in catalog.attestation.export(HandQuery())] == await names()


async def test_gaps_of_a_category(catalog: CatalogService) -> None:
    for n in range(8):
        attributes = {"fit": "boxy"} | ({"material": "linen"} if n < 6 else {})
        await catalog.put_product(f"T-{n}", a_product(f"T-{n}", "Meadow Tee", attributes=attributes))
    await catalog.put_product("Z-1", a_product("Z-1", "Mug", category=("Home",), attributes={}))
    page = await catalog.attestation.gaps("Clothing")
    assert [(gap.name, gap.having, gap.lacking, gap.examples) for gap in page.items] == [
        ("material", 6, 2, ("T-6", "T-7"))
    ]
    assert (await catalog.attestation.gaps("Home")).items == ()
    await catalog.attestation.attest(Attestation("T-6", "material", "wool"), "Ada")
    assert (await catalog.attestation.gaps()).items[0].examples == ("T-7",)
    with pytest.raises(Invalid):
        await catalog.attestation.gaps(share=0.0)
