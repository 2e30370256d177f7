"""Whatever a caller sends, the answer is one that the OpenAPI document describes, and never a fault of ours."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.main import create_app
from app.settings import Settings
from tests.e2e.conftest import serving

# A schema cannot say which cursors and names there are: well-formed nonsense is answered 422, as it should be.
MEANING = positive_data_acceptance
EXAMPLES = int(
    os.environ.get("SCHEMA_EXAMPLES", "8")
)  # per operation and kind: all together stay below half a minute


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory):
    """A served shop with a product, a copy and a key."""
    with serving(tmp_path_factory.mktemp("data")) as server, server.client() as http:
        http.put("/v1/products/0", json={"title": "Blue Mug", "attributes": {"material": "stoneware"}})
        http.post("/v1/copy", json={"sku": "0"})
        key = http.post("/v1/keys", json={"role": "admin", "name": "Ada"}).json()["key"]
        yield server, {"Authorization": f"Bearer {key}"}


def document() -> dict:
    """The OpenAPI document; making the application opens nothing."""
    return create_app(Settings(data_dir=Path("unused"), _env_file=None)).openapi()


schema = schemathesis.openapi.from_dict(document())
operations = [result.ok() for result in schema.get_all_operations()]


def requests() -> Iterator[object]:
    """Each operation with requests that fit the document, and those that take input with requests that do not."""
    for operation in operations:
        raw = operation.definition.raw
        yield pytest.param(operation, GenerationMode.POSITIVE, id=f"{operation.label} fitting")
        if raw.get("parameters") or raw.get("requestBody"):
            yield pytest.param(operation, GenerationMode.NEGATIVE, id=f"{operation.label} unfitting")


@pytest.mark.parametrize(("operation", "mode"), list(requests()))
def test_answers_are_those_that_the_document_describes(operation, mode, keyed):
    server, key = keyed

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def sound(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=server.url, headers=key, excluded_checks=[MEANING])

    sound()


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
