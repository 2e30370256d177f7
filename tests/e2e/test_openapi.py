"""Whatever a caller sends, the answer is one that the OpenAPI document describes, and never a fault of ours."""

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from tests.e2e.conftest import serving

EXAMPLES = 12  # per operation: all 27 together stay below half a minute


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory):
    """A served shop with a product, a copy and a key."""
    with serving(tmp_path_factory.mktemp("data")) as server, server.client() as http:
        http.put("/v1/products/0", json={"title": "Blue Mug", "attributes": {"material": "stoneware"}})
        http.post("/v1/copy", json={"sku": "0"})
        key = http.post("/v1/keys", json={"role": "admin", "name": "Ada"}).json()["key"]
        yield server, {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def api(keyed):
    server, _ = keyed
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json", config=SchemathesisConfig())


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
def test_answers_are_those_that_the_document_describes(case, keyed):
    _, key = keyed
    case.call_and_validate(headers=key)


def test_the_document_is_whole(keyed):
    server, _ = keyed
    document = httpx2.get(f"{server.url}/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if status.startswith("2"):
                    assert status == "204" or any(part.get("schema") for part in content.values()), where
                else:
                    assert list(content) == ["application/problem+json"], f"{where} {status}"
            if path.startswith("/v1/"):
                assert operation["security"], where
                assert {"401", "403", "503"} <= set(operation["responses"]), where
