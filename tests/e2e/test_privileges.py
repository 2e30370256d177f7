"""No key does what its role may not: every operation, every role, over the wire."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.access.roles import PERMISSIONS, ROLES
from app.api.deps import May
from app.main import create_app
from app.settings import Settings
from tests.e2e.conftest import serving

# What anybody may ask: whether the service lives, and what it is.
OPEN = {"/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"}


def permissions(dependant: Dependant) -> set[str]:
    own = {dependant.call.permission} if isinstance(dependant.call, May) else set()
    return own.union(*(permissions(one) for one in dependant.dependencies))


def flat(routes, prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    """Every route with its whole path, also of a router within a router."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif hasattr(route, "original_router"):
            yield from flat(route.original_router.routes, prefix + route.include_context.prefix)


def operations(tmp) -> Iterator[tuple[str, str, set[str]]]:
    app = create_app(Settings(data_dir=tmp, _env_file=None))
    routes = [(path, route) for path, route in flat(app.routes) if route.include_in_schema]
    assert len({path for path, _ in routes}) == len(app.openapi()["paths"]), "none is overlooked"
    for path, route in routes:
        for method in sorted(route.methods):
            yield method, path, permissions(route.dependant)


def concrete(path: str) -> str:
    return path.replace("{sku:path}", "0").replace("{", "").replace("}", "")


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory):
    """A served shop and a key of each role."""
    with serving(tmp_path_factory.mktemp("data")) as server, server.client() as http:
        http.put("/v1/products/0", json={"title": "Blue Mug", "attributes": {"material": "stoneware"}})
        admin = http.post("/v1/keys", json={"role": "admin", "name": "Ada"}).json()["key"]
        keys = {"admin": admin}
        for role in ROLES:
            if role != "admin":
                made = http.post(
                    "/v1/keys",
                    json={"role": role, "name": role},
                    headers={"Authorization": f"Bearer {admin}"},
                )
                assert made.status_code == 201, made.text
                keys[role] = made.json()["key"]
        yield server, keys


def test_each_operation_asks_for_one_of_the_permissions_that_there_are(tmp_path) -> None:
    for method, path, needed in operations(tmp_path):
        if path in OPEN or path.startswith("/docs"):
            continue
        assert needed, f"{method} {path} is open to everybody"
        assert needed <= PERMISSIONS, f"{method} {path}"


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_is_refused_what_it_may_not_do(role: str, keyed, tmp_path) -> None:
    server, keys = keyed
    refused = 0
    with server.client(headers={"Authorization": f"Bearer {keys[role]}"}) as http:
        for method, path, needed in operations(tmp_path):
            if needed <= ROLES[role]:
                continue
            body = {"json": {}} if method in {"POST", "PUT", "PATCH"} else {}
            answer = http.request(method, concrete(path), **body)
            # Whoever may not is told so before anything of the request is looked at.
            assert answer.status_code == 403, (
                f"{role}: {method} {path} → {answer.status_code} {answer.text[:200]}"
            )
            refused += 1
    assert refused or role == "admin"


@pytest.mark.parametrize("key", [None, "st_unknown_key"])
def test_nobody_without_a_key_gets_past_the_door(key: str | None, keyed, tmp_path) -> None:
    server, _ = keyed
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with server.client(headers=headers) as http:
        for method, path, needed in operations(tmp_path):
            if needed:
                body = {"json": {}} if method in {"POST", "PUT", "PATCH"} else {}
                answer = http.request(method, concrete(path), **body)
                assert answer.status_code == 401, f"{method} {path} → {answer.status_code}"
