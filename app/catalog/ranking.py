"""Which facts answer a few words best."""

import math
import re
from collections.abc import Sequence
from dataclasses import fields

from app.catalog.stored import ScoredFact
from app.catalog.text import fold
from retrieval.facts import Fact

_WORD = re.compile(r"\w+")
_SHARED = 4  # letters at the start that make two words kin: "wash", "washing", "washable"


def ranked(facts: Sequence[Fact], query: str | None) -> tuple[ScoredFact, ...]:
    """The facts in their own order without a score; with a query those that share a word with it, best first.

    The score is the share of the query that a fact answers, rare words of the product's facts weighing more
    (inverse document frequency, Spärck Jones 1972).
    """
    if query is None:
        return tuple(_scored(fact, None) for fact in facts)
    wanted = dict.fromkeys(_WORD.findall(fold(query)))
    words = [
        set(_WORD.findall(fold(f"{fact.name.replace('_', ' ')} {fact.label} {fact.text}"))) for fact in facts
    ]
    hits = {word: [_has(word, found) for found in words] for word in wanted}
    weight = {word: math.log(1 + len(facts) / (1 + sum(hits[word]))) for word in wanted}
    total = sum(weight.values())
    scored = [
        _scored(fact, round(sum(weight[word] for word in wanted if hits[word][i]) / total, 4))
        for i, fact in enumerate(facts)
        if any(hits[word][i] for word in wanted)
    ]
    return tuple(sorted(scored, key=lambda fact: -(fact.score or 0.0)))


def _has(word: str, found: set[str]) -> bool:
    if word in found:
        return True
    return len(word) >= _SHARED and any(
        other[:_SHARED] == word[:_SHARED] and _kin(word, other) for other in found
    )


def _kin(a: str, b: str) -> bool:
    """One begins with the other but for two letters of its ending ("batteries", "battery")."""
    short, long = sorted((a, b), key=len)
    return long.startswith(short[: max(_SHARED, len(short) - 2)]) and len(long) - len(short) <= 4


def _scored(fact: Fact, score: float | None) -> ScoredFact:
    return ScoredFact(**{field.name: getattr(fact, field.name) for field in fields(Fact)}, score=score)
