"""Webhooks over HTTP."""

import asyncio
import json

import pytest

from tests.app.api.conftest import is_problem
from tests.receiver import receiving


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"webhooks_to_private_addresses": True})


async def test_a_receiver_is_made_tried_and_looked_at(http):
    with receiving() as receiver:
        made = await http.post("/v1/webhooks", json={"url": receiver.url, "description": "cache"})
        assert made.status_code == 201, made.text
        webhook = made.json()
        assert webhook["secret"].startswith("whsec_")
        assert webhook["events"] == ["copy.published", "copy.stale", "copy.withdrawn"]
        assert "secret" not in (await http.get(f"/v1/webhooks/{webhook['id']}")).json()
        assert webhook["secret"] not in (await http.get("/v1/webhooks")).text
        sent = await http.post(f"/v1/webhooks/{webhook['id']}/test")
        assert sent.status_code == 202
        async with asyncio.timeout(20):
            while not receiver.heard:  # noqa: ASYNC110 - as the receiver sees it
                await asyncio.sleep(0.02)
        assert json.loads(receiver.heard[0].body)["type"] == "webhook.test"
        assert receiver.heard[0].headers["webhook-id"] == sent.json()["event"]
        assert (await http.post(f"/v1/webhooks/{webhook['id']}/replay", json={})).json() == {"replayed": 0}
        assert (await http.delete(f"/v1/webhooks/{webhook['id']}")).status_code == 204
    is_problem(await http.get(f"/v1/webhooks/{webhook['id']}"), 404)


async def test_the_secret_is_not_kept_for_a_replay(http):
    headers = {"Idempotency-Key": "hook-1"}
    body = {"url": "https://shop.example/hooks"}
    first = (await http.post("/v1/webhooks", json=body, headers=headers)).json()
    again = (await http.post("/v1/webhooks", json=body, headers=headers)).json()
    assert again == first | {"secret": None}
    assert len((await http.get("/v1/webhooks")).json()["items"]) == 1
    rotated = (await http.post(f"/v1/webhooks/{first['id']}/rotate")).json()
    assert rotated["secret"] not in {None, first["secret"]}


async def test_stop_and_start(http):
    made = (await http.post("/v1/webhooks", json={"url": "https://shop.example/hooks"})).json()
    place = f"/v1/webhooks/{made['id']}"
    assert (await http.patch(place, json={"enabled": False})).json()["disabled_why"] == "by local"
    is_problem(await http.post(f"{place}/test"), 409)
    assert (await http.patch(place, json={"enabled": True})).json()["disabled_at"] is None


async def test_bad_input_names_its_place(http):
    for body, pointer in (
        ({"url": "gopher://shop.example"}, "/url"),
        ({"url": "https://shop.example", "events": ["copy.eaten"]}, "/events/0"),
        ({}, "/url"),
    ):
        problem = is_problem(await http.post("/v1/webhooks", json=body), 422)
        assert problem["errors"][0]["pointer"] == pointer
    made = (await http.post("/v1/webhooks", json={"url": "https://shop.example/hooks"})).json()
    both = {"deliveries": ["wd_1"], "since": "2026-01-01T00:00:00Z"}
    is_problem(await http.post(f"/v1/webhooks/{made['id']}/replay", json=both), 422)
    is_problem(await http.get(f"/v1/webhooks/{made['id']}/deliveries?status=lost"), 422)
    is_problem(await http.post("/v1/webhooks/wh_none/test"), 404)


async def test_only_an_admin_may(http, stock):
    auth = await stock.key()
    reviewer = (await http.post("/v1/keys", json={"role": "reviewer", "name": "Bo"}, headers=auth)).json()[
        "key"
    ]
    answer = await http.get("/v1/webhooks", headers={"Authorization": f"Bearer {reviewer}"})
    is_problem(answer, 403)
