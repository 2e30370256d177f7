"""GET /v1/search with the index in Milvus: found through it, 503 while it is away, and no word of its password."""

import asyncio
import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.settings import Settings
from tests.app.api.conftest import TEE, Stock, is_problem, running
from tests.app.api.routes.test_search import MUG, level, search, skus
from tests.milvus_server import free_port, milvus_server, mute_server

PASSWORD = "open-sesame-7"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One Milvus for all tests: what a test leaves there is gone when the next one's service has looked."""
    return f"milvus://{tmp_path_factory.mktemp('milvus')}/shop.db"


def settings_for(folder: Path, url: str) -> Settings:
    return Settings(data_dir=folder, embedding_model="off", vector_store_url=SecretStr(url))


async def ready(http, **wanted: Any) -> dict[str, Any]:
    """Wait until /readyz says so; the test's own time limit ends it."""
    while True:
        document = (await http.get("/readyz")).json()
        said = document["index"] | document["dependencies"]
        if all(said[name] == value for name, value in wanted.items()):
            return document
        await asyncio.sleep(0.02)


async def test_products_are_found_through_it(tmp_path: Path, url: str) -> None:
    async with running(settings_for(tmp_path, url)) as http:
        stock = Stock(http)
        await stock.tee("TS-1")
        await stock.tee("MUG-1", **{**MUG, "variants": [], "gtin": "4006381333931"})
        await stock.tee("OLD-1", status="discontinued", variants=[])
        await level(http, 3)
        document = await ready(http, ready=True, milvus="ok", role="keeper", behind=0)
        assert document["index"]["store"] == "milvus"
        assert await skus(http, "organic cotton") == ["TS-1"]
        assert await skus(http, "4006381333931") == ["MUG-1"]
        assert await skus(http, "tee mug", category="Clothing/T-Shirts") == ["TS-1"]
        assert await skus(http, "tee mug", brand="lumen") == ["MUG-1"]
        assert await skus(http, "meadow tee", status="discontinued") == ["OLD-1"]
        assert (await search(http, "🙂"))["items"] == []
        started = time.monotonic()
        await stock.tee("TS-1", title="Zebra Tee")
        while await skus(http, "zebra") != ["TS-1"]:
            assert time.monotonic() - started < 5
        assert (await http.delete("/v1/products/TS-1")).status_code == 204
        while await skus(http, "zebra"):
            assert time.monotonic() - started < 10
    assert not (tmp_path / "index").exists()


async def test_a_new_process_goes_on_where_the_last_one_was(tmp_path: Path, url: str) -> None:
    async with running(settings_for(tmp_path, url)) as http:
        await Stock(http).tee("TS-1")
        await level(http, 1)
        await ready(http, ready=True, behind=0)
    async with running(settings_for(tmp_path, url)) as http:
        await ready(http, ready=True, products=1, role="keeper")
        assert await skus(http, "meadow") == ["TS-1"]


async def test_two_processes_of_which_one_feeds(tmp_path: Path, url: str) -> None:
    settings = settings_for(tmp_path, url)
    async with running(settings) as first:
        await ready(first, role="keeper", ready=True)
        async with running(settings) as second:
            await ready(second, role="reader", ready=True)
            await Stock(second).tee("TS-1")
            started = time.monotonic()
            while await skus(second, "meadow") != ["TS-1"]:
                assert time.monotonic() - started < 5
            assert await skus(first, "meadow") == ["TS-1"]
            assert (await first.get("/readyz")).json()["index"]["role"] == "keeper"
            assert (await second.get("/readyz")).json()["index"]["role"] == "reader"


@pytest.mark.parametrize("silent", [False, True])
async def test_while_it_is_away_search_alone_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], silent: bool
) -> None:
    caplog.set_level(logging.INFO)
    with mute_server() as mute:
        port = mute if silent else free_port()
        async with running(settings_for(tmp_path, f"milvus://ada:{PASSWORD}@127.0.0.1:{port}/shop")) as http:
            started = time.monotonic()
            answers = await asyncio.gather(*(http.get("/v1/search", params={"q": "mug"}) for _ in range(30)))
            took = time.monotonic() - started
            for answer in answers:
                document = is_problem(answer, 503)
                assert document["dependency"] in {"milvus", "index"}
            assert is_problem(answers[-1], 503)["dependency"] == "milvus"
            assert took < 12
            started = time.monotonic()
            answer = await http.get("/v1/search", params={"q": "mug"})
            assert is_problem(answer, 503)["dependency"] == "milvus"
            assert time.monotonic() - started < 6
            await Stock(http).tee("TS-1")
            assert (await Stock(http).copy("TS-1"))["fields"]
            imported = await http.post(
                "/v1/imports", files={"file": ("feed.csv", b"sku,title\nM-1,Blue Mug\n", "text/csv")}
            )
            assert imported.status_code in (200, 201, 202), imported.text
            readiness = await http.get("/readyz")
            assert readiness.status_code == 200
            assert readiness.json()["dependencies"]["database"] == "ok"
            assert f"127.0.0.1:{port}" in readiness.json()["dependencies"]["milvus"]
            assert readiness.json()["index"]["ready"] is False
            assert readiness.json()["index"]["reason"]
            everything = "".join(
                (*(answer.text for answer in answers), readiness.text, (await http.get("/metrics")).text)
            )
    said = capfd.readouterr()
    assert PASSWORD not in everything + caplog.text + said.out + said.err
    assert "MilvusException" not in said.err + caplog.text


async def test_it_comes_back(tmp_path: Path) -> None:
    port = free_port()
    async with running(settings_for(tmp_path / "data", f"milvus://127.0.0.1:{port}")) as http:
        await Stock(http).tee("TS-1")
        is_problem(await http.get("/v1/search", params={"q": "meadow"}), 503)
        with milvus_server(tmp_path / "milvus", port):
            await ready(http, milvus="ok", ready=True, products=1)
            assert await skus(http, "meadow") == ["TS-1"]
        answer = await http.get("/v1/search", params={"q": "meadow"})
        assert is_problem(answer, 503)["dependency"] == "milvus"
        assert (await http.put("/v1/products/TS-2", json={**TEE, "variants": []})).status_code == 201
        with milvus_server(tmp_path / "milvus", port):
            started = time.monotonic()
            while True:
                answer = await http.get("/v1/search", params={"q": "meadow"})
                if answer.status_code == 200 and len(answer.json()["items"]) == 2:
                    break
                assert time.monotonic() - started < 20, json.dumps(answer.json())
                await asyncio.sleep(0.1)
