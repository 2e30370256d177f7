"""`shelftalker demo`."""

import asyncio
from pathlib import Path

from app.cli import output as outputs
from app.cli.progress import progress
from app.demo.command import run

PLAIN_WIDTH = 110  # of its panels in a file or a pipe


def demo(output: Path, data_dir: Path | None, *, as_json: bool) -> int:
    """Tell the demo's story; see `app.demo.command`."""
    return asyncio.run(
        run(
            outputs.console(plain_width=PLAIN_WIDTH),
            data_dir,
            output=output,
            as_json=as_json,
            progress=lambda title: progress(title, quiet=as_json),
        )
    )
