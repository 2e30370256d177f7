"""Texts inside the fields of a copy: sentences replaced or left out, wherever they stand, and whole fields put right."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.copywriting.copy import Draft, DraftSentence, Fields
from evaluators.fields import escape, field_texts
from evaluators.grounding.index import FactIndex
from evaluators.voice.finding import kind_of
from evaluators.voice.fixing import Change
from evaluators.voice.grounded import fix_grounded
from evaluators.voice.rules import Exempt, VoiceRules

_EMPTY = re.compile(r"<(p|li|ul|ol|h2|h3)>\s*</\1>")
_SLUG = "slug"
LEAVE_OUT = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A correction in a field; its offsets count in the field's text as it was, markup and all."""

    field: str
    change: Change


@dataclass(frozen=True, slots=True)
class FixedFields:
    """Fields put right, and what was changed in them."""

    fields: dict[str, Any]
    changes: tuple[FieldChange, ...]


def fix_fields(
    fields: Fields, rules: VoiceRules, exempt: Exempt, facts: FactIndex, locale: str
) -> FixedFields:
    """The fields with every safe correction that claims nothing new. An address stays what it is: links lead to it."""
    changed: dict[str, str] = {}
    changes: list[FieldChange] = []
    for path, text in field_texts(fields):
        if path == _SLUG:
            continue
        fixed = fix_grounded(text, rules, exempt, facts, kind=kind_of(path), locale=locale)
        if fixed.changes:
            changed[path] = fixed.text
            changes += (FieldChange(path, change) for change in fixed.changes)
    return FixedFields(with_texts(fields, changed), tuple(changes))


def with_texts(fields: Fields, changed: Mapping[str, str]) -> dict[str, Any]:
    """The fields with other texts at these paths."""

    def walk(path: str, value: Any) -> Any:
        if isinstance(value, str):
            return changed.get(path, value)
        if isinstance(value, Mapping):
            return {key: walk(f"{path}/{escape(str(key))}", inner) for key, inner in value.items()}
        if isinstance(value, Sequence):
            return [walk(f"{path}/{at}", inner) for at, inner in enumerate(value)]
        return value

    return {name: walk(escape(str(name)), value) for name, value in fields.items()}


def rewritten(draft: Draft, say: Callable[[DraftSentence], str | None]) -> Draft:
    """A draft with other words in its sentences: what `say` gives stands instead, `LEAVE_OUT` takes a sentence out, None lets it be.

    A sentence that is not found in its field as it is declared is let be. Elements of a list that become empty go, and
    those behind move up; an entry of a map that becomes empty goes.
    """
    texts = dict(field_texts(draft.fields))
    said: list[DraftSentence] = []
    positions: dict[str, int] = {}
    for sentence in draft.sentences:
        new = say(sentence)
        path = sentence.field
        whole = texts.get(path)
        place = _find(whole, sentence.text, positions.get(path, 0)) if whole is not None else None
        if new is None or place is None or whole is None:
            said.append(sentence)
            if place is not None:
                positions[path] = place[1]
            continue
        start, end, escaped = place
        words = html.escape(new, quote=False) if escaped else new
        if new == LEAVE_OUT:
            start, end = _with_gap(whole, start, end)
        else:
            said.append(replace(sentence, text=new))
        texts[path] = whole[:start] + words + whole[end:]
        positions[path] = start + len(words)
    return _without_empty(replace(draft, fields=with_texts(draft.fields, texts), sentences=tuple(said)))


def _with_gap(whole: str, start: int, end: int) -> tuple[int, int]:
    """A sentence with the one space that its going leaves over."""
    if whole[end : end + 1] == " ":
        return start, end + 1
    at_end = end == len(whole) or whole[end] == "<"
    return (start - 1, end) if at_end and whole[:start].endswith(" ") else (start, end)


def _find(whole: str, text: str, start: int) -> tuple[int, int, bool] | None:
    for words, escaped in ((html.escape(text, quote=False), True), (text, False)):
        at = whole.find(words, start)
        if at >= 0:
            return at, at + len(words), escaped and "<" in whole
    return None


def _without_empty(draft: Draft) -> Draft:
    """Empty paragraphs, list elements and map entries taken out, and the paths of sentences that moved."""
    fields: dict[str, Any] = {}
    moved: dict[str, str] = {}
    for name, value in draft.fields.items():
        if isinstance(value, str):
            text = _EMPTY.sub("", value)
            if text.strip() or not value.strip():
                fields[name] = text
        elif isinstance(value, Mapping):
            fields[name] = {key: text for key, text in value.items() if str(text).strip()}
        elif isinstance(value, Sequence):
            kept = [at for at, text in enumerate(value) if str(text).strip()]
            moved |= {f"{name}/{old}": f"{name}/{new}" for new, old in enumerate(kept)}
            fields[name] = [value[at] for at in kept]
        else:
            fields[name] = value
    told = tuple(replace(s, field=moved.get(s.field, s.field)) for s in draft.sentences)
    return replace(draft, fields=fields, sentences=told)
