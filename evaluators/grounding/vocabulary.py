"""Reading the vocabularies in `lexicons/`."""

from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "lexicons"


def load(name: str) -> Any:
    """Read `lexicons/NAME.yaml`."""
    with (_FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        # The safe loader, in C where it is there: the vocabularies are read at the first check.
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
