"""Writers: whoever turns a brief into a draft. The template writer is one; it is always there."""

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol

from app.copywriting.copy import Angle, Authorship, Brief, Draft
from retrieval.selection import is_document


@dataclass(frozen=True, slots=True)
class Usage:
    """What one draft cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: str = "0"


class Writer(Protocol):
    """Turns a brief into a draft in which every sentence names the facts it rests on."""

    name: str
    model: str | None
    authorship: Authorship

    async def write(self, brief: Brief) -> Draft:
        """The draft for a brief. Equal briefs give the template writer's equal drafts."""
        ...


class TemplateWriter:
    """The deterministic data-to-text writer: no key, no network, the same text for ever."""

    name = "template"
    model: str | None = None
    authorship: Authorship = "template"

    async def write(self, brief: Brief) -> Draft:
        """The draft, computed in a thread so that the server goes on answering."""
        return await asyncio.to_thread(write_from_template, brief)


def write_from_template(brief: Brief) -> Draft:
    """The template writer as a plain function: what `TemplateWriter` runs, without an event loop."""
    from app.copywriting.realizer.headlines import realize_headlines  # noqa: PLC0415  language data loads lazily
    from app.copywriting.realizer.realize import realize  # noqa: PLC0415

    # Statements of documents are quoted, never taken apart and put into words of the writer's own.
    quotable = tuple([fact for fact in brief.facts if is_document(fact)])
    own = tuple([fact for fact in brief.facts if not is_document(fact)]) if quotable else brief.facts
    brief = replace(brief, facts=own, documents=quotable)
    return realize_headlines(brief) if brief.template == "headline_variants" else realize(brief)


def angles_for(brief: Brief) -> tuple[Angle, ...]:
    """The angles that a brief's facts can carry, for templates that write one text per angle."""
    from app.copywriting.realizer.headlines import angles_carried  # noqa: PLC0415

    return angles_carried(brief)
