"""`shelftalker import`: a product export into the catalog, with a summary that says what to do next."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from app.api.models.catalog import FeedNote, ImportOut
from app.api.outcomes import DONE, FAILED, STOPPED
from app.catalog.imports import ImportProgress
from app.cli import output
from app.cli.progress import progress
from app.cli.session import with_services
from app.errors import Invalid, Unavailable
from app.services import Services

ACTOR = "local"
SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    file: Path
    format: str
    mode: str
    dry_run: bool
    force: bool
    as_json: bool


def import_file(options: Options) -> int:
    """Import and report; 1 where it is held. Rejected rows are told, and are no failure: the good ones went in."""
    done = 0  # products of batches that are on disk
    with _on_disk(options.file) as path:

        async def work(services: Services) -> int:
            with progress("Importing", quiet=options.as_json) as advance:

                def tell(step: ImportProgress) -> None:
                    nonlocal done
                    done = step.products
                    advance(step.bytes_read / max(step.total_bytes, 1), f"{step.products:,} products")

                report = await services.catalog.import_file(
                    path,
                    filename=options.file.name,
                    format=options.format,
                    mode=options.mode,
                    dry_run=options.dry_run,
                    force=options.force,
                    progress=tell,
                    actor=ACTOR,
                )
            answer = ImportOut.of(report)
            if options.as_json:
                output.document(answer)
            else:
                _show(answer)
            return FAILED if answer.status != "done" else DONE

        try:
            return with_services(work)
        except KeyboardInterrupt:
            return output.fail(_stopped(done, options), STOPPED, as_json=options.as_json, slug="stopped")


def _stopped(done: int, options: Options) -> str:
    if options.dry_run:
        return "stopped; nothing was written"
    return f"stopped; {output.counted(done, 'product')} of the file are in; the same command does the rest"


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file itself; standard input is kept in a temporary one, since a feed is read more than once."""
    if str(file) != "-":
        if not file.exists():
            raise Invalid(f"{file}: there is no such file")
        if file.is_dir():
            raise Invalid(f"{file}: a folder, not a file")
        yield file
        return
    with tempfile.NamedTemporaryFile(prefix="shelftalker-import-") as copy:
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.flush()
        except OSError as error:
            raise Unavailable(f"the input cannot be kept: {error.strerror}", dependency="disk") from None
        yield Path(copy.name)


def _show(report: ImportOut) -> None:
    console = output.console()
    done = {"held": "Held back", "done": "Would import" if report.dry_run else "Imported"}.get(
        report.status, "Read"
    )
    head = f"{done}: {output.counted(report.products, 'product')}"
    console.print(Text.assemble((head, "bold"), f" ({report.format}, {report.duration_ms / 1000:.1f} s)"))
    counts = {
        "new": report.created,
        "changed": report.updated,
        "unchanged": report.unchanged,
        "discontinued": report.discontinued,
    }
    console.print(
        "  " + (", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing")
    )
    if report.facts_changed:
        console.print(
            f"  {output.counted(report.facts_changed, 'fact')} changed, "
            f"{output.counted(report.copy_stale, 'copy', 'copies')} turned stale"
        )
    if report.edited_outside:
        console.print(
            f"  {output.counted(report.edited_outside, 'text')} of ours changed in the shop, kept as offers"
        )
    _show_rows(console, report.rejected, report.rejected_count, "row", "rejected", "yellow")
    _show_rows(console, report.notes, report.notes_count, "value", "left out", "dim")
    console.print(_next(report))


def _show_rows(console: Console, rows: list[FeedNote], count: int, one: str, what: str, style: str) -> None:
    if not count:
        return
    console.print(Text(f"{output.counted(count, one)} {what}", style=style))
    for row in rows[:SHOWN_ROWS]:
        line = Text.assemble((f"  line {row.line}", style))
        line.append(f" {output.plain(row.sku)}" if row.sku else "")
        line.append(f": {output.plain(row.detail)}")
        console.print(line)
    if count > SHOWN_ROWS:
        console.print(
            f"  … and {count - min(len(rows), SHOWN_ROWS):,} more (--json names the first thousand)"
        )


def _next(report: ImportOut) -> str:
    if report.status == "held":
        return f"Nothing was written: {output.plain(report.detail or '')} Next: the same with --force, if it is right"
    if report.dry_run:
        return "Nothing was written. Next: the same without --dry-run"
    if report.products:
        return "Next: shelftalker generate --all"
    return "There was no product in it."
