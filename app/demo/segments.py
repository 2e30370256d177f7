"""Where each sentence of a copy stands in its HTML: paragraphs as runs of sentences and the text between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from app.copywriting.copy import CopySentence


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text. `facts` is None for what is no sentence of the ledger (a space, a dash)."""

    text: str
    facts: tuple[str, ...] | None = None
    verdict: str = ""


def segment(sentence: CopySentence) -> Segment:
    """A sentence with its facts and verdict."""
    return Segment(sentence.text, sentence.facts, sentence.verdict)


def paragraphs(html: str, sentences: Sequence[CopySentence]) -> tuple[tuple[Segment, ...], ...]:
    """Cut the paragraphs of `html` at `sentences`, which stand in it in this order.

    White space is folded on both sides. A sentence that is not found is no loss: its text stays in its paragraph
    as text, so the page never shows words that the copy does not have.
    """
    left = [(" ".join(s.text.split()), s) for s in sentences]
    cut: list[tuple[Segment, ...]] = []
    for node in LexborHTMLParser(html).css("p, li"):
        text = " ".join(node.text().split())
        parts: list[Segment] = []
        at = 0
        while left and (found := text.find(left[0][0], at)) >= 0:
            if found > at:
                parts.append(Segment(text[at:found]))
            parts.append(segment(left[0][1]))
            at = found + len(left[0][0])
            left.pop(0)
        if at < len(text):
            parts.append(Segment(text[at:]))
        if parts:
            cut.append(tuple(parts))
    return tuple(cut)
