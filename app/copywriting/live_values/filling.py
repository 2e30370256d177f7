"""Fields with their live slots filled, or without the sentences that hold one: pure."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalog.product import Product
from app.copywriting.copy import Fields
from app.copywriting.life.trimming import letters_of
from app.copywriting.live_values.values import SlotValues, values_of
from app.copywriting.placing import Change, Placed, changed, placed, rebuilt
from evaluators.fields import escape, field_texts, plain_text
from evaluators.live_slots import SLOT, claims_discount, has_slots, slots_in

Refusal = Callable[[str], str | None]
"""Why a sentence with slots cannot stand; None where it can."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was left out because of a slot. `field` is its path before."""

    field: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Filled:
    """Fields as they are served. `paths`: path before → path now, of texts that moved up because others went."""

    fields: dict[str, Any]
    dropped: tuple[Dropped, ...]
    paths: Mapping[str, str]


def fill(fields: Fields, product: Product, locale: str, now: datetime) -> Filled:
    """The fields with the product's values of `now` in their slots, in the locale's format.

    A sentence goes, and the element that it leaves empty, where a slot in it is unknown or has no value, and where it
    claims a discount that the product does not have. Every other sentence stays to the letter.
    """
    values = values_of(product, locale, now)
    return _filled(fields, values.texts, lambda sentence: refusal(sentence, values))


def without_live_slots(fields: Fields) -> dict[str, Any]:
    """The fields without the sentences that hold a slot: for places where nobody fills it."""
    if not has_slots(fields):
        return dict(fields)
    return _filled(fields, {}, lambda _: "nobody fills it there").fields


def said(sentence: str, values: SlotValues) -> str:
    """A sentence with its slots filled."""
    return SLOT.sub(lambda match: _value(match[1], sentence[: match.start()], values.texts), sentence)


def refusal(sentence: str, values: SlotValues) -> str | None:
    """Why a sentence with slots cannot be served; None where it can."""
    slots = slots_in(sentence)
    for slot in slots:
        if slot not in values.texts:
            return f"{{{slot}}}: {values.missing.get(slot, 'there is no such slot')}"
    if values.no_discount is not None and {"sale_price", "price"} <= set(slots):
        return values.no_discount
    if claims_discount(sentence) and not {"sale_price", "price"} <= set(slots):
        return "a discount has to show both prices"
    return None


def _filled(fields: Fields, texts: Mapping[str, str], refuse: Refusal) -> Filled:
    dropped: list[Dropped] = []
    paths: dict[str, str] = {}
    left: dict[str, Any] = {}
    for name, value in fields.items():
        path = escape(str(name))
        new: dict[str, str] = {}
        for at, text in field_texts({name: value}):
            if slots_in(plain_text(text)):
                new[at], gone = _text(at, text, texts, refuse)
                dropped.extend(gone)
        left_of = rebuilt(value, new, path) if new else value
        if left_of or not value:
            left[name] = left_of
        if isinstance(value, list | tuple):
            kept = [i for i, text in enumerate(value) if new.get(f"{path}/{i}", text)]
            paths |= {f"{path}/{old}": f"{path}/{i}" for i, old in enumerate(kept) if old != i}
    return Filled(left, tuple(dropped), paths)


def _text(path: str, value: str, texts: Mapping[str, str], refuse: Refusal) -> tuple[str, list[Dropped]]:
    there = placed(value)
    if there is None:  # nothing is served of which nobody can say where it begins
        return "", [Dropped(path, plain_text(value), "its sentences cannot be told apart")]
    changes: list[Change] = []
    dropped: list[Dropped] = []
    for sentence in there:
        if not slots_in(sentence.text):
            continue
        why = refuse(sentence.text)
        if why is None:
            changes += _values(value, sentence, texts)
        else:
            dropped.append(Dropped(path, sentence.text, why))
            changes.append(Change(sentence.start, sentence.end, None))
    result = changed(value, changes)
    # A name whose braces stand in two sentences is in neither.
    return (
        ("", [Dropped(path, plain_text(value), "a slot stands across sentences")])
        if slots_in(plain_text(result))
        else (result, dropped)
    )


def _values(value: str, sentence: Placed, texts: Mapping[str, str]) -> list[Change]:
    """What takes the place of each slot of a sentence, wherever markup or entities stand within it."""
    letters, places = letters_of(value[sentence.start : sentence.end])
    in_markup = "<" in value or "&" in value
    found: list[Change] = []
    for match in SLOT.finditer(letters):
        text = _value(match[1], letters[: match.start()], texts)
        start, end = places[match.start()][0], places[match.end() - 1][1]
        found.append(
            Change(
                sentence.start + start,
                sentence.start + end,
                html.escape(text, quote=False) if in_markup else text,
            )
        )
    return found


def _value(slot: str, before: str, texts: Mapping[str, str]) -> str:
    """A slot's text; words that begin a sentence begin with a capital."""
    text = texts[slot]
    return text if before.strip() else text[:1].upper() + text[1:]
