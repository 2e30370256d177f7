"""Reads the data files that stand beside the code."""

from importlib import resources
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader  # libyaml: ten times as fast
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # the same interface, in Python


def read_table(package: str, name: str) -> Any:
    """Read a YAML file of a package (`read_table("retrieval", "units.yaml")`). Callers cache what they make of it."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=Loader)
