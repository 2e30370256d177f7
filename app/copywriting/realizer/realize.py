"""The template writer: facts in, grounded copy out. Same brief, same text, for ever.

    select → name → plan → aggregate → lexicalise → refer → realise

Each stage is a pure function on values in a module of its own; here they meet. Where grammar leaves several sentences,
all are generated and the one that repeats least is taken (`ranking`).
"""

import html
from dataclasses import replace

from app.copywriting.copy import Brief, Draft, DraftSentence
from app.copywriting.realizer.bullets import bullet_lines
from app.copywriting.realizer.composer import Composer
from app.copywriting.realizer.messages import Selection
from app.copywriting.realizer.naming import Naming, name_product
from app.copywriting.realizer.quoting import with_quotes
from app.copywriting.realizer.selection import select
from app.copywriting.realizer.short_fields import short_fields

_TEXT = "description_html"
_BULLETS = "bullets"
_ATTEMPTS = 48


def realize(brief: Brief) -> Draft:
    """Write a product description with its short fields, each sentence with the ids of the facts it rests on.

    `brief.fields` limits the fields that are written; () means all. Texts in `description_html` are escaped.
    """
    selection = select(brief)
    naming = name_product(selection, brief.subject.title, brief.subject.brand)
    composer = _distinct(brief, selection, naming)
    fields: dict[str, object] = {}
    sentences: list[DraftSentence] = []
    if _wants(brief, _TEXT):
        paragraphs = with_quotes(composer.paragraphs(), brief)
        fields[_TEXT] = "".join(
            f"<p>{html.escape(' '.join(s.text for s in paragraph), quote=False)}</p>"
            for paragraph in paragraphs
        )
        sentences += [DraftSentence(_TEXT, s.text, s.facts) for paragraph in paragraphs for s in paragraph]
    if _wants(brief, _BULLETS):
        lines = bullet_lines(composer)
        fields[_BULLETS] = [line.text for line in lines]
        sentences += [DraftSentence(f"{_BULLETS}/{i}", line.text, line.facts) for i, line in enumerate(lines)]
    if not brief.fields or set(brief.fields) - {_TEXT, _BULLETS}:
        short, short_sentences = short_fields(selection, brief, composer.words, naming)
        fields |= {name: value for name, value in short.items() if _wants(brief, name)}
        sentences += [s for s in short_sentences if _wants(brief, s.field.partition("/")[0])]
    return Draft(fields, tuple(sentences), selection.notes)


def _distinct(brief: Brief, selection: Selection, naming: Naming) -> Composer:
    """The composer of this variant: of those before it none says the same, as far as the phrases reach.

    The variants are written in order, each with as many attempts as it takes (at most `_ATTEMPTS`) to differ.
    """
    seen: set[str] = set()
    composer = Composer.for_brief(brief, selection, naming)
    if brief.variant == 0 or not _wants(brief, _TEXT):
        return composer
    for variant in range(brief.variant + 1):
        for attempt in range(_ATTEMPTS):
            composer = Composer.for_brief(replace(brief, variant=variant), selection, naming, attempt)
            text = " ".join(sentence.text for paragraph in composer.paragraphs() for sentence in paragraph)
            if text not in seen:
                break
        seen.add(text)
    return composer


def _wants(brief: Brief, field: str) -> bool:
    return not brief.fields or field in brief.fields
