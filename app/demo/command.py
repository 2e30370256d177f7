"""`shelftalker demo`: the built-in catalog, from its file to a page."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import orjson
from rich.console import Console

from app.demo import terminal
from app.demo.page import Page, render
from app.demo.shown import page_of, shown
from app.demo.story import Progress, Story, tell
from app.errors import Unavailable
from app.services import open_services
from app.settings import Settings


async def run(
    console: Console, data_dir: Path | None, *, output: Path, as_json: bool, progress: Progress
) -> int:
    """Tell the story in the terminal (or as one JSON document) and write the page to `output`.

    The catalog goes into a database of its own: in `data_dir`, or in a temporary folder that is gone afterwards.
    It never touches the shop's. Gives the exit code. Raises Unavailable where a disk or database does not answer.
    """
    with _folder(data_dir) as folder:
        settings = Settings(data_dir=folder, database_url="")
        async with open_services(settings) as services:
            story = await tell(services, progress)
    page = page_of(story, version("shelftalker"))
    _write(output, render(page))
    if as_json:
        console.file.write(
            orjson.dumps(summary(story, page, output), option=orjson.OPT_INDENT_2).decode() + "\n"
        )
    else:
        terminal.show(console, page, shown(story.featured), output, _program())
    return 0


def summary(story: Story, page: Page, output: Path) -> dict[str, object]:
    """What happened, for programs."""
    return {
        "page": str(output),
        "products": len(page.products),
        "copies": len(story.copies),
        "facts": page.fact_count,
        "sentences": page.sentence_count,
        "unsupported": page.unsupported_count,
        "rejected": [{"line": row.line, "sku": row.sku, "detail": row.detail} for row in page.rejected],
        "refused": {
            "product": story.refused.product,
            "sentence": story.refused.sentence,
            "detail": story.refused.detail,
        },
        "seconds": round(story.seconds, 3),
    }


def _program() -> str:
    """What to type for this program: its name where the path finds it, else where it stands (`.venv/bin/…`)."""
    if shutil.which("shelftalker"):
        return "shelftalker"
    beside = Path(sys.executable).absolute().parent / "shelftalker"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)


@contextmanager
def _folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is not None:
        data_dir.mkdir(parents=True, exist_ok=True)
        yield data_dir
        return
    with tempfile.TemporaryDirectory(prefix="shelftalker-demo-") as folder:
        yield Path(folder)


def _write(output: Path, html: str) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(html, encoding="utf-8")
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}", dependency="disk") from error
