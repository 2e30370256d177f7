"""What a command prints: one JSON document, or words for people. Progress and errors go to standard error."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 400  # columns of a file or a pipe: no table is cut there
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
    print(line(detail), file=sys.stderr)
    if as_json:
        error: dict[str, Any] = {**(extra or {}), "type": slug, "detail": detail}
        if problems:
            error["errors"] = [{"pointer": p.pointer, "detail": p.detail} for p in problems]
        document({"error": error})
    return code


def line(detail: str) -> str:
    """What standard error is told: an error or a warning, known by how it begins."""
    return f"shelftalker: {plain(detail)}"


def warn(detail: str) -> None:
    """Say on standard error, in one line, what a person should know; the work goes on."""
    print(line(detail), file=sys.stderr, flush=True)


def plain(text: str) -> str:
    """One line without control characters: text of a feed must not drive the terminal."""
    return " ".join(text.translate(CONTROL).split())


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def console(*, plain_width: int = WIDE) -> "Console":
    """Standard output for people: coloured on a terminal; elsewhere plain, and as wide as is asked."""
    from rich.console import Console  # noqa: PLC0415 - `--help` does without

    terminal = sys.stdout.isatty()
    width = None if terminal else plain_width
    return Console(highlight=False, soft_wrap=not terminal, width=width, markup=False, emoji=False)


def abandon() -> None:
    """Give standard output up. Python would try, and complain, once more when it flushes at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def flush() -> None:
    """Write out what is buffered, so that a closed pipe shows here and not at exit."""
    sys.stdout.flush()
