"""`shelftalker import`: a product export into the catalog, with a summary that says what to do next."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from app.api.models.catalog import ImportOut
from app.api.outcomes import DONE
from app.catalog.service import ImportProgress
from app.cli import output
from app.cli.progress import progress
from app.cli.run import with_services
from app.errors import Invalid, Unavailable
from app.services import Services

ACTOR = "local"
SHOWN_REJECTED = 20


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
    """Import and report. Rejected rows are told, and are no failure: the good ones went in."""
    with _on_disk(options.file) as path:

        async def work(services: Services) -> int:
            with progress("Importing", quiet=options.as_json) as advance:

                def tell(step: ImportProgress) -> None:
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
            answer = ImportOut.model_validate(report)
            if options.as_json:
                output.document(answer)
            else:
                _show(answer, dry_run=options.dry_run)
            return DONE

        return with_services(work)


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


def _show(report: ImportOut, *, dry_run: bool) -> None:
    console = output.console()
    done = "Would import" if dry_run else "Imported"
    console.print(
        Text.assemble((f"{done} {report.products:,} products", "bold"), f" ({report.format}, {_seconds(report)})")
    )
    counts = {
        "new": report.created,
        "changed": report.updated,
        "unchanged": report.unchanged,
        "discontinued": report.discontinued,
    }
    console.print("  " + ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or name == "new"))
    if report.facts_changed:
        console.print(f"  {report.facts_changed:,} products with changed facts, {report.copy_stale:,} copies turned stale")
    if report.rejected:
        console.print(Text(f"{len(report.rejected):,} rows rejected", style="yellow"))
        for row in report.rejected[:SHOWN_REJECTED]:
            line = Text.assemble((f"  line {row.line}", "yellow"))
            line.append(f" {output.plain(row.sku)}" if row.sku else "")
            line.append(f": {output.plain(row.detail)}")
            console.print(line)
        if len(report.rejected) > SHOWN_REJECTED:
            console.print(f"  … and {len(report.rejected) - SHOWN_REJECTED:,} more (--json lists all)")
    if dry_run:
        console.print("Nothing was written. Next: the same without --dry-run")
    elif report.created or report.updated:
        console.print("Next: shelftalker generate --all")


def _seconds(report: ImportOut) -> str:
    return f"{report.duration_ms / 1000:.1f} s"
