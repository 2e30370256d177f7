"""What sample texts show, and how sure: counted features, and nothing where there is too little to count.

Shares carry their 95 % Wilson score interval (Wilson 1927); a feature is told where the interval leaves one answer.
"""

import math
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.voice.characteristic import Reference, WordScore, log_odds, word_counts
from evaluators.voice.contracting import full_form
from evaluators.voice.exempting import Exemptions
from evaluators.voice.rules import Exempt
from evaluators.voice.spelling import is_proper
from evaluators.voice.style import (
    FIRST_PERSON,
    LIST,
    NUMBER_FIGURE,
    NUMBER_WORD,
    SECOND_PERSON,
    is_count,
    is_plain_list,
)
from prompts.spelling import spellings
from seo.language.tokens import Span, sentences, words

FEWEST_SENTENCES = 20
"""So many sentences before anything is said of their length."""
FEWEST_MARKERS = 5
"""So many words that have two spellings, lists, or counts, before a habit is told from them."""
FEWEST_WORDS = 300
"""Words of samples that it takes to tell which of them are characteristic."""
FEWEST_REFERENCE = 2000
"""Words of other texts that it takes to compare with."""
RARE = 0.05
"""What surely stands in fewer sentences than this is not the voice's."""
USUAL = 0.10
"""What surely stands in more sentences than this is."""
CHARACTERISTIC_Z = 3.0
"""A word this many standard errors more frequent than elsewhere; among thousands of words few get there by chance."""
_SHOWN = 40
_Z = 1.959964  # of the normal distribution: 95 %
_CONTRACTION = re.compile(r"(?<![^\W_])[^\W\d_]{1,12}['’](?:t|re|ll|ve|m|s)\b", re.IGNORECASE)
_CONTRACTIBLE = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|could|would|should|has|have) not|cannot|will not"
    r"|(?:you|we|they) (?:are|will|have)|(?:it|that|there|here|what) is|I (?:am|have|will))\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_MARKS: Mapping[str, str] = {
    "commas": r",", "semicolons": r";", "colons": r":(?!\d)", "dashes": r"[–—]|(?<=\s)-(?=\s)",
    "brackets": r"\(", "question_marks": r"\?", "ellipses": r"…|\.{3}", "exclamation_marks": r"!",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A text of the shop's, without markup, and the headings that stood over parts of it."""

    name: str
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature. `value` is what a voice would say of it; None: that cannot be told, and `detail` says what is missing.

    `numbers` are what was counted; an interval is `low`–`high`.
    """

    id: str
    value: Any
    detail: str
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Whether there was enough to tell."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Measured:
    """All that samples show. `characteristic` words are those that they have more often than `reference`, `avoided` less often."""

    texts: int
    words: int
    sentences: int
    features: tuple[Feature, ...]
    characteristic: tuple[WordScore, ...]
    avoided: tuple[WordScore, ...]
    reference: str

    def feature(self, feature_id: str) -> Feature:
        """A feature by its id."""
        return next(feature for feature in self.features if feature.id == feature_id)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, with the interval in which the true share lies."""

    count: int
    total: int
    low: float
    high: float

    @classmethod
    def of(cls, count: int, total: int) -> "Share":
        """The Wilson score interval; 0–1 where nothing was counted."""
        if not total:
            return cls(0, 0, 0.0, 1.0)
        p, z2 = count / total, _Z * _Z / total
        middle = (p + z2 / 2) / (1 + z2)
        half = _Z / (1 + z2) * math.sqrt(p * (1 - p) / total + z2 / (4 * total))
        return cls(count, total, max(0.0, middle - half), min(1.0, middle + half))

    def numbers(self, name: str = "") -> dict[str, float]:
        """As numbers of a feature."""
        prefix = f"{name}_" if name else ""
        rate = self.count / self.total if self.total else 0.0
        parts = {"count": self.count, "of": self.total, "share": rate, "low": self.low, "high": self.high}
        return {prefix + key: round(value, 4) for key, value in parts.items()}

    def __str__(self) -> str:
        return f"{self.count} of {self.total} ({self.low:.0%}–{self.high:.0%})"


