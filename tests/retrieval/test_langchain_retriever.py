"""The index as a LangChain retriever: alone, in a chain, asynchronously; and not imported by anything of ours."""

import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from retrieval.index import Index
from retrieval.langchain_retriever import IndexRetriever
from retrieval.milvus import MilvusIndex, milvus_place
from tests.searching import LETTERS, SHOP, AnyIndex


@pytest.fixture(params=["embedded", "milvus"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> AnyIndex:
    made: AnyIndex = (
        Index()
        if request.param == "embedded"
        else MilvusIndex(
            milvus_place(f"milvus://{tmp_path}/chain.db"), "chain", dimension=LETTERS, timeout_s=30
        )
    )
    made.upsert(SHOP)
    return made


def test_hits_are_documents(index: AnyIndex) -> None:
    first, *others = IndexRetriever(index=index).invoke("crown backpack")
    assert (first.id, first.page_content) == ("24-MB03", "Crown Summit Backpack")
    assert first.metadata.keys() == {"sku", "title", "score", "lexical_rank", "dense_rank", "exact"}
    assert (first.metadata["sku"], first.metadata["lexical_rank"], first.metadata["dense_rank"]) == (
        "24-MB03",
        1,
        None,
    )
    assert [one.metadata["lexical_rank"] for one in others] == list(range(2, len(others) + 2))
    assert IndexRetriever(index=index).invoke("24MB02")[0].metadata["exact"]
    assert IndexRetriever(index=index).invoke("😀") == []


async def test_it_is_part_of_a_chain(index: AnyIndex) -> None:
    texts = {item.key: f"{item.title}. {item.description}" for item in SHOP}
    retriever = IndexRetriever(
        index=index,
        limit=2,
        brand="luma",
        category=("Gear",),
        text_of=texts.__getitem__,
        metadata_of=lambda sku: {"url": f"https://shop.example/{sku}", "sku": "ours goes first"},
    )
    chain = retriever | RunnableLambda(lambda found: [one.page_content for one in found])
    assert chain.invoke("bottle")[0] == "Affirm Water Bottle. Holds 0.5 l."
    assert await chain.ainvoke("acme sleeve") == []
    assert len(chain.batch(["backpack", "luma"])[1]) == 2
    (found, *_) = retriever.invoke("bottle")
    assert (found.metadata["url"], found.metadata["sku"]) == ("https://shop.example/24-UG06", "24-UG06")


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValidationError, match="limit"):
        IndexRetriever(index=Index(), limit=0)


def test_nothing_of_ours_imports_langchain() -> None:
    code = (
        "import sys, app.main, app.cli, retrieval.index, retrieval.milvus\n"
        "print([name for name in sys.modules if name.startswith(('langchain', 'pymilvus', 'grpc'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
