"""Reading the vocabularies that lie beside this module."""

from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


def load(name: str) -> Any:
    """Read `NAME.yaml` of this folder."""
    with (_HERE / f"{name}.yaml").open(encoding="utf-8") as file:
        # The safe loader, in C where it is there: the vocabularies are read at the first check.
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