def measure(samples: Sequence[Sample], reference: Reference | None = None) -> Measured:
    """Measure samples. The same samples give the same numbers, in whatever order they come."""
    ordered = sorted(samples, key=lambda sample: (sample.text, sample.name))
    spans = [span for sample in ordered for span in sentences(sample.text)]
    texts = [sample.text for sample in ordered]
    total = sum(len(words(text)) for text in texts)
    features = (
        _length(spans),
        _person(spans),
        _exclamation(spans),
        _contractions(texts),
        _spelling(texts),
        _oxford_comma(texts),
        _numerals(texts),
        _headings([heading for sample in ordered for heading in sample.headings]),
        _punctuation(texts, total),
    )
    more, less, said = _characteristic(texts, total, reference)
    return Measured(len(ordered), total, len(spans), features, more, less, said)


def _length(spans: Sequence[Span]) -> Feature:
    counts = [len(words(span.text)) for span in spans]
    n = len(counts)
    if n < FEWEST_SENTENCES:
        return Feature(
            "sentence_length", None, f"{n} sentences; {FEWEST_SENTENCES} would tell", {"sentences": n}
        )
    mean, deviation = statistics.fmean(counts), statistics.stdev(counts)
    half = _Z * deviation / math.sqrt(n)
    ordered = sorted(counts)
    p95 = ordered[min(n - 1, math.ceil(0.95 * n) - 1)]
    numbers = {
        "sentences": n, "mean": mean, "low": mean - half, "high": mean + half, "deviation": deviation,
        "median": statistics.median(counts), "p90": ordered[math.ceil(0.9 * n) - 1], "p95": p95, "longest": ordered[-1],
    }  # fmt: skip
    detail = f"{mean:.1f} words on average ({mean - half:.1f}–{mean + half:.1f}), 95 % have {p95} or fewer, of {n} sentences"
    value = {"target": max(round(mean), 1), "max": max(p95, round(mean), 1)}
    return Feature("sentence_length", value, detail, {k: round(float(v), 2) for k, v in numbers.items()})


def _person(spans: Sequence[Span]) -> Feature:
    said = [{w.text.lower().replace("’", "'") for w in words(s.text) if w.text != "US"} for s in spans]
    second = Share.of(sum(not one.isdisjoint(SECOND_PERSON) for one in said), len(said))
    first = Share.of(sum(not one.isdisjoint(FIRST_PERSON) for one in said), len(said))
    numbers = {**second.numbers("second"), **first.numbers("first")}
    counted = f"“you” in {second} sentences, “we” in {first}"
    if len(said) < FEWEST_SENTENCES:
        return Feature("person", None, f"{counted}; {FEWEST_SENTENCES} sentences would tell", numbers)
    if second.low >= USUAL:
        return Feature("person", "second", counted, numbers)
    if second.high <= RARE and first.high <= RARE:
        return Feature("person", "third", counted, numbers)
    if second.low > 0.01 or first.low > 0.01:  # both surely there, and neither the habit
        return Feature("person", "none", f"{counted}: now one, now the other", numbers)
    return Feature("person", None, f"{counted}: too few sentences to tell", numbers)


def _exclamation(spans: Sequence[Span]) -> Feature:
    share = Share.of(sum("!" in span.text[-3:] for span in spans), len(spans))
    counted = f"an exclamation mark ends {share} sentences"
    if len(spans) < FEWEST_SENTENCES:
        detail = f"{counted}; {FEWEST_SENTENCES} sentences would tell"
        return Feature("exclamation", None, detail, share.numbers())
    if share.count >= 2:
        return Feature("exclamation", True, counted, share.numbers())
    if share.count == 0 and share.high <= RARE:
        return Feature("exclamation", False, counted, share.numbers())
    return Feature("exclamation", None, f"{counted}: too few to tell", share.numbers())


def _contractions(texts: Sequence[str]) -> Feature:
    short = sum(full_form(text, match) is not None for text in texts for match in _CONTRACTION.finditer(text))
    long = sum(len(_CONTRACTIBLE.findall(text)) for text in texts)
    share = Share.of(short, short + long)
    counted = f"contracted {share} times where it could be"
    if share.total < FEWEST_MARKERS:
        return Feature("contractions", None, f"{counted}; {FEWEST_MARKERS} would tell", share.numbers())
    if share.low >= 0.2:
        return Feature("contractions", True, counted, share.numbers())
    if share.high <= 0.3:
        return Feature("contractions", False, counted, share.numbers())
    return Feature("contractions", None, f"{counted}: too few to tell", share.numbers())


