"""What a command prints: one JSON document, or words for people. Progress and errors go to standard error."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console

CONTROL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))


def document(value: Any) -> None:
    """Print the one JSON document of a `--json` run. Models are dumped as the API would."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def fail(
    detail: str,
    code: int,
    *,
    as_json: bool,
    slug: str,
    problems: Sequence[Problem] = (),
    extra: Mapping[str, Any] | None = None,
) -> int:
    """Say an error in one line, and with `--json` as the document too; gives the exit code back."""
    print("shelftalker: " + plain(detail), file=sys.stderr)
    if as_json:
        error: dict[str, Any] = {**(extra or {}), "type": slug, "detail": detail}
        if problems:
            error["errors"] = [{"pointer": p.pointer, "detail": p.detail} for p in problems]
        document({"error": error})
    return code


def plain(text: str) -> str:
    """One line without control characters: text of a feed must not drive the terminal."""
    return " ".join(text.translate(CONTROL).split())


def console() -> "Console":
    """Standard output for people: coloured on a terminal, plain and unwrapped elsewhere."""
    from rich.console import Console  # noqa: PLC0415 - `--help` does without

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), markup=False, emoji=False)


def flush() -> None:
    """Write out what is buffered, so that a closed pipe shows here and not at exit."""
    sys.stdout.flush()
