"""Documents over HTTP: files and JSON, scopes, roles, idempotency, and what is refused."""

import json

import pytest

from tests.app.api.conftest import is_problem, running

GUIDE = "# Care guide\n\nWash inside out at 30 °C with similar colours. Do not tumble dry.\n"
CLOTHING = {"category": "Clothing"}


async def add(http, **members):
    return await http.post("/v1/documents", json={"text": GUIDE, **members})


async def test_a_guide_from_upload_to_copy_and_back(http, stock) -> None:
    await stock.tee()
    await stock.tee("BAG", title="Tote Bag", category=["Bags"], attributes={"material": "canvas"})
    answer = await http.post(
        "/v1/documents", files={"file": ("care.md", GUIDE)}, data={"category": "Clothing"}
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == "/v1/documents/D1"
    assert (made["title"], made["format"], made["filename"]) == ("Care guide", "markdown", "care.md")
    assert made["scope"] == {"all": False, "brand": None, "category": ["Clothing"], "skus": None}
    assert made["pieces"][0]["facts"] == ["D1.1", "D1.2"]

    copy = await stock.copy(angle="care")
    assert "Wash inside out at 30 °C with similar colours." in copy["fields"]["description_html"]
    (quoted,) = [s for s in copy["sentences"] if s["text"].startswith("Wash inside")]
    assert quoted["facts"] == ["D1.1"]
    fact = next(f for f in copy["facts"] if f["id"] == "D1.1")
    assert (fact["trust"], fact["source"]) == ("document", "document:D1#1")
    assert copy["provenance"]["facts_from"]
    facts = (await http.get("/v1/products/TS-1/facts?query=tumble")).json()
    assert facts["items"][0]["id"] == "D1.2"
    assert 0 < facts["items"][0]["score"] <= 1
    assert "D1.1" not in {f["id"] for f in (await http.get("/v1/products/BAG/facts")).json()["items"]}

    changed = await http.put("/v1/documents/D1", json={"text": GUIDE.replace("30", "20"), "scope": CLOTHING})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["facts_changed"], changed.json()["copy_stale"]) == (1, 1)
    assert (await http.get(f"/v1/copy/{copy['id']}")).json()["status"] == "stale"
    assert (await http.get("/v1/documents/D1")).json()["facts"][0]["id"] == "D1.3"
    assert (await http.delete("/v1/documents/D1")).status_code == 204
    is_problem(await http.get("/v1/documents/D1"), 404)
    assert (await http.get("/v1/documents")).json() == {"items": [], "next_cursor": None}


async def test_conflicts_stand_beside_the_facts(http, stock) -> None:
    await stock.tee(attributes={"material": "cotton", "care": "machine wash at 60 °C"})
    await add(http)
    answer = (await http.get("/v1/products/TS-1/facts?query=wash")).json()
    (conflict,) = answer["conflicts"]
    assert conflict["id"] == "D1.1"
    assert conflict["source"] == "document:D1#1"
    assert next(f for f in answer["items"] if f["id"] == conflict["against"])["name"] == "care"


