"""The choice of facts for a text: conflicts set aside, the next best in their place, hashes that tell a change."""

import asyncio
from pathlib import Path

import pytest

from app.catalog.facts import facts_of
from app.catalog.feeds import ProductRecord, open_feed
from app.copywriting.copy import Brief, Subject
from app.copywriting.fact_choice import choose, choose_for, facts_hash_of
from app.copywriting.pipeline import FactsSelected, write_copy
from app.copywriting.request import CopyRequest, check_request
from app.copywriting.writers import TemplateWriter
from retrieval.facts import Fact
from retrieval.selection import Limits, SelectionBrief
from tests.builders import a_fact

OWN = (
    a_fact("F1", "title", "Meadow Tee"),
    a_fact("F2", "material", "cotton"),
    a_fact("F3", "care", "machine wash at 60 °C"),
)
CARE = SelectionBrief(kinds=frozenset({"care"}))


def said(number: int, text: str, name: str = "care") -> Fact:
    return Fact(f"D1.{number}", name, text, text, f"document:D1#{number}", "document", label="Guide")


def test_the_next_best_takes_the_place_of_what_the_product_contradicts() -> None:
    documents = [
        said(n, f"Wash {way} at 30 °C.") for n, way in enumerate(("inside out", "slowly", "alone"), 1)
    ]
    documents += [said(9, "Do not tumble dry.")]
    choice = choose(OWN, documents, CARE, Limits(documents=1))
    assert [fact.id for fact in choice.documents] == ["D1.9"]
    assert {conflict.fact.id for conflict in choice.conflicts} <= {"D1.1", "D1.2", "D1.3"}
    assert all(conflict.against == "F3" for conflict in choice.conflicts)


@pytest.mark.parametrize(
    ("own", "guide"),
    [
        (("care", "hand wash only"), "Machine wash at 40 °C."),
        (("care", "dry clean only"), "Machine wash cold with similar colours."),
        (("care", "line dry"), "Tumble dry on low."),
        (("care", "cold wash only"), "Wash at 60 °C."),
        (("care", "30°"), "Wash at 60 °C."),
        (("origin", "Portugal"), "Our tees are made in Italy."),
        (("lining", "none"), "The lining is silk."),
    ],
)
def test_a_guide_does_not_speak_against_the_product(own: tuple[str, str], guide: str) -> None:
    facts = (a_fact("F1", "title", "Meadow Tee"), a_fact("F2", "type", "tee"), a_fact("F3", *own))
    choice = choose(facts, [said(1, guide)], CARE)
    assert [conflict.against for conflict in choice.conflicts] == ["F3"]
    assert choice.facts == facts


def test_only_what_would_have_been_said_is_judged() -> None:
    documents = [said(1, "Do not tumble dry."), said(2, "The weave is polyester.", "our_story")]
    assert choose(OWN, documents, CARE).conflicts == ()


def test_a_guide_of_contradictions_ends() -> None:
    documents = [said(n, f"Wash at {n} °C with number {n}.") for n in range(1, 40)]
    choice = choose(OWN, documents, CARE)
    assert choice.facts == OWN
    assert choice.conflicts


def brief(**given: object) -> Brief:
    filled: dict[str, object] = {
        "documents": (said(1, "Do not tumble dry."), said(2, "Seams hold for years.", "warranty"))
    }
    return Brief(Subject("TS-1", "Meadow Tee"), OWN, **(filled | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ({}, ["D1.1"]),
        ({"angle": "value"}, ["D1.1", "D1.2"]),
        ({"keyphrase": "seams that last"}, ["D1.1", "D1.2"]),
        ({"audience": "menders of seams"}, ["D1.1", "D1.2"]),
        ({"template": "headline_variants"}, []),
        ({"documents": ()}, []),
    ],
)
def test_the_brief_decides_what_documents_add(given: dict[str, object], added: list[str]) -> None:
    assert sorted(fact.id for fact in choose_for(brief(**given)).documents) == added


def test_the_hash_changes_with_what_documents_add_and_only_then() -> None:
    bare = choose_for(brief(documents=()))
    assert facts_hash_of("own", bare) == "own"
    one = facts_hash_of("own", choose_for(brief()))
    assert one != "own"
    assert one == facts_hash_of("own", choose_for(brief(documents=(said(1, "Do not tumble dry."),))))
    assert one != facts_hash_of("own", choose_for(brief(documents=(said(7, "Do not tumble dry."),))))


@pytest.mark.shared_data
def test_products_without_documents_are_given_all_their_facts(shared_data: Path) -> None:
    with open_feed(shared_data / "magento_luma" / "products.csv.gz") as feed:
        products = [record.product for record in feed.records() if isinstance(record, ProductRecord)]
    assert len(products) > 100
    for product in products:
        facts = facts_of(product).facts
        assert choose_for(Brief(Subject(product.sku, product.title), facts)).facts == facts


def test_the_pipeline_tells_which_facts_were_chosen() -> None:
    async def first() -> object:
        order = check_request(CopyRequest(sku="TS-1"))
        async for stage in write_copy(brief(), writer=TemplateWriter(), order=order, facts_hash=""):
            return stage
        return None

    stage = asyncio.run(first())
    assert isinstance(stage, FactsSelected)
    assert [fact.id for fact in stage.facts] == ["F1", "F2", "F3", "D1.1"]
