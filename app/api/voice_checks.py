"""The check of any text by a voice: the same answer over HTTP and on the command line."""

from collections.abc import Sequence

from app.api.models.voice_checks import FindingOut, FixedOut, VoiceCheckIn, VoiceCheckOut
from app.copywriting.voices.values import VoiceBook
from app.errors import Invalid
from evaluators.grounding.index import FactIndex
from evaluators.voice.finding import find_faults
from evaluators.voice.grounded import fix_grounded
from evaluators.voice.rules import exempt_of
from retrieval.facts import Fact


def judged(body: VoiceCheckIn, book: VoiceBook, facts: Sequence[Fact]) -> VoiceCheckOut:
    """Every fault of the text, and the text put right where that is asked for. Raises Invalid for an unknown voice."""
    voice = book.find(body.voice)
    if voice is None:
        raise Invalid(f"unknown voice {body.voice!r}; known: {', '.join(book.names)}", pointer="/voice")
    rules, exempt = voice.rules, exempt_of(facts).with_names(body.names)
    found = find_faults(body.text, rules, exempt, kind=body.kind, locale=body.locale)
    left, fixed = found, None
    if body.fix:
        right = fix_grounded(body.text, rules, exempt, FactIndex(facts), kind=body.kind, locale=body.locale)
        left = find_faults(right.text, rules, exempt, kind=body.kind, locale=body.locale)
        fixed = FixedOut.of_fixed(right, left)
    return VoiceCheckOut(
        voice=body.voice,
        passed=not any(finding.severity == "error" for finding in left),
        findings=[FindingOut.of(finding) for finding in found],
        fixed=fixed,
    )