async def test_formats_and_scopes(http, stock) -> None:
    await stock.tee()
    html = await http.post("/v1/documents", json={"html": "<h1>FAQ</h1><p>Seams hold.</p>", "scope": "all"})
    assert (html.json()["title"], html.json()["format"], html.json()["scope"]["all"]) == ("FAQ", "html", True)
    brand = await add(http, title="Brand", scope={"brand": "fernweh"})
    assert (brand.json()["title"], brand.json()["scope"]["brand"]) == ("Brand", "fernweh")
    path = await add(http, scope={"category": ["Clothing", "T-Shirts"]})
    assert path.json()["scope"]["category"] == ["Clothing", "T-Shirts"]
    form = {"sku": ["TS-1", "TS-1"], "format": "text", "title": "Mine"}
    skus = await http.post("/v1/documents", files={"file": ("a.md", GUIDE)}, data=form)
    assert (skus.json()["scope"]["skus"], skus.json()["format"]) == (["TS-1"], "text")
    as_json = {"scope": json.dumps({"skus": ["TS-1"]})}
    assert (
        await http.post("/v1/documents", files={"file": ("a.md", GUIDE)}, data=as_json)
    ).status_code == 201
    listed = (await http.get("/v1/documents?limit=2")).json()
    assert [d["id"] for d in listed["items"]] == ["D5", "D4"]
    more = (await http.get(f"/v1/documents?limit=5&cursor={listed['next_cursor']}")).json()
    assert [d["id"] for d in more["items"]] == ["D3", "D2", "D1"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": GUIDE, "scope": {"colour": "red"}}, "/scope/colour"),
        ({"text": GUIDE, "scope": {"brand": "Nope"}}, "/scope/brand"),
        ({"text": GUIDE, "scope": {"category": "Nope > At all"}}, "/scope/category"),
        ({"text": GUIDE, "scope": {"skus": ["TS-1", "NO"]}}, "/scope/skus/1"),
        ({"text": GUIDE, "scope": {"brand": "Fernweh", "skus": ["TS-1"]}}, "/scope"),
        ({"text": GUIDE, "scope": {"category": ""}}, "/scope/category"),
        ({"text": GUIDE, "scope": "some"}, "/scope"),
        ({"text": GUIDE, "html": "<p>x</p>"}, ""),
        ({"scope": "all"}, ""),
        ({"text": ""}, "/text"),
        ({"text": " \n#\n"}, "/text"),
        ({"text": GUIDE, "format": "docx"}, "/format"),
        ({"text": "a\0b"}, "/text"),
        ({"text": GUIDE, "extra": 1}, "/extra"),
    ],
)
async def test_what_is_wrong_is_named(http, stock, body, pointer) -> None:
    await stock.tee()
    document = is_problem(await http.post("/v1/documents", json=body), 422)
    assert [error["pointer"] for error in document["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("files", "data", "pointer"),
    [
        ({"file": ("a.pdf", b"%PDF-1.4 broken")}, {}, "form/file"),
        ({"file": ("a.md", GUIDE)}, {"scope": "{"}, "form/scope"),
        ({"file": ("a.md", GUIDE)}, {"scope": '{"colour": 1}'}, "form/scope/colour"),
        ({"file": ("a.md", GUIDE)}, {"title": ["a", "b"]}, "form/title"),
        ({"file": ("a.md", GUIDE)}, {"mode": "full"}, "form/mode"),
        ({"other": ("a.md", GUIDE)}, {}, "form/file"),
        ({"file": ("a.txt", b"\0\1\2")}, {}, "form/file"),
    ],
)
async def test_what_is_wrong_in_a_form_is_named(http, files, data, pointer) -> None:
    document = is_problem(await http.post("/v1/documents", files=files, data=data), 422)
    assert [error["pointer"] for error in document["errors"]] == [pointer]


async def test_sizes_and_media_types(http) -> None:
    huge = b"x" * (20 * 2**20)
    is_problem(await http.post("/v1/documents", files={"file": ("a.txt", huge)}), 413)
    long = "Wash it cold. " * 150_000
    document = is_problem(await http.post("/v1/documents", files={"file": ("a.txt", long)}), 413)
    assert "2,000,000" in document["detail"]
    is_problem(await http.post("/v1/documents", content="x", headers={"Content-Type": "text/plain"}), 415)
    is_problem(
        await http.post("/v1/documents", content="{", headers={"Content-Type": "application/json"}), 400
    )
    is_problem(await http.put("/v1/documents/D9", json={"text": GUIDE}), 404)


async def test_a_post_with_its_key_is_done_once(http) -> None:
    key = {"Idempotency-Key": "guide-1"}
    first = await http.post("/v1/documents", files={"file": ("a.md", GUIDE)}, headers=key)
    again = await http.post("/v1/documents", files={"file": ("a.md", GUIDE)}, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    is_problem(await http.post("/v1/documents", files={"file": ("a.md", "Other.")}, headers=key), 409)
    assert len((await http.get("/v1/documents")).json()["items"]) == 1


async def test_who_may(settings) -> None:
    async with running(settings) as http:
        keys = {
            role: (await http.post("/v1/keys", json={"role": role, "name": role})).json()["key"]
            for role in ("admin",)
        }
        admin = {"Authorization": f"Bearer {keys['admin']}"}
        for role, status in (("merchandiser", 201), ("reviewer", 201), ("server", 403), ("storefront", 403)):
            made = await http.post("/v1/keys", json={"role": role, "name": role}, headers=admin)
            mine = {"Authorization": f"Bearer {made.json()['key']}"}
            assert (
                await http.post("/v1/documents", json={"text": GUIDE}, headers=mine)
            ).status_code == status
            assert (await http.delete("/v1/documents/D7", headers=mine)).status_code == (
                404 if status == 201 else 403
            )
        assert (await http.get("/v1/documents/D1", headers=admin)).json()["created_by"] == "merchandiser"
        is_problem(await http.get("/v1/documents"), 401)


async def test_a_scope_that_is_not_given_stays(http, stock) -> None:
    await stock.tee()
    assert (await add(http, scope={"brand": "Fernweh"})).status_code == 201
    for body in ({"text": GUIDE}, {"text": GUIDE, "scope": {}}):
        assert (await http.put("/v1/documents/D1", json=body)).json()["scope"]["brand"] == "Fernweh"
    form = await http.put("/v1/documents/D1", files={"file": ("a.md", GUIDE)})
    assert form.json()["scope"]["brand"] == "Fernweh"
    assert (await http.put("/v1/documents/D1", json={"text": GUIDE, "scope": "all"})).json()["scope"]["all"]
