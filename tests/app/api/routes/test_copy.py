"""Copy over HTTP: written, streamed, edited, refused, approved, published."""

import pytest

from tests.app.api.conftest import events_of, is_problem


async def test_every_sentence_names_its_facts(http, stock):
    await stock.tee()
    copy = await stock.copy()
    assert copy["status"] == "needs_review"
    assert copy["subject"] == {"sku": "TS-1"}
    assert copy["provenance"]["authorship"] == "template"
    assert copy["provenance"]["template"] == "product_description@1"
    assert copy["provenance"]["facts_hash"] == (await http.get("/v1/products/TS-1")).json()["facts_hash"]
    known = {fact["id"] for fact in (await http.get("/v1/products/TS-1/facts")).json()["items"]}
    assert copy["sentences"]
    for sentence in copy["sentences"]:
        assert sentence["verdict"] in ("supported", "claimless")
        assert set(sentence["facts"]) <= known
    assert (await http.get(f"/v1/copy/{copy['id']}")).json() == copy
    assert (await http.get("/v1/products/TS-1/copy")).json()["items"] == [copy]


async def test_a_subject_may_be_given_as_one(http, stock):
    await stock.tee()
    assert (await http.post("/v1/copy", json={"subject": {"sku": "TS-1"}})).status_code == 201
    is_problem(await http.post("/v1/copy", json={}), 422)
    is_problem(await http.post("/v1/copy", json={"sku": "A", "subject": {"sku": "B"}}), 422)


async def test_variants_differ(http, stock):
    await stock.tee()
    items = (await http.post("/v1/copy", json={"sku": "TS-1", "variants": 3})).json()["items"]
    texts = {item["fields"]["description_html"] for item in items}
    assert len(texts) == len(items) > 1
    assert [item["variant"] for item in items] == list(range(len(items)))


@pytest.mark.parametrize(
    ("member", "value", "known"),
    [
        ("template", "poem", "product_description"),
        ("template", "product_description@99", "product_description@1"),
        ("voice", "shouting", "premium"),
        ("locale", "de-DE", "en-GB"),
        ("angle", "magic", "technical"),
        ("channel", "billboard", "storefront"),
        ("writer", "monkey", "template"),
        ("fields", ["poem"], "description_html"),
    ],
)
async def test_an_unknown_name_is_answered_with_the_known_ones(http, stock, member, value, known):
    await stock.tee()
    for headers in ({}, {"Accept": "text/event-stream"}):
        answer = await http.post("/v1/copy", json={"sku": "TS-1", member: value}, headers=headers)
        document = is_problem(answer, 422)
        assert known in document["detail"]
        assert document["errors"][0]["pointer"].startswith(f"/{member}")


@pytest.mark.parametrize("variants", [0, -1, 9, "many", 1.5, None])
async def test_variants_are_one_to_eight(http, stock, variants):
    await stock.tee()
    document = is_problem(await http.post("/v1/copy", json={"sku": "TS-1", "variants": variants}), 422)
    assert document["errors"][0]["pointer"] == "/variants"


async def test_an_unknown_product_or_copy(http):
    is_problem(await http.post("/v1/copy", json={"sku": "NOPE"}), 404)
    stream = {"Accept": "text/event-stream"}
    is_problem(await http.post("/v1/copy", json={"sku": "NOPE"}, headers=stream), 404)
    is_problem(await http.get("/v1/products/NOPE/copy"), 404)
    is_problem(await http.get("/v1/copy/cp_nope"), 404)
    is_problem(await http.patch("/v1/copy/cp_nope", json={"fields": {"title": "A"}}), 404)
    for step in ("approve", "reject", "publish"):
        is_problem(await http.post(f"/v1/copy/cp_nope/{step}"), 404)


async def test_the_stages_are_streamed(http, stock):
    await stock.tee()
    answer = await http.post("/v1/copy", json={"sku": "TS-1"}, headers={"Accept": "text/event-stream"})
    assert answer.status_code == 201
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    assert [name for name, _ in events] == ["facts", "draft", "check", "copy", "done"]
    stages = dict(events)
    assert stages["facts"]["facts"][0]["id"]
    assert stages["check"]["passed"] is True
    assert stages["copy"] == (await http.get(f"/v1/copy/{stages['copy']['id']}")).json()
    assert stages["done"] == {"copies": 1}


