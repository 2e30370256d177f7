"""What importing costs: nothing heavy before it is needed, and no side effects."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "torch", "langchain", "inflect", "lemminflect", "scipy", "pint", "num2words", "lxml", "ftfy", "statsmodels",
    "babel", "alembic", "numpy",
)  # fmt: skip
SERVICE = ("fastapi", "sqlalchemy", "uvicorn", "pydantic_settings", "rich")

PROBE = """
import json, socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("an import opened a socket")
socket.socket.connect = refuse
{code}
print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


def loaded_after(code: str, cwd) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(code=code)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


HELP = """
import contextlib, io
from app.cli import main
sys.argv = ["shelftalker", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""


def test_help_imports_nothing_heavy(root):
    loaded = loaded_after(HELP, root)
    assert loaded.isdisjoint(HEAVY)
    assert loaded.isdisjoint({"fastapi", "sqlalchemy", "uvicorn", "pydantic_settings"})


@pytest.mark.parametrize("library", ["seo", "evaluators", "retrieval", "prompts"])
def test_libraries_import_without_the_service(library, root):
    loaded = loaded_after(f"import {library}", root)
    assert "app" not in loaded
    assert loaded.isdisjoint(HEAVY)
    assert loaded.isdisjoint(SERVICE)


def test_the_application_imports_no_model_and_no_index_before_it_searches(root):
    loaded = loaded_after("import app.main", root)
    assert loaded.isdisjoint({"torch", "faiss", "onnxruntime", "tokenizers", "numpy", "scipy", "datasketch"})


def test_importing_writes_nothing(root, tmp_path):
    loaded_after(
        f"sys.path.insert(0, {str(root)!r})\nimport app.main, app.services, app.cli, app.demo.command",
        tmp_path,
    )
    assert list(tmp_path.iterdir()) == []
