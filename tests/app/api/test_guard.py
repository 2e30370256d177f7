"""A service without keys answers this machine, and no web page of another origin."""

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from app import create_app
from app.api.guard import is_loopback, refusal
from tests.app.api.conftest import Stock, is_problem, running

HERE = "127.0.0.1"


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1"]
)
def test_this_machine(name):
    assert is_loopback(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0.0.0.0",  # noqa: S104 - refused, that is the point
        "::",
        "10.0.0.1",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "evil",
        "2130706433",
    ],
)
def test_not_this_machine(name):
    assert not is_loopback(name)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"host": "localhost:8000"}),
        ("POST", {"host": "127.0.0.1:8000"}),
        ("POST", {"host": "[::1]:8000", "origin": "http://[::1]:8000", "sec-fetch-site": "same-origin"}),
        ("POST", {"host": "localhost", "sec-fetch-site": "none"}),
        ("GET", {"host": "localhost", "sec-fetch-site": "cross-site"}),  # a link that somebody clicked
    ],
)
def test_what_is_served(method, headers):
    assert refusal(method, HERE, Headers(headers)) is None


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"host": "evil.example"}),  # DNS rebinding
        ("GET", {"host": "evil.example:8000"}),
        ("GET", {"host": "user@evil.example"}),
        ("GET", {"host": "[broken"}),
        ("GET", {}),
        ("POST", {"host": "localhost:8000", "origin": "https://evil.example"}),
        ("GET", {"host": "localhost:8000", "origin": "https://evil.example"}),
        ("POST", {"host": "localhost:8000", "origin": "http://localhost:3000"}),
        ("POST", {"host": "localhost:8000", "origin": "null"}),
        ("POST", {"host": "localhost:8000", "origin": "http://[broken"}),
        ("POST", {"host": "localhost:8000", "sec-fetch-site": "cross-site"}),
        ("DELETE", {"host": "localhost:8000", "sec-fetch-site": "same-site"}),
    ],
)
def test_what_is_refused(method, headers):
    assert refusal(method, HERE, Headers(headers))


def test_other_machines_are_refused():
    assert "this machine" in (refusal("GET", "192.168.1.7", Headers({"host": "localhost"})) or "")
    assert refusal("GET", "", Headers({"host": "localhost"}))


async def test_a_web_page_of_another_origin_changes_nothing(http):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await http.post("/v1/keys", json={"role": "admin", "name": "Eve"}, headers=headers)
        is_problem(answer, 403)
    is_problem(await http.get("/v1/products", headers={"Host": "rebound.example"}), 403)
    assert (await http.get("/v1/keys")).json()["items"] == []


async def test_with_a_key_the_key_decides(http):
    key = await Stock(http).key()
    foreign = {"Host": "api.shop.example", "Origin": "https://admin.shop.example"}
    assert (await http.get("/v1/products", headers={**key, **foreign})).status_code == 200
    answer = await http.get("/v1/products", headers=foreign)
    is_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_another_machine_needs_a_key(settings):
    async with running(settings, address=("192.168.1.7", 50000)) as far:
        is_problem(await far.get("/v1/products"), 403)
        assert (await far.get("/healthz")).status_code == 200
    async with running(settings) as near:
        key = await Stock(near).key()
    async with running(settings, address=("192.168.1.7", 50000), base_url="http://api.shop.example") as far:
        is_problem(await far.get("/v1/products"), 401)
        assert (await far.get("/v1/products", headers=key)).status_code == 200


def test_a_test_client_is_no_network(settings):
    with TestClient(create_app(settings)) as client:
        assert client.get("/v1/products").status_code == 200
        assert client.get("/v1/products", headers={"Host": "rebound.example"}).status_code == 403
        assert (
            client.post(
                "/v1/keys", json={"role": "admin"}, headers={"Origin": "https://evil.example"}
            ).status_code
            == 403
        )
