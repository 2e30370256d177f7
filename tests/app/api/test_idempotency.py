"""The same key and body: the same answer, and nothing done twice."""

import asyncio

from tests.app.api.conftest import events_of, is_problem

KEY = {"Idempotency-Key": "order-1"}


async def copies(http) -> int:
    return len((await http.get("/v1/copy")).json()["items"])


async def test_the_same_request_gets_the_same_answer(http, stock):
    await stock.tee()
    first = await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY)
    again = await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert await copies(http) == 1


async def test_another_body_or_route_is_a_conflict(http, stock):
    await stock.tee()
    await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY)
    is_problem(await http.post("/v1/copy", json={"sku": "TS-1", "voice": "warm"}, headers=KEY), 409)
    is_problem(await http.post("/v1/checks/grounding", json={"text": "", "facts": []}, headers=KEY), 409)
    assert await copies(http) == 1


async def test_after_an_error_the_key_is_free_again(http, stock):
    is_problem(await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY), 404)
    await stock.tee()
    assert (await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY)).status_code == 201


async def test_at_the_same_time_it_is_done_once(http, stock):
    await stock.tee()
    answers = await asyncio.gather(
        *(http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert any(answer.status_code == 201 for answer in answers)
    assert await copies(http) == 1


async def test_a_key_belongs_to_its_api_key(http, stock):
    await stock.tee()
    ada = await stock.key("admin", "Ada")
    ben = (await http.post("/v1/keys", json={"role": "admin", "name": "Ben"}, headers=ada)).json()["key"]
    first = await http.post("/v1/copy", json={"sku": "TS-1"}, headers={**KEY, **ada})
    other = await http.post(
        "/v1/copy", json={"sku": "TS-1"}, headers={**KEY, "Authorization": f"Bearer {ben}"}
    )
    assert "idempotency-replayed" not in other.headers
    assert other.json()["items"][0]["id"] != first.json()["items"][0]["id"]


async def test_a_secret_is_not_kept_for_replay(http):
    body = {"role": "admin", "name": "Ada"}
    first = await http.post("/v1/keys", json=body, headers=KEY)
    secret = first.json()["key"]
    auth = {"Authorization": f"Bearer {secret}"}
    # The first answer was given to the local user, whom the new key has locked out; its holder has a scope of its own.
    is_problem(await http.post("/v1/keys", json=body, headers=KEY), 401)
    one = await http.post("/v1/keys", json=body, headers={**KEY, **auth})
    two = await http.post("/v1/keys", json=body, headers={**KEY, **auth})
    assert one.json()["key"].startswith("st_")
    assert two.headers["idempotency-replayed"] == "true"
    assert two.json() == {**one.json(), "key": None}
    assert len((await http.get("/v1/keys", headers=auth)).json()["items"]) == 2


async def test_an_upload_is_compared_by_its_content(http):
    feed = b"sku,title,material\nA,Mug,stoneware\n"
    first = await http.post("/v1/imports", files={"file": ("a.csv", feed)}, headers=KEY)
    again = await http.post("/v1/imports", files={"file": ("a.csv", feed)}, headers=KEY)
    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    is_problem(
        await http.post("/v1/imports", files={"file": ("a.csv", feed + b"B,Cup,\n")}, headers=KEY), 409
    )


async def test_an_event_stream_is_kept_as_its_plain_answer(http, stock):
    await stock.tee()
    stream = await http.post("/v1/copy", json={"sku": "TS-1"}, headers={**KEY, "Accept": "text/event-stream"})
    copy = next(data for name, data in events_of(stream.text) if name == "copy")
    plain = await http.post("/v1/copy", json={"sku": "TS-1"}, headers=KEY)
    assert plain.headers["idempotency-replayed"] == "true"
    assert plain.json()["items"] == [copy]
    again = await http.post("/v1/copy", json={"sku": "TS-1"}, headers={**KEY, "Accept": "text/event-stream"})
    assert again.headers["idempotency-replayed"] == "true"
    assert [name for name, _ in events_of(again.text)] == ["copy", "done"]
    assert await copies(http) == 1


async def test_a_key_that_is_none(http):
    for bad in ("", " ", "x" * 256, "é"):
        headers = {"Idempotency-Key": bad.encode("latin-1")}
        answer = await http.post("/v1/checks/grounding", json={"text": "", "facts": []}, headers=headers)
        assert is_problem(answer, 422)["errors"][0]["pointer"] == "header/Idempotency-Key"
