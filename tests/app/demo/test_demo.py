"""The demo from its command to its page, as a newcomer meets it."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from app.demo.terminal import say_next

ROOT = Path(__file__).resolve().parents[3]


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHELFTALKER_")}
    env |= {"HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-m", "app", "demo", *arguments],
        check=False,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=110,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """One run for people, in an empty folder."""
    folder = tmp_path_factory.mktemp("demo")
    done = demo(folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_it_writes_one_page_and_leaves_nothing_else(told):
    folder, _ = told
    assert [path.name for path in folder.iterdir()] == ["demo.html"]


def test_the_terminal_shows_facts_copy_and_a_refused_edit(told):
    _, text = told
    assert re.search(r"F\d+ +Material: Recycled polyester fleece +attribute:Material", text)
    assert len(re.findall(r"\[F\d+( F\d+)*\]", text)) > 10, "each sentence names its facts"
    assert "lifetime warranty" in text
    assert re.search(r"→ .*warranty.*no fact", text)
    assert "call us" in text, "the rejected rows with their reasons"
    assert re.search(r"shelftalker import your\.csv", text), "what to type next"
    assert "\x1b" not in text, "no colours in a pipe"


def test_a_command_to_copy_stays_in_one_line_however_narrow_the_terminal():
    console = Console(width=40, record=True, file=io.StringIO())
    program = "/a/folder/with/quite/a/long/name/.venv/bin/shelftalker"
    say_next(console, Path("/another/folder/demo.html"), program)
    lines = [line.strip() for line in console.export_text().splitlines()]
    assert f"{program} import your.csv" in lines
    assert f"{program} generate --all" in lines


def test_every_sentence_is_grounded(told):
    _, text = told
    products, facts, sentences, unsupported = re.search(
        r"(\d+) products, ([\d,]+) facts, ([\d,]+) sentences.*?(\d+) claims without a fact", text, re.DOTALL
    ).groups()
    assert int(products) >= 70
    assert int(facts.replace(",", "")) > 1000
    assert int(sentences.replace(",", "")) > 1000
    assert unsupported == "0"


async def test_the_page_shows_all_of_it(told, visit):
    folder, _ = told
    async with visit(folder / "demo.html", viewport={"width": 1360, "height": 900}) as page:
        assert await page.locator("main > .product").count() >= 70
        assert await page.locator(".badge.bad").count() == 0
        assert "owned" not in await page.title()
        party = page.locator("main > .product", has_text="Party Lights")
        assert "script" not in (await party.locator("h2").inner_text()).lower()
        hoodie = page.locator("main > .product", has_text="Brae Fleece Hoodie").first
        await hoodie.locator(".prose .s").first.hover()
        cited = await page.locator("#evidence .fact-id").all_inner_texts()
        assert cited
        assert await page.locator("#evidence .fact-origin").first.inner_text()
        assert await hoodie.locator(".ledger .fact.on .fact-id").all_inner_texts() == sorted(
            cited, key=lambda fact: int(fact[1:])
        )


def test_as_json_it_prints_one_document(tmp_path):
    done = demo(tmp_path, "--json", "--output", "pages/all.html", "--data-dir", "kept")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["products"] >= 70
    assert report["copies"] > report["products"]
    assert report["refused"]["detail"]
    assert {"line", "sku", "detail"} <= set(report["rejected"][0])
    assert (tmp_path / "pages" / "all.html").is_file()
    assert list((tmp_path / "kept").iterdir())


def test_a_page_that_cannot_be_written_is_said_in_a_line(tmp_path):
    (tmp_path / "file").touch()
    done = demo(tmp_path, "--output", "file/demo.html")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()[-1:]) == 1
    assert "file/demo.html" in done.stderr
    assert "Traceback" not in done.stderr
