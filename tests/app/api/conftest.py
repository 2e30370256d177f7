"""The application in process, over HTTP, on a database of its own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.main import create_app
from app.settings import Settings

TEE = {
    "title": "Meadow Tee",
    "description": "<p>A boxy tee with a ribbed collar.</p>",
    "brand": "Fernweh",
    "category": ["Clothing", "T-Shirts"],
    "price": {"amount": "29.00", "currency": "EUR"},
    "images": [{"url": "https://shop.example/tee.jpg", "alt": ""}],
    "attributes": {"material": "organic cotton", "fit": "boxy", "care": ["machine wash"]},
    "variants": [
        {"sku": "TS-1-S", "options": {"size": "S", "color": "Green"}},
        {"sku": "TS-1-M", "options": {"size": "M", "color": "Green"}},
    ],
}


@asynccontextmanager
async def running(settings: Settings, **client: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application that runs on this machine; `client` overrides how it connects."""
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app, client=client.pop("address", ("127.0.0.1", 50000)))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, **{"base_url": "http://localhost", **client}) as http,
    ):
        yield http


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", max_upload_mb=1, embedding_model="off")


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a service without keys."""
    async with running(settings) as client:
        yield client


@dataclass(frozen=True)
class Stock:
    """What the tests put on the shelf."""

    http: httpx2.AsyncClient

    async def tee(self, sku: str = "TS-1", **changes: Any) -> dict[str, Any]:
        answer = await self.http.put(f"/v1/products/{sku}", json={**TEE, **changes})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def copy(self, sku: str = "TS-1", **request: Any) -> dict[str, Any]:
        answer = await self.http.post("/v1/copy", json={"sku": sku, **request})
        assert answer.status_code == 201, answer.text
        return answer.json()["items"][0]

    async def key(self, role: str = "admin", name: str = "Ada") -> dict[str, str]:
        """The header of a new key."""
        answer = await self.http.post("/v1/keys", json={"role": role, "name": name})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['key']}"}


@pytest.fixture
def stock(http: httpx2.AsyncClient) -> Stock:
    return Stock(http)


def is_problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer, which must be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["type"].startswith("/docs#problem-")
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return document


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: name and data."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        found.append((lines["event"], json.loads(lines["data"])))
    return found
