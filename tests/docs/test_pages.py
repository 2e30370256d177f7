"""The documentation is true: links lead somewhere, named files exist, examples run and print what they promise.

An example runs when its fence says so: ```bash run or ```python run. The examples of a page share one empty folder
and run in their order; `server` behind `run` starts the service before it (any page's http://127.0.0.1:8000 is
then that service). A fence marked `output` right behind an example holds lines that the example must print; `…` in it
stands for anything.
"""

import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = ("app", "prompts", "retrieval", "evaluators", "seo", "tests", "benchmarks", "docs", "deploy")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=page_id)


@dataclass(frozen=True)
class Example:
    """A fenced block that is to be run, and the output it promises."""

    language: str
    code: str
    line: int
    server: bool
    output: str | None


def tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def inline(page: Path) -> Iterator[tuple[Token, int]]:
    """Links, images and code spans, each with the line of its paragraph."""
    for token in tokens(page):
        for child in token.children or ():
            yield child, (token.map or [0])[0] + 1


def anchors(page: Path) -> set[str]:
    """The ids that code hosts give to headings: lower case, punctuation dropped, spaces to hyphens."""
    stream = tokens(page)
    headings = [stream[i + 1].content for i, token in enumerate(stream) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def examples(page: Path) -> list[Example]:
    fences = [token for token in tokens(page) if token.type == "fence"]
    found = []
    for token, behind in zip_longest(fences, fences[1:]):
        language, *marks = token.info.split() or [""]
        if "run" in marks:
            promised = behind.content if behind is not None and "output" in behind.info.split()[1:] else None
            found.append(
                Example(language, token.content, (token.map or [0])[0] + 1, "server" in marks, promised)
            )
    return found


@each_page
def test_links_lead_somewhere(page):
    broken = []
    for token, line in inline(page):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if not target or target.startswith(("https://", "mailto:", "http://127.0.0.1")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(f"line {line}: {target}")
    assert broken == []


@each_page
def test_named_files_exist(page):
    """A path in code type that begins with a folder of ours is a promise."""
    named = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]+")
    missing = [
        f"line {line}: {token.content}"
        for token, line in inline(page)
        if token.type == "code_inline"
        and named.fullmatch(token.content)
        and not list(ROOT.glob(token.content.rstrip("/")))
    ]
    assert missing == []


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "index.md"
    reached = {
        (index.parent / str(t.attrGet("href"))).resolve() for t, _ in inline(index) if t.attrGet("href")
    }
    decisions = ROOT / "docs" / "decisions"
    lost = [
        p for p in (ROOT / "docs").rglob("*.md") if p not in reached and p != index and p.parent != decisions
    ]
    assert [p.relative_to(ROOT).as_posix() for p in lost] == []


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(d for group in project["optional-dependencies"].values() for d in group),
    ]
    names = {re.split(r"[\[<>=;]", requirement)[0].lower() for requirement in wanted}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    assert {name for name in names if f"`{name}`" not in page} == set()


@contextmanager
def service(env: dict[str, str], cwd: Path) -> Iterator[str]:
    """The service on a free port, with its data in this page's folder; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = cwd / "serve.log"
    with log.open("wb") as out:
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1)  # noqa: S310  our own address
                break
            except OSError:
                assert process.poll() is None, log.read_text("utf-8")
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)], ids=page_id)
def test_examples_run(page, tmp_path):
    found = examples(page)
    env = {key: value for key, value in os.environ.items() if not key.startswith("SHELFTALKER_")}
    env["SHELFTALKER_DATA_DIR"] = str(tmp_path / "data")
    env["SHELFTALKER_EMBEDDING_MODEL"] = "off"  # a model takes seconds to load; no page needs it
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    env["PYTHONPATH"] = str(ROOT)
    address = "http://127.0.0.1:8000"
    with ExitStack() as stack:
        for example in found:
            if example.server and address.endswith(":8000"):
                address = stack.enter_context(service(env, tmp_path))
            code = example.code.replace("http://127.0.0.1:8000", address)
            command = (
                [sys.executable, "-c", code]
                if example.language == "python"
                else ["bash", "-euo", "pipefail", "-c", code]
            )
            done = subprocess.run(
                command, check=False, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=100
            )
            where = f"{page.relative_to(ROOT)}:{example.line}"
            assert done.returncode == 0, f"{where}\n{done.stdout}\n{done.stderr}"
            for line in (example.output or "").splitlines():
                pattern = ".*".join(re.escape(part) for part in line.strip().split("…"))
                assert re.search(pattern, done.stdout), f"{where}: no line {line!r} in\n{done.stdout}"
