"""A copy for the eyes: each sentence followed by the ids of its facts."""

from itertools import groupby

from rich.console import Console
from rich.text import Text

from app.api.models.copy import CopyOut, SentenceOut
from app.cli.output import plain

VERDICT_STYLES = {"unsupported": "yellow", "contradicted": "red"}
STATUS_STYLES = {
    "approved": "green",
    "published": "green",
    "draft": "yellow",
    "stale": "yellow",
    "rejected": "red",
}
LISTED = {"bullets": "•"}
# In the order a reader meets them; other fields follow.
FIRST = ("title", "headline", "hook", "cta", "description_html", "bullets")


def show_copy(console: Console, copy: CopyOut) -> None:
    """Print a copy: its head, its fields in reading order, its facts, and the checks that failed."""
    head = Text.assemble((plain(copy.sku), "bold"), f"  {copy.template}  {copy.locale}  {copy.voice}")
    if copy.angle:
        head.append(f"  {copy.angle}")
    head.append(f"  {copy.status}", style=STATUS_STYLES.get(copy.status, ""))
    head.append(f"  {copy.id} v{copy.version}", style="dim")
    console.print(head)
    by_field = {name: list(group) for name, group in groupby(copy.sentences, key=_field)}
    for name in sorted(by_field, key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST)):
        _show_field(console, name, by_field[name])
    if slug := copy.fields.get("slug"):
        console.print(Text.assemble(("slug: ", "dim"), plain(str(slug))))
    _show_facts(console, copy)
    for check in copy.checks:
        if not check.passed and check.severity != "info":
            style = "red" if check.severity == "error" else "yellow"
            console.print(Text.assemble((f"{check.severity}: ", style), plain(check.detail)))


def _field(sentence: SentenceOut) -> str:
    return sentence.field.partition("/")[0]


def _show_field(console: Console, name: str, sentences: list[SentenceOut]) -> None:
    if name in LISTED or "/" in sentences[0].field:
        for sentence in sentences:
            label = LISTED.get(name) or f"{name} {_key(sentence.field)}:"
            console.print(Text.assemble((f"{label} ", "dim"), cited([sentence])))
        return
    line = cited(sentences)
    if name == "title":
        line.stylize("bold")
    if name not in FIRST:
        line = Text.assemble((f"{name}: ", "dim"), line)
    console.print(line)


def _key(field: str) -> str:
    return plain(field.partition("/")[2].replace("~1", "/").replace("~0", "~"))


def cited(sentences: list[SentenceOut]) -> Text:
    """Sentences in a row, each followed by its facts: `It is black. [F3]`."""
    text = Text()
    for sentence in sentences:
        if text:
            text.append(" ")
        text.append(plain(sentence.text), style=VERDICT_STYLES.get(sentence.verdict, ""))
        if sentence.facts:
            text.append(f" [{' '.join(sentence.facts)}]", style="dim green")
        if sentence.verdict in VERDICT_STYLES:
            text.append(f" ({sentence.verdict})", style=VERDICT_STYLES[sentence.verdict])
    return text


def _show_facts(console: Console, copy: CopyOut) -> None:
    for fact in copy.facts:
        console.print(Text.assemble((f"{fact.id:>4} ", "green"), (plain(fact.text), "dim")))
