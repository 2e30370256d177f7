"""Voices as values: the shipped ones, the shop's own that extend them, and the book of all that a process works with."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import prompts
from evaluators.voice.rules import (
    Case,
    Numerals,
    Person,
    RuleId,
    Spelling,
    VoiceRules,
    WordRule,
    rules_of,
)


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """What a shop's voice says itself; None is as the voice that it extends has it.

    `allowed` are words that it may use although its base forbids them, and that are no fault of spelling.
    """

    extends: str = "plain"
    description: str = ""
    allowed: tuple[str, ...] = ()
    forbidden: tuple[WordRule, ...] = ()
    spelling: Spelling | None = None
    person: Person | None = None
    target_words: int | None = None
    max_words: int | None = None
    exclamation: bool | None = None
    contractions: bool | None = None
    headline_case: Case | None = None
    oxford_comma: bool | None = None
    numerals: Numerals | None = None
    blocking: tuple[RuleId, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the book. `base` is the shipped voice whose phrases the template writer uses; `rules` hold what is asked in all.

    A `retired` voice can no longer be asked for; texts that were written in it are still judged by it.
    """

    name: str
    base: str
    description: str
    rules: VoiceRules
    settings: VoiceSettings | None = None  # None: shipped
    version: int = 1
    created_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    retired: bool = False

    @property
    def shipped(self) -> bool:
        """Whether it came with the program, and cannot be changed."""
        return self.settings is None

    @property
    def is_as_written(self) -> bool:
        """Whether the template writer's own words already keep its rules: a shipped voice, and no rule of the shop."""
        return self.shipped and not self.rules.brand


@dataclass(frozen=True, slots=True)
class BrandRule:
    """A phrase that no text of the shop may have, whatever its voice. `removed_at`: until when it held."""

    id: str
    phrase: str
    replacement: str | None
    reason: str
    actor: str
    created_at: datetime
    removed_at: datetime | None = None
    removed_by: str | None = None

    @property
    def word_rule(self) -> WordRule:
        """The rule as the checks read it."""
        return WordRule(self.phrase, self.replacement, self.reason)


@dataclass(frozen=True, slots=True)
class VoiceBook:
    """Every voice and every brand rule at one moment; `epoch` says which moment."""

    voices: Mapping[str, Voice] = field(default_factory=dict)
    brand: tuple[BrandRule, ...] = ()
    epoch: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The voices that can be asked for: the shipped ones first."""
        return tuple(voice.name for voice in self.voices.values() if not voice.retired)

    def find(self, name: str) -> Voice | None:
        """The voice that can be asked for by this name."""
        voice = self.voices.get(name)
        return None if voice is None or voice.retired else voice

    def rules_for(self, name: str) -> VoiceRules:
        """The rules for a text that was written in this voice, retired or not; those of `plain` where nobody knows it."""
        return (self.voices.get(name) or self.voices["plain"]).rules


@functools.cache
def shipped_voices() -> Mapping[str, Voice]:
    """The voices that come with the program, plain first."""
    order = {"plain": 0, "warm": 1, "premium": 2}
    found = sorted(prompts.all_voices(), key=lambda voice: (order.get(voice.name, 9), voice.name))
    return {v.name: Voice(v.name, v.name, v.description, rules_of(v)) for v in found}


def book_of(own: tuple[Voice, ...] = (), brand: tuple[BrandRule, ...] = (), epoch: int = 0) -> VoiceBook:
    """The book of shipped voices and the shop's own, each with the brand rules in it."""
    words = tuple(rule.word_rule for rule in brand)
    voices = {
        voice.name: replace(voice, rules=replace(voice.rules, brand=words))
        for voice in (*shipped_voices().values(), *own)
    }
    return VoiceBook(voices, brand, epoch)


def resolved(settings: VoiceSettings) -> VoiceRules:
    """All that a voice asks: its own word, else that of the voice it extends."""
    base = shipped_voices()[settings.extends].rules
    own = {rule.phrase.casefold() for rule in settings.forbidden}
    inherited = tuple(rule for rule in base.forbidden if rule.phrase.casefold() not in own)

    return VoiceRules(
        forbidden=(*settings.forbidden, *inherited),
        allowed=settings.allowed,
        spelling=settings.spelling or base.spelling,
        person=settings.person or base.person,
        target_words=settings.target_words or base.target_words,
        max_words=settings.max_words or base.max_words,
        exclamation=base.exclamation if settings.exclamation is None else settings.exclamation,
        contractions=base.contractions if settings.contractions is None else settings.contractions,
        headline_case=settings.headline_case or base.headline_case,
        oxford_comma=base.oxford_comma if settings.oxford_comma is None else settings.oxford_comma,
        numerals=settings.numerals or base.numerals,
        blocking=settings.blocking,
    )
