"""Request ids, security headers, size limits."""

import httpx2
import pytest

from tests.app.api.conftest import is_problem


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
