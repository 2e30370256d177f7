"""Copy as values: what is asked for, what a writer drafts, what is stored and served."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from evaluators.checks import Check
from evaluators.grounding.verdicts import Verdict
from retrieval.facts import Fact

Status = Literal["draft", "needs_review", "approved", "published", "rejected", "stale", "withdrawn"]
Angle = Literal["material", "weather", "comfort", "use", "value", "care", "choice", "technical"]
Authorship = Literal["template", "llm", "llm_edited", "human", "merchant"]
Fields = Mapping[str, Any]
"""Field name → text, list of texts (`bullets`), or map of texts (`alt` by image URL, `variant_titles` by SKU)."""

ANGLES: tuple[Angle, ...] = ("material", "weather", "comfort", "use", "value", "care", "choice", "technical")
VOICES = ("plain", "warm", "premium")
LOCALES = ("en-US", "en-GB")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a writer may know of a product beside its facts: names, images and variants, for titles and alts."""

    sku: str
    title: str
    brand: str | None = None
    category: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()  # (url, the shop's own alternative text)
    variants: tuple[tuple[str, Mapping[str, str]], ...] = ()  # (sku, options in the shop's order)


@dataclass(frozen=True, slots=True)
class Brief:
    """One text that is wanted. `variant` numbers the alternatives of one request from 0.

    `facts` are the product's own until the pipeline chooses; `documents` are the statements that it may choose from.
    """

    subject: Subject
    facts: tuple[Fact, ...]
    template: str = "product_description"
    template_version: int = 1
    template_hash: str = ""
    channel: str = "storefront"
    locale: str = "en-US"
    voice: str = "plain"
    angle: Angle | None = None
    variant: int = 0
    audience: str | None = None
    keyphrase: str | None = None
    fields: tuple[str, ...] = ()  # () = all fields of the template
    instructions: str | None = None
    documents: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence and the ids of the facts its writer rested it on.

    `field` is the field's name; an element of a list or map adds "/" and its index or key ("bullets/0",
    "variant_titles/TS-1-BLK", "alt/https:~1~1…": JSON Pointer escapes).
    """

    field: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer gives back: the fields, and every sentence in them with its facts."""

    fields: Fields
    sentences: tuple[DraftSentence, ...]
    notes: tuple[str, ...] = ()  # what was left out and why, e.g. "operating_temperature: no known unit"


@dataclass(frozen=True, slots=True)
class CopySentence:
    """A sentence of a copy with its facts and the gate's verdict."""

    field: str
    text: str
    facts: tuple[str, ...]
    verdict: Verdict
    claims: tuple[str, ...] = ()  # the words in it that assert something


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a text comes from, kept with every version. `facts_from` names the way its facts were chosen."""

    authorship: Authorship
    writer: str
    template_hash: str
    facts_hash: str
    model: str | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 1
    fallback: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: str = "0"
    latency_ms: float = 0.0
    facts_from: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When a text stands on the shelf: from `starts_at` (None: at once) until before `ends_at` (None: no end).

    A text with an end or a campaign lies over the base text of its place; one with neither is the base text.
    `time_zone`: in which people gave the two, an IANA name.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    campaign: str | None = None
    time_zone: str | None = None

    @property
    def over(self) -> bool:
        """Whether it lies over the base text."""
        return self.campaign is not None or self.ends_at is not None


@dataclass(frozen=True, slots=True)
class StaleSentence:
    """A sentence that rests on a fact which changed or vanished (`new` is None).

    `name` is the fact's family; `old` is the value that the text was written by, `new` the one that holds now.
    """

    field: str
    text: str
    fact: str
    name: str
    old: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """That somebody holds the verdict on a sentence to be wrong; `id` names the case."""

    id: str
    field: str
    text: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of one text. Everything in it is as it was when this version was written."""

    id: str
    version: int
    sku: str
    template: str
    template_version: int
    variant: int
    locale: str
    channel: str
    voice: str
    angle: Angle | None
    status: Status
    fields: Fields
    sentences: tuple[CopySentence, ...]
    facts: tuple[Fact, ...]  # those that its sentences rest on, as they were
    checks: tuple[Check, ...]
    provenance: Provenance
    request_hash: str
    created_at: datetime
    created_by: str = "local"  # the holder of the key that asked for or edited this version
    locked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reviewed_by: str | None = None
    publish: Window | None = None  # the last that it was published with
    stale: tuple[StaleSentence, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    locked_sentences: tuple[str, ...] = ()  # texts that a regeneration leaves as they are

    @property
    def clean(self) -> bool:
        """Whether no check of severity error failed: what approval asks for."""
        return all(check.passed for check in self.checks if check.severity == "error")

    @property
    def score(self) -> float:
        """Share of checks passed, weighted 4 : 2 : 1 for error, warning, info; 1.0 is flawless."""
        weights = {"error": 4, "warning": 2, "info": 1}
        total = sum(weights[check.severity] for check in self.checks)
        return sum(weights[c.severity] for c in self.checks if c.passed) / total if total else 1.0
