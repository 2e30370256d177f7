"""From a command to the process's exit: every error becomes one line on standard error and a code of the table.

Heavy things are imported inside of commands alone, so that `--help` answers at once; a test holds the list.
"""

import sys
from typing import NoReturn

import typer

from app.api.outcomes import BUG, DONE, STOPPED, UNREACHABLE, USAGE, outcome_of
from app.cli import output
from app.cli.commands import app
from app.errors import Invalid, ShelftalkerError


def main() -> NoReturn:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; gives its exit code. Never lets a traceback out."""
    try:
        code = app(arguments or ["--help"], prog_name="shelftalker", standalone_mode=False)
        output.flush()
    except (Exception, KeyboardInterrupt) as error:
        if sys.flags.dev_mode and not isinstance(error, ShelftalkerError | typer.TyperException):
            raise  # `python -X dev -m app …` shows where
        return _told(error, as_json="--json" in arguments)
    return code if isinstance(code, int) else DONE


def _told(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong in one line; gives the exit code."""
    match error:
        case typer.TyperException():
            return output.fail(error.format_message(), USAGE, as_json=as_json, slug="usage")
        case ShelftalkerError():
            problems = error.problems if isinstance(error, Invalid) else ()
            row = outcome_of(error)
            return output.fail(
                error.detail,
                row.exit_code,
                as_json=as_json,
                slug=row.slug,
                problems=problems,
                extra=error.extra,
            )
        case KeyboardInterrupt() | typer.Abort():
            return output.fail("stopped", STOPPED, as_json=False, slug="stopped")
        case BrokenPipeError():  # the reader (`head`, a pager) has seen enough
            output.abandon()
            return DONE
        case OSError():  # a full disk behind standard output, a file that vanished
            output.abandon()
            name = f"{error.filename}: " if error.filename else ""
            detail = f"{name}{error.strerror or error}"
            return output.fail(detail, UNREACHABLE, as_json=False, slug="unavailable")
    detail = f"this is a fault of ours: {type(error).__name__}: {error}"
    return output.fail(detail, BUG, as_json=as_json, slug="internal")
