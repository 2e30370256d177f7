"""How closely a text should be looked at, as one number: what the review queue is ordered by.

Points, added up when a version is stored:

| What | Points |
|---|---|
| a failed check: error, warning, info | 30, 8, 2 each |
| a contradicted sentence | 10 each |
| words in it that a dispute was about: the checker may be wrong there | 15 for each row of words, 45 at most |
| fewer than five facts that it rests on | 4 for each that is missing |
| the first text of its category that somebody will approve | 10 |
| written by an LLM; by an LLM and then edited; by the merchant | 12; 6; 4 |

The order of the weights is what counts: what bars approval comes first, then what people disagree with the checker about,
then what there is little to check by.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.copywriting.copy import Authorship, Copy
from app.storage.phrases import folded

CHECKS = {"error": 30, "warning": 8, "info": 2}
CONTRADICTED = 10
DISPUTED, MOST_DISPUTED = 15, 45
ENOUGH_FACTS, MISSING_FACT = 5, 4
NEW_CATEGORY = 10
AUTHORS: dict[Authorship, int] = {"llm": 12, "llm_edited": 6, "merchant": 4, "human": 0, "template": 0}


@dataclass(frozen=True, slots=True)
class Risk:
    """The number, and what it is made of."""

    score: int
    reasons: tuple[str, ...]


def claimed_words(copy: Copy) -> frozenset[str]:
    """The words of its claims, each folded as `disputed_words` keeps them."""
    return frozenset(said for s in copy.sentences for claim in s.claims if (said := folded([claim]).strip()))


def risk_of(copy: Copy, disputed: Collection[str], *, new_category: bool) -> Risk:
    """What a version is worth looking at. `disputed`: folded words of disputes; others than the copy's are ignored."""
    points: list[tuple[int, str]] = [
        (CHECKS[check.severity], f"{check.severity}: {check.id}") for check in copy.checks if not check.passed
    ]
    against = sum(sentence.verdict == "contradicted" for sentence in copy.sentences)
    points.append((CONTRADICTED * against, f"contradicted: {against}"))
    known = sorted(claimed_words(copy) & frozenset(disputed))
    points.append((min(DISPUTED * len(known), MOST_DISPUTED), f"disputed: {', '.join(known)}"))
    missing = max(0, ENOUGH_FACTS - len(copy.facts))
    points.append((MISSING_FACT * missing, f"few facts: {len(copy.facts)}"))
    points.append((NEW_CATEGORY * new_category, "new category"))
    author = copy.provenance.authorship
    points.append((AUTHORS[author], f"written by: {author}"))
    return Risk(sum(p for p, _ in points), tuple(why for p, why in points if p))
