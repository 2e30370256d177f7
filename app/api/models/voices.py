"""Voices, brand rules, and what samples show."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from app.api.models.base import Answer, Body, Text, Time
from app.copywriting.voices.learning import Learnt, NewSample
from app.copywriting.voices.values import Voice, VoiceSettings
from evaluators.voice.rules import Case, Numerals, Person, RuleId, Spelling, WordRule

Phrase = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=100)]


class WordIn(Body):
    """A word or phrase that is not said, and what is said instead."""

    phrase: Phrase = Field(examples=["utilise"])
    replacement: Phrase | None = Field(
        None, description="Put in its place by `fix`, in the same inflection.", examples=["use"]
    )
    reason: Text = Field("", max_length=500)


def _as_word(value: object) -> object:
    return {"phrase": value} if isinstance(value, str) else value


Word = Annotated[WordIn, BeforeValidator(_as_word, json_schema_input_type=WordIn | Phrase)]


class SentenceLength(Body):
    """Words of a sentence."""

    target: int | None = Field(None, ge=3, le=100, description="What the mean should be about.")
    max: int | None = Field(None, ge=3, le=100, description="What no sentence may be over.")


class VoiceIn(Body):
    """A voice of the shop's own. What is null is as the voice has it that it extends."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "extends": "plain",
                    "description": "Dry, British, short.",
                    "forbidden": [{"phrase": "utilise", "replacement": "use"}, "timeless"],
                    "spelling": "GB",
                    "sentence_length": {"target": 12, "max": 24},
                }
            ]
        },
    )

    extends: Text = Field("plain", max_length=100, description="A shipped voice: its phrases are used.")
    description: Text = Field("", max_length=2000)
    allowed: list[Phrase] = Field(
        default_factory=list,
        max_length=500,
        description="Words that it may use although the base forbids them, and that are no fault of spelling.",
    )
    forbidden: list[Word] = Field(default_factory=list, max_length=500)
    spelling: Spelling | None = Field(None, description="`locale`: that of the text.")
    person: Person | None = Field(
        None, description='`second` speaks to "you"; `third` neither of "you" nor "we"; `none` asks nothing.'
    )
    sentence_length: SentenceLength | None = None
    exclamation: bool | None = Field(None, description="Whether exclamation marks may end sentences.")
    contractions: bool | None = Field(None, description="Whether there may be any.")
    headline_case: Case | None = None
    oxford_comma: bool | None = None
    numerals: Numerals | None = Field(None, description="Counts from two to nine.")
    blocking: list[RuleId] = Field(
        default_factory=list, max_length=20, description="Rules of which a fault bars approval."
    )

    def to_value(self) -> VoiceSettings:
        """The settings that the domain reads."""
        length = self.sentence_length or SentenceLength(target=None, max=None)
        return VoiceSettings(
            extends=self.extends,
            description=self.description.strip(),
            allowed=tuple(dict.fromkeys(" ".join(word.split()) for word in self.allowed)),
            forbidden=tuple(
                WordRule(
                    " ".join(word.phrase.split()),
                    " ".join(word.replacement.split()) if word.replacement else None,
                    word.reason.strip(),
                )
                for word in self.forbidden
            ),
            spelling=self.spelling,
            person=self.person,
            target_words=length.target,
            max_words=length.max,
            exclamation=self.exclamation,
            contractions=self.contractions,
            headline_case=self.headline_case,
            oxford_comma=self.oxford_comma,
            numerals=self.numerals,
            blocking=tuple(dict.fromkeys(self.blocking)),
        )

    @classmethod
    def of(cls, settings: VoiceSettings) -> "VoiceIn":
        """What would have to be sent for these settings."""
        return cls.model_validate(_members(settings))


class WordOut(Answer):
    """A word or phrase that is not said, and what is said instead."""

    phrase: str
    replacement: str | None
    reason: str


class SentenceLengthOut(Answer):
    """Words of a sentence."""

    target: int | None = None
    max: int | None = None


class RulesOut(Answer):
    """All that a voice asks, with what it has from its base and from the shop's rules for every voice."""

    forbidden: list[WordOut]
    brand: list[WordOut]
    allowed: list[str]
    spelling: Spelling
    person: Person
    target_words: int | None
    max_words: int | None
    exclamation: bool
    contractions: bool
    headline_case: Case | None
    oxford_comma: bool | None
    numerals: Numerals | None
    blocking: list[RuleId]


