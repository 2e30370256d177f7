"""What is installed is what stands in the repository: data files included, tests and machine paths not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DATA = {".yaml", ".yml", ".csv", ".j2", ".css", ".js", ".prompty", ".json", ".mako", ".txt", ".html", ".ini"}


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        yield archive


def test_the_wheel_carries_every_data_file(wheel, root):
    packed = set(wheel.namelist())
    expected = {
        path.relative_to(root).as_posix()
        for package in ("app", "prompts", "retrieval", "evaluators", "seo")
        for path in (root / package).rglob("*")
        if path.suffix in DATA or path.name == "LOCK"
    }
    assert expected
    assert expected - packed == set()


def test_the_wheel_carries_nothing_else(wheel):
    tops = {Path(name).parts[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "app",
        "prompts",
        "retrieval",
        "evaluators",
        "seo",
    }


def test_no_tracked_file_names_a_path_of_one_machine(root):
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True
    ).stdout.decode()
    places = (f"{root}/", f"{Path.home()}/")
    found = []
    for name in filter(None, listed.split("\0")):
        try:
            text = (root / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # binary, or removed since it was added
        found += [name for place in places if place in text]
    assert found == []
