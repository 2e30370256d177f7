"""A voice's rules as values, and what a text breaks of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaluators.fields import plain_text
from prompts import Voice
from retrieval.facts import Fact

Severity = Literal["error", "warning", "info"]
Person = Literal["second", "third", "none"]
Spelling = Literal["US", "GB", "locale"]
Case = Literal["title", "sentence"]
Numerals = Literal["digits", "words"]
Kind = Literal["prose", "line", "heading"]
"""What a text is: sentences; a line of a list or a caption without a full stop; a title or headline."""

RuleId = Literal[
    "brand_rules", "voice_forbidden", "voice_spelling", "voice_person", "voice_sentence_length",
    "voice_exclamation", "voice_contractions", "voice_headline_case", "voice_oxford_comma", "voice_numerals",
]  # fmt: skip
SEVERITIES: dict[RuleId, Severity] = {
    "brand_rules": "error",
    "voice_forbidden": "error",
    "voice_spelling": "warning",
    "voice_person": "warning",
    "voice_sentence_length": "warning",
    "voice_exclamation": "warning",
    "voice_contractions": "warning",
    "voice_headline_case": "info",
    "voice_oxford_comma": "info",
    "voice_numerals": "info",
}
"""How grave a fault is, unless the voice makes it an error (`VoiceRules.blocking`)."""


@dataclass(frozen=True, slots=True)
class WordRule:
    """A word or phrase that a text must not have, whatever its capitals and inflection, and what to say instead."""

    phrase: str
    replacement: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoiceRules:
    """All that one voice asks. None, and `person="none"`, ask nothing.

    `forbidden` is the voice's, `brand` the shop's for every voice; `allowed` words are nobody's fault of spelling.
    Sentence lengths are in words: `max_words` holds for each sentence, `target_words` for their mean. `blocking` names the rules
    of which a fault is an error.
    """

    forbidden: tuple[WordRule, ...] = ()
    brand: tuple[WordRule, ...] = ()
    allowed: tuple[str, ...] = ()
    spelling: Spelling = "locale"
    person: Person = "none"
    target_words: int | None = None
    max_words: int | None = None
    exclamation: bool = True
    contractions: bool = True
    headline_case: Case | None = None
    oxford_comma: bool | None = None
    numerals: Numerals | None = None
    blocking: tuple[RuleId, ...] = ()

    def severity(self, rule: RuleId) -> Severity:
        """How grave a fault against this rule is."""
        return "error" if rule in self.blocking else SEVERITIES[rule]

    def british(self, locale: str) -> bool:
        """Whether a text of this locale is spelt as in Britain."""
        own = locale.replace("_", "-").lower().startswith("en-gb")
        return own if self.spelling == "locale" else self.spelling == "GB"


def rules_of(voice: Voice) -> VoiceRules:
    """The rules of a shipped voice."""
    return VoiceRules(
        forbidden=tuple(WordRule(phrase) for phrase in voice.forbidden),
        spelling=voice.spelling,
        person=voice.person,
        exclamation=voice.exclamation,
        contractions=voice.contractions,
    )


@dataclass(frozen=True, slots=True)
class Exempt:
    """What in a text is not the writer's to choose.

    `names` (of product, maker, model) are exempt from every rule, `quotable` values, which stand as they were given
    (with capitals or figures, or out of a document), from all but the word rules. In any of the `values` no word is replaced: that would change a fact.
    """

    names: tuple[str, ...] = ()
    quotable: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def with_names(self, names: Sequence[str]) -> "Exempt":
        """The same with more names."""
        return replace(self, names=(*self.names, *(name for name in names if name.strip())))


_NAMES = frozenset({"title", "brand", "model", "manufacturer", "vendor", "collection", "series", "designer"})


def exempt_of(facts: Sequence[Fact]) -> Exempt:
    """What the facts of a product exempt."""
    names: dict[str, None] = {}
    quotable: dict[str, None] = {}
    values: dict[str, None] = {}
    for fact in facts:
        for value in fact.values:
            if fact.name in _NAMES:
                names[value] = None
            elif fact.trust == "document" or any(c.isupper() or c.isdigit() for c in value):
                quotable[value] = None
            if fact.name not in _NAMES:
                values[value] = None
    return Exempt(*(tuple(plain_text(v) for v in group if v.strip()) for group in (names, quotable, values)))


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` instead of what stands at `start`–`end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that breaks a rule: `text` at `start`–`end`, in code points. `edit` puts it right; None: nothing safely does."""

    rule: RuleId
    severity: Severity
    start: int
    end: int
    text: str
    detail: str
    edit: Edit | None = None
