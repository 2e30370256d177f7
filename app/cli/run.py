"""From a command to the process's exit: every error becomes one line on standard error and a code of the table.

Heavy things are imported inside of commands alone, so that `--help` answers at once; a test holds the list.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NoReturn

import typer

from app.api.outcomes import BUG, DONE, STOPPED, USAGE, outcome_of
from app.cli import output
from app.errors import Invalid, ShelftalkerError

if TYPE_CHECKING:
    from app.services import Services
    from app.settings import Settings


def main() -> NoReturn:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; gives its exit code. Never lets a traceback out."""
    from app.cli.commands import app  # noqa: PLC0415 - the commands import this module

    as_json = "--json" in arguments
    try:
        code = app(arguments or ["--help"], prog_name="shelftalker", standalone_mode=False)
        output.flush()
    except typer.TyperException as error:
        return output.fail(error.format_message(), USAGE, as_json=as_json, slug="usage")
    except ShelftalkerError as error:
        problems = error.problems if isinstance(error, Invalid) else ()
        outcome = outcome_of(error)
        return output.fail(
            error.detail,
            outcome.exit_code,
            as_json=as_json,
            slug=outcome.slug,
            problems=problems,
            extra=error.extra,
        )
    except (KeyboardInterrupt, typer.Abort):
        print("stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # the outermost place: a fault of ours, told in a line
        if sys.flags.dev_mode:  # `python -X dev -m app …` shows where
            raise
        detail = f"this is a fault of ours: {type(error).__name__}: {error}"
        return output.fail(detail, BUG, as_json=as_json, slug="internal")
    return code if isinstance(code, int) else DONE


def load_settings() -> "Settings":
    """The settings of the environment and `.env`. Raises Invalid with one clear line."""
    from app.settings import Settings  # noqa: PLC0415 - pydantic-settings is slow to import

    return Settings()


def with_services(work: "Callable[[Services], Awaitable[int]]", settings: "Settings | None" = None) -> int:
    """Open the services, do the work, close them; gives the work's exit code."""
    from app.services import open_services  # noqa: PLC0415 - heavy
    from app.telemetry import configure_logging  # noqa: PLC0415 - heavy

    chosen = settings or load_settings()
    configure_logging(chosen.log_format, level=30)

    async def whole() -> int:
        async with open_services(chosen) as services:
            return await work(services)

    return asyncio.run(whole())
