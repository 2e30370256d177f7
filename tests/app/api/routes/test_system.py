"""Health, metrics, the reference page, prompts and voices."""

import sqlite3

import prompts
from app.storage.database import Database
from tests.app.api.conftest import TEE, is_problem, running


async def test_up_and_ready(http):
    assert (await http.get("/healthz")).json()["status"] == "ok"
    answer = (await http.get("/readyz")).json()
    assert (answer["status"], answer["dependencies"]) == ("ok", {"database": "ok"})


async def test_readiness_says_how_the_index_stands(http, stock):
    await stock.tee()
    index = {"products": 0}
    while index["products"] != 1:  # the test's own time limit ends it
        index = (await http.get("/readyz")).json()["index"]
    assert index["ready"]
    assert (index["vectors"], index["dense"], index["model"]) == (0, False, None)
    assert "words" in index["reason"]


async def test_a_locked_database_is_unavailable_and_nothing_is_half_done(settings, monkeypatch):
    monkeypatch.setitem(Database.__init__.__kwdefaults__, "wait_s", 0.2)
    async with running(settings) as http:
        await http.get("/v1/products")
        other = sqlite3.connect(settings.data_dir / "shelftalker.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            answer = await http.put("/v1/products/A", json=TEE)
            document = is_problem(answer, 503)
            assert document["dependency"] == "database"
            assert int(answer.headers["retry-after"]) > 0
        finally:
            other.execute("ROLLBACK")
            other.close()
        is_problem(await http.get("/v1/products/A"), 404)
        assert (await http.put("/v1/products/A", json=TEE)).is_success


async def test_metrics_count(http, stock):
    await stock.tee()
    await stock.copy()
    text = (await http.get("/metrics")).text
    assert (
        'shelftalker_copies_total{authorship="template",clean="true",template="product_description"} 1.0'
        in text
    )
    assert 'shelftalker_http_requests_total{method="POST",route="/v1/copy",status="201"} 1.0' in text
    for name in (
        "index_products",
        "index_vectors_pending",
        "index_rebuilds_total",
        "search_duration_seconds",
    ):
        assert f"# TYPE shelftalker_{name.removesuffix('_total')}" in text


async def test_the_reference_needs_nothing_from_elsewhere(http):
    page = await http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "http://" not in page.text
    assert "https://" not in page.text.replace("https://shop.example", "")
    assert "<script" not in page.text
    style = await http.get("/docs/style.css")
    assert style.headers["content-type"].startswith("text/css")
    document = (await http.get("/openapi.json")).json()
    for path, methods in document["paths"].items():
        assert path in page.text
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page.text


async def test_prompts_with_their_versions_and_hashes(http):
    items = (await http.get("/v1/prompts")).json()["items"]
    assert [item["name"] for item in items] == sorted({t.name for t in prompts.templates()})
    description = next(item for item in items if item["name"] == "product_description")
    version = description["versions"][0]
    assert version["hash"] == prompts.load("product_description@1").hash
    assert "production" in version["labels"]
    assert {"title", "description_html", "bullets"} <= {field["name"] for field in version["fields"]}


async def test_voices_with_the_words_they_never_use(http):
    items = (await http.get("/v1/voices")).json()["items"]
    assert {voice["name"] for voice in items} == {"plain", "warm", "premium"}
    assert all(voice["forbidden"] for voice in items)
