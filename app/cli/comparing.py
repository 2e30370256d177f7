"""`shelftalker duplicates`: a text, or a product's copy, against the texts of the catalog."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from app.api.models.checks import DuplicatesOut
from app.api.outcomes import DONE, FAILED
from app.cli import output
from app.cli.inputs import read_text
from app.cli.session import with_services
from app.copywriting.prose import prose_of
from app.copywriting.service import CopyQuery
from app.errors import Invalid, NotFound
from app.services import Services
from evaluators.neighbours import TWIN_OVERLAP

SHOWN_CHARS = 300
MEANING_S = 5.0  # the model has to be opened first


def duplicates(what: str, sku: str | None, limit: int, *, as_json: bool) -> int:
    """Compare and print; 1 where another product's text is a twin. Raises Invalid for unreadable input."""
    text = read_text(what) if what == "-" or Path(what).is_file() else None
    if text is None and sku is not None:
        raise Invalid(f"{what}: there is no such file; --sku goes with a file")

    async def work(services: Services) -> int:
        about, words = (what, await _copy_of(services, what)) if text is None else (sku, text)
        found = await services.twins.nearest(words, sku=about, limit=limit, wait_s=None, meaning_s=MEANING_S)
        answer = DuplicatesOut.of(found)
        if as_json:
            output.document(answer)
        else:
            _show(output.console(), answer)
        return FAILED if any(one.overlap >= TWIN_OVERLAP for one in answer.items) else DONE

    return with_services(work)


async def _copy_of(services: Services, sku: str) -> str:
    """The words of a product's newest description, or of its newest copy where it has no description."""
    try:
        copies = (await services.copy.for_product(sku)).items
    except NotFound as error:
        raise NotFound(f"{sku}: neither a file nor a product ({error.detail})", extra=error.extra) from None
    if not copies:
        raise NotFound(f"{sku} has no copy yet: shelftalker generate {sku} writes some")
    found = await services.copy.list(CopyQuery(sku=sku, template="product_description"), 1)
    return prose_of((found.items or copies)[0].fields)


def _show(console: Console, answer: DuplicatesOut) -> None:
    for one in answer.items:
        style = "yellow" if one.overlap >= TWIN_OVERLAP else "dim"
        head = Text.assemble((f"{one.overlap:4.0%}", style), " ", (output.plain(one.sku), "bold"))
        head.append(f"  {one.template}  {one.locale}  {one.copy_id}", style="dim")
        if one.similarity is not None:
            head.append(f"  similarity {one.similarity:.2f}", style="dim")
        console.print(head)
        text = output.plain(one.text)
        console.print(Text("     " + (text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…")))
    counted = f"compared with {output.counted(answer.compared, 'text')}"
    nothing = "" if answer.items else "Nothing like it: "
    console.print(Text(nothing + counted, style="bold"))
