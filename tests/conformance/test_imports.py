"""What an import promises, on both databases."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.imports import Counts, ImportReport
from app.catalog.service import CatalogService, ImportProgress, ProductFactChanges, ProductQuery
from app.errors import Invalid, NotFound
from app.storage.database import Database
from app.storage.tables import copy_sentences, source_rows
from tests.builders import csv_file

ROWS = [
    {"sku": "A", "title": "Mug", "material": "steel", "price": "12.00 EUR", "brand": "Fernweh"},
    {"sku": "B", "title": "Bowl", "material": "clay", "price": "9.50 EUR", "brand": "Fernweh"},
    {"sku": "C", "title": "Plate", "material": "clay", "price": "7.00 EUR", "brand": "Fernweh"},
]


class Listener:
    """Says that one copy turned stale per product."""

    def __init__(self) -> None:
        self.news: list[ProductFactChanges] = []

    async def __call__(self, session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
        await session.execute(text("SELECT 1"))  # the session of the import's own transaction
        self.news += news
        return len(news)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def catalog(database: Database, listener: Listener) -> CatalogService:
    return CatalogService(database, on_facts_changed=listener)


async def take(
    catalog: CatalogService, path: Path, rows: Sequence[dict[str, str]], **how: object
) -> ImportReport:
    csv_file(path / "feed.csv", rows)
    return await catalog.import_file(path / "feed.csv", filename="feed.csv", **how)  # type: ignore[arg-type]


async def state(database: Database) -> dict[str, object]:
    """Everything that is stored but the record of imports."""
    async with database.session() as session:
        return {
            name: (await session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2, 3"))).all()  # noqa: S608
            for name in ("products", "source_rows", "copies", "copy_sentences")
        }


def changed(row: dict[str, str], **change: str) -> dict[str, str]:
    return row | change


async def test_a_first_import_creates(catalog: CatalogService, tmp_path: Path) -> None:
    report = await take(catalog, tmp_path, ROWS)
    assert report.counts == Counts(created=3)
    assert (report.status, report.format, report.products, report.rejected) == ("done", "csv", 3, ())
    stored = await catalog.get_product("A")
    assert (stored.product.title, stored.product.brand, stored.import_id) == ("Mug", "Fernweh", report.id)
    assert any(fact.value == "steel" for fact in stored.facts)


async def test_the_same_file_twice_changes_nothing(
    catalog: CatalogService, database: Database, listener: Listener, tmp_path: Path
) -> None:
    await take(catalog, tmp_path, ROWS)
    before = await state(database)
    report = await take(catalog, tmp_path, ROWS)
    assert report.counts == Counts(unchanged=3)
    assert await state(database) == before
    assert listener.news == []


async def test_a_changed_row_updates_its_product_and_tells(
    catalog: CatalogService, listener: Listener, tmp_path: Path
) -> None:
    await take(catalog, tmp_path, ROWS)
    before = await catalog.get_product("B")
    report = await take(catalog, tmp_path, [ROWS[0], changed(ROWS[1], material="glass"), ROWS[2]])
    assert report.counts == Counts(updated=1, unchanged=2, facts_changed=report.facts_changed, copy_stale=1)
    assert report.facts_changed > 0
    assert [news.sku for news in listener.news] == ["B"]
    after = await catalog.get_product("B")
    assert (after.created_at, after.import_id) == (before.created_at, report.id)


async def test_a_changed_price_changes_no_fact_that_counts(
    catalog: CatalogService, listener: Listener, tmp_path: Path
) -> None:
    await take(catalog, tmp_path, ROWS)
    report = await take(catalog, tmp_path, [changed(ROWS[0], price="11.00 EUR")])
    assert report.counts == Counts(updated=1)
    assert listener.news == []


async def test_a_missing_column_erases_nothing_an_empty_cell_does(
    catalog: CatalogService, tmp_path: Path
) -> None:
    await take(catalog, tmp_path, ROWS)
    report = await take(catalog, tmp_path, [{"sku": "A", "title": "Mug", "price": "11.00 EUR"}])
    stored = await catalog.get_product("A")
    assert report.updated == 1
    assert stored.product.attributes["material"] == "steel"
    assert stored.product.brand == "Fernweh"
    await take(catalog, tmp_path, [changed(ROWS[0], material="", brand="")])
    stored = await catalog.get_product("A")
    assert "material" not in stored.product.attributes
    assert stored.product.brand is None


async def test_a_delta_leaves_what_it_does_not_list(catalog: CatalogService, tmp_path: Path) -> None:
    await take(catalog, tmp_path, ROWS)
    report = await take(catalog, tmp_path, ROWS[:1])
    assert report.discontinued == 0
    assert (await catalog.get_product("C")).product.status == "active"


async def test_a_full_import_discontinues_what_it_does_not_list_and_brings_it_back(
    catalog: CatalogService, tmp_path: Path
) -> None:
    many = [changed(ROWS[0], sku=f"P{i}") for i in range(10)]
    await take(catalog, tmp_path, many)
    report = await take(catalog, tmp_path, many[:7], mode="full")
    assert report.counts == Counts(unchanged=7, discontinued=3)
    assert (await catalog.get_product("P9")).product.status == "discontinued"
    assert await catalog.count_products(ProductQuery(status="discontinued")) == 3
    again = await take(catalog, tmp_path, many[:7], mode="full")
    assert again.counts == Counts(unchanged=7)
    back = await take(catalog, tmp_path, many, mode="full")
    assert back.counts == Counts(unchanged=7, updated=3)
    assert (await catalog.get_product("P9")).product.status == "active"


async def test_a_full_import_that_would_empty_the_shop_is_held(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    many = [changed(ROWS[0], sku=f"P{i}") for i in range(10)]
    await take(catalog, tmp_path, many)
    before = await state(database)
    fewer = [*many[:6], changed(ROWS[1], sku="NEW")]
    held = await take(catalog, tmp_path, fewer, mode="full")
    assert (held.status, held.counts) == ("held", Counts(created=1, unchanged=6, discontinued=4))
    assert held.detail
    assert "4 of 10" in held.detail
    assert await state(database) == before
    assert (await catalog.get_import(held.id)).status == "held"
    forced = await take(catalog, tmp_path, fewer, mode="full", force=True)
    assert (forced.status, forced.counts) == ("done", held.counts)
    assert await catalog.count_products(ProductQuery(status="active")) == 7


async def test_a_row_that_is_bad_is_no_reason_to_discontinue_its_product(
    catalog: CatalogService, tmp_path: Path
) -> None:
    many = [changed(ROWS[0], sku=f"P{i}") for i in range(10)]
    await take(catalog, tmp_path, many)
    report = await take(catalog, tmp_path, [*many[:9], changed(many[9], title="")], mode="full")
    assert report.counts == Counts(unchanged=9, rejected_rows=1)
    assert (await catalog.get_product("P9")).product.status == "active"


@pytest.mark.parametrize("mode", ["delta", "full"])
async def test_a_dry_run_reports_the_same_and_writes_nothing(
    catalog: CatalogService, database: Database, tmp_path: Path, mode: str
) -> None:
    many = [changed(ROWS[0], sku=f"P{i}") for i in range(10)]
    await take(catalog, tmp_path, many)
    before, imports = await state(database), await catalog.list_imports(10)
    feed = [
        changed(many[0], material="glass"),
        *many[1:8],
        changed(ROWS[1], sku="NEW"),
        changed(ROWS[2], title=""),
    ]
    dry = await take(catalog, tmp_path, feed, mode=mode, dry_run=True)
    assert dry.dry_run
    assert await state(database) == before
    assert await catalog.list_imports(10) == imports
    wet = await take(catalog, tmp_path, feed, mode=mode)
    assert (dry.counts, dry.rejected, dry.status) == (wet.counts, wet.rejected, wet.status)
    assert wet.copy_stale == 1


async def test_bad_rows_are_named_and_good_ones_go_in(catalog: CatalogService, tmp_path: Path) -> None:
    report = await take(catalog, tmp_path, [ROWS[0], changed(ROWS[1], title=""), ROWS[2]])
    assert report.created == 2
    (rejected,) = report.rejected
    assert (rejected.line, rejected.sku) == (3, "B")
    recorded = await catalog.get_import(report.id)
    assert (recorded.rejected, recorded.counts, recorded.status) == (report.rejected, report.counts, "done")


async def test_a_report_names_a_thousand_rows_and_counts_all(catalog: CatalogService, tmp_path: Path) -> None:
    report = await take(
        catalog, tmp_path, [ROWS[0], *(changed(ROWS[1], sku=f"X{i}", title="") for i in range(1500))]
    )
    assert (report.created, report.counts.rejected_rows, len(report.rejected)) == (1, 1500, 1000)


async def test_a_file_that_cannot_be_read_changes_nothing(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    await take(catalog, tmp_path, ROWS)
    before, imports = await state(database), await catalog.list_imports(10)
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(Invalid):
            await catalog.import_file(tmp_path / "bad", filename="bad", mode="full", force=True)
    with pytest.raises(Invalid, match="delta, full"):
        await take(catalog, tmp_path, ROWS, mode="upsert")
    with pytest.raises(Invalid, match="shopify"):
        await take(catalog, tmp_path, ROWS, format="excel95")
    assert await state(database) == before
    assert await catalog.list_imports(10) == imports


async def test_our_own_sentences_come_back_as_no_facts(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    own = "The mug is made of steel and holds half a litre of anything."
    async with database.transaction() as session:
        await session.execute(
            insert(copy_sentences), [{"fingerprint": "f", "sku": "A", "copy_id": "c", "text": own}]
        )
    both = [row | {"description": own} for row in ROWS[:2]]
    await take(catalog, tmp_path, both)
    told = {sku: [f for f in await catalog.facts(sku) if f.source.startswith("description")] for sku in "AB"}
    assert told["A"] == []


async def test_source_rows_are_kept_with_line_order_and_cells(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    first = await take(catalog, tmp_path, ROWS)

    async def kept() -> list[tuple[object, ...]]:
        async with database.session() as session:
            found = await session.execute(
                select(
                    source_rows.c.sku, source_rows.c.import_id, source_rows.c.line, source_rows.c.cells
                ).order_by(source_rows.c.import_id, source_rows.c.position, source_rows.c.ordinal)
            )
            return [(*row[:3], json.loads(row[3])) for row in found]

    assert await kept() == [(row["sku"], first.id, 2 + i, list(row.values())) for i, row in enumerate(ROWS)]
    changed_row = changed(ROWS[1], title="Deep Bowl")
    second = await take(catalog, tmp_path, [ROWS[0], changed_row])
    assert [(sku, number) for sku, number, *_ in await kept()] == [
        ("A", first.id),
        ("C", first.id),
        ("B", second.id),
    ]
    # A file of another shape (a price list) stands beside the first, which an export still needs.
    await take(catalog, tmp_path, [{"sku": "A", "title": "Mug", "price": "1.00 EUR"}])
    assert sorted(sku for sku, *_ in await kept()) == ["A", "A", "B", "C"]
    await catalog.delete_product("A")
    assert sorted(sku for sku, *_ in await kept()) == ["B", "C"]


async def test_imports_are_listed_newest_first(catalog: CatalogService, tmp_path: Path) -> None:
    made = [(await take(catalog, tmp_path, ROWS)).id for _ in range(5)]
    first = await catalog.list_imports(3)
    rest = await catalog.list_imports(3, first.next_cursor)
    assert [report.id for report in (*first.items, *rest.items)] == made[::-1]
    with pytest.raises(NotFound):
        await catalog.get_import("imp_nothing")


async def test_progress_goes_forward_and_arrives(catalog: CatalogService, tmp_path: Path) -> None:
    steps: list[ImportProgress] = []
    await take(catalog, tmp_path, [changed(ROWS[0], sku=f"P{i}") for i in range(1200)], progress=steps.append)
    assert len(steps) >= 3
    assert [step.bytes_read for step in steps] == sorted(step.bytes_read for step in steps)
    assert steps[-1].bytes_read == steps[-1].total_bytes > 0
    assert steps[-1].products == 1200


async def test_a_listener_that_fails_ends_the_import_and_its_batch_is_undone(
    database: Database, tmp_path: Path
) -> None:
    async def fail(session: AsyncSession, news: Sequence[ProductFactChanges]) -> int:
        raise RuntimeError("no")

    catalog = CatalogService(database, on_facts_changed=fail)
    await take(catalog, tmp_path, ROWS)
    before = await state(database)
    with pytest.raises(RuntimeError):
        await take(
            catalog, tmp_path, [changed(ROWS[0], material="glass"), changed(ROWS[1], price="1.00 EUR")]
        )
    assert await state(database) == before
    assert (await catalog.list_imports(1)).items[0].status == "failed"


async def test_imports_at_the_same_time_do_not_disturb_each_other(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    files = []
    for n in range(3):
        rows = [changed(ROWS[0], sku=f"P{i}", **{f"own{n}": f"value {i}"}) for i in range(700)]
        files.append(csv_file(tmp_path / f"{n}.csv", rows))
    await asyncio.gather(*(catalog.import_file(file, filename=file.name) for file in files))
    assert await catalog.count_products(ProductQuery()) == 700
    stored = await catalog.get_product("P699")
    assert {f"own{n}": "value 699" for n in range(3)}.items() <= stored.product.attributes.items()
    async with database.session() as session:
        assert (await session.execute(select(func.count()).select_from(source_rows))).scalar_one() == 2100


async def test_other_work_goes_on_during_an_import(catalog: CatalogService, tmp_path: Path) -> None:
    await take(catalog, tmp_path, ROWS)
    rows = [changed(ROWS[0], sku=f"P{i}", note=f"note {i}") for i in range(3000)]
    work = asyncio.create_task(take(catalog, tmp_path, rows))
    waits = []
    while not work.done():
        started = asyncio.get_running_loop().time()
        await catalog.get_product("A")
        waits.append(asyncio.get_running_loop().time() - started)
        await asyncio.sleep(0.005)
    assert (await work).created == 3000
    assert len(waits) > 5
    assert sorted(waits)[len(waits) // 2] < 0.25


async def test_an_import_that_is_cancelled_says_so_and_can_be_repeated(
    catalog: CatalogService, database: Database, tmp_path: Path
) -> None:
    rows = [changed(ROWS[0], sku=f"P{i}") for i in range(3000)]
    seen = asyncio.Event()
    work = asyncio.create_task(take(catalog, tmp_path, rows, progress=lambda _: seen.set()))
    await seen.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert 500 <= await catalog.count_products(ProductQuery()) < 3000
    assert (await catalog.list_imports(1)).items[0].status == "interrupted"
    report = await take(catalog, tmp_path, rows)
    assert report.products == 3000
    assert await catalog.count_products(ProductQuery()) == 3000
