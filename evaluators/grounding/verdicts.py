"""What a grounding check says: claims, sentences, a report."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "contradicted", "unsupported", "claimless"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A span of text that asserts something. `start` and `end` are offsets in the text that was checked.

    `kind` names the family of claim ("quantity", "count", "material", "color", "size", "name", "feature",
    "superlative", "warranty", "certification", "price", "availability", "social_proof", "health", "green",
    "word"). `fact` is the id of the fact that supports or contradicts it, None where there is none.
    """

    text: str
    start: int
    end: int
    kind: str
    verdict: Verdict
    fact: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """One sentence and its verdict: the worst of its claims'. `facts` are the ids that its claims rest on."""

    text: str
    start: int
    end: int
    facts: tuple[str, ...]
    verdict: Verdict
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class GroundingReport:
    """Verdicts of a whole text. `score` is the share of claim-bearing sentences that are supported (1.0 if none)."""

    sentences: tuple[SentenceVerdict, ...]
    score: float
