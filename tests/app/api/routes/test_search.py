"""GET /v1/search: the shape of the answer, its filters, and input that cannot be."""

import asyncio
import shutil

import pytest

from tests.app.api.conftest import TEE, is_problem, running

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
    assert item.keys() == {"sku", "title", "score", "lexical_rank", "dense_rank", "exact"}
    assert (item["sku"], item["title"]) == ("TS-1", "Meadow Tee")
    assert (item["lexical_rank"], item["dense_rank"]) == (1, None)


@pytest.mark.parametrize("code", ["TS-1", "ts-1", "TS-1-M", "4006381333931"])
async def test_codes_find_their_product_first(shelves, code):
    items = (await search(shelves, code))["items"]
    assert items[0]["sku"] == ("MUG-1" if code.isdigit() else "TS-1")
    assert [item["exact"] for item in items] == [True] + [False] * (len(items) - 1)


async def test_a_code_within_more_words_is_not_marked(shelves):
    assert [item["exact"] for item in (await search(shelves, "blue mug"))["items"]] == [False]


async def test_filters(shelves):
    assert await skus(shelves, "green mug tee") == await skus(shelves, "green mug tee", limit=2)
    assert len(await skus(shelves, "green mug tee", limit=1)) == 1
    assert await skus(shelves, "tee mug", brand="lumen") == ["MUG-1"]
    assert await skus(shelves, "tee mug", category="clothing") == ["TS-1"]
    assert await skus(shelves, "tee mug", category="Clothing > T-Shirts") == ["TS-1"]
    assert await skus(shelves, "tee mug", category="Clothing/T-Shirts") == ["TS-1"]
    assert await skus(shelves, "zeppelin", category="Clothing", brand="lumen") == []


@pytest.mark.parametrize("category", ["T-Shirts", "t-shirts", " T-SHIRTS "])
async def test_the_end_of_a_category_is_enough(shelves, category):
    assert await skus(shelves, "tee mug", category=category) == ["TS-1"]


async def test_a_category_may_be_the_middle_of_a_path(shelves, stock):
    await stock.tee("TS-2", category=["Shop", "Wear", "Men", "Polos"], variants=[])
    await level(shelves, 3)
    assert await skus(shelves, "tee", category="Wear") == ["TS-2"]
    assert await skus(shelves, "tee", category="Wear > Men") == ["TS-2"]
    assert await skus(shelves, "tee", category="Men/Polos") == ["TS-2"]


async def test_an_end_that_several_categories_have_is_asked_about(shelves, stock):
    await stock.tee("TS-2", category=["Men", "T-Shirts"], variants=[])
    await level(shelves, 3)
    document = is_problem(await shelves.get("/v1/search?q=tee&category=t-shirts"), 422)
    assert "'Clothing > T-Shirts', 'Men > T-Shirts'" in document["detail"]


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("brand", "Lumne", "did you mean 'Lumen'?"),
        ("brand", "Zzz", "no product has the brand 'Zzz'"),
        ("category", "Clothing > T-Shirt", "did you mean 'Clothing > T-Shirts'?"),
        ("category", "Mug", "did you mean 'Kitchen > Mugs'?"),
        ("category", "Zzz", "no product is in the category 'Zzz'"),
        ("category", "%", "no product is in the category '%'"),
    ],
)
async def test_a_filter_that_names_nothing_is_told(shelves, name, value, hint):
    document = is_problem(await shelves.get("/v1/search", params={"q": "tee", name: value}), 422)
    (error,) = document["errors"]
    assert error["pointer"] == f"query/{name}"
    assert hint in error["detail"]


async def test_filters_ask_for_no_accents(shelves, stock):
    await stock.tee("R-1", brand="Rösle", category=["Küche", "Töpfe"], variants=[])
    await level(shelves, 3)
    assert await skus(shelves, "tee", brand="rosle", category="kuche") == ["R-1"]
    assert await skus(shelves, "zeppelin", brand="rosle", category="kuche") == []
    assert await skus(shelves, "tee", brand=" Rösle ", category="töpfe") == ["R-1"]


async def test_an_answer_says_whether_the_index_is_complete(settings):
    """Asked from the first moment on, until it is; what is told complete has the product."""
    async with running(settings) as http:
        assert (await http.put("/v1/products/TS-1", json=TEE)).status_code == 201
    shutil.rmtree(settings.data_dir / "index")
    async with running(settings) as http:
        seen = []
        while not seen or not seen[-1]["complete"]:
            seen.append(await search(http, "meadow"))
    assert not seen[0]["complete"]
    assert [item["sku"] for item in seen[-1]["items"]] == ["TS-1"]


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
