"""Fifty people at work on the same texts while the service is killed: the table holds, nothing acknowledged is lost."""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import make_url

from app.copywriting.life.transitions import BY_ACTION
from tests.e2e.conftest import serving

CLIENTS = 50
TRIES = int(os.environ.get("EDITOR_TRIES", "300"))  # the bound of the project is held with 1,000
KILLS = (TRIES // 4, TRIES * 6 // 10)  # after so many
PRODUCTS = 8
OPERATIONS = (
    "edit",
    "edit",
    "approve",
    "approve",
    "publish",
    "publish",
    "reject",
    "rollback",
    "withdraw",
    "end",
)
TITLES = (
    "Meadow Tee",
    "Meadow Tee – Boxy",
    "Boxy Meadow Tee",
    "Meadow Tee in Organic Cotton",
    "A tee of steel",
)


@dataclass
class Work:
    """What has been tried and what was acknowledged: request id → (copy, version, status)."""

    tries: int = 0
    acknowledged: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    answers: Counter[int | str] = field(default_factory=Counter)
    killed: int = 0


async def one_try(http: httpx2.AsyncClient, work: Work, ids: list[str], chance: random.Random) -> bool:
    """One operation on one text; False where the service is gone."""
    operation, copy_id = chance.choice(OPERATIONS), chance.choice(ids)
    work.tries += 1
    request_id = f"try-{work.tries}"
    headers = {"X-Request-ID": request_id}
    try:
        if operation == "edit":
            body = {"fields": {"meta_title": chance.choice(TITLES)}}
            answer = await http.patch(f"/v1/copy/{copy_id}", json=body, headers=headers)
        elif operation == "withdraw":
            if chance.random() < 0.8:  # or nothing would be left to work on
                return True
            body = {"ids": [copy_id], "reason": "a mistake"}
            answer = await http.post("/v1/copy/withdraw", json=body, headers=headers)
        else:
            answer = await http.post(f"/v1/copy/{copy_id}/{operation}", headers=headers)
    except httpx2.TransportError:
        work.answers["gone"] += 1
        return False
    work.answers[answer.status_code] += 1
    assert answer.status_code in {200, 409, 412, 422, 503}, answer.text
    if answer.status_code == 200 and operation != "withdraw":
        copy = answer.json()
        work.acknowledged[request_id] = (copy["id"], copy["version"], copy["status"])
    return True


async def phase(url: str, work: Work, ids: list[str], until: int, kill: int | None) -> None:
    """Everybody works until so many tries are made; then, in the middle of it, the process is killed."""

    async def person(number: int) -> None:
        chance = random.Random(number * 1000 + work.killed)  # noqa: S311
        async with httpx2.AsyncClient(base_url=url, timeout=60, verify=False) as http:
            while work.tries < until:
                if not await one_try(http, work, ids, chance):
                    return
                if kill is not None and work.tries >= until - 25 and work.killed == killed_before:
                    work.killed += 1
                    os.kill(kill, signal.SIGKILL)

    killed_before = work.killed
    await asyncio.gather(*(person(number) for number in range(CLIENTS)))


@pytest.mark.timeout(400)
def test_fifty_editors_and_a_service_that_is_killed(database_url: str, tmp_path: Path) -> None:
    url = make_url(database_url).render_as_string(hide_password=False)
    work, ids = Work(), []
    for stage, until in enumerate((*KILLS, TRIES)):
        with serving(tmp_path / "data", database_url=url) as server:
            if not ids:
                ids = prepared(server)
            pid = server.process.pid if stage < len(KILLS) else None
            asyncio.run(phase(server.url, work, ids, until, pid))
            if pid is None:
                with server.client() as http:
                    check(http, work, ids)
    assert work.killed == len(KILLS)
    assert len(work.acknowledged) > TRIES / 20, work.answers


def prepared(server) -> list[str]:
    ids = []
    with server.client() as http:
        for number in range(PRODUCTS):
            attributes = {"material": "organic cotton", "fit": "boxy", "care": ["machine wash"]}
            http.put(f"/v1/products/TS-{number}", json={"title": "Meadow Tee", "attributes": attributes})
            for _ in range(2):  # two texts for one place
                made = http.post("/v1/copy", json={"sku": f"TS-{number}"}).json()["items"]
                ids += [copy["id"] for copy in made]
    return ids


def check(http: httpx2.Client, work: Work, ids: list[str]) -> None:
    lines = http.get("/v1/audit/export").text.splitlines()
    entries = [json.loads(line) for line in lines]
    # The audit has no gap, and all that was acknowledged is in it.
    assert [entry["id"] for entry in entries] == list(range(1, len(entries) + 1))
    by_request: dict[str | None, list[dict]] = {}
    for entry in entries:
        by_request.setdefault(entry["request_id"], []).append(entry)
    for request_id, (copy_id, version, status) in work.acknowledged.items():
        ends = [
            (entry["subject"], entry["after"]["version"], entry["after"]["status"])
            for entry in by_request.get(request_id, [])
            if entry["after"]
        ]
        assert (f"copy:{copy_id}", version, status) in ends, (request_id, ends)
    # No step that the table does not have, and each begins where the one before ended.
    state: dict[tuple[str, int], str] = {}
    for entry in entries:
        action = entry["action"].removeprefix("copy.")
        if not entry["action"].startswith("copy.") or action not in BY_ACTION or not entry["before"]:
            continue
        row, before, after = BY_ACTION[action], entry["before"], entry["after"]
        assert before["status"] in row.sources, entry
        assert after["status"] == row.target, entry
        known = state.get((entry["subject"], before["version"]))
        # What an edit supersedes is told beside the edit, in either order.
        assert action == "edit" or known in {None, before["status"]}, (entry, known)
        state[entry["subject"], after["version"]] = after["status"]
    for copy_id in ids:
        versions = http.get(f"/v1/copy/{copy_id}/versions").json()["items"]
        assert [one["version"] for one in versions] == list(range(len(versions), 0, -1))
        for one in versions:
            known = state.get((f"copy:{copy_id}", one["version"]))
            assert known in {None, one["status"]}, (copy_id, one["version"], known, one["status"])
    # In one place stands one text.
    for number in range(PRODUCTS):
        shelf = http.get(f"/v1/products/TS-{number}/shelf").json()["items"]
        assert len(shelf) <= 1
        published = http.get("/v1/copy", params={"sku": f"TS-{number}", "status": "published"}).json()[
            "items"
        ]
        assert len(published) <= len(shelf)  # a stale one may stand there too
