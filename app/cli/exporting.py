"""`shelftalker export`: copy into a file that goes back into the shop, or into a table for people."""

import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rich.text import Text

from app.api.models.exports import OutsideEditOut
from app.api.outcomes import DONE, FAILED, STOPPED
from app.cli import output
from app.cli.progress import progress
from app.cli.session import with_services
from app.errors import Conflict, Invalid, Unavailable
from app.exporting.order import ExportOrder, check_order
from app.exporting.service import Export
from app.exporting.texts import OutsideEdit
from app.services import Services

ACTOR = "local"
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed. `file` None: a name of its own in this folder; `-`: standard output."""

    file: Path | None
    order: ExportOrder
    as_json: bool


def export(options: Options) -> int:
    """Write the file whole or not at all, and say what is in it and what had no place in it."""
    to_stdout = options.file is not None and str(options.file) == "-"
    if to_stdout and options.as_json:
        raise Invalid("--json prints one document: name a FILE for the export")
    order = check_order(options.order)
    if options.file is not None and not to_stdout and options.file.is_dir():
        raise Invalid(f"{options.file}: a folder, not a file")

    async def work(services: Services) -> int:
        async with services.exports.open(order) as opened:
            target = options.file or Path(opened.filename)
            with progress("Exporting", quiet=options.as_json) as advance:

                def tell() -> None:
                    tally = opened.tally
                    advance(tally.done / max(tally.total, 1), f"{output.counted(tally.texts, 'text')}")

                if to_stdout:
                    size = await _copy(opened, sys.stdout.buffer, tell)
                    sys.stdout.buffer.flush()
                else:
                    size = await _save(opened, target, tell)
            answer = _answer(opened, "-" if to_stdout else str(target), size)
            if options.as_json:
                output.document(answer)
            else:
                _show(answer, to_stdout=to_stdout)
        return DONE

    try:
        return with_services(work)
    except KeyboardInterrupt:
        return output.fail("stopped; no file was written", STOPPED, as_json=options.as_json, slug="stopped")


async def _copy(opened: Export, out: IO[bytes], tell: Callable[[], None]) -> int:
    size = 0
    async for chunk in opened.read():
        out.write(chunk)
        size += len(chunk)
        tell()
    return size


async def _save(opened: Export, target: Path, tell: Callable[[], None]) -> int:
    with _whole(target) as out:
        return await _copy(opened, out, tell)


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name once it is whole; one that was there before stays until then."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise Invalid(f"{target}: cannot be written: {error.strerror}") from error
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        made.chmod(0o644)  # as any file that a program writes; mkstemp's are for nobody else
        made.replace(target)
    except OSError as error:
        raise Unavailable(f"{target}: {error.strerror}", dependency="disk") from error
    finally:
        made.unlink(missing_ok=True)


def _answer(opened: Export, target: str, size: int) -> dict[str, Any]:
    return {
        "file": target,
        "format": opened.format,
        "layout": opened.feed.layout if opened.feed else None,
        "rows": opened.tally.done,
        "texts": opened.tally.texts,
        "bytes": size,
        "left_out": opened.left_out,
        "left_out_skus": list(opened.left_out_skus),
    }


def _show(answer: dict[str, Any], *, to_stdout: bool) -> None:
    rows, texts = output.counted(answer["rows"], "row"), output.counted(answer["texts"], "text")
    said = [f"Exported {rows} ({answer['format']}) with {texts} of ours to {answer['file']}"]
    if answer["left_out"]:
        named = ", ".join(map(output.plain, answer["left_out_skus"]))
        more = " …" if answer["left_out"] > len(answer["left_out_skus"]) else ""
        said.append(
            f"{output.counted(answer['left_out'], 'product')} with no row in this feed: {named}{more}. "
            "xlsx, jsonl and csv have them all"
        )
    if not answer["texts"]:
        said.append("Nothing is published yet: shelftalker copy approve, then copy publish")
    for line in said:
        if to_stdout:
            print(line, file=sys.stderr)
        else:
            output.console().print(Text(line))


def list_edits(status: str, sku: str | None, *, as_json: bool) -> int:
    """Texts of ours that were changed in the shop."""

    async def work(services: Services) -> int:
        page = await services.outside_edits.list(
            status=None if status == "all" else status, sku=sku, limit=_SHOWN
        )
        if as_json:
            items = [OutsideEditOut.model_validate(edit).model_dump(mode="json") for edit in page.items]
            output.document({"items": items, "next_cursor": page.next_cursor})
        else:
            _show_edits(page.items, more=page.next_cursor is not None)
        return DONE

    return with_services(work)


def _show_edits(edits: "tuple[OutsideEdit, ...]", *, more: bool) -> None:
    console = output.console()
    if not edits:
        console.print("No text of ours was changed in the shop")
    for edit in edits:
        said = output.plain(edit.text)
        console.print(Text(f"{edit.id}  {edit.status}  {output.plain(edit.sku)}  {output.plain(edit.field)}"))
        console.print(Text(f"  {said[:200]}{'…' if len(said) > 200 else ''}", style="dim"))
    if more:
        console.print(f"… and more (the first {_SHOWN} are shown)")


def settle(verb: str, ids: list[str], *, as_json: bool) -> int:
    """Accept or dismiss changed texts, each by itself; 1 where one could not be."""

    async def work(services: Services) -> int:
        edits = services.outside_edits
        deed: Callable[[str, str], Awaitable[Any]] = edits.accept if verb == "accept" else edits.dismiss
        results: list[dict[str, Any]] = []
        for edit_id in ids:
            try:
                done = await deed(edit_id, ACTOR)
            except Conflict as error:
                results.append({"id": edit_id, "error": error.detail})
                continue
            made = {"copy_id": done.id, "version": done.version} if verb == "accept" else {}
            results.append({"id": edit_id, **made})
        if as_json:
            output.document({"items": results})
        else:
            for result in results:
                told = result.get("error") or (
                    f"now version {result['version']} of {result['copy_id']}, waiting for review"
                    if verb == "accept"
                    else "dismissed: the next export writes our text over it"
                )
                print(f"{result['id']}: {output.plain(told)}")
        return FAILED if any("error" in result for result in results) else DONE

    return with_services(work)
