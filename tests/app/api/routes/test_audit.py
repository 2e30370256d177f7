"""The audit over HTTP."""

import json

from app.storage.audit_trail import AT_ONCE
from tests.app.api.conftest import is_problem


async def test_what_is_done_to_the_catalog_is_recorded_under_its_request(http, stock):
    admin = await stock.key(name="Root")
    body = {"role": "merchandiser", "name": "Ada"}
    made = (await http.post("/v1/keys", json=body, headers=admin)).json()
    ada = {"Authorization": f"Bearer {made['key']}", "X-Request-ID": "trace-7"}
    await http.put("/v1/products/T-1", json={"title": "Tee", "attributes": {"material": "wool"}}, headers=ada)
    await http.put("/v1/products/T-1", json={"title": "Tee", "attributes": {"material": "silk"}}, headers=ada)
    await http.put("/v1/products/T-1", json={"title": "Tee", "attributes": {"material": "silk"}}, headers=ada)
    await http.delete("/v1/products/T-1", headers=ada)
    guide = {"title": "Care", "text": "Wash cold.", "format": "text"}
    document = (await http.post("/v1/documents", json=guide, headers=ada)).json()["id"]
    await http.delete(f"/v1/documents/{document}", headers=ada)
    file = {"file": ("f.csv", b"sku,title\nM-1,Mug\n")}
    imported = (await http.post("/v1/imports", files=file, headers=ada)).json()["id"]
    dry = await http.post("/v1/imports", files=file, data={"dry_run": "true"}, headers=ada)
    assert dry.status_code == 201
    answer = (await http.get("/v1/audit?actor=Ada", headers=admin)).json()
    assert [(e["action"], e["subject"]) for e in reversed(answer["items"])] == [
        ("product.put", "product:T-1"),
        ("product.put", "product:T-1"),
        ("product.delete", "product:T-1"),
        ("document.add", f"document:{document}"),
        ("document.remove", f"document:{document}"),
        ("import.begin", f"import:{imported}"),
        ("import.done", f"import:{imported}"),
    ]
    assert {e["request_id"] for e in answer["items"]} == {"trace-7"}
    changed = answer["items"][-2]
    assert ("wool" in str(changed["before"]), "silk" in str(changed["after"])) == (True, True)
    assert answer["items"][0]["after"]["created"] == 1
    assert made["key"] not in json.dumps(answer)


async def test_filters_and_pages(http, stock):
    admin = await stock.key(name="Root")
    for number in range(3):
        await http.post("/v1/keys", json={"role": "server", "name": f"S{number}"}, headers=admin)
    everything = (await http.get("/v1/audit", headers=admin)).json()["items"]
    assert [e["id"] for e in everything] == [4, 3, 2, 1]
    first = (await http.get("/v1/audit?action=key&limit=3", headers=admin)).json()
    rest = (await http.get(f"/v1/audit?limit=3&cursor={first['next_cursor']}", headers=admin)).json()
    assert first["items"] + rest["items"] == everything
    one = everything[1]
    found = await http.get("/v1/audit", params={"subject": one["subject"]}, headers=admin)
    assert found.json()["items"] == [one]
    window = {"from": one["at"], "to": everything[0]["at"]}
    assert (await http.get("/v1/audit", params=window, headers=admin)).json()["items"] == [one]
    backwards = {"from": everything[0]["at"], "to": one["at"]}
    is_problem(await http.get("/v1/audit", params=backwards, headers=admin), 422)
    for wrong in ("from=yesterday", "action=", "cursor=x", "who=Ada", "limit=0"):
        is_problem(await http.get(f"/v1/audit?{wrong}", headers=admin), 422)


async def test_the_export_goes_on_where_it_ended(http, stock):
    admin = await stock.key(name="Root")
    count = AT_ONCE + 5
    file = {"file": ("f.csv", b"sku,title\nM-1,Mug\n")}
    await http.post("/v1/imports", files=file, headers=admin)
    for number in range(count - 3):
        await http.put(f"/v1/products/P-{number % 2}", json={"title": f"Tee {number}"}, headers=admin)
    answer = await http.get("/v1/audit/export", headers=admin)
    assert answer.headers["content-type"] == "application/jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in lines] == list(range(1, count + 1))
    rest = await http.get(f"/v1/audit/export?after={count - 2}", headers=admin)
    assert [json.loads(line) for line in rest.text.splitlines()] == lines[-2:]
    assert (await http.get(f"/v1/audit/export?after={count}", headers=admin)).text == ""


async def test_the_audit_is_for_admins(http, stock):
    admin = await stock.key()
    for role in ("merchandiser", "reviewer", "marketer", "server", "storefront"):
        made = (await http.post("/v1/keys", json={"role": role, "name": role}, headers=admin)).json()
        auth = {"Authorization": f"Bearer {made['key']}"}
        for path in ("/v1/audit", "/v1/audit/export"):
            assert "admin" in is_problem(await http.get(path, headers=auth), 403)["detail"]
