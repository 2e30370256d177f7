"""Keys at work over HTTP: two replicas, web pages, limits, streams, and no key in any log."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI, Request

from app.api.sse import Event, EventStream
from app.api.watching import while_valid
from app.main import create_app
from app.settings import Settings
from app.telemetry import configure_logging
from tests.app.api.conftest import events_of, is_problem

PAGE = "https://shop.example"


@dataclass(frozen=True)
class Replica:
    app: FastAPI
    http: httpx2.AsyncClient

    async def key(self, auth: dict[str, str] | None = None, **terms: object) -> dict[str, str]:
        body = {"role": "admin", "name": "Ada", **terms}
        answer = await self.http.post("/v1/keys", json=body, headers=auth or {})
        assert answer.status_code == 201, answer.text
        return answer.json()


def bearer(created: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {created['key']}"}


@pytest.fixture
async def replicas(database_url: str, tmp_path) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two applications on one database, SQLite and PostgreSQL in turn."""

    def app(name: str) -> FastAPI:
        return create_app(
            Settings(
                data_dir=tmp_path / name, database_url=database_url, embedding_model="off", _env_file=None
            )
        )

    one, two = app("one"), app("two")

    def client(app: FastAPI) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 50000))
        return httpx2.AsyncClient(transport=transport, base_url="http://localhost")

    async with (
        one.router.lifespan_context(one),
        two.router.lifespan_context(two),
        client(one) as here,
        client(two) as there,
    ):
        yield Replica(one, here), Replica(two, there)


async def test_what_is_done_to_a_key_holds_on_the_other_replica_within_two_seconds(replicas):
    here, there = replicas
    admin = bearer(await here.key())
    old = await here.key(admin, role="reviewer", name="Bob")
    assert (await there.http.get("/v1/products", headers=bearer(old))).status_code == 200
    rotated = await here.http.post(f"/v1/keys/{old['id']}/rotate", json={"overlap_s": 0}, headers=admin)
    assert rotated.status_code == 201
    new = rotated.json()
    assert (new["replaces"], new["role"], new["name"]) == (old["id"], "reviewer", "Bob")
    assert (await there.http.get("/v1/products", headers=bearer(new))).status_code == 200
    await _refused_in_time(there, old, "expired")
    assert (await here.http.delete(f"/v1/keys/{new['id']}", headers=admin)).status_code == 204
    await _refused_in_time(there, new, "revoked")
    is_problem(await here.http.get("/v1/products", headers=bearer(new)), 401)


async def _refused_in_time(replica: Replica, key: dict[str, str], why: str) -> None:
    started = time.monotonic()
    while (answer := await replica.http.get("/v1/products", headers=bearer(key))).status_code == 200:
        assert time.monotonic() - started < 2
        await asyncio.sleep(0.05)
    assert why in is_problem(answer, 401)["detail"]


async def test_a_stream_ends_with_its_key(replicas):
    here, there = replicas
    admin = bearer(await here.key())
    writer = await here.key(admin, role="merchandiser", name="Bob")
    closed = asyncio.Event()

    @there.app.get("/stream")
    async def stream(request: Request) -> EventStream:
        request.state.principal = await there.app.state.services.access.authenticate(writer["key"])

        async def events() -> AsyncIterator[Event]:
            try:
                yield Event("facts", {"n": 1})
                await asyncio.sleep(60)  # a writer that takes its time
            finally:
                closed.set()

        return EventStream(request, events())

    async def revoke() -> float:
        await asyncio.sleep(0.7)
        await here.http.delete(f"/v1/keys/{writer['id']}", headers=admin)
        return time.monotonic()

    revoking = asyncio.create_task(revoke())
    answer = await there.http.get("/stream", timeout=30)
    assert time.monotonic() - await revoking < 2
    (first, last) = events_of(answer.text)
    assert first == ("facts", {"n": 1})
    assert last[0] == "error"
    assert (last[1]["status"], "revoked" in last[1]["detail"]) == (401, True)
    assert closed.is_set()


async def test_a_watched_stream_gives_all_its_items_and_raises_what_was_raised(replicas):
    here, _ = replicas
    key = await here.key()
    request = Request({"type": "http", "headers": [], "app": here.app, "state": {}})
    request.state.principal = await here.app.state.services.access.authenticate(key["key"])

    async def numbers() -> AsyncIterator[int]:
        for number in range(200):
            if number % 50 == 0:
                await asyncio.sleep(0.3)
            yield number
        raise LookupError

    got = []

    async def collect() -> None:
        async for number in while_valid(request, numbers()):
            got.append(number)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(LookupError):
        await collect()
    assert got == list(range(200))


