"""`shelftalker generate`: copy for some products or for all."""

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from rich.console import Console
from rich.text import Text

from app.api.models.catalog import ConflictOut
from app.api.models.copy import CopyOut
from app.api.outcomes import DONE, FAILED, STOPPED, USAGE
from app.cli import output
from app.cli.interrupts import stop_at_interrupt
from app.cli.progress import progress
from app.cli.session import with_services
from app.cli.showing import show_copy
from app.copywriting.bulk import GenerateProgress
from app.copywriting.copy import Copy
from app.copywriting.fact_choice import DocumentConflict
from app.copywriting.request import CopyRequest, check_request
from app.errors import Invalid
from app.services import Services

ACTOR = "local"
SHOWN_FAILURES = SHOWN_CONFLICTS = 20
NOTHING_STALE = "Nothing to do: no copy is stale."
LONGEST = {"keyphrase": 200, "audience": 500, "instructions": 2000}  # characters, as over HTTP


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    skus: tuple[str, ...]
    everything: bool
    template: str
    voice: str
    locale: str
    angle: str | None
    keyphrase: str | None
    audience: str | None
    instructions: str | None
    variants: int
    force: bool
    stale: bool
    as_json: bool


@dataclass(slots=True)
class Tally:
    """What became of the products so far. `copies` are kept only where they are shown."""

    written: int = 0
    skipped: int = 0
    texts: int = 0
    drafts: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    conflicts: list[tuple[str, tuple[DocumentConflict, ...]]] = field(default_factory=list)
    stopped: bool = False

    def count(self, step: GenerateProgress, *, keep: bool) -> None:
        """Take in what became of one product; its texts only with `keep`."""
        if step.outcome == "written":
            self.written += 1
            self.texts += len(step.copies)
            self.drafts += sum(not copy.clean for copy in step.copies)
        elif step.outcome == "skipped":
            self.skipped += 1
        else:
            self.failed.append((step.sku, step.detail))
        if step.conflicts:
            self.conflicts.append((step.sku, step.conflicts))
        if keep:
            self.copies.extend(step.copies)


def generate(options: Options) -> int:
    """Write and report. Raises Invalid for a wrong request, before anything is opened."""
    if options.stale:
        _refuse_beside_stale(options)
    elif bool(options.skus) == options.everything:
        raise Invalid("say which products: SKUs, or --all")
    request = CopyRequest(
        sku="",
        template=options.template,
        voice=options.voice,
        locale=options.locale,
        angle=options.angle,
        keyphrase=_given(options.keyphrase, "keyphrase"),
        audience=_given(options.audience, "audience"),
        instructions=_given(options.instructions, "instructions"),
        variants=options.variants,
    )
    # Which voices there are beside the shipped ones, the database knows; all else is checked before it is opened.
    check_request(replace(request, voice="plain"))

    async def work(services: Services) -> int:
        tally = Tally()
        await _write(services, request, options, tally)
        _report(tally, options)
        return _exit_code(tally)

    return with_services(work)


def _refuse_beside_stale(options: Options) -> None:
    """A stale copy is mended as what it is. Raises Invalid for options that would make another text of it."""
    if options.skus and options.everything:
        raise Invalid("say which products: SKUs, or --all; with --stale alone it is all")
    if options.force or options.angle is not None or options.variants != 1:
        raise Invalid("--stale mends copies as they are: it goes without --force, --angle and --variants")


def _given(text: str | None, name: str) -> str | None:
    """An option's text; none where it is empty. Raises Invalid where it is longer than the API takes."""
    if text is None or not text.strip():
        return None
    if len(text) > LONGEST[name]:
        raise Invalid(
            f"--{name}: at most {LONGEST[name]:,} characters, these are {len(text):,}", pointer=f"/{name}"
        )
    return text


async def _write(services: Services, request: CopyRequest, options: Options, tally: Tally) -> None:
    everything = options.everything or not options.skus
    skus: Sequence[str] | None = None if everything else list(dict.fromkeys(options.skus))
    keep = not everything
    run = services.copy.generate_all(
        request, skus=skus, force=options.force, stale=options.stale, actor=ACTOR
    )
    assert isinstance(run, AsyncGenerator)  # noqa: S101 - so that it can be closed where it is stopped
    quiet = options.as_json or (keep and len(options.skus) == 1)
    things = "stale copies" if options.stale else "products"
    with stop_at_interrupt() as stopping, progress("Writing", quiet=quiet) as advance:
        async with aclosing(run):
            async for step in run:
                tally.count(step, keep=keep)
                advance(step.done / max(step.total, 1), f"{step.done:,} of {step.total:,} {things}")
                if stopping.is_set() and step.done < step.total:
                    tally.stopped = True
                    break


