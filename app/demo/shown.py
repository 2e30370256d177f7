"""From what happened to what the page shows: pure functions."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from app.catalog.service import StoredProduct
from app.copywriting.copy import Copy, CopySentence
from app.demo.page import (
    OTHER,
    SHELVES,
    HeadlineLine,
    Named,
    Page,
    Refusal,
    RefusedPart,
    RejectedRow,
    ShownFact,
    ShownHeadline,
    ShownProduct,
    Snippet,
)
from app.demo.segments import Segment, paragraphs, segment
from app.demo.story import RefusedEdit, Story, Written
from retrieval.facts import Fact

UNGROUNDED = ("unsupported", "contradicted")


def page_of(story: Story, version: str) -> Page:
    """Everything that the page shows."""
    shelves = [*dict.fromkeys(shelf.name for shelf in SHELVES.values()), OTHER.name]
    products = sorted(
        map(shown, story.products), key=lambda product: (shelves.index(product.shelf.name), product.sku)
    )
    return Page(
        products=tuple(products),
        rejected=tuple(RejectedRow(row.line, row.sku, row.detail, row.kept) for row in story.report.rejected),
        refusal=refusal(story.refused),
        seconds=story.seconds,
        version=version,
    )


def shown(written: Written) -> ShownProduct:
    """One product with its facts and its copy."""
    copy, product = written.description, written.stored.product
    sentences = [s for each in (copy, *written.headlines) for s in each.sentences]
    return ShownProduct(
        sku=product.sku,
        title=_field(copy, "title") or (Segment(product.title),),
        brand=product.brand or "",
        category=product.category,
        facts=_ledger(written.stored, {fact for sentence in sentences for fact in sentence.facts}),
        paragraphs=paragraphs(str(copy.fields["description_html"]), _of(copy, "description_html")),
        bullets=tuple(segment(s) for s in _of(copy, "bullets")),
        headlines=tuple(_headline(each) for each in written.headlines),
        snippet=Snippet(
            str(copy.fields.get("slug", "")), _field(copy, "meta_title"), _field(copy, "meta_description")
        ),
        alts=tuple(
            Named(PurePosixPath(urlsplit(url).path).name, text)
            for url, text in copy.fields.get("alt", {}).items()
        ),
        variants=tuple(Named(sku, text) for sku, text in copy.fields.get("variant_titles", {}).items()),
        sentences=len(sentences),
        unsupported=sum(s.verdict in UNGROUNDED for s in sentences),
    )


def refusal(edit: RefusedEdit) -> Refusal:
    """The refused sentence, cut at the words that no fact supports, with a reason for each."""
    claims = [
        claim
        for sentence in edit.sentences
        if sentence["text"] == edit.sentence
        for claim in sentence["claims"]
    ]
    words = [str(claim["text"]) for claim in claims]
    cut = re.split("(" + "|".join(map(re.escape, words)) + ")", edit.sentence) if words else [edit.sentence]
    return Refusal(
        title=edit.product,
        parts=tuple(RefusedPart(text, text in words) for text in cut if text),
        reasons=tuple(dict.fromkeys(str(claim["reason"]) for claim in claims)),
    )


def value_of(fact: Fact) -> str:
    """A fact's value for people: a list with commas, the unit behind its number."""
    return ", ".join(fact.values) + (f" {fact.unit}" if fact.unit else "")


def label_of(fact: Fact) -> str:
    """The shop's own name of a fact, or the family's."""
    label = fact.label or fact.name.replace("_", " ")
    return label[:1].upper() + label[1:]


def _ledger(stored: StoredProduct, used: set[str]) -> tuple[ShownFact, ...]:
    return tuple(
        ShownFact(f.id, label_of(f), value_of(f), f.source, f.trust, f.live, f.id in used)
        for f in stored.facts
    )


def _of(copy: Copy, field: str) -> list[CopySentence]:
    return [s for s in copy.sentences if s.field == field or s.field.startswith(f"{field}/")]


def _field(copy: Copy, field: str) -> tuple[Segment, ...]:
    """A text field as its sentences; what has none is shown as plain text."""
    found = tuple(segment(s) for s in _of(copy, field))
    text = str(copy.fields.get(field, ""))
    return found or ((Segment(text),) if text else ())


def _headline(copy: Copy) -> ShownHeadline:
    lines = [HeadlineLine(name, _field(copy, name)) for name in ("headline", "hook", "cta")]
    return ShownHeadline(copy.angle or "", tuple(line for line in lines if line.sentences))
