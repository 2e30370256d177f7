"""Voices, brand rules and the check of a text over HTTP."""

from tests.app.api.conftest import Stock, is_problem

ACME = {
    "extends": "plain",
    "forbidden": [{"phrase": "utilise", "replacement": "use"}, "boxy"],
    "spelling": "GB",
    "sentence_length": {"max": 20},
}


async def test_a_voice_from_put_to_delete(http):
    made = await http.put("/v1/voices/acme", json=ACME)
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    assert made.json()["rules"]["person"] == "third"  # the base's
    assert made.json()["person"] is None
    assert (await http.get("/v1/voices/acme")).json() == made.json()
    names = [voice["name"] for voice in (await http.get("/v1/voices")).json()["items"]]
    assert names == ["plain", "warm", "premium", "acme"]
    late = await http.put("/v1/voices/acme", json={"extends": "warm"}, headers={"If-Match": '"7"'})
    is_problem(late, 412)
    changed = await http.put("/v1/voices/acme", json={"extends": "warm"}, headers={"If-Match": '"1"'})
    assert changed.headers["etag"] == '"2"'
    assert (await http.delete("/v1/voices/acme")).status_code == 204
    is_problem(await http.get("/v1/voices/acme"), 404)
    is_problem(await http.delete("/v1/voices/plain"), 409)


async def test_voices_come_in_pages(http):
    await http.put("/v1/voices/acme", json=ACME)
    first = (await http.get("/v1/voices", params={"limit": 3})).json()
    second = (await http.get("/v1/voices", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert ([v["name"] for v in second["items"]], second["next_cursor"]) == (["acme"], None)


async def test_a_wrong_member_is_named(http):
    body = {"extends": "loud", "forbidden": [{"phrase": "x", "replacement": "X"}]}
    document = is_problem(await http.put("/v1/voices/acme", json=body), 422)
    assert {e["pointer"] for e in document["errors"]} == {"/extends", "/forbidden/0/replacement"}
    document = is_problem(await http.put("/v1/voices/acme", json={"spelling": "AU", "colour": 1}), 422)
    assert {e["pointer"] for e in document["errors"]} == {"/spelling", "/colour"}


async def test_copy_is_written_in_a_shops_voice_and_an_edit_is_put_right(http, stock: Stock):
    await stock.tee()
    await http.put("/v1/voices/acme", json=ACME)
    copy = await stock.copy(voice="acme")
    assert "boxy" not in str(copy["fields"])
    assert copy["voice"] == "acme"
    document = is_problem(await http.post("/v1/copy", json={"sku": "TS-1", "voice": "nope"}), 422)
    assert "plain, warm, premium, acme" in document["errors"][0]["detail"]
    edit = {"fields": {"bullets": ["Utilised in any color!"]}}
    plain = (await http.patch(f"/v1/copy/{copy['id']}", json=edit)).json()
    marks = [mark for check in plain["checks"] for mark in check["marks"] if mark["field"] == "bullets/0"]
    assert {(m["text"], m["replacement"]) for m in marks} >= {
        ("Utilised", "Used"),
        ("color", "colour"),
        ("!", ""),
    }
    fixed = (await http.patch(f"/v1/copy/{copy['id']}", json={**edit, "fix": True})).json()
    assert fixed["fields"]["bullets"] == ["Used in any colour"]
    assert any("color" in note for note in fixed["notes"])


async def test_a_brand_rule_bars_approval_and_says_why(http, stock: Stock):
    await stock.tee()
    copy = await stock.copy()
    rule = (await http.post("/v1/brand-rules", json={"phrase": "organic", "reason": "no certificate"})).json()
    refused = is_problem(await http.post(f"/v1/copy/{copy['id']}/approve"), 409)
    assert "no certificate" in str(refused)
    assert (await http.delete(f"/v1/brand-rules/{rule['id']}")).status_code == 204
    assert (await http.post(f"/v1/copy/{copy['id']}/approve")).status_code == 200
    listed = (await http.get("/v1/brand-rules", params={"removed": True})).json()["items"]
    assert [(r["id"], r["removed_by"]) for r in listed] == [(rule["id"], "local")]


async def test_a_text_is_judged_and_put_right(http, stock: Stock):
    await stock.tee()
    await http.put("/v1/voices/acme", json=ACME)
    body = {"text": "The Meadow Tee utilises any color!", "voice": "acme", "sku": "TS-1", "fix": True}
    answer = (await http.post("/v1/checks/voice", json=body)).json()
    assert not [f for f in answer["findings"] if body["text"][f["start"] : f["end"]] != f["text"]]
    assert [f["rule"] for f in answer["findings"]] == [
        "voice_forbidden",
        "voice_spelling",
        "voice_exclamation",
    ]
    assert answer["fixed"]["text"] == "The Meadow Tee uses any colour."
    assert (answer["passed"], answer["fixed"]["findings"]) == (True, [])
    unfixed = (await http.post("/v1/checks/voice", json={**body, "fix": False})).json()
    assert (unfixed["passed"], unfixed["fixed"]) == (False, None)
    is_problem(await http.post("/v1/checks/voice", json={"text": "x", "voice": "nope"}), 422)


async def test_samples_are_pasted_or_uploaded_and_what_they_show_can_be_put(http):
    text = "You'll love it. Pop it in your favourite bag! It doesn't crease. " * 12
    pasted = (await http.post("/v1/voices/learn", json={"samples": [{"text": text}]})).json()
    assert pasted["voice"]["person"] == "second"
    assert pasted["voice"]["spelling"] == "GB"
    assert (await http.put("/v1/voices/learnt", json=pasted["voice"])).status_code == 200
    files = [("file", ("a.txt", text.encode())), ("file", ("b.md", b"# Our Bags\n\n" + text.encode()))]
    uploaded = (await http.post("/v1/voices/learn", files=files)).json()
    assert uploaded["texts"] == 2
    little = (await http.post("/v1/voices/learn", json={"samples": [{"text": "Hello you!"}]})).json()
    assert not any(feature["told"] for feature in little["features"])
    for wrong in (
        {"samples": []},
        {"samples": [{"text": "x", "format": "pdf"}]},
        {"samples": [{"text": "…"}]},
    ):
        is_problem(await http.post("/v1/voices/learn", json=wrong), 422)
    is_problem(await http.post("/v1/voices/learn", content=b"x", headers={"content-type": "text/csv"}), 415)


async def test_who_may_change_voices(http, stock: Stock):
    admin = await stock.key()
    keys = {}
    for role in ("merchandiser", "marketer", "reviewer", "storefront"):
        made = await http.post("/v1/keys", json={"role": role, "name": role}, headers=admin)
        keys[role] = {"Authorization": f"Bearer {made.json()['key']}"}
    statuses = {
        role: (await http.put("/v1/voices/acme", json=ACME, headers=key)).status_code
        for role, key in keys.items()
    }
    assert statuses == {"merchandiser": 403, "marketer": 200, "reviewer": 200, "storefront": 403}
    assert (await http.get("/v1/voices", headers=keys["merchandiser"])).status_code == 200
