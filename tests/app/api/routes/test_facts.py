"""Facts by hand over HTTP: attest, suppress, undo, list, export, gaps; and a claim that passes once it is attested."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from app.settings import Settings
from tests.app.api.conftest import Stock, is_problem, running


def facts_of(answer):
    return {fact["name"]: fact for fact in answer.json()["items"]}


async def test_attest_and_undo(http, stock):
    await stock.tee()
    before = facts_of(await http.get("/v1/products/TS-1/facts"))
    body = {"name": "Material", "value": "linen", "evidence": "care label"}
    made = await http.post("/v1/products/TS-1/facts", json=body)
    assert made.status_code == 201, made.text
    fact = made.json()
    assert (fact["name"], fact["value"], fact["kind"], fact["actor"]) == (
        "material",
        "linen",
        "attest",
        "local",
    )
    assert [aside["text"] for aside in fact["aside"]] == ["Material: organic cotton"]
    shown = await http.get("/v1/products/TS-1/facts")
    assert facts_of(shown)["material"] == {
        "id": fact["id"],
        "name": "material",
        "value": "linen",
        "unit": None,
        "text": "Material: linen",
        "source": "attested:local",
        "trust": "attested",
        "live": False,
        "score": None,
    }
    (aside,) = shown.json()["set_aside"]
    assert (aside["id"], aside["by"], aside["against"]) == (before["material"]["id"], "attest", fact["id"])
    assert (aside["reason"], aside["actor"]) == ("care label", "local")
    undone = await http.delete(f"/v1/products/TS-1/facts/{fact['id']}")
    assert (undone.status_code, undone.json()["ended_why"]) == (200, "undone")
    assert facts_of(await http.get("/v1/products/TS-1/facts")) == before


async def test_suppress_and_let_in_again(http, stock):
    await stock.tee()
    before = await http.get("/v1/products/TS-1/facts")
    fit = facts_of(before)["fit"]["id"]
    address = f"/v1/products/TS-1/facts/{fit}/suppress"
    made = await http.post(address, json={"reason": "it is slim"})
    assert made.status_code == 201, made.text
    shown = await http.get("/v1/products/TS-1/facts")
    assert "fit" not in facts_of(shown)
    (aside,) = shown.json()["set_aside"]
    assert (aside["id"], aside["by"], aside["against"], aside["reason"]) == (
        fit,
        "suppress",
        None,
        "it is slim",
    )
    is_problem(await http.post(address, json={"reason": "it is slim"}), 409)
    assert (await http.delete(address)).status_code == 200
    assert (await http.get("/v1/products/TS-1/facts")).json() == before.json()
    is_problem(await http.delete(address), 409)


@pytest.mark.parametrize("sku", ["A/B", "A/facts", "A/facts/F1", "F1/suppress", "50%"])
async def test_any_sku_has_facts_by_hand(http, stock, sku):
    address = f"/v1/products/{quote(sku, safe='')}"
    await stock.tee(quote(sku, safe=""))
    made = await http.post(f"{address}/facts", json={"name": "warranty", "value": "2 years"})
    assert (made.status_code, made.json()["sku"]) == (201, sku)
    fact = made.json()["id"]
    fit = facts_of(await http.get(f"{address}/facts"))["fit"]["id"]
    assert (await http.post(f"{address}/facts/{fit}/suppress", json={"reason": "no"})).status_code == 201
    assert (await http.delete(f"{address}/facts/{fit}/suppress")).status_code == 200
    assert (await http.delete(f"{address}/facts/{fact}")).status_code == 200
    assert (await http.delete(address)).status_code == 204


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "material", "value": "N/A"}, "/value"),
        ({"name": "material", "value": ""}, "/value"),
        ({"name": "material", "value": []}, "/value"),
        ({"name": "material", "value": ["x"] * 60}, "/value"),
        ({"name": "weight", "value": 1200, "unit": "bananas"}, "/unit"),
        ({"name": "weight", "value": 1200}, "/unit"),
        ({"name": "price", "value": "12"}, "/name"),
        ({"name": "", "value": "12"}, "/name"),
        ({"name": "title", "value": "Bag"}, "/name"),
        ({"name": "warranty", "value": "2 years", "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "warranty", "value": "2 years", "expires_at": "2099-01-01T00:00:00"}, "/expires_at"),
        ({"name": "warranty", "value": "2 years", "evidence": "x" * 2001}, "/evidence"),
        ({"name": "warranty"}, "/value"),
        ({"value": "2 years"}, "/name"),
        ({"name": "warranty", "value": "2 years", "trust": "data"}, "/trust"),
        ({"name": "warranty\u0000", "value": "2 years"}, "/name"),
    ],
)
async def test_what_is_wrong_is_pointed_at(http, stock, body, pointer):
    await stock.tee()
    problem = is_problem(await http.post("/v1/products/TS-1/facts", json=body), 422)
    assert problem["errors"][0]["pointer"].startswith(pointer)
    assert (await http.get("/v1/facts/attested")).json()["items"] == []


async def test_half_a_letter_is_refused(http, stock):
    await stock.tee()
    body = rb'{"name": "material", "value": "lin\ud800en"}'
    headers = {"content-type": "application/json"}
    is_problem(await http.post("/v1/products/TS-1/facts", content=body, headers=headers), 422)


async def test_unknown_things_are_404_and_forbidden_ones_409(http, stock):
    await stock.tee()
    facts = facts_of(await http.get("/v1/products/TS-1/facts"))
    is_problem(await http.post("/v1/products/TS-9/facts", json={"name": "warranty", "value": "2 years"}), 404)
    is_problem(await http.post("/v1/products/TS-1/facts/F99/suppress", json={"reason": "no"}), 404)
    is_problem(await http.delete("/v1/products/TS-1/facts/F99"), 404)
    is_problem(await http.delete(f"/v1/products/TS-1/facts/{facts['fit']['id']}"), 409)
    is_problem(
        await http.post(f"/v1/products/TS-1/facts/{facts['title']['id']}/suppress", json={"reason": "x"}), 409
    )


async def test_evidence_is_needed_where_the_setting_says_so(settings: Settings):
    async with running(settings.model_copy(update={"evidence_needed": True})) as http:
        await Stock(http).tee()
        body = {"name": "warranty", "value": "2 years"}
        problem = is_problem(await http.post("/v1/products/TS-1/facts", json=body), 422)
        assert [error["pointer"] for error in problem["errors"]] == ["/evidence"]
        made = await http.post(
            "/v1/products/TS-1/facts", json={**body, "evidence": "https://x.example/w.pdf"}
        )
        assert made.status_code == 201


async def test_many_at_once_a_result_for_each(http, stock):
    await stock.tee()
    items = [
        {"sku": "TS-1", "name": "warranty", "value": "2 years"},
        {"sku": "TS-9", "name": "warranty", "value": "2 years"},
        {"sku": "TS-1", "name": "weight", "value": "much"},
        {"sku": "TS-1", "name": "weight", "value": 2, "unit": "cm"},
    ]
    answer = await http.post("/v1/facts/attestations", json={"items": items})
    assert answer.status_code == 200, answer.text
    results = answer.json()
    assert (results["attested"], results["refused"]) == (2, 2)
    assert [(item["sku"], item["fact"] is not None) for item in results["items"]] == [
        ("TS-1", True), ("TS-9", False), ("TS-1", True), ("TS-1", False),
    ]  # fmt: skip
    assert [item["refused"] and (item["refused"]["type"], item["refused"]["pointer"]) for item in results["items"]] == [
        None, ("not-found", "/sku"), None, ("invalid", "/unit"),
    ]  # fmt: skip
    is_problem(await http.post("/v1/facts/attestations", json={"items": []}), 422)
    is_problem(await http.post("/v1/facts/attestations", json={"items": items[:1] * 1001}), 422)


async def test_the_same_key_attests_once(http, stock):
    await stock.tee()
    body = {"name": "warranty", "value": "2 years"}
    headers = {"Idempotency-Key": "one"}
    first = await http.post("/v1/products/TS-1/facts", json=body, headers=headers)
    again = await http.post("/v1/products/TS-1/facts", json=body, headers=headers)
    assert again.json() == first.json()
    other = await http.post("/v1/products/TS-1/facts", json={**body, "value": "3 years"}, headers=headers)
    is_problem(other, 409)


async def test_what_an_import_says_since_is_listed_and_exported(http, stock):
    await stock.tee()
    await http.post("/v1/products/TS-1/facts", json={"name": "material", "value": "linen"})
    feed = json.dumps({"sku": "TS-1", "title": "Meadow Tee", "attributes": {"material": "wool"}})
    report = (await http.post("/v1/imports", files={"file": ("feed.jsonl", feed + "\n")})).json()
    assert report["facts_overridden"] == 1
    assert "Material: wool" in report["notes"][0]["detail"]
    (item,) = (await http.get("/v1/facts/attested", params={"differs": True})).json()["items"]
    assert [fact["value"] for fact in item["differs"]["facts"]] == ["wool"]
    assert item["differs"]["import_id"] == report["id"]
    await http.delete(f"/v1/products/TS-1/facts/{item['id']}")
    assert (await http.get("/v1/facts/attested")).json() == {"items": [], "next_cursor": None}
    exported = await http.get("/v1/facts/attested/export")
    assert exported.headers["content-type"].startswith("application/jsonl")
    (line,) = exported.text.splitlines()
    assert json.loads(line)["ended_why"] == "undone"
    assert (await http.get("/v1/facts/attested/export", params={"ended": False})).text == ""
    is_problem(await http.get("/v1/facts/attested", params={"cursor": "nonsense"}), 422)
    is_problem(await http.get("/v1/facts/attested", params={"skus": "TS-1"}), 422)


async def test_gaps_in_pages(http, stock):
    for n in range(6):
        attributes = {"fit": "boxy", "material": "linen"} if n else {}
        await stock.tee(f"T-{n}", attributes=attributes, description="", variants=[])
    answer = await http.get("/v1/facts/gaps", params={"category": "Clothing", "limit": 1})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["items"][0]["examples"] == ["T-0"]
    assert page["items"][0]["share_without"] == round(1 / 6, 4)
    rest = (await http.get("/v1/facts/gaps", params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert {page["items"][0]["name"], rest["items"][0]["name"]} == {"fit", "material"}
    assert rest["next_cursor"] is None
    is_problem(await http.get("/v1/facts/gaps", params={"cursor": "Im5vIg"}), 422)
    is_problem(await http.get("/v1/facts/gaps", params={"share": 0}), 422)


async def test_who_may_not_write_may_not_attest(http, stock):
    await stock.tee()
    admin = await stock.key()

    async def key(role):
        answer = await http.post("/v1/keys", json={"role": role, "name": role}, headers=admin)
        return {"Authorization": f"Bearer {answer.json()['key']}"}

    body = {"name": "warranty", "value": "2 years"}
    for role, status in [("storefront", 403), ("server", 403), ("marketer", 403), ("merchandiser", 201)]:
        made = await http.post("/v1/products/TS-1/facts", json=body, headers=await key(role))
        assert made.status_code == status, (role, made.text)
    assert made.json()["actor"] == "merchandiser"
    assert (await http.get("/v1/facts/attested")).status_code == 401


# -- a claim, refused and then attested --------------------------------------------------------------------------


async def test_a_claim_passes_once_it_is_attested_and_is_stale_once_that_has_expired(http, stock):
    await stock.tee()
    copy = await stock.copy()
    text = f"{copy['fields']['description_html']}<p>It comes with a 2-year warranty.</p>"

    async def edited():
        answer = await http.patch(f"/v1/copy/{copy['id']}", json={"fields": {"description_html": text}})
        assert answer.status_code == 200, answer.text
        return next(s for s in answer.json()["sentences"] if "warranty" in s["text"])

    assert (await edited())["verdict"] == "unsupported"
    problem = is_problem(await http.post(f"/v1/copy/{copy['id']}/approve"), 409)
    assert "warranty" in json.dumps(problem)
    body = {"name": "warranty", "value": "2 years", "evidence": "card"}
    fact = (await http.post("/v1/products/TS-1/facts", json=body)).json()
    sentence = await edited()
    assert (sentence["verdict"], sentence["facts"]) == ("supported", [fact["id"]])
    approved = await http.post(f"/v1/copy/{copy['id']}/approve")
    assert approved.status_code == 200, approved.text
    # The same with an end: nothing changes until then.
    until = datetime.now(UTC) + timedelta(seconds=0.4)
    again = await http.post("/v1/products/TS-1/facts", json={**body, "expires_at": until.isoformat()})
    assert (again.json()["id"], again.json()["copy_stale"]) == (fact["id"], 0)
    await asyncio.sleep(0.5)
    assert "warranty" not in facts_of(await http.get("/v1/products/TS-1/facts"))
    services = http._transport.app.state.services  # the sweep that serving does each minute
    assert await services.catalog.attestation.sweep() == 1
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "stale"
