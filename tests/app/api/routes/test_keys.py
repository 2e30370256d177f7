"""Keys over HTTP."""

from tests.app.api.conftest import is_problem


async def test_a_key_is_shown_once_and_then_needed(http, stock):
    made = (await http.post("/v1/keys", json={"role": "admin", "name": "Ada"})).json()
    assert made["key"].startswith("st_")
    is_problem(await http.get("/v1/keys"), 401)
    auth = {"Authorization": f"Bearer {made['key']}"}
    listed = await http.get("/v1/keys", headers=auth)
    assert made["key"] not in listed.text
    assert [(key["id"], key["name"], key["role"]) for key in listed.json()["items"]] == [
        (made["id"], "Ada", "admin")
    ]


async def test_a_revoked_key_is_refused_and_the_service_stays_locked(http, stock):
    auth = await stock.key()
    key_id = (await http.get("/v1/keys", headers=auth)).json()["items"][0]["id"]
    assert (await http.delete(f"/v1/keys/{key_id}", headers=auth)).status_code == 204
    is_problem(await http.get("/v1/products", headers=auth), 401)
    is_problem(await http.get("/v1/products"), 401)


async def test_what_is_no_key(http, stock):
    await stock.key()
    for bad in ("Bearer", "Bearer x", "Bearer st_a_b", "Basic YTpi", "st_x"):
        answer = await http.get("/v1/products", headers={"Authorization": bad})
        is_problem(answer, 401)
        assert "www-authenticate" in answer.headers


async def test_an_unknown_role_or_key(http):
    document = is_problem(await http.post("/v1/keys", json={"role": "king", "name": "Ada"}), 422)
    assert "merchandiser" in document["detail"]
    assert document["errors"][0]["pointer"] == "/role"
    is_problem(await http.post("/v1/keys", json={"role": "admin", "name": " "}), 422)
    is_problem(await http.delete("/v1/keys/nothing"), 404)


async def test_keys_go_page_by_page(http, stock):
    auth = await stock.key()
    for number in range(3):
        await http.post("/v1/keys", json={"role": "server", "name": f"S{number}"}, headers=auth)
    first = (await http.get("/v1/keys?limit=3", headers=auth)).json()
    rest = (await http.get(f"/v1/keys?limit=3&cursor={first['next_cursor']}", headers=auth)).json()
    assert [k["name"] for k in first["items"] + rest["items"]] == ["Ada", "S0", "S1", "S2"]
    assert rest["next_cursor"] is None