def _spelling(texts: Sequence[str]) -> Feature:
    known = spellings()
    found = {"GB": 0, "US": 0}
    for text in texts:
        for match in _LETTERS.finditer(text):
            word = match.group()
            lower = word.lower()
            side = "GB" if lower in known.to_american else "US" if lower in known.to_british else None
            if side and not (word[0].isupper() and is_proper(text, match)):
                found[side] += 1
    return _either("spelling", "GB", found["GB"], "US", found["US"], "words that the two spell differently")


def _oxford_comma(texts: Sequence[str]) -> Feature:
    matches = [m for text in texts for m in LIST.finditer(text) if is_plain_list(m)]
    having = sum(match["comma"] is not None for match in matches)
    return _either("oxford_comma", True, having, False, len(matches) - having, "lists of three and more")


def _numerals(texts: Sequence[str]) -> Feature:
    none = Exempt()
    counts: dict[str, int] = {}
    for name, pattern in (("digits", NUMBER_FIGURE), ("words", NUMBER_WORD)):
        counts[name] = sum(
            is_count(text, match, Exemptions(text, none))
            for text in texts
            for match in pattern.finditer(text)
        )
    return _either(
        "numerals", "digits", counts["digits"], "words", counts["words"], "counts from two to nine"
    )


def _headings(headings: Sequence[str]) -> Feature:
    title = sentence = 0
    for heading in headings:
        inner = [w for w in _LETTERS.findall(heading)[1:] if len(w) > 3 and not w.isupper()]
        if len(inner) < 2:
            continue
        capitals = sum(w[0].isupper() for w in inner)
        title += capitals == len(inner)
        sentence += capitals <= len(inner) / 2
    return _either("headline_case", "title", title, "sentence", sentence, "headings of three words and more")


def _either(name: str, one: Any, ones: int, other: Any, others: int, what: str) -> Feature:
    share = Share.of(ones, ones + others)
    numbers = share.numbers()
    shown = {True: "with", False: "without"}
    counted = f"{shown.get(one, one)} {ones}, {shown.get(other, other)} {others} of {ones + others} {what}"
    if ones + others < FEWEST_MARKERS:
        return Feature(name, None, f"{counted}; {FEWEST_MARKERS} would tell", numbers)
    if share.low > 0.5:
        return Feature(name, one, counted, numbers)
    if share.high < 0.5:
        return Feature(name, other, counted, numbers)
    return Feature(name, None, f"{counted}: both, so neither is the rule", numbers)


def _punctuation(texts: Sequence[str], total: int) -> Feature:
    if total < FEWEST_WORDS:
        return Feature("punctuation", None, f"{total} words; {FEWEST_WORDS} would tell", {"words": total})
    rates = {
        name: round(1000 * sum(len(re.findall(mark, text)) for text in texts) / total, 2)
        for name, mark in _MARKS.items()
    }
    detail = ", ".join(f"{rate:g} {name.replace('_', ' ')}" for name, rate in rates.items() if rate)
    return Feature("punctuation", "measured", f"per 1,000 words: {detail or 'none'}", rates)


def _characteristic(
    texts: Sequence[str], total: int, reference: Reference | None
) -> tuple[tuple[WordScore, ...], tuple[WordScore, ...], str]:
    if total < FEWEST_WORDS:
        return (), (), f"{total} words; {FEWEST_WORDS} would tell which are characteristic"
    if reference is None or reference.total < FEWEST_REFERENCE:
        have = reference.total if reference else 0
        return (), (), f"nothing to compare with: {have} words of other texts, {FEWEST_REFERENCE} would do"
    scores = log_odds(word_counts(texts), reference.counts)
    repeated = _repeated(texts)
    more = tuple(s for s in scores if s.z >= CHARACTERISTIC_Z and s.count >= 3 and s.word in repeated)
    less = tuple(s for s in reversed(scores) if s.z <= -CHARACTERISTIC_Z)
    return more[:_SHOWN], less[:_SHOWN], f"compared with {reference.total:,} words of {reference.name}"


def _repeated(texts: Sequence[str]) -> frozenset[str]:
    """Words of more than one text, where there are several: one product's word is not the voice's."""
    if len(texts) < 3:
        return frozenset(word_counts(texts))
    seen: dict[str, int] = {}
    for text in texts:
        for word in word_counts([text]):
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, count in seen.items() if count > 1)


def told(features: Iterable[Feature]) -> Iterator[Feature]:
    """Those of which there was enough to tell."""
    return (feature for feature in features if feature.told)