class VoiceOut(Answer):
    """A voice: what it says itself, and in `rules` all that it asks."""

    name: str
    shipped: bool = Field(description="Came with the program: read only.")
    version: int
    extends: str | None = Field(description="Null of a shipped voice.")
    description: str
    allowed: list[str]
    forbidden: list[WordOut]
    spelling: Spelling | None
    person: Person | None
    sentence_length: SentenceLengthOut | None
    exclamation: bool | None
    contractions: bool | None
    headline_case: Case | None
    oxford_comma: bool | None
    numerals: Numerals | None
    blocking: list[RuleId]
    rules: RulesOut
    created_by: str
    created_at: Time | None
    updated_at: Time | None

    @classmethod
    def of(cls, voice: Voice) -> "VoiceOut":
        """The answer for a voice."""
        said = _members(voice.settings) if voice.settings else _shipped(voice)
        return cls.model_validate(
            {
                **said,
                "name": voice.name,
                "shipped": voice.shipped,
                "version": voice.version,
                "extends": None if voice.shipped else voice.base,
                "description": voice.description,
                "rules": RulesOut.model_validate(voice.rules),
                "created_by": voice.created_by,
                "created_at": voice.created_at,
                "updated_at": voice.updated_at,
            }
        )


def _shipped(voice: Voice) -> dict[str, Any]:
    rules = voice.rules
    return _members(
        VoiceSettings(
            forbidden=rules.forbidden,
            spelling=rules.spelling,
            person=rules.person,
            exclamation=rules.exclamation,
            contractions=rules.contractions,
        )
    )


def _members(settings: VoiceSettings) -> dict[str, Any]:
    length = {"target": settings.target_words, "max": settings.max_words}
    return {
        "extends": settings.extends,
        "description": settings.description,
        "allowed": list(settings.allowed),
        "forbidden": [
            {"phrase": w.phrase, "replacement": w.replacement, "reason": w.reason} for w in settings.forbidden
        ],
        "spelling": settings.spelling,
        "person": settings.person,
        "sentence_length": length if any(length.values()) else None,
        "exclamation": settings.exclamation,
        "contractions": settings.contractions,
        "headline_case": settings.headline_case,
        "oxford_comma": settings.oxford_comma,
        "numerals": settings.numerals,
        "blocking": list(settings.blocking),
    }


class VoicePage(Answer):
    """The voices that can be asked for."""

    items: list[VoiceOut]
    next_cursor: str | None = None


class SampleIn(Body):
    """A text of the shop's. No address is ever fetched."""

    text: Text = Field(min_length=1, max_length=500_000)
    name: Text = Field("", max_length=300, description="A file's name, whose ending tells the format.")
    format: Literal["text", "markdown", "html"] | None = None

    def to_value(self) -> NewSample:
        """The sample that the domain reads."""
        return NewSample(self.text, self.name, self.format)


class LearnIn(Body):
    """Sample texts, and the shipped voice that the new one would extend."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"samples": [{"text": "You'll love how it folds. Pop it in the wash!"}]}]
        },
    )

    samples: list[SampleIn] = Field(min_length=1, max_length=200)
    extends: Text = Field("plain", max_length=100)


class FeatureOut(Answer):
    """A feature of samples. `value` null: it cannot be told, and `detail` says what is missing."""

    id: str
    told: bool
    value: bool | str | dict[str, int] | None
    detail: str
    numbers: dict[str, float] = Field(description="What was counted; `low` and `high`: 95 % interval.")


class WordScoreOut(Answer):
    """A word, how often it stands here and in the reference, and how sure the difference is."""

    word: str
    count: int
    reference_count: int
    log_odds: float
    z: float = Field(description="Standard errors from no difference.")


class LearntOut(Answer):
    """What samples show. `voice` may be edited and sent to `PUT /v1/voices/{name}` as it is; nothing was saved."""

    texts: int
    words: int
    sentences: int
    features: list[FeatureOut]
    characteristic: list[WordScoreOut]
    avoided: list[WordScoreOut]
    reference: str = Field(description="What the words were compared with, or why they were not.")
    voice: VoiceIn

    @classmethod
    def of(cls, learnt: Learnt) -> "LearntOut":
        """The answer for what was learnt."""
        measured = learnt.measured
        return cls(
            texts=measured.texts,
            words=measured.words,
            sentences=measured.sentences,
            features=[FeatureOut.model_validate(feature) for feature in measured.features],
            characteristic=[WordScoreOut.model_validate(word) for word in measured.characteristic],
            avoided=[WordScoreOut.model_validate(word) for word in measured.avoided],
            reference=measured.reference,
            voice=VoiceIn.of(learnt.settings),
        )


class RuleIn(Body):
    """A phrase that no text may have, whatever its voice."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"phrase": "eco-friendly", "reason": "Legal: no green claim without a certificate."}]
        },
    )

    phrase: Phrase
    replacement: Phrase | None = None
    reason: Text = Field(min_length=1, max_length=500, description="Whoever is refused reads it.")


class RuleOut(Answer):
    """A brand rule."""

    id: str
    phrase: str
    replacement: str | None
    reason: str
    actor: str
    created_at: Time
    removed_at: Time | None
    removed_by: str | None


class RulePage(Answer):
    """Brand rules, oldest first."""

    items: list[RuleOut]
    next_cursor: str | None = None
