"""The check of any text by a voice."""

from pydantic import ConfigDict, Field

from app.api.models.base import Answer, Body, Locale, Sku, Text
from app.api.models.checks import FactIn
from app.api.models.voices import Phrase
from evaluators.voice.fixing import Fixed
from evaluators.voice.rules import Finding, Kind, RuleId, Severity

MAX_TEXT = 50_000


class VoiceCheckIn(Body):
    """A text, the voice it should have, and what in it is not the writer's to choose."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "Utilise the hood in any weather!", "voice": "plain", "fix": True}]
        },
    )

    text: Text = Field(max_length=MAX_TEXT, description="Plain text or HTML.")
    voice: Text = Field("plain", max_length=100)
    locale: Locale = "en-US"
    kind: Kind = Field("prose", description="`heading` a title, `line` a bullet or caption.")
    sku: Sku | None = Field(
        None, description="Its facts say what is a name or a quotation, and what may be claimed."
    )
    facts: list[FactIn] = Field(default_factory=list, max_length=1000, description="The same, sent along.")
    names: list[Phrase] = Field(
        default_factory=list, max_length=200, description="Further names to leave alone."
    )
    fix: bool = Field(False, description="Put right what can safely be put right, and check again.")


class FindingOut(Answer):
    """A place that breaks a rule."""

    rule: RuleId
    severity: Severity
    start: int = Field(description="Offset in the text that was judged, in code points.")
    end: int
    text: str
    detail: str
    replacement: str | None = Field(description="What may safely stand there; null: a person has to decide.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        """The answer for a finding."""
        return cls(
            rule=finding.rule,
            severity=finding.severity,
            start=finding.start,
            end=finding.end,
            text=finding.text,
            detail=finding.detail,
            replacement=finding.edit.text if finding.edit else None,
        )


class ChangeOut(Answer):
    """A correction; its offsets count in the text that was sent."""

    start: int
    end: int
    before: str
    after: str
    rules: list[RuleId]


class FixedOut(Answer):
    """The text put right, what was changed, and what is still left to a person."""

    text: str
    changes: list[ChangeOut]
    findings: list[FindingOut]

    @classmethod
    def of_fixed(cls, fixed: Fixed, left: tuple[Finding, ...]) -> "FixedOut":
        """The answer for a text that was put right."""
        return cls(
            text=fixed.text,
            changes=[ChangeOut.model_validate(change) for change in fixed.changes],
            findings=[FindingOut.of(finding) for finding in left],
        )


class VoiceCheckOut(Answer):
    """What a voice says of a text."""

    voice: str
    passed: bool = Field(description="No fault of severity `error`: in the fixed text, where it was fixed.")
    findings: list[FindingOut]
    fixed: FixedOut | None = None
