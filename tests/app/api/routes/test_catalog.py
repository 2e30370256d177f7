"""Products and facts over HTTP."""

from urllib.parse import quote

import pytest

from tests.app.api.conftest import TEE, is_problem


async def test_a_product_comes_back_as_it_was_put(http, stock):
    put = await stock.tee()
    got = (await http.get("/v1/products/TS-1")).json()
    assert got == put
    assert {name: got[name] for name in ("title", "brand", "category", "price", "attributes")} == {
        name: TEE[name] for name in ("title", "brand", "category", "price", "attributes")
    }
    assert got["variants"][0]["options"] == {"size": "S", "color": "Green"}
    assert got["facts_hash"]
    assert got["updated_at"].endswith(("Z", "+00:00"))


async def test_what_was_answered_may_be_put_back(http, stock):
    product = await stock.tee()
    again = await http.put("/v1/products/TS-1", json=product)
    assert again.status_code == 200, again.text
    assert again.json()["facts_hash"] == product["facts_hash"]


@pytest.mark.parametrize(
    "sku", ["A/B", "A/facts", "copy", "Größe 42", "50%", "%2F", "a b+c", "?x=1#y", "日本", "A//B/"]
)
async def test_any_sku_has_an_address(http, stock, sku):
    address = f"/v1/products/{quote(sku, safe='')}"
    answer = await http.put(address, json=TEE)
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["sku"] == sku
    assert (await http.get(address)).json()["sku"] == sku
    assert (await http.get(f"{address}/facts")).json()["items"]
    assert (await http.get(f"{address}/copy")).json()["items"] == []
    assert (await http.delete(address)).status_code == 204
    is_problem(await http.get(address), 404)


async def test_slashes_may_stay_as_they_are(http, stock):
    await stock.tee("A/B")
    assert (await http.get("/v1/products/A/B")).json()["sku"] == "A/B"
    assert (await http.get("/v1/products/A/B/facts")).json()["items"]


@pytest.mark.parametrize("raw", ["%FF", "a%00b", "%0A", "x" * 2000])
async def test_an_address_that_is_no_sku(http, raw):
    assert (await http.get(f"/v1/products/{raw}")).status_code in (404, 422)
    assert (await http.put(f"/v1/products/{raw}", json=TEE)).status_code == 422


async def test_the_body_must_not_name_another_product(http):
    document = is_problem(await http.put("/v1/products/A", json={**TEE, "sku": "B"}), 422)
    assert document["errors"][0]["pointer"] == "/sku"


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("price", {"amount": 19.99, "currency": "EUR"}, "/price/amount"),
        ("price", {"amount": "1,99", "currency": "EUR"}, "/price/amount"),
        ("price", {"amount": "1.99", "currency": "Euro"}, "/price/currency"),
        ("status", "gone", "/status"),
        ("colour", "red", "/colour"),
        ("variants", [{"sku": "V", "size": "S"}], "/variants/0/size"),
        ("sale_from", "yesterday", "/sale_from"),
        ("title", None, "/title"),
        ("title", "a\0b", "/title"),
        ("quantity", 10**30, "/quantity"),
    ],
)
async def test_a_wrong_member_is_named(http, member, value, pointer):
    document = is_problem(await http.put("/v1/products/A", json={**TEE, member: value}), 422)
    assert [error["pointer"] for error in document["errors"]] == [pointer]


async def test_markup_in_a_title_is_text_and_scripts_are_gone(http, stock):
    product = await stock.tee(
        title="<script>alert(1)</script>Mug <b>blue</b>",
        description='<p onclick="x()">A mug.</p><script>alert(2)</script>',
    )
    assert "<script" not in product["title"]
    assert "<b>" not in product["title"]
    assert "script" not in product["description"]
    assert "onclick" not in product["description"]
    answer = await http.get("/v1/products/TS-1")
    assert answer.headers["content-type"] == "application/json"


async def test_facts_name_their_source(http, stock):
    await stock.tee()
    facts = (await http.get("/v1/products/TS-1/facts")).json()["items"]
    material = next(fact for fact in facts if fact["name"] == "material")
    assert material["value"] == "organic cotton"
    assert material["source"] == "attribute:material"
    assert material["trust"] == "data"
    assert not material["live"]
    assert any(fact["live"] for fact in facts)
    assert len({fact["id"] for fact in facts}) == len(facts)


async def test_facts_that_answer_a_question_come_first(http, stock):
    await stock.tee()
    found = (await http.get("/v1/products/TS-1/facts", params={"query": "cotton", "limit": 1})).json()[
        "items"
    ]
    assert [fact["name"] for fact in found] == ["material"]
    assert found[0]["score"] > 0


async def test_lists_go_page_by_page_and_filter(http, stock):
    for number in range(5):
        await stock.tee(f"T-{number}", brand="Odd" if number % 2 else "Even")
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/v1/products", params=params)).json()
        seen += [product["sku"] for product in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"T-{number}" for number in range(5)]
    odd = (await http.get("/v1/products", params={"brand": "Odd"})).json()["items"]
    assert [product["sku"] for product in odd] == ["T-1", "T-3"]
    assert (await http.get("/v1/products", params={"q": "meadow"})).json()["items"]
    missing = (await http.get("/v1/products", params={"copy_status": "missing"})).json()["items"]
    assert len(missing) == 5
    await stock.copy("T-0")
    waiting = (await http.get("/v1/products", params={"copy_status": "needs_review"})).json()["items"]
    assert [product["sku"] for product in waiting] == ["T-0"]


@pytest.mark.parametrize("cursor", ["x", "%%%", "bm9uc2Vuc2U", "e30", "é"])
async def test_a_cursor_that_we_did_not_give(http, cursor):
    for path in ("/v1/products", "/v1/imports", "/v1/copy", "/v1/keys"):
        is_problem(await http.get(path, params={"cursor": cursor}), 422)


async def test_an_unknown_status_is_answered_with_the_known_ones(http):
    document = is_problem(await http.get("/v1/products?status=gone"), 422)
    assert "active" in document["detail"]
    assert "discontinued" in document["detail"]
