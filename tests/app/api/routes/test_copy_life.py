"""A copy's life over HTTP."""

import httpx2
import pytest

from tests.app.api.conftest import Stock, is_problem


async def approved(http: httpx2.AsyncClient, stock: Stock, **request: object) -> dict[str, object]:
    copy = await stock.copy(**request)
    answer = await http.post(f"/v1/copy/{copy['id']}/approve")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def published(http: httpx2.AsyncClient, stock: Stock, body: object = None) -> dict[str, object]:
    copy = await approved(http, stock)
    answer = await http.post(f"/v1/copy/{copy['id']}/publish", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_campaign_is_published_with_local_dates_and_shows_in_the_calendar(http, stock):
    await stock.tee()
    base = await published(http, stock)
    assert base["publish"]["until"] is None
    dates = {"until": "2099-11-30", "campaign": "Black Friday", "time_zone": "Europe/Berlin"}
    sale = await published(http, stock, dates)
    assert sale["publish"]["until"] == "2099-11-30T23:00:00Z"
    assert sale["publish"]["campaign"] == "Black Friday"
    shelf = (await http.get("/v1/products/TS-1/shelf")).json()
    (item,) = shelf["items"]
    assert (item["copy_id"], item["source"]) == (sale["id"], "published")
    assert "Black Friday" in item["reason"]
    assert [p["copy_id"] for p in item["beneath"]] == [base["id"]]
    (campaign,) = (await http.get("/v1/campaigns")).json()["items"]
    assert (campaign["campaign"], campaign["state"], campaign["products"]) == ("Black Friday", "running", 1)
    assert (await http.get("/v1/campaigns", params={"until": "2001-01-01T00:00:00Z"})).json()["items"] == []
    assert (await http.post(f"/v1/copy/{sale['id']}/end")).json()["status"] == "withdrawn"
    (item,) = (await http.get("/v1/products/TS-1/shelf")).json()["items"]
    assert item["copy_id"] == base["id"]
    is_problem(await http.get("/v1/products/NOPE/shelf"), 404)


@pytest.mark.parametrize(
    ("dates", "pointer", "words"),
    [
        ({"from": "2026-03-29T02:30", "time_zone": "Europe/Berlin"}, "/from", "does not exist"),
        ({"until": "2026-10-25T02:30", "time_zone": "Europe/Berlin"}, "/until", "happens twice"),
        ({"from": "2099-12-01", "until": "2099-11-01", "time_zone": "UTC"}, "/until", "before it begins"),
        ({"until": "2001-01-01T00:00:00Z"}, "/until", "before it begins"),
        ({"from": "2099-12-01T08:00"}, "/from", "time_zone"),
        ({"from": "soon", "time_zone": "UTC"}, "/from", "no time"),
        ({"from": "2099-12-01", "time_zone": "Europe/Berln"}, "/time_zone", "Europe/Berlin"),
        ({"campaign": " "}, "/campaign", "campaign"),
    ],
)
async def test_dates_that_cannot_be(http, stock, dates, pointer, words):
    await stock.tee()
    copy = await approved(http, stock)
    problem = is_problem(await http.post(f"/v1/copy/{copy['id']}/publish", json=dates), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert words in problem["detail"]
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "approved"


async def test_the_second_of_two_people_hears_what_changed(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    tag = (await http.get(address)).headers["etag"]
    approved = await http.post(f"{address}/approve", headers={"If-Match": tag})
    assert approved.headers["etag"] != tag
    problem = is_problem(await http.post(f"{address}/reject", headers={"If-Match": tag}), 412)
    assert problem["current"]["status"] == "approved"
    assert problem["current"]["etag"] == approved.headers["etag"]
    assert problem["deeds"] == [{"actor": "local", "action": "copy.approve"}]


async def test_versions_and_their_difference(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    html = copy["fields"]["description_html"] + "<p>Machine wash.</p>"
    await http.patch(address, json={"fields": {"description_html": html}})
    versions = (await http.get(f"{address}/versions")).json()["items"]
    assert [v["version"] for v in versions] == [2, 1]
    diff = (await http.get(f"{address}/diff", params={"from": 1, "to": 2})).json()
    assert [s["text"] for s in diff["sentences"] if s["change"] == "added"] == ["Machine wash."]
    is_problem(await http.get(f"{address}/diff", params={"from": 5}), 404)


async def test_the_merchants_words_and_the_way_back(http, stock):
    await stock.tee()
    first = await published(http, stock)
    is_problem(await http.post(f"/v1/copy/{first['id']}/rollback"), 409)
    words = {"sku": "TS-1", "fields": {"title": "Meadow Tee", "description_html": "<p>Machine wash.</p>"}}
    own = await http.post("/v1/copy/merchant", json=words)
    assert own.status_code == 201, own.text
    assert own.json()["provenance"]["authorship"] == "merchant"
    address = f"/v1/copy/{own.json()['id']}"
    assert (await http.post(f"{address}/approve")).status_code == 200
    assert (await http.post(f"{address}/publish")).status_code == 200
    assert (await http.get(f"/v1/copy/{first['id']}")).json()["status"] == "withdrawn"
    assert (await http.post(f"{address}/rollback")).json()["id"] == first["id"]
    assert (await http.get(address)).json()["status"] == "rejected"
    is_problem(await http.post("/v1/copy/merchant", json={"fields": {"title": "x"}}), 422)


async def test_a_claim_is_withdrawn_everywhere(http, stock):
    await stock.tee()
    copy = await published(http, stock)
    query = {"query": {"text": "organic cotton"}}
    preview = (await http.post("/v1/copy/withdraw", json={**query, "preview": True})).json()
    assert [item["id"] for item in preview["items"]] == [copy["id"]]
    assert preview["items"][0]["shown"][0]["ends_at"] is None
    is_problem(await http.post("/v1/copy/withdraw", json=query), 422)
    is_problem(await http.post("/v1/copy/withdraw", json={"reason": "x"}), 422)
    done = (await http.post("/v1/copy/withdraw", json={**query, "reason": "wrong", "rule": True})).json()
    assert done["rule"]
    assert (await http.get("/v1/products/TS-1/shelf")).json()["items"] == []
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "withdrawn"


async def test_who_may_not_publish_may_not_withdraw(http, stock):
    await stock.tee()
    copy = await stock.copy()
    admin = await stock.key()
    made = [
        await http.post("/v1/keys", json={"role": role, "name": "Zoe"}, headers=admin)
        for role in ("merchandiser", "storefront")
    ]
    writer, storefront = ({"Authorization": f"Bearer {answer.json()['key']}"} for answer in made)
    body = {"ids": [copy["id"]], "reason": "x"}
    is_problem(await http.post("/v1/copy/withdraw", json=body, headers=writer), 403)
    is_problem(await http.post(f"/v1/copy/{copy['id']}/rollback", headers=writer), 403)
    is_problem(await http.get("/v1/products/TS-1/shelf", headers=storefront), 403)
