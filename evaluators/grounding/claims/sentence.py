"""What the families of claims share: the sentence they read and the finding they give."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evaluators.grounding.index import Entry
from evaluators.grounding.lexicons import lexicons
from evaluators.grounding.polarity import negations
from evaluators.grounding.terms import Term, terms
from evaluators.grounding.verdicts import Verdict

_DIGIT = re.compile(r"\d")
_CONTRACTED = ("n't", "'re", "'ve", "'ll", "'d", "'m")
_BREAKS = frozenset(',;:.()–—!?|/•…"“”')


@dataclass(frozen=True, slots=True)
class Found:
    """A claim found in a sentence: the terms `first` to `last` (inclusive), its verdict and why."""

    first: int
    last: int
    kind: str
    verdict: Verdict
    entry: Entry | None
    reason: str


@dataclass(slots=True)
class Sentence:
    """A sentence as terms. `judged` marks the terms that a family has already dealt with."""

    text: str
    terms: tuple[Term, ...]
    denied: tuple[bool, ...]
    has_digits: bool
    judged: list[bool] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Sentence":
        """Read a sentence."""
        found = terms(text)
        return cls(text, found, negations(found), _DIGIT.search(text) is not None, [False] * len(found))

    @property
    def heading(self) -> bool:
        """Whether most of its words are capitalised, so that a capital letter marks no name."""
        later = [t for t in self.terms[1:] if t.text[0].isalpha() and is_content(t)]
        return bool(later) and sum(t.text[0].isupper() for t in later) >= 0.8 * len(later)

    def mark(self, found: Found) -> None:
        """Take the claim's terms away from the families that come later."""
        for i in range(found.first, found.last + 1):
            self.judged[i] = True

    def is_free(self, found: Found) -> bool:
        """Whether none of its terms has been judged yet."""
        return True not in self.judged[found.first : found.last + 1]

    def at(self, start: int, end: int) -> tuple[int, int] | None:
        """The terms that characters `start` to `end` touch, as first and last."""
        touched = [i for i, t in enumerate(self.terms) if t.start < end and t.end > start]
        return (touched[0], touched[-1]) if touched else None

    def breaks_before(self, i: int) -> bool:
        """Whether punctuation separates a term from the one before it."""
        return i == 0 or not _BREAKS.isdisjoint(self.terms[i].gap)

    def says(self, first: int, last: int) -> str:
        """The words of a run of terms, as written."""
        return self.text[self.terms[first].start : self.terms[last].end]


def is_content(term: Term) -> bool:
    """Whether a word says something of a product, beyond grammar and the trade's own nouns."""
    if term.key in lexicons().claims:
        return True
    return term.stem not in lexicons().claim_free and not term.key.endswith(_CONTRACTED)


def listed(entry: Entry, limit: int = 4) -> str:
    """A fact's value for a reason: "black, blue, green"."""
    values = entry.fact.values
    shown = ", ".join(values[:limit]) + (" …" if len(values) > limit else "")
    unit = f" {entry.fact.unit}" if entry.fact.unit else ""
    text = (shown + unit) if shown.strip() else entry.fact.text
    return text if len(text) <= 80 else text[:77].rstrip() + "…"


def says(entry: Entry) -> str:
    """A fact for a reason: "F3 (material) says organic cotton"."""
    label = entry.fact.label or entry.fact.name.replace("_", " ")
    return (
        f"{entry.fact.id} ({label}) says “{listed(entry)}”"
        if label
        else f"{entry.fact.id} says “{listed(entry)}”"
    )


def best(entries: Iterable[Entry]) -> Entry | None:
    """The fact to name of several, None of none: structured data before prose, then the shop's order."""
    return min(entries, key=lambda e: (e.is_prose, e.number), default=None)
