"""Copy written anew and locked, and live slots, over HTTP."""

from tests.app.api.conftest import is_problem


async def test_fields_are_written_anew_and_locks_hold(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    sentence = next(s["text"] for s in copy["sentences"] if s["field"] == "description_html")
    answer = await http.post(f"{address}/lock", json={"fields": ["title"], "sentences": [sentence]})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["locked"]) == (1, ["title"])
    assert answer.json()["locked_sentences"] == [sentence]
    answer = await http.post(f"{address}/regenerate", json={"fields": ["title", "bullets"]})
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (after["version"], after["status"]) == (2, "needs_review")
    assert {n for n in after["fields"] if after["fields"][n] != copy["fields"][n]} == {"bullets"}
    assert "locked, as it was: title" in after["notes"]
    everything = (await http.post(f"{address}/regenerate")).json()
    assert everything["version"] == 3
    assert sentence in [s["text"] for s in everything["sentences"]]
    seen = {"If-Match": '"1"'}
    is_problem(await http.post(f"{address}/regenerate", headers=seen), 412)
    is_problem(await http.post(f"{address}/lock", json={}, headers=seen), 412)
    is_problem(await http.post(f"{address}/regenerate", json={"fields": ["title"]}), 409)
    problem = is_problem(await http.post(f"{address}/regenerate", json={"fields": ["poem"]}), 422)
    assert problem["errors"][0]["pointer"] == "/fields/0"
    problem = is_problem(await http.post(f"{address}/lock", json={"sentences": ["Never said."]}), 422)
    assert problem["errors"][0]["pointer"] == "/sentences/0"
    is_problem(await http.post("/v1/copy/cp_none/regenerate"), 404)
    is_problem(await http.post("/v1/copy/cp_none/lock", json={}), 404)
    assert (await http.post(f"{address}/lock", json={})).json()["locked"] == []


async def test_the_same_key_writes_once(http, stock):
    await stock.tee()
    copy = await stock.copy()
    once = {"Idempotency-Key": "k1"}
    bodies = [
        (
            await http.post(f"/v1/copy/{copy['id']}/regenerate", json={"fields": ["bullets"]}, headers=once)
        ).json()
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1]
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["version"] == 2


async def test_who_may(http, stock):
    await stock.tee()
    copy = await stock.copy()
    admin, front = await stock.key(), {}
    answer = await http.post("/v1/keys", json={"role": "storefront", "name": "Page"}, headers=admin)
    front = {"Authorization": f"Bearer {answer.json()['key']}"}
    for deed in ("regenerate", "lock"):
        is_problem(await http.post(f"/v1/copy/{copy['id']}/{deed}", json={}, headers=front), 403)
        is_problem(await http.post(f"/v1/copy/{copy['id']}/{deed}", json={}), 401)


async def test_an_edit_may_hold_live_slots_that_the_shelf_fills(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    frozen = {"fields": {"bullets": ["Yours for €29.00"]}}
    assert (await http.patch(address, json=frozen)).json()["quality"]["score"] < 1
    is_problem(await http.post(f"{address}/approve"), 409)
    unknown = (await http.patch(address, json={"fields": {"bullets": ["For {prize}"]}})).json()
    (check,) = [check for check in unknown["checks"] if check["id"] == "live_slots"]
    assert not check["passed"]
    assert "{sale_price}" in check["detail"]
    live = {"fields": {"bullets": ["Boxy", "Only {stock} left", "Yours for {price}"]}}
    edited = (await http.patch(address, json=live)).json()
    (sentence,) = [s for s in edited["sentences"] if "{price}" in s["text"]]
    facts = {fact["id"]: fact["name"] for fact in edited["facts"]}
    assert [facts[fact] for fact in sentence["facts"]] == ["price"]
    for step in ("approve", "publish"):
        assert (await http.post(f"{address}/{step}")).status_code == 200

    async def bullets():
        (item,) = (await http.get("/v1/products/TS-1/shelf")).json()["items"]
        return item["fields"]["bullets"]

    assert await bullets() == ["Boxy", "Yours for €29.00"]
    await stock.tee(price={"amount": "31.50", "currency": "EUR"}, quantity=1500)
    assert await bullets() == ["Boxy", "Only 1,500 left", "Yours for €31.50"]
    assert (await http.get(address)).json()["status"] == "published"
