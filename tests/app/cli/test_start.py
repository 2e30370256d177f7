"""`--help` answers at once, and every way of asking wrongly is one line."""

import subprocess
import sys
import time

import pytest

HEAVY = {
    "aiosqlite",
    "alembic",
    "babel",
    "faiss",
    "fastapi",
    "inflect",
    "jinja2",
    "langchain",
    "lemminflect",
    "lxml",
    "numpy",
    "onnxruntime",
    "pint",
    "prometheus_client",
    "rich",
    "scipy",
    "sqlalchemy",
    "statsmodels",
    "structlog",
    "torch",
    "uvicorn",
}


def imported(*arguments: str) -> set[str]:
    """The top-level modules that a run of the command imports."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    assert imported(*arguments) & HEAVY == set()


def test_help_takes_no_longer_than_three_imports_of_typer():
    def fastest(*arguments: str) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True, timeout=60)
            times.append(time.perf_counter() - started)
        return min(times)

    assert fastest("-m", "app", "--help") <= 3 * fastest("-c", "import typer")


def test_every_command_has_help(cli):
    top = cli("--help")
    assert top.code == 0
    for words in (
        *(["serve"], ["import"], ["search"], ["facts"], ["generate"], ["ground"], ["demo"]),
        *(["copy", step] for step in ("list", "show", "edit", "approve", "reject", "publish")),
        *(["keys", step] for step in ("create", "list", "revoke")),
        *(["embeddings", step] for step in ("export", "status")),
        ["db", "upgrade"],
    ):
        assert words[0] in top.out
        answer = cli(*words, "--help")
        assert answer.code == 0
        assert "Usage: shelftalker " + " ".join(words) in answer.out


def test_without_a_command_there_is_help(cli):
    answer = cli()
    assert answer.code == 0
    assert "Usage:" in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["copy"],
        ["import"],
        ["import", "x.csv", "--format", "pdf"],
        ["serve", "--port", "many"],
        ["serve", "--port", "70000"],
        ["generate"],
        ["generate", "A", "--all"],
        ["ground", "x.txt"],
        ["copy", "list", "--status", "lost"],
        ["copy", "edit", "cp_1"],
        ["keys", "create"],
        ["generate", "A", "--voice", "shouting"],
        ["generate", "A", "--variants", "0"],
    ],
)
def test_wrong_usage_is_one_line_and_code_2(cli, arguments):
    answer = cli(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("shelftalker: ")
    assert answer.err.count("\n") == 1


def test_wrong_usage_with_json_is_one_document_too(cli):
    answer = cli("import", "--json")
    assert answer.code == 2
    assert answer.document["error"]["type"] == "usage"
    answer = cli("import", "missing.csv", "--json")
    assert "missing.csv" in answer.document["error"]["detail"]


def test_a_setting_with_a_typo_stops_the_start(cli, monkeypatch):
    monkeypatch.setenv("SHELFTALKER_DATABSE_URL", "x")
    answer = cli("keys", "list")
    assert answer.code == 2
    assert "SHELFTALKER_DATABASE_URL" in answer.err
    assert answer.err.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    script = f"{sys.executable} -m app --help | head -n 1"
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in run.stderr
    assert "BrokenPipe" not in run.stderr