async def test_an_expired_key_says_since_when(http, stock):
    admin = await stock.key()
    ends = datetime.now(UTC) + timedelta(seconds=0.5)
    body = {"role": "server", "name": "Shop", "expires_at": ends.isoformat()}
    made = (await http.post("/v1/keys", json=body, headers=admin)).json()
    assert (await http.get("/v1/products", headers=bearer(made))).status_code == 200
    await asyncio.sleep(0.6)
    assert "expired on 20" in is_problem(await http.get("/v1/products", headers=bearer(made)), 401)["detail"]
    is_problem(await http.post(f"/v1/keys/{made['id']}/rotate", json={}, headers=admin), 409)


async def test_a_replayed_rotation_does_not_show_the_secret_again(http, stock):
    admin = await stock.key()
    key_id = (await http.get("/v1/keys", headers=admin)).json()["items"][0]["id"]
    once = {**admin, "Idempotency-Key": "rotate-1"}
    first = await http.post(f"/v1/keys/{key_id}/rotate", json={}, headers=once)
    again = await http.post(f"/v1/keys/{key_id}/rotate", json={}, headers=once)
    assert first.json()["key"].startswith("st_")
    assert again.json() == {**first.json(), "key": None}


async def test_a_publishable_key_is_for_its_pages_alone(http, stock):
    admin = await stock.key()
    body = {"role": "storefront", "name": "Shop", "origins": [PAGE]}
    key = bearer((await http.post("/v1/keys", json=body, headers=admin)).json())
    # Nothing of the merchandiser's is for it, on its own page either; but the page may read that.
    refused = await http.get("/v1/products", headers={**key, "Origin": PAGE})
    assert "storefront" in is_problem(refused, 403)["detail"]
    assert refused.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in refused.headers
    assert "Origin" in refused.headers["vary"]
    elsewhere = await http.get("/v1/products", headers={**key, "Origin": "https://evil.example"})
    assert "https://evil.example" in is_problem(elsewhere, 403)["detail"]
    assert "access-control-allow-origin" not in elsewhere.headers
    # An admin's key is for no page: it works, and no page may read the answer.
    both = await http.get("/v1/products", headers={**admin, "Origin": PAGE})
    assert both.status_code == 200
    assert "access-control-allow-origin" not in both.headers
    assert "Origin" in (await http.get("/v1/products", headers=admin)).headers["vary"]


async def test_a_preflight_is_answered_for_the_pages_of_publishable_keys(http, stock):
    admin = await stock.key()
    made = (
        await http.post(
            "/v1/keys", json={"role": "storefront", "name": "Shop", "origins": [PAGE]}, headers=admin
        )
    ).json()
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    async def preflight(origin: str) -> httpx2.Response:
        return await http.options("/v1/copy", headers={"Origin": origin, **asks})

    allowed = await preflight(PAGE)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == PAGE
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in allowed.headers
    assert "Origin" in allowed.headers["vary"]
    for origin in ("https://evil.example", "null", "https://shop.example:8443"):
        refused = await preflight(origin)
        is_problem(refused, 403)
        assert "access-control-allow-origin" not in refused.headers
        assert "Origin" in refused.headers["vary"]
    await http.delete(f"/v1/keys/{made['id']}", headers=admin)
    is_problem(await preflight(PAGE), 403)


async def test_without_keys_no_page_is_answered(http):
    asks = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}
    answer = await http.options("/v1/copy", headers=asks)
    is_problem(answer, 403)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("where", ["query", "name", "encoded", "path"])
async def test_a_key_in_the_address_is_refused_and_not_repeated(http, stock, where):
    auth = await stock.key()
    key = auth["Authorization"].removeprefix("Bearer ")
    address = {
        "query": f"/v1/products?access_token={key}",
        "name": f"/v1/products?{key}",
        "encoded": f"/v1/products?key={key.replace('_', '%5F')}",
        "path": f"/v1/keys/{key}",
    }[where]
    answer = await http.get(address, headers=auth)
    document = is_problem(answer, 401)
    assert "address" in document["detail"]
    assert key not in answer.text
    assert (await http.get("/v1/products?q=st_abc", headers=auth)).status_code == 200


