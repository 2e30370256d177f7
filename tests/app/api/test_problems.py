"""Every error is a problem document, from one table."""

import json
from itertools import pairwise

import httpx2
import pytest
from starlette.requests import Request

from app import errors
from app.api.outcomes import OUTCOMES, PROTOCOL, outcome_of
from app.api.problems import answer, pointer_of
from app.main import create_app
from tests.app.api.conftest import is_problem


def request() -> Request:
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [], "request_id": "r1"})


def test_every_kind_of_error_has_its_row():
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ShelftalkerError)
    }
    assert kinds - {errors.ShelftalkerError} == set(OUTCOMES)


def test_slugs_and_statuses_are_each_used_once():
    rows = sorted([*OUTCOMES.values(), *PROTOCOL.values()], key=lambda row: row.status)
    assert all(a.status != b.status and a.slug != b.slug for a, b in pairwise(rows))


@pytest.mark.parametrize(
    ("error", "status", "exit_code", "header"),
    [
        (errors.Unauthenticated("no"), 401, 2, ("www-authenticate", "Bearer")),
        (errors.Forbidden("no"), 403, 2, None),
        (errors.NotFound("no"), 404, 2, None),
        (errors.Conflict("no"), 409, 1, None),
        (errors.StaleVersion("no"), 412, 1, None),
        (errors.TooLarge("no"), 413, 2, None),
        (errors.Invalid("no", pointer="/a"), 422, 2, None),
        (errors.RateLimited("no", retry_after=2.1), 429, 3, ("retry-after", "3")),
        (errors.Unavailable("no", dependency="disk"), 503, 3, ("retry-after", "2")),
    ],
)
def test_a_kind_becomes_a_status_and_an_exit_code(error, status, exit_code, header):
    response = answer(request(), error)
    document = json.loads(response.body)
    assert (response.status_code, document["status"], document["detail"]) == (status, status, "no")
    assert outcome_of(error).exit_code == exit_code
    if header:
        assert response.headers[header[0]].startswith(header[1])


def test_a_subclass_reads_its_parents_row():
    class Locked(errors.Unavailable):
        pass

    assert outcome_of(Locked("no", dependency="database")).status == 503


def test_extra_members_never_replace_those_of_the_standard():
    error = errors.Conflict("no", extra={"status": 200, "title": "fine", "sentences": []})
    document = json.loads(answer(request(), error).body)
    assert (document["status"], document["title"], document["sentences"]) == (
        409,
        "The state of things does not allow this",
        [],
    )


@pytest.mark.parametrize(
    ("location", "pointer"),
    [
        (("body",), ""),
        (("body", "variants", 0, "sku"), "/variants/0/sku"),
        (("body", "attributes", "a/b~c"), "/attributes/a~1b~0c"),
        (("query", "limit"), "query/limit"),
        (("header", "If-Match"), "header/If-Match"),
        (("form", "mode"), "form/mode"),
    ],
)
def test_pointers(location, pointer):
    assert pointer_of(location) == pointer


async def test_unknown_paths_and_methods_of_the_router(http):
    is_problem(await http.get("/v1/nothing"), 404)
    is_problem(await http.get("/v1/imports/"), 404)
    answer = await http.delete("/v1/copy")
    is_problem(answer, 405)
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]


async def test_a_body_that_is_no_json(http):
    json_type = {"Content-Type": "application/json"}
    document = is_problem(await http.post("/v1/copy", content=b'{"sku": "A",}', headers=json_type), 400)
    assert "JSON" in document["detail"]
    is_problem(await http.post("/v1/copy", content=b"\xff\xfe\x00", headers=json_type), 400)
    is_problem(await http.post("/v1/copy", content=b"[" * 60, headers=json_type), 400)
    deep = is_problem(await http.post("/v1/copy", content=b"[" * 100_000, headers=json_type), 422)
    assert "levels" in deep["detail"]


async def test_a_body_of_another_media_type(http):
    is_problem(await http.post("/v1/copy", content=b"sku=A", headers={"Content-Type": "text/plain"}), 415)
    is_problem(await http.post("/v1/copy", content=b'{"sku": "A"}'), 415)


async def test_a_body_that_is_missing_or_no_object(http):
    is_problem(await http.post("/v1/copy"), 422)
    document = is_problem(await http.post("/v1/copy", json=["sku"]), 422)
    assert document["errors"][0]["pointer"] == ""


async def test_each_thing_wrong_is_named_by_its_pointer(http):
    body = {"sku": "A", "variants": 0, "voise": "plain", "fields": [1]}
    document = is_problem(await http.post("/v1/copy", json=body), 422)
    found = {error["pointer"]: error["detail"] for error in document["errors"]}
    assert set(found) == {"/variants", "/voise", "/fields/0"}
    assert found["/voise"] == "there is no such field"
    document = is_problem(await http.get("/v1/products?limit=0&colour=red"), 422)
    assert {error["pointer"] for error in document["errors"]} == {"query/limit", "query/colour"}
    document = is_problem(await http.get("/v1/products?brand=A&brand=B"), 422)
    assert document["errors"] == [{"pointer": "query/brand", "detail": "brand: given more than once"}]


async def test_an_unexpected_exception_is_a_500_without_trace(settings):
    app = create_app(settings)

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the password is hunter2")

    transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 1))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        answer = await client.get("/boom", headers={"X-Request-ID": "req-7"})
    document = is_problem(answer, 500)
    assert document["request_id"] == "req-7"
    assert "hunter2" not in answer.text