async def test_the_way_to_the_shelf(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    is_problem(await http.post(f"{address}/publish"), 409)
    assert (await http.post(f"{address}/approve")).json()["status"] == "approved"
    published = (await http.post(f"{address}/publish")).json()
    assert published["status"] == "published"
    assert published["reviewed_by"] == "local"
    document = is_problem(await http.post(f"{address}/approve"), 409)
    assert "published" in document["detail"]
    other = await stock.copy(voice="warm")
    assert (await http.post(f"/v1/copy/{other['id']}/reject")).json()["status"] == "rejected"


async def test_an_unsupported_claim_is_refused_and_named(http, stock):
    await stock.tee()
    copy = await stock.copy()
    text = "<p>The Meadow Tee is waterproof and comes with a lifetime warranty.</p>"
    edited = await http.patch(f"/v1/copy/{copy['id']}", json={"fields": {"description_html": text}})
    assert edited.status_code == 200, edited.text
    assert edited.json()["version"] == 2
    assert edited.json()["provenance"]["authorship"] == "human"
    document = is_problem(await http.post(f"/v1/copy/{copy['id']}/approve"), 409)
    sentence = document["sentences"][0]
    assert "waterproof" in sentence["text"]
    assert any("waterproof" in claim["text"] for claim in sentence["claims"])
    assert document["ways_out"]
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "needs_review"


async def test_two_editors_do_not_overwrite_each_other(http, stock):
    await stock.tee()
    copy = await stock.copy()
    address = f"/v1/copy/{copy['id']}"
    tag = (await http.get(address)).headers["etag"]
    change = {"fields": {"title": "Meadow Tee"}}
    assert (await http.patch(address, json=change, headers={"If-Match": tag})).status_code == 200
    is_problem(await http.patch(address, json=change, headers={"If-Match": tag}), 412)
    assert (await http.patch(address, json=change, headers={"If-Match": "*"})).status_code == 200
    document = is_problem(await http.patch(address, json=change, headers={"If-Match": "two"}), 422)
    assert document["errors"][0]["pointer"] == "header/If-Match"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fields": {}},
        {"fields": {"poem": "A"}},
        {"fields": {"title": ["A"]}},
        {"fields": {"bullets": "A"}},
        {"fields": {"title": None}},
        {"status": "approved"},
    ],
)
async def test_an_edit_that_is_none(http, stock, body):
    await stock.tee()
    copy = await stock.copy()
    is_problem(await http.patch(f"/v1/copy/{copy['id']}", json=body), 422)


async def test_markup_of_an_editor_is_data_and_never_a_page(http, stock):
    await stock.tee()
    copy = await stock.copy()
    script = {
        "fields": {"title": "<script>alert(1)</script>", "description_html": "<script>alert(2)</script>"}
    }
    answer = await http.patch(f"/v1/copy/{copy['id']}", json=script)
    assert answer.headers["content-type"].endswith("json")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_lists_filter(http, stock):
    await stock.tee("A")
    await stock.tee("B", category=["Home"])
    one, two = await stock.copy("A"), await stock.copy("B", voice="warm")
    await http.post(f"/v1/copy/{one['id']}/approve")

    async def found(**params):
        answer = await http.get("/v1/copy", params=params)
        assert answer.status_code == 200, answer.text
        return [copy["id"] for copy in answer.json()["items"]]

    assert await found() == [two["id"], one["id"]]
    assert await found(status="approved") == [one["id"]]
    assert await found(sku="B") == [two["id"]]
    assert await found(category="Home") == [two["id"]]
    assert await found(locale="en-GB") == []
    assert await found(text="meadow", sku="A") == [one["id"]]
    page = (await http.get("/v1/copy", params={"limit": 1})).json()
    rest = (await http.get("/v1/copy", params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [two["id"], one["id"]]
    assert rest["next_cursor"] is None
    document = is_problem(await http.get("/v1/copy?status=lost"), 422)
    assert "needs_review" in document["detail"]


async def test_changed_facts_make_copy_stale_and_a_gone_product_withdraws_it(http, stock):
    await stock.tee()
    copy = await stock.copy()
    await stock.tee(attributes={"material": "linen", "fit": "boxy", "care": ["machine wash"]})
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "stale"
    await http.delete("/v1/products/TS-1")
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "withdrawn"


async def test_a_product_with_nothing_but_a_title(http):
    await http.put("/v1/products/MUG", json={"title": "Mug, blue"})
    answer = await http.post("/v1/copy", json={"sku": "MUG"})
    assert answer.status_code == 201, answer.text
    copy = answer.json()["items"][0]
    assert all(sentence["verdict"] in ("supported", "claimless") for sentence in copy["sentences"])
    is_problem(await http.post("/v1/copy", json={"sku": "MUG", "template": "headline_variants"}), 409)


async def test_roles_part_the_work(http, stock):
    await stock.tee()
    copy = await stock.copy()
    admin = await stock.key()

    async def key(role: str):
        made = await http.post("/v1/keys", json={"role": role, "name": role.title()}, headers=admin)
        return {"Authorization": f"Bearer {made.json()['key']}"}

    merchandiser, reviewer, server = await key("merchandiser"), await key("reviewer"), await key("server")
    approve = f"/v1/copy/{copy['id']}/approve"
    is_problem(await http.post(approve), 401)
    is_problem(await http.post(approve, headers=server), 403)
    document = is_problem(await http.post(approve, headers=merchandiser), 403)
    assert "reviewer" in document["detail"]
    assert (await http.post(approve, headers=reviewer)).json()["reviewed_by"] == "Reviewer"
    assert (await http.get("/v1/copy", headers=server)).status_code == 200
    is_problem(await http.post("/v1/copy", json={"sku": "TS-1"}, headers=server), 403)
    is_problem(await http.get("/v1/keys", headers=merchandiser), 403)
