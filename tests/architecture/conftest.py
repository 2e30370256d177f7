"""The source tree as values, so that each rule below is a few lines."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "prompts", "retrieval", "evaluators", "seo")


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, its text, its syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[2]

    def inside(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(package + ".") for package in packages)

    def functions(self) -> set[str]:
        """Public functions that this file defines at its top level."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return {
            node.name for node in self.tree.body if isinstance(node, kinds) and not node.name.startswith("_")
        }

    def imports(self) -> set[str]:
        """Dotted names that this file imports, anywhere in it; `from a import b` counts as `a.b`."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return names


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def modules() -> tuple[Module, ...]:
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text("utf-8")
            found.append(Module(name, path, text, ast.parse(text)))
    return tuple(found)
