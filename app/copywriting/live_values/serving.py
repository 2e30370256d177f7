"""The texts on the shelf with today's prices in them: what `Shelf` calls `Fill`."""

from dataclasses import replace
from datetime import datetime

from app.catalog.service import StoredProduct
from app.copywriting.life.shelf import ShelfText
from app.copywriting.live_values.filling import fill, refusal, said
from app.copywriting.live_values.values import values_of
from evaluators.live_slots import slots_in


def filled_text(stored: StoredProduct, text: ShelfText, now: datetime) -> ShelfText:
    """A text with its slots filled, its sentences too; the reason says what was left out. The merchant's is not ours."""
    if text.source == "merchant":
        return text
    result = fill(text.fields, stored.product, text.locale, now)
    values = values_of(stored.product, text.locale, now)
    sentences = tuple(
        replace(
            sentence,
            field=result.paths.get(sentence.field, sentence.field),
            text=said(sentence.text, values) if slots_in(sentence.text) else sentence.text,
        )
        for sentence in text.sentences
        if not slots_in(sentence.text) or refusal(sentence.text, values) is None
    )
    without = "".join(f"; without “{gone.text}” ({gone.why})" for gone in result.dropped)
    return replace(text, fields=result.fields, sentences=sentences, reason=text.reason + without)
