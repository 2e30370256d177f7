"""The demo in a terminal: a product's facts, its copy with the facts behind each sentence, a refused edit."""

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.demo.page import TRUST_WORDS, HeadlineLine, Page, ShownProduct
from app.demo.segments import Segment

PROOF, CLAIM, ALARM = "green", "yellow", "red"


def show(console: Console, page: Page, featured: ShownProduct, output: Path) -> None:
    """The whole story, ending with what to type next."""
    title = "".join(part.text for part in featured.title)
    console.print()
    console.print(Text.assemble((title, "bold"), ("  " + featured.eyebrow, "dim")))
    console.print(
        Panel(
            _facts(featured),
            title="What is known: facts, each with its source",
            title_align="left",
            border_style="dim",
        )
    )
    console.print(
        Panel(
            _copy(featured),
            title="What was written: each sentence names its facts",
            title_align="left",
            border_style=PROOF,
        )
    )
    if page.refusal is not None:
        console.print(
            Panel(
                _refusal(page),
                title="Refused: an edit that says more than the facts",
                title_align="left",
                border_style=ALARM,
            )
        )
    if page.rejected:
        console.print(
            Panel(
                _rejected(page),
                title="Rows that the import did not take",
                title_align="left",
                border_style=CLAIM,
            )
        )
    console.print(_totals(page))
    console.print(_next(output))


def _facts(product: ShownProduct) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style=PROOF, no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2, style="dim")
    for fact in product.facts:
        style = "" if fact.used else "dim"
        trust = "live: never frozen into text" if fact.live else TRUST_WORDS[fact.trust]
        origin = Text.assemble(f"{fact.source}  ", (trust, CLAIM if fact.trust == "merchant_claim" else ""))
        table.add_row(fact.id, Text.assemble((f"{fact.label}: ", "dim"), (fact.value, style)), origin)
    return table


def _copy(product: ShownProduct) -> RenderableType:
    parts: list[RenderableType] = []
    for paragraph in product.paragraphs:
        parts += [_cited(paragraph), ""]
    parts += [Text.assemble("• ", _cited((bullet,))) for bullet in product.bullets]
    for headline in product.headlines:
        parts += [
            "",
            Text.assemble((f"{headline.angle}  ", "dim"), *(_line(line) for line in headline.lines)),
        ]
    return Group(*parts)


def _line(line: HeadlineLine) -> Text:
    return Text.assemble(_cited(line.sentences), "  ")


def _cited(parts: tuple[Segment, ...]) -> Text:
    text = Text()
    for part in parts:
        text.append(part.text)
        if part.facts:
            text.append(f" [{' '.join(part.facts)}]", style=f"dim {PROOF}")
    return text


def _refusal(page: Page) -> RenderableType:
    assert page.refusal is not None  # noqa: S101  the caller asked
    sentence = Text()
    for part in page.refusal.parts:
        sentence.append(part.text, style=f"bold underline {ALARM}" if part.claim else "")
    reasons = [Text.assemble(("→ ", ALARM), reason) for reason in page.refusal.reasons]
    return Group(
        Text(f"Somebody adds to the copy of {page.refusal.title}:", style="dim"),
        Padding(sentence, (0, 2)),
        *reasons,
    )


def _rejected(page: Page) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for row in page.rejected:
        table.add_row(Text(f"line {row.line}", style=CLAIM), Text(row.sku or "–"), Text(row.detail))
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


def _next(output: Path) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(style="bold")
    table.add_column(style="dim")
    table.add_row(f"open {output}", "all of it, in your browser")
    table.add_row(
        "shelftalker import your.csv", "your own catalog: Shopify, Magento, Google, CSV, JSON Lines"
    )
    table.add_row("shelftalker generate --all", "its copy")
    table.add_row("shelftalker serve", "the same over HTTP: http://127.0.0.1:8000/docs")
    return table
