"""From a product export to published copy, through a real server and over a real socket."""

import json
import signal
import socket
import time

import pytest

from tests.e2e.conftest import Served, serving, shelftalker

FEED = """Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Material
meadow-tee,Meadow Tee,<p>A boxy tee with a ribbed collar.</p>,Fernweh,T-Shirt,Size,S,TS-S,29.00,organic cotton
meadow-tee,,,,,,M,TS-M,29.00,
,No handle,,,,,,,,
"""


def test_from_export_to_published_copy(served: Served):
    with served.client() as http:
        report = http.post("/v1/imports", files={"file": ("shop.csv", FEED.encode())}).json()
        assert report["format"] == "shopify"
        assert report["created"] == 1
        sku = http.get("/v1/products").json()["items"][0]["sku"]
        facts = {fact["id"] for fact in http.get(f"/v1/products/{sku}/facts").json()["items"]}
        copy = http.post("/v1/copy", json={"sku": sku}).json()["items"][0]
        assert {fact for sentence in copy["sentences"] for fact in sentence["facts"]} <= facts
        assert http.post(f"/v1/copy/{copy['id']}/approve").json()["status"] == "approved"
        assert http.post(f"/v1/copy/{copy['id']}/publish").json()["status"] == "published"


def test_events_arrive_as_they_happen(served: Served):
    with served.client() as http:
        http.put("/v1/products/SSE", json={"title": "Blue Mug", "attributes": {"material": "stoneware"}})
        with http.stream(
            "POST", "/v1/copy", json={"sku": "SSE"}, headers={"Accept": "text/event-stream"}
        ) as answer:
            names = [line[7:] for line in answer.iter_lines() if line.startswith("event: ")]
    assert names == ["facts", "draft", "check", "copy", "done"]


def test_one_log_line_per_request_with_its_id_and_no_address(served: Served):
    with served.client() as http:
        http.get("/v1/products/HIDDEN-SKU", headers={"X-Request-ID": "log-me"})
    deadline = time.monotonic() + 10
    logged: list[dict] = []
    while not logged and time.monotonic() < deadline:  # the line is written after the answer
        time.sleep(0.02)
        logged = [json.loads(line) for line in list(served.lines) if "log-me" in line]
    assert [(line["route"], line["status"], line["request_id"]) for line in logged] == [
        ("/v1/products/{sku:path}", 404, "log-me")
    ]
    assert not any("HIDDEN-SKU" in line for line in served.lines)


@pytest.mark.parametrize(
    "head",
    [
        b"POST /v1/copy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_chunked_body_is_cut_off_at_the_limit(served: Served, head: bytes):
    host, port = served.url.removeprefix("http://").split(":")
    chunk = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(head)
        try:
            for _ in range(200):  # 13 MB
                raw.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = raw.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")


def test_other_pages_and_other_names_are_refused(served: Served):
    with served.client() as http:
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            answer = http.put("/v1/products/EVIL", json={"title": "Evil"}, headers=headers)
            assert answer.status_code == 403
        assert http.get("/v1/products/EVIL").status_code == 404
    assert any("no key exists yet" in line for line in served.lines)


EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is refused, and then served with a key


def test_no_other_address_before_there_is_a_key(tmp_path):
    refused = shelftalker(tmp_path, "serve", "--host", EVERYWHERE, "--port", "0")
    assert refused.returncode == 2
    assert "no key exists yet" in refused.stderr
    assert refused.stderr.count("\n") == 1
    made = shelftalker(tmp_path, "keys", "create", "--role", "admin", "--name", "Ada", "--json")
    key = json.loads(made.stdout)["key"]
    with serving(tmp_path, "--host", EVERYWHERE) as server, server.client() as http:
        assert http.get("/v1/products").status_code == 401
        assert http.get("/v1/products", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        assert key not in "".join(server.lines)


def test_a_taken_port_is_one_line(served: Served, tmp_path):
    port = served.url.rpartition(":")[2]
    answer = shelftalker(tmp_path, "serve", "--port", port)
    assert answer.returncode == 3
    assert answer.stderr.count("\n") == 1
    assert port in answer.stderr


def test_it_ends_when_told_to(tmp_path):
    for number in (signal.SIGTERM, signal.SIGINT):
        with serving(tmp_path) as server:
            server.process.send_signal(number)
            assert server.process.wait(timeout=20) in (0, 130, -number)
            assert not any("Traceback" in line for line in server.lines)