def _exit_code(tally: Tally) -> int:
    """Failed products that do not exist are bad input; texts that the gate refused are a failed check."""
    if tally.stopped:
        return STOPPED
    if tally.failed:
        return FAILED if tally.written or tally.skipped else USAGE
    return FAILED if tally.drafts else DONE


def _report(tally: Tally, options: Options) -> None:
    if options.as_json:
        output.document(_document(tally))
        return
    console = output.console()
    for copy in tally.copies:
        show_copy(console, CopyOut.of(copy))
        console.print()
    console.print(Text(_counts_stale(tally) if options.stale else _counts(tally), style="bold"))
    for sku, detail in tally.failed[:SHOWN_FAILURES]:
        console.print(Text.assemble((f"  {output.plain(sku)}: ", "yellow"), output.plain(detail)))
    if len(tally.failed) > SHOWN_FAILURES:
        console.print(f"  … and {len(tally.failed) - SHOWN_FAILURES} more (--json lists all)")
    _tell_conflicts(console, tally)
    if tally.drafts:
        console.print(
            f"{output.counted(tally.drafts, 'text')} did not pass the checks and stayed draft: shelftalker copy list --status draft"
        )
    if tally.stopped:
        print("stopped; what is written is kept, and the same command goes on", file=sys.stderr)
    else:
        console.print(NOTHING_STALE if options.stale and not (tally.texts or tally.failed) else _next(tally))


def _tell_conflicts(console: Console, tally: Tally) -> None:
    """One line for each product: how many statements of guides were set aside, the first of them, and where all are."""
    for sku, conflicts in tally.conflicts[:SHOWN_CONFLICTS]:
        first, more = conflicts[0], len(conflicts) - 1
        others = f" (and {more} more)" if more else ""
        said = f"{first}{others}; shelftalker facts {sku} shows it"
        console.print(Text.assemble((f"  {output.plain(sku)}: ", "yellow"), output.plain(said)))
    if len(tally.conflicts) > SHOWN_CONFLICTS:
        rest = output.counted(len(tally.conflicts) - SHOWN_CONFLICTS, "more product")
        console.print(f"  … and {rest} that a document contradicts (--json lists all)")


def _counts(tally: Tally) -> str:
    counts = [f"{output.counted(tally.written, 'product')} written ({output.counted(tally.texts, 'text')})"]
    if tally.skipped:
        counts.append(f"{tally.skipped:,} skipped, their copy is current")
    if tally.failed:
        counts.append(f"{len(tally.failed):,} failed")
    return "; ".join(counts)


def _counts_stale(tally: Tally) -> str:
    mended = output.counted(tally.texts, "stale copy", "stale copies")
    return f"{mended} mended" + (f"; {len(tally.failed):,} failed" if tally.failed else "")


def _next(tally: Tally) -> str:
    if tally.texts:
        return "Next: shelftalker copy list --status needs_review, then shelftalker copy approve ID"
    if tally.failed:
        return "Next: shelftalker copy list, or shelftalker import for what is missing"
    if tally.skipped:
        return "Nothing to do: shelftalker copy list shows what there is, --force writes anew"
    return "There is no active product yet: shelftalker import your.csv"


def _document(tally: Tally) -> dict[str, Any]:
    return {
        "written": tally.written,
        "skipped": tally.skipped,
        "failed": [{"sku": sku, "detail": detail} for sku, detail in tally.failed],
        "texts": tally.texts,
        "drafts": tally.drafts,
        "conflicts": [
            {"sku": sku, **ConflictOut.of(conflict).model_dump(mode="json")}
            for sku, conflicts in tally.conflicts
            for conflict in conflicts
        ],
        "stopped": tally.stopped,
        "items": [CopyOut.of(copy).model_dump(mode="json") for copy in tally.copies],
    }