async def test_a_limit_is_told_and_kept(http, stock):
    admin = await stock.key()
    body = {"role": "reviewer", "name": "Bob", "rate_per_minute": 3}
    bob = bearer((await http.post("/v1/keys", json=body, headers=admin)).json())
    answers = [await http.get("/v1/products", headers=bob) for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert [a.headers["ratelimit-policy"] for a in answers] == ['"key";q=3;w=60'] * 5
    assert answers[0].headers["ratelimit"] == '"key";r=2;t=20'
    assert answers[3].headers["ratelimit"].startswith('"key";r=0;t=')
    document = is_problem(answers[3], 429)
    assert "3 calls" in document["detail"]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 20
    # A refused POST did nothing, and its Idempotency-Key is free.
    refused = await http.post("/v1/copy", json={"sku": "x"}, headers={**bob, "Idempotency-Key": "one"})
    is_problem(refused, 429)
    assert (await http.get("/v1/products", headers=admin)).status_code == 200


async def test_this_machine_is_not_limited(http):
    answer = await http.get("/v1/products")
    assert "ratelimit" not in answer.headers


async def test_replicas_share_a_limit_in_redis_and_do_without_it(settings, redis_server, tmp_path):
    shared = settings.model_copy(update={"redis_url": Settings(redis_url=redis_server.url).redis_url})
    one, two = create_app(shared), create_app(shared)

    def client(app: FastAPI) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 50000))
        return httpx2.AsyncClient(transport=transport, base_url="http://localhost")

    async with (
        one.router.lifespan_context(one),
        two.router.lifespan_context(two),
        client(one) as here,
        client(two) as there,
    ):
        key = bearer(await Replica(one, here).key(rate_per_minute=4))
        answers = [await http.get("/v1/products", headers=key) for _ in range(3) for http in (here, there)]
        assert sum(a.status_code == 200 for a in answers) == 4
        ready = await here.get("/readyz")
        assert ready.json()["dependencies"]["redis"] == "ok"
        assert 'shelftalker_state_store_up{store="redis"} 1.0' in (await here.get("/metrics")).text


async def test_a_redis_that_is_away_is_named_and_brings_nothing_down(settings):
    away = settings.model_copy(
        update={"redis_url": Settings(redis_url="redis://x:hush@127.0.0.1:1").redis_url}
    )
    app = create_app(away)
    transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        key = bearer(await Replica(app, http).key(rate_per_minute=2))
        codes = [(await http.get("/v1/products", headers=key)).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        ready = await http.get("/readyz")
        assert ready.status_code == 200
        assert "each process limits by itself" in ready.json()["dependencies"]["redis"]
        assert "hush" not in ready.text
        metrics = (await http.get("/metrics")).text
        assert 'shelftalker_state_store_up{store="redis"} 0.0' in metrics
        assert "shelftalker_state_fallbacks_total 3.0" in metrics


async def test_no_key_is_in_any_log(http, stock, capfd):
    configure_logging("json")
    try:
        auth = await stock.key()
        key = auth["Authorization"].removeprefix("Bearer ")
        secret = key.rsplit("_", 1)[-1]
        wrong = key[:-4] + "AAAA"
        await http.get("/v1/products", headers=auth)
        await http.get("/v1/products", headers={"Authorization": f"Bearer {wrong}"})
        await http.get("/v1/products", headers={"Authorization": key, "X-Request-ID": key})
        await http.get(f"/v1/products?key={key}", headers=auth)
        await http.get(f"/{key}", headers=auth)
        await http.post("/v1/keys", json={"role": key, "name": key}, headers=auth)
        await http.post("/v1/copy", content=f'{{"sku": "{key}', headers=auth)
        await http.post("/v1/checks/grounding", json={"text": f"My key is {key}.", "facts": []}, headers=auth)
        await http.put("/v1/products/K-1", json={"title": key}, headers=auth)
        await http.get("/v1/products", headers={**auth, "Origin": f"https://{key}", "User-Agent": key})
        # And what a fault of ours would bring there.
        logging.getLogger("anything").warning("could not read %s", key)
        fault = RuntimeError(f"unexpected: {key}")
        logging.getLogger("anything").error("it broke", exc_info=fault)
    finally:
        written = "".join(capfd.readouterr())
        logging.getLogger().handlers.clear()
    assert written.count('"event": "request"') >= 10
    assert "it broke" in written
    assert secret not in written
    assert secret[:20] not in written
