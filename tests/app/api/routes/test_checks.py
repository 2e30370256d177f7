"""Grounding over HTTP."""

from tests.app.api.conftest import is_problem

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
