"""Request ids, security headers, size limits."""

import asyncio
import functools
import json
import sqlite3
import time

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.limits import MAX_DEPTH, is_deep
from tests.app.api.conftest import is_problem, running


async def test_a_request_id_is_taken_or_made(http):
    answer = await http.get("/healthz", headers={"X-Request-ID": "trace-1/a"})
    assert answer.headers["x-request-id"] == "trace-1/a"
    one, two = await http.get("/healthz"), await http.get("/nothing")
    assert one.headers["x-request-id"] != two.headers["x-request-id"]
    assert len(two.headers["x-request-id"]) == 32


@pytest.mark.parametrize("bad", ["a b", "x" * 129, 'a"b', "<script>", "é"])
async def test_a_request_id_that_is_none_is_replaced(http, bad):
    answer = await http.get("/healthz", headers={"X-Request-ID": bad.encode("latin-1")})
    assert answer.headers["x-request-id"] != bad


async def test_no_browser_runs_frames_or_guesses_anything(http):
    for path in ("/healthz", "/v1/products", "/nothing", "/docs"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
    assert (await http.get("/v1/products")).headers["cache-control"] == "no-store"


async def test_a_declared_body_over_the_limit_is_refused_unread(http):
    headers = {"Content-Length": str(10**9), "Content-Type": "application/json"}

    async def never():
        raise AssertionError("the body was read")
        yield b""

    document = is_problem(await http.post("/v1/copy", content=never(), headers=headers), 413)
    assert "MB" in document["detail"]


@pytest.mark.parametrize("path", ["/v1/copy", "/v1/checks/grounding", "/v1/keys"])
async def test_a_body_without_length_is_refused_as_it_passes_the_limit(http, path):
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 1 << 16
            yield b"[" * (1 << 16)

    answer = await http.post(path, content=endless(), headers={"Content-Type": "application/json"})
    is_problem(answer, 413)
    assert sent < 2**22


async def test_metrics_name_routes_not_addresses(http: httpx2.AsyncClient):
    await http.get("/v1/products/SECRET-1")
    await http.get("/a/strangers/path")
    await http.request("BREW", "/healthz")
    text = (await http.get("/metrics")).text
    assert 'route="/v1/products/{sku:path}"' in text
    assert 'route="unmatched"' in text
    assert "SECRET-1" not in text
    assert "strangers" not in text
    assert "BREW" not in text


def nested(depth: int) -> bytes:
    return b'{"text": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize("path", ["/v1/copy", "/v1/checks/grounding", "/v1/documents"])
@pytest.mark.parametrize("body", [nested(65), nested(100_000), b"[" * 500_000, b'{"a":' * 300_000])
async def test_a_body_that_is_nested_too_deep_is_refused_before_it_is_parsed(http, path, body):
    answer = await http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert "deeper than the 64 levels" in is_problem(answer, 422)["detail"]


async def test_a_body_that_is_deep_in_pieces_is_refused_too(http):
    async def pieces():
        for start in range(0, 2000, 7):
            yield nested(1000)[start : start + 7]

    answer = await http.post("/v1/copy", content=pieces(), headers={"Content-Type": "application/json"})
    assert "deeper" in is_problem(answer, 422)["detail"]


@given(
    st.recursive(st.text() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_depth_is_counted_outside_of_texts(value):
    def depth(value: object) -> int:
        if isinstance(value, dict):
            return 1 + max(map(depth, value.values()), default=0)
        return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0

    wrapped = value
    for _ in range(MAX_DEPTH - depth(value)):
        wrapped = [wrapped, "[" * 100, '\\"{']
    assert not is_deep(json.dumps(wrapped).encode())
    assert is_deep(json.dumps([wrapped]).encode())


async def test_a_text_full_of_brackets_is_not_deep(http):
    answer = await http.post("/v1/checks/grounding", json={"text": '["' * 500, "facts": []})
    assert answer.status_code == 200, answer.text


async def test_a_request_that_lasts_too_long_ends_and_leaves_nothing(settings):
    async with running(settings) as http:
        await http.put("/v1/products/T-1", json={"title": "Tee"})
    quick = settings.model_copy(update={"request_timeout_s": 1})
    async with running(quick) as http:
        connect = functools.partial(sqlite3.connect, isolation_level=None, check_same_thread=False)
        other = await asyncio.to_thread(connect, settings.data_dir / "shelftalker.db")
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        started = time.monotonic()
        answer = await http.put("/v1/products/T-2", json={"title": "Late"})
        lasted = time.monotonic() - started
        other.execute("ROLLBACK")
        other.close()
        document = is_problem(answer, 504)
        assert "than 1 s;" in document["detail"]
        assert answer.headers["retry-after"]
        assert 0.9 < lasted < 3
        assert (await http.put("/v1/products/T-3", json={"title": "On time"})).status_code == 201
        is_problem(await http.get("/v1/products/T-2"), 404)
