"""The command line: `shelftalker …`."""

from app.cli.run import main

__all__ = ["main"]
