"""A process beside the import plans exactly what the import's own thread would, and may die."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.catalog import planner
from app.catalog.codec import digest, encode_product
from app.catalog.facts import FactRules
from app.catalog.planner import ProcessPlanner, Rules, ThreadPlanner
from app.catalog.planning import Before, Plan, Planned, Task
from app.catalog.product import LocalizedText, Product
from app.catalog.service import CatalogService, ProductQuery
from app.storage.database import Database
from tests.builders import a_product, a_variant, csv_file, eur

RULES = Rules(FactRules(), "v1")


async def at_once(work: Callable[[], list[Plan]]) -> list[Plan]:
    return work()


@pytest.fixture(params=[1, 2])
async def beside(request: pytest.FixtureRequest) -> AsyncIterator[ProcessPlanner]:
    children = ProcessPlanner(RULES, ThreadPlanner(RULES, at_once), request.param)
    await children.ready()
    yield children
    await children.close()


def task(product: Product, before: Before | None = None, present: frozenset[str] | None = None) -> Task:
    data = encode_product(product)
    return Task(data, digest(data), present, 7, before, ("We wrote this.",))


def stored(planned: Plan, rules: str = "v1") -> Before:
    assert isinstance(planned, Planned)
    columns = {name: value or "" for name, value in planned.columns.items()}
    names = ("data", "data_hash", "facts", "facts_hash", "fact_ids")
    return Before(*(columns[name] for name in names), facts_rules=rules)


async def test_both_plan_the_same(beside: ProcessPlanner) -> None:
    in_thread = ThreadPlanner(RULES, at_once)
    rich = a_product(
        price=eur("12.50"),
        description="<p>A tee with a ribbed collar. We wrote this.</p>",
        attributes={"material": ("cotton", "linen"), "weight_kg": "0.4"},
        variants=(a_variant("V-1", {"size": "S"}),),
        localized={"de-DE": LocalizedText(title="Wiesenhemd für größere 🧵")},
    )
    (first,) = await in_thread([task(rich)], [rich])
    other = a_product(attributes={"material": "wool"})
    bare = a_product(brand=None, description="")
    products = [rich, rich, other, other, a_product(title=""), rich, bare]
    tasks = [
        task(rich),
        task(rich, stored(first)),
        task(other, stored(first), frozenset({"title", "attributes", "attributes.material"})),
        task(other, stored(first)),
        task(a_product(title="")),
        task(rich, stored(first, rules="v0")),
        Task((data := encode_product(bare)), digest(data), None, 0, None),
    ]
    plans = await beside(tasks, products)
    assert not beside._broken
    assert plans == await in_thread(tasks, products)
    kinds = [plan.outcome if isinstance(plan, Planned) else type(plan).__name__ for plan in plans]
    assert kinds == ["created", "NoneType", "updated", "updated", "Rejected", "redrawn", "created"]


async def test_work_goes_on_when_the_process_dies(beside: ProcessPlanner) -> None:
    beside._starting.result()[0].kill()
    product = a_product()
    (planned,) = await beside([task(product)], [product])
    assert isinstance(planned, Planned)
    assert beside._broken


async def test_a_process_that_cannot_start_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    child = ProcessPlanner(RULES, ThreadPlanner(RULES, at_once))
    with pytest.raises(FileNotFoundError):
        await child.ready()
    product = a_product()
    assert isinstance((await child([task(product)], [product]))[0], Planned)
    await child.close()


async def test_a_large_file_is_imported_with_a_process_beside(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "LARGE_FILE", 1)
    monkeypatch.setattr(planner, "_cores", lambda: 3)
    catalog = CatalogService(sqlite_database)
    file = csv_file(tmp_path / "feed.csv", [{"sku": f"P{i}", "title": f"Mug {i}"} for i in range(6000)])
    assert (await catalog.import_file(file, filename="feed.csv")).created == 6000
    assert (await catalog.import_file(file, filename="feed.csv")).unchanged == 6000
    assert await catalog.count_products(ProductQuery()) == 6000
