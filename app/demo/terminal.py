"""The demo in a terminal: a product's facts, its copy with the facts behind each sentence, a refused edit."""

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.demo.page import TRUST_WORDS, Page, Refusal, ShownProduct
from app.demo.segments import Segment

PROOF, CLAIM, ALARM = "green", "yellow", "red"


def show(console: Console, page: Page, featured: ShownProduct, output: Path, program: str) -> None:
    """The whole story, ending with what to type next; `program` is how this program is called here."""

    def say(what: RenderableType) -> None:
        console.print(what, soft_wrap=False)  # panels are drawn to a width, on a terminal and in a pipe

    def panel(title: str, style: str, what: RenderableType) -> None:
        say(Panel(what, title=title, title_align="left", border_style=style, padding=(0, 1)))

    title = "".join(part.text for part in featured.title)
    say(Text.assemble("\n", (title, "bold"), ("  " + featured.eyebrow, "dim")))
    panel("What is known: facts, each with its source", "dim", _facts(featured))
    panel("What was written: each sentence names its facts", PROOF, _copy(featured))
    if page.refusal is not None:
        panel("Refused: an edit that says more than the facts", ALARM, _refusal(page.refusal))
    if page.rejected:
        panel("What the import did not take", CLAIM, _rejected(page))
    say(_totals(page))
    say_next(console, output, program)


def _facts(product: ShownProduct) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style=PROOF, no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2, style="dim")
    for fact in product.facts:
        style = "" if fact.used else "dim"
        trust = "" if fact.trust == "data" else TRUST_WORDS[fact.trust]
        origin = Text.assemble(f"{fact.source}  ", ("live: never in a text" if fact.live else trust, CLAIM))
        table.add_row(fact.id, Text.assemble((f"{fact.label}: ", "dim"), (fact.value, style)), origin)
    return table


def _copy(product: ShownProduct) -> RenderableType:
    parts: list[RenderableType] = []
    for paragraph in product.paragraphs:
        parts += [_cited(paragraph), ""]
    parts += [Text.assemble("• ", _cited((bullet,))) for bullet in product.bullets]
    if product.headlines:
        parts += ["", Text("Headlines, one per angle", style="dim")]
    parts += [
        Text.assemble((f"{headline.angle:<10}", PROOF), _cited(line.sentences))
        for headline in product.headlines
        for line in headline.lines[:1]
    ]
    return Group(*parts)


def _cited(parts: tuple[Segment, ...]) -> Text:
    text = Text()
    for part in parts:
        text.append(part.text)
        if part.facts:
            text.append(f" [{' '.join(part.facts)}]", style=f"dim {PROOF}")
    return text


def _refusal(refusal: Refusal) -> RenderableType:
    sentence = Text()
    for part in refusal.parts:
        sentence.append(part.text, style=f"bold underline {ALARM}" if part.claim else "")
    intro = Text(f"Somebody adds to the copy of {refusal.title}, and asks for approval:", style="dim")
    return Group(
        intro, Padding(sentence, (0, 2)), *(Text.assemble(("→ ", ALARM), why) for why in refusal.reasons)
    )


def _rejected(page: Page) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for row in page.rejected:
        what = "kept, with a gap" if row.kept else "left out"
        table.add_row(Text(f"line {row.line}", style=CLAIM), Text(what, style="dim"), Text(row.detail))
    return table


def _totals(page: Page) -> Text:
    return Text.assemble(
        "\n",
        (
            f"{len(page.products)} products, {page.fact_count:,} facts, {page.sentence_count:,} sentences",
            "bold",
        ),
        f" in {page.seconds_text}; ",
        (f"{page.unsupported_count} claims without a fact", PROOF if page.unsupported_count == 0 else ALARM),
        ".\n",
    )


def say_next(console: Console, output: Path, program: str) -> None:
    """What to type next. A command is there to be copied, so it is never broken over two lines or cut."""
    steps = (
        (f"open {output}", "all of it, in your browser"),
        (f"{program} import your.csv", "your own catalog: Shopify, Magento, Google, CSV, JSON Lines"),
        (f"{program} generate --all", "its copy"),
        (f"{program} serve", "the same over HTTP: http://127.0.0.1:8000/docs"),
    )
    width = max(len(command) for command, _ in steps)
    beside = width + 3 + max(len(what) for _, what in steps) <= console.width
    for command, what in steps:
        if beside:
            line = Text.assemble((command.ljust(width), "bold"), "   ", (what, "dim"))
        else:
            line = Text.assemble((what, "dim"), "\n  ", (command, "bold"))
        console.print(line, soft_wrap=True)
