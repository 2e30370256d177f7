"""All faults of a text against a voice, in one text or in all fields of a copy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluators.fields import field_texts, plain_text
from evaluators.voice.casing import headline_case
from evaluators.voice.exempting import Exemptions
from evaluators.voice.rules import Exempt, Finding, Kind, RuleId, VoiceRules
from evaluators.voice.spelling import foreign_spellings
from evaluators.voice.style import (
    contractions,
    exclamation,
    numerals,
    oxford_comma,
    person,
    prose_sentences,
    sentence_length,
)
from evaluators.voice.wording import forbidden_words

_SLUG = "slug"
_HEADINGS = frozenset({"title", "headline", "meta_title"})
_LINES = frozenset({"bullets", "alt", "variant_titles", "cta"})


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A fault in a field; its offsets count in the field's text without markup."""

    field: str
    finding: Finding


def kind_of(path: str) -> Kind:
    """What the text of a field is: `bullets/0` is a line, `title` a heading, all else prose."""
    name = path.partition("/")[0]
    return "heading" if name in _HEADINGS else "line" if name in _LINES else "prose"


def find_faults(
    text: str, rules: VoiceRules, exempt: Exempt, *, kind: Kind = "prose", locale: str = "en-US"
) -> tuple[Finding, ...]:
    """Every fault of a text, in the order in which they stand. Markup in it is passed over."""
    return tuple(sorted(_faults(text, rules, exempt, kind, locale), key=lambda f: (f.start, f.end)))


def _faults(text: str, rules: VoiceRules, exempt: Exempt, kind: Kind, locale: str) -> Iterator[Finding]:
    left_alone = Exemptions(text, exempt)
    yield from forbidden_words(text, rules, left_alone)
    yield from foreign_spellings(text, rules, left_alone, kind, locale)
    yield from exclamation(text, rules, left_alone, kind)
    yield from contractions(text, rules, left_alone)
    yield from oxford_comma(text, rules, left_alone)
    yield from numerals(text, rules, left_alone)
    if kind == "heading":
        yield from headline_case(text, rules, left_alone)
    if rules.person != "none" or rules.max_words is not None or rules.target_words is not None:
        spans = prose_sentences(text, kind)
        yield from person(text, rules, left_alone, spans)
        yield from sentence_length(rules, spans)


def field_faults(
    fields: Mapping[str, Any], rules: VoiceRules, exempt: Exempt, *, locale: str = "en-US"
) -> tuple[FieldFinding, ...]:
    """Every fault in the fields of a copy. In an address only words are judged, and names have no capitals there."""
    found: list[FieldFinding] = []
    for path, text in field_texts(fields):
        if path == _SLUG:
            lower = replace(exempt, names=tuple(name.lower().replace(" ", "-") for name in exempt.names))
            words = (*lower.names, *(word for name in exempt.names for word in name.lower().split()))
            left_alone = Exemptions(text, replace(lower, names=words))
            found += (FieldFinding(path, f) for f in forbidden_words(text, rules, left_alone))
            continue
        faults = find_faults(plain_text(text), rules, exempt, kind=kind_of(path), locale=locale)
        found += (FieldFinding(path, fault) for fault in faults)
    return tuple(found)


def rules_asked(rules: VoiceRules) -> Sequence[RuleId]:
    """The rules that this voice has anything to say by, in the order of the list."""
    asked: dict[RuleId, bool] = {
        "brand_rules": bool(rules.brand),
        "voice_forbidden": bool(rules.forbidden),
        "voice_spelling": True,
        "voice_person": rules.person != "none",
        "voice_sentence_length": rules.max_words is not None or rules.target_words is not None,
        "voice_exclamation": not rules.exclamation,
        "voice_contractions": not rules.contractions,
        "voice_headline_case": rules.headline_case is not None,
        "voice_oxford_comma": rules.oxford_comma is not None,
        "voice_numerals": rules.numerals is not None,
    }
    return [rule for rule, is_asked in asked.items() if is_asked]
