"""GET /v1/search: the shape of the answer, its filters, and input that cannot be."""

import asyncio

import pytest

from tests.app.api.conftest import is_problem

MUG = {
    "title": "Blue Mug",
    "description": "<p>Holds a quarter of a litre.</p>",
    "brand": "Lumen",
    "category": ["Kitchen", "Mugs"],
    "attributes": {"material": "stoneware"},
}


async def search(http, q, **wanted):
    answer = await http.get("/v1/search", params={"q": q, **wanted})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def skus(http, q, **wanted):
    return [item["sku"] for item in (await search(http, q, **wanted))["items"]]


async def level(http, products):
    """Wait until the index has that many products; the test's own time limit ends it."""
    while (await http.get("/readyz")).json()["index"]["products"] != products:  # noqa: ASYNC110 - over HTTP
        await asyncio.sleep(0.02)


@pytest.fixture
async def shelves(http, stock):
    """Two products, on sale and found."""
    await stock.tee("TS-1")
    await stock.tee("MUG-1", **{**MUG, "variants": [], "gtin": "4006381333931"})
    await level(http, 2)
    return http


async def test_the_answer(shelves):
    answer = await search(shelves, "organic cotton")
    assert answer["dense"] is False
    (item,) = answer["items"]
    assert item.keys() == {"sku", "title", "score", "lexical_rank", "dense_rank"}
    assert (item["sku"], item["title"]) == ("TS-1", "Meadow Tee")
    assert (item["lexical_rank"], item["dense_rank"]) == (1, None)


@pytest.mark.parametrize("code", ["TS-1", "ts-1", "TS-1-M", "4006381333931"])
async def test_codes_find_their_product_first(shelves, code):
    assert (await skus(shelves, code))[0] == ("MUG-1" if code.isdigit() else "TS-1")


async def test_filters(shelves):
    assert await skus(shelves, "green mug tee") == await skus(shelves, "green mug tee", limit=2)
    assert len(await skus(shelves, "green mug tee", limit=1)) == 1
    assert await skus(shelves, "tee mug", brand="lumen") == ["MUG-1"]
    assert await skus(shelves, "tee mug", category="clothing") == ["TS-1"]
    assert await skus(shelves, "tee mug", category="Clothing > T-Shirts") == ["TS-1"]
    assert await skus(shelves, "tee mug", category="Clothing/T-Shirts") == ["TS-1"]
    assert await skus(shelves, "tee mug", category="Shirts") == []


async def test_discontinued_products_are_not_found_unless_asked_for(http, stock):
    await stock.tee("TS-1")
    await stock.tee("TS-2", status="discontinued", variants=[])
    await level(http, 2)
    assert await skus(http, "meadow tee") == ["TS-1"]
    assert await skus(http, "meadow tee", status="discontinued") == ["TS-2"]


@pytest.mark.parametrize("words", ["🙂", "…", "%_'\"\\", "\u202e\ufeff", "unheardofword"])
async def test_signs_and_unheard_words_find_nothing(shelves, words):
    assert (await search(shelves, words))["items"] == []


async def test_stop_words_alone_are_answered(shelves):
    assert len(await skus(shelves, "the of and")) <= 2


@pytest.mark.parametrize("query", ["", "   ", "x" * 501, "word " * 2000])
async def test_a_query_that_cannot_be_is_named(shelves, query):
    document = is_problem(await shelves.get("/v1/search", params={"q": query}), 422)
    assert [error["pointer"] for error in document["errors"]] == ["query/q"]


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "0"), ("limit", "201"), ("limit", "x"), ("status", "gone"), ("qq", "tee")]
)
async def test_a_parameter_that_cannot_be_is_named(shelves, name, value):
    document = is_problem(await shelves.get("/v1/search", params={"q": "tee", name: value}), 422)
    assert [error["pointer"] for error in document["errors"]] == [f"query/{name}"]


async def test_a_missing_query_is_named(shelves):
    document = is_problem(await shelves.get("/v1/search"), 422)
    assert [error["pointer"] for error in document["errors"]] == ["query/q"]


async def test_a_deleted_product_leaves_the_index(shelves):
    assert (await shelves.delete("/v1/products/TS-1")).status_code == 204
    await level(shelves, 1)
    assert await skus(shelves, "meadow tee") == []


async def test_searching_needs_a_role_that_reads(shelves, stock):
    admin = await stock.key()
    for role, status in (("storefront", 403), ("marketer", 200), ("server", 200)):
        made = (await shelves.post("/v1/keys", json={"role": role, "name": role}, headers=admin)).json()
        answer = await shelves.get("/v1/search?q=tee", headers={"Authorization": f"Bearer {made['key']}"})
        assert answer.status_code == status
    is_problem(await shelves.get("/v1/search?q=tee"), 401)
