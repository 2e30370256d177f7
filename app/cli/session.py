"""What a command works with: the settings, and the services while it runs."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.cli import output
from app.errors import ShelftalkerError

if TYPE_CHECKING:
    from app.services import Services
    from app.settings import Settings


def load_settings() -> "Settings":
    """The settings of the environment and `.env`. Raises Invalid with one clear line."""
    from app.settings import Settings  # noqa: PLC0415 - pydantic-settings is slow to import

    return Settings()


def with_services(work: "Callable[[Services], Awaitable[int]]", settings: "Settings | None" = None) -> int:
    """Open the services, do the work, close them; gives the work's exit code."""
    from app.services import open_services  # noqa: PLC0415 - heavy
    from app.telemetry import configure_logging  # noqa: PLC0415 - heavy

    chosen = settings or load_settings()
    configure_logging(chosen.log_format, level=logging.WARNING, renderer=_line)
    # A command that is interrupted lets its connections go in the middle of a word, and the pool would tell.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

    async def whole() -> int:
        async with open_services(chosen) as services:
            # Trouble here is told by the work itself, if it needs what this does; what has expired is shown to nobody.
            with suppress(ShelftalkerError):
                await services.catalog.attestation.sweep()
            return await work(services)

    return asyncio.run(whole())


def _line(_logger: Any, _method: str, event: Any) -> str:
    """A warning as commands say things: one line, whatever the log of a server looks like."""
    said = [str(event.get("event", "")), str(event.get("detail", ""))]
    if (error := _error_of(event.get("exc_info"))) is not None:
        said.append(f"{type(error).__name__}: {error}")
    return output.line(": ".join(filter(None, said)))


def _error_of(exc_info: Any) -> BaseException | None:
    if exc_info is True:
        exc_info = sys.exc_info()
    found = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    return found if isinstance(found, BaseException) else None
