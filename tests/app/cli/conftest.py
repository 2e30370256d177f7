"""Commands in process: what they print, and the code they end with."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli.run import run

FEED = (
    "sku,title,material,color,price\n"
    "M-1,Blue Mug,stoneware,blue,12.00 EUR\n"
    ",Nameless,wood,brown,1.00 EUR\n"
    "M-2,Oak Board,oak,brown,30.00 EUR\n"
)


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Run a command on a data folder of the test's own; never lets a traceback pass."""
    for name in [name for name in os.environ if name.startswith("SHELFTALKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHELFTALKER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SHELFTALKER_EMBEDDING_MODEL", "off")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Ran:
        capfd.readouterr()
        code = run(list(arguments))
        ran = Ran(code, *capfd.readouterr())
        assert "Traceback" not in ran.err
        return ran

    return call


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.csv"
    path.write_text(FEED)
    return path


@pytest.fixture
def filled(cli, feed: Path):
    """A catalog of two products."""
    assert cli("import", str(feed)).code == 0
    return cli
