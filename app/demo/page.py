"""The demo's page: one self-contained HTML file, from values to text.

Everything that comes from a catalog passes through Jinja's escaping; the page's own script and style are admitted
by their hashes in its Content-Security-Policy, so that markup in a product's title could not run even if it got in.
"""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from app.demo.segments import Segment

TRUST_WORDS = {
    "data": "the shop's data",
    "attested": "attested by a person",
    "document": "a document",
    "merchant_claim": "the merchant's claim",
    "review": "reviews",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A top-level category: its short name and its drawing (a path on a 24 × 24 grid)."""

    name: str
    glyph: str


SHELVES = {
    "Apparel & Accessories": Shelf("Clothing", "M8 4L3 7l2 4 2-1v10h10V10l2 1 2-4-5-3a4 4 0 0 1-8 0z"),
    "Electronics": Shelf(
        "Electronics",
        "M4 14a8 8 0 0 1 16 0M4 14v4a1 1 0 0 0 1 1h2v-6H5a1 1 0 0 0-1 1z"
        "M20 14v4a1 1 0 0 1-1 1h-2v-6h2a1 1 0 0 1 1 1z",
    ),
    "Home & Garden": Shelf("Home", "M9 3h6l3 8H6zM12 11v9M8 20h8"),
    "Furniture": Shelf("Home", "M5 11V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v4M4 11h16v6H4zM6 17v3M18 17v3"),
    "Sporting Goods": Shelf("Sport", "M3 19L12 5l9 14zM12 5V3M9 19l3-5 3 5"),
    "Health & Beauty": Shelf("Beauty", "M12 3c4 5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2-6 6-11z"),
    "Food, Beverages & Tobacco": Shelf(
        "Food", "M7 7h10l1 3v9a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-9zM8 4h8v3H8zM6 12h12"
    ),
    "Toys & Games": Shelf(
        "Toys",
        "M3 16h18M5 16V9h6v7M11 12h7l2 4M8 9V6M7 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z"
        "M17 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
    ),
}
OTHER = Shelf("Other", "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8")


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact as the ledger shows it; `used`: some sentence of the copy rests on it."""

    id: str
    label: str
    value: str
    source: str
    trust: str
    live: bool
    used: bool


@dataclass(frozen=True, slots=True)
class HeadlineLine:
    """One field of a headline variant: `headline`, `hook` or `cta`."""

    name: str
    sentences: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ShownHeadline:
    """The headline variant of one angle."""

    angle: str
    lines: tuple[HeadlineLine, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a search engine would show."""

    slug: str
    title: tuple[Segment, ...]
    description: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A text under a name: an image's file name, a variant's SKU."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """One product with its facts and its copy, in the order the page shows them."""

    sku: str
    title: tuple[Segment, ...]
    brand: str
    category: tuple[str, ...]
    facts: tuple[ShownFact, ...]
    paragraphs: tuple[tuple[Segment, ...], ...]
    bullets: tuple[Segment, ...]
    headlines: tuple[ShownHeadline, ...]
    snippet: Snippet | None
    alts: tuple[Named, ...]
    variants: tuple[Named, ...]
    sentences: int
    unsupported: int

    @property
    def grounded(self) -> bool:
        """No sentence claims what the facts do not say."""
        return self.unsupported == 0

    @property
    def verdict_text(self) -> str:
        """The badge, in words."""
        if self.grounded:
            return f"{self.sentences} of {self.sentences} sentences grounded"
        return f"{self.unsupported} of {self.sentences} sentences without a fact"

    @property
    def shelf(self) -> Shelf:
        """The top of its category, as the page's filter names it."""
        return SHELVES.get(self.category[0], OTHER) if self.category else OTHER

    @property
    def eyebrow(self) -> str:
        """Brand and innermost category."""
        return " · ".join(part for part in (self.brand, *self.category[-1:]) if part)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """Something that the import did not take. `kept`: the product went in, only what `detail` names did not."""

    line: int
    sku: str | None
    detail: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """A stretch of the refused sentence; `claim`: these are the words that no fact supports."""

    text: str
    claim: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that the gate did not let through: the sentence, cut at its claims, and the reasons given."""

    title: str
    parts: tuple[RefusedPart, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Specimen:
    """The sentence that introduces the idea, with the facts it rests on."""

    sentence: Segment
    facts: tuple[ShownFact, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A category that the page can be narrowed to."""

    name: str
    count: int


@dataclass(frozen=True)
class Page:
    """Everything that the page shows."""

    products: tuple[ShownProduct, ...]
    rejected: tuple[RejectedRow, ...]
    refusal: Refusal | None
    seconds: float
    version: str
    locale: str = "en-US"

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Categories, in the order in which the catalog brings them."""
        return tuple(
            Group(name, count) for name, count in Counter(p.shelf.name for p in self.products).items()
        )

    @property
    def sentence_count(self) -> int:
        """Sentences of all copy on the page."""
        return sum(p.sentences for p in self.products)

    @property
    def fact_count(self) -> int:
        """Facts of all products on the page."""
        return sum(len(p.facts) for p in self.products)

    @property
    def unsupported_count(self) -> int:
        """Sentences that claim what no fact says."""
        return sum(p.unsupported for p in self.products)

    @property
    def seconds_text(self) -> str:
        """How long import and writing took, for people."""
        return f"{self.seconds:.1f} s"

    @cached_property
    def specimen(self) -> Specimen | None:
        """The first lead sentence that joins three or four facts and is short enough to be read at a glance."""
        for product in self.products:
            for segment in (s for paragraph in product.paragraphs[:1] for s in paragraph[:1]):
                cited = segment.facts or ()
                if 3 <= len(cited) <= 4 and len(segment.text) <= 130 and segment.verdict == "supported":
                    by_id = {fact.id: fact for fact in product.facts}
                    return Specimen(segment, tuple(by_id[i] for i in cited if i in by_id))
        return None


def render(page: Page) -> str:
    """The page as one HTML document that loads nothing from anywhere."""
    here = files("app.demo")
    style = (here / "page.css").read_text("utf-8")
    script = (here / "page.js").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((here / "page.html.j2").read_text("utf-8"))
    return template.render(
        page=page,
        style=Markup(style),  # noqa: S704  our own file, admitted by its hash
        script=Markup(script),  # noqa: S704  our own file, admitted by its hash
        style_hash=_hash(style),
        script_hash=_hash(script),
        trust_words=TRUST_WORDS,
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
