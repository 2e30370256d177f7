"""The one gate list: what a copy must pass before anyone may approve it, wherever it comes from.

*What gates production is what is evaluated.* Production, suites and jobs all call `run_checks`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evaluators import live_slots, text_checks
from evaluators.fields import FieldRule, SentenceIn, field_texts, sentences_of
from evaluators.grounding.check import judge_sentence
from evaluators.grounding.index import FactIndex
from evaluators.grounding.verdicts import Claim, SentenceVerdict, Verdict
from evaluators.live_slots import Live
from evaluators.neighbours import TWIN_OVERLAP, Neighbourhood
from evaluators.voice.finding import field_faults, rules_asked
from evaluators.voice.rules import VoiceRules, exempt_of
from retrieval.facts import Fact
from seo.language.tokens import Span

__all__ = [
    "Candidate", "Check", "FieldRule", "GateResult", "JudgedSentence", "Mark", "SentenceIn", "run_checks",
    "sentences_of",
]  # fmt: skip

Severity = Literal["error", "warning", "info"]
_WORST: tuple[Verdict, ...] = ("contradicted", "unsupported", "supported")
_NAMED = 5
"""How many faults a check's detail names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that wants to pass: its fields, its sentences, the product's facts, and the rules of its template."""

    fields: Mapping[str, Any]
    sentences: tuple[SentenceIn, ...]
    facts: tuple[Fact, ...]
    rules: tuple[FieldRule, ...]
    voice: VoiceRules | None = None  # None: nobody asks how it sounds
    locale: str = "en-US"
    neighbours: Neighbourhood | None = None  # None: nobody compared it with other texts
    conflicts: tuple[str, ...] = ()  # statements of documents that were not used, and why


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that a check complains of: `text` at `start`–`end` of a field's text without markup, in code points.

    `replacement` is what may safely stand there instead.
    """

    field: str
    start: int
    end: int
    text: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check. `score` is 0–1 where the check measures, None where it only finds.

    `marks` are the places of its faults, where it knows them.
    """

    id: str
    severity: Severity
    passed: bool
    score: float | None
    detail: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence of the copy with the facts it rests on. Offsets in its claims count within its own text."""

    field: str
    text: str
    facts: tuple[str, ...]
    verdict: Verdict
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class GateResult:
    """All checks, all sentences, and a score: the share of claim-bearing sentences that are supported."""

    checks: tuple[Check, ...]
    sentences: tuple[JudgedSentence, ...]
    score: float

    @property
    def passed(self) -> bool:
        """Whether no check of severity error failed."""
        return not any(check.severity == "error" and not check.passed for check in self.checks)


def run_checks(candidate: Candidate) -> GateResult:
    """Run every check. Never raises on content: a fault in the text is a failed check with the words named."""
    index = FactIndex(candidate.facts)
    known = {fact.id: fact for fact in candidate.facts}
    live = Live.of(candidate.facts)
    judged = tuple(_judge(sentence, index, live) for sentence in _all_sentences(candidate))
    with_claims = [sentence for sentence in judged if sentence.verdict != "claimless"]
    score = sum(s.verdict == "supported" for s in with_claims) / len(with_claims) if with_claims else 1.0
    checks = (
        _grounding(judged, score),
        _sentence_facts(candidate, judged, known),
        _live_facts(judged, known),
        *_live_slots(candidate),
        *_text_checks(candidate),
        *_voice(candidate),
        *_near_duplicate(candidate.neighbours),
        *_document_conflict(candidate.conflicts),
    )
    return GateResult(checks, judged, score)


def _all_sentences(candidate: Candidate) -> Iterator[SentenceIn]:
    """The declared sentences, then those in the fields that nobody declared: no text escapes the check."""
    yield from candidate.sentences
    declared: dict[str, str] = {}
    for sentence in candidate.sentences:
        declared[sentence.field] = declared.get(sentence.field, "") + " " + _plain(sentence.text)
    for sentence in sentences_of(candidate.fields):
        if _plain(sentence.text) not in declared.get(sentence.field, ""):
            yield sentence


def _plain(text: str) -> str:
    return " ".join(text.split())


def _judge(sentence: SentenceIn, index: FactIndex, live: Live) -> JudgedSentence:
    """Judge a declared sentence as one; where its writer declared facts, those are looked at first."""
    if "{" in sentence.text:
        return _judge_with_slots(sentence, index, live)
    declared = frozenset(sentence.facts or ())
    verdict: SentenceVerdict = judge_sentence(Span(sentence.text, 0, len(sentence.text)), index, declared)
    facts = sentence.facts if sentence.facts is not None else verdict.facts
    return JudgedSentence(sentence.field, sentence.text, facts, verdict.verdict, verdict.claims)


def _judge_with_slots(sentence: SentenceIn, index: FactIndex, live: Live) -> JudgedSentence:
    """The words around live slots are judged as any others; what a slot says rests on the fact that fills it."""
    declared = frozenset(sentence.facts or ())
    around = judge_sentence(Span(live_slots.masked(sentence.text), 0, len(sentence.text)), index, declared)
    claims = live.claims(sentence.text, around.claims)
    said = {claim.verdict for claim in claims}
    verdict: Verdict = next((verdict for verdict in _WORST if verdict in said), "claimless")
    resting = tuple(dict.fromkeys(claim.fact for claim in claims if claim.fact is not None))
    facts = sentence.facts if sentence.facts is not None else resting
    return JudgedSentence(sentence.field, sentence.text, facts, verdict, claims)


def _grounding(judged: tuple[JudgedSentence, ...], score: float) -> Check:
    faults = [
        f"{s.field}: {claim.reason}"
        for s in judged
        for claim in s.claims
        if claim.verdict in {"unsupported", "contradicted"}
    ]
    return Check("grounding", "error", not faults, score, _say(faults, "Every claim rests on a fact."))


def _sentence_facts(
    candidate: Candidate, judged: tuple[JudgedSentence, ...], known: Mapping[str, Fact]
) -> Check:
    """Facts that a sentence names must exist, and bear it together."""
    faults: list[str] = []
    names = {fact.id for fact in candidate.facts if fact.name in {"title", "brand", "type", "category"}}
    for sentence, declared in zip(judged, candidate.sentences, strict=False):
        if declared.facts is None:
            continue
        missing = [fact for fact in declared.facts if fact not in known]
        if missing:
            faults.append(f"{sentence.field} names {', '.join(missing)}: no such fact.")
        others = {
            c.fact
            for c in sentence.claims
            if c.verdict == "supported" and c.fact not in {*declared.facts, *names}
        } - {None}
        if others:
            resting = ", ".join(sorted(str(fact) for fact in others))
            faults.append(
                f"{sentence.field} also rests on {resting}, which it does not name: “{sentence.text}”"
            )
    missing_any = any("no such fact" in fault for fault in faults)
    detail = _say(faults, "Each sentence names the facts it rests on.")
    return Check("sentence_facts", "error" if missing_any else "warning", not faults, None, detail)


def _live_facts(judged: tuple[JudgedSentence, ...], known: Mapping[str, Fact]) -> Check:
    """Prices and stock change by the hour: a text that states them is wrong tomorrow."""
    live = {fact.id: fact.name for fact in known.values() if fact.live}
    faults = [
        f"{s.field}: “{claim.text}” rests on {claim.fact} ({live[claim.fact]}), which is live."
        for s in judged
        for claim in s.claims
        if claim.verdict == "supported" and claim.fact in live and claim.kind != live_slots.KIND
    ]
    fine = "No live fact is frozen into the text."
    return Check("live_facts", "error", not faults, None, _say(faults, fine))


def _live_slots(candidate: Candidate) -> Iterator[Check]:
    """What a text with slots may hold; one without has nothing to be checked."""
    if live_slots.has_slots(candidate.fields):
        faults = live_slots.slot_faults(candidate.fields, candidate.rules)
        yield Check(
            "live_slots", "error", not faults, None, _say(faults, "Every slot is filled when it is served.")
        )


def _text_checks(candidate: Candidate) -> Iterator[Check]:
    """The checks that read the fields alone."""
    texts = tuple(field_texts(candidate.fields))
    unfilled = tuple((path, live_slots.masked(text) if "{" in text else text) for path, text in texts)
    names = text_checks.names_in(candidate.facts)
    plain: tuple[tuple[str, Severity, Callable[[], list[str]], str], ...] = (
        ("required_fields", "error", lambda: text_checks.missing(candidate.fields, candidate.rules), "Nothing is missing."),
        ("field_lengths", "error", lambda: text_checks.lengths(candidate.fields, candidate.rules), "All lengths fit."),
        ("leaked_text", "error", lambda: text_checks.leaked(unfilled, names), "No refusal, prompt or placeholder."),
        ("html_safety", "error", lambda: text_checks.unsafe_html(candidate.fields, candidate.rules), "Only allowed HTML."),
        ("slug_format", "error", lambda: text_checks.bad_slugs(candidate.fields, candidate.rules), "The slug is well-formed."),
        ("encoding", "error", lambda: text_checks.garbled(texts), "The text is readable."),
        ("language", "error", lambda: text_checks.foreign(texts, candidate.locale), "One language."),
        ("duplicate_sentences", "warning", lambda: text_checks.duplicates(candidate.fields), "No sentence stands twice."),
        ("shouting", "warning", lambda: text_checks.shouting(texts, candidate.facts), "Nothing is shouted."),
    )  # fmt: skip
    for name, severity, find, fine in plain:
        faults = find()
        yield Check(name, severity, not faults, None, _say(faults, fine))


def _voice(candidate: Candidate) -> Iterator[Check]:
    """What the voice asks, and the shop's rules for every voice."""
    rules = candidate.voice
    if rules is None:
        return
    found = field_faults(candidate.fields, rules, exempt_of(candidate.facts), locale=candidate.locale)
    for rule in rules_asked(rules):
        faults = [one for one in found if one.finding.rule == rule]
        marks = tuple(
            Mark(one.field, f.start, f.end, f.text, f.edit.text if f.edit else None)
            for one in faults
            for f in [one.finding]
        )
        detail = _say([f"{one.field} {one.finding.detail}." for one in faults], "As the voice has it.")
        yield Check(rule, rules.severity(rule), not faults, None, detail, marks)


def _near_duplicate(found: Neighbourhood | None) -> Iterator[Check]:
    """A text that another product has too: search engines show one of the two, and readers learn nothing."""
    name = "near_duplicate"
    if found is None:
        return
    if found.short:
        yield Check(name, "info", True, None, "Too short to be compared with the texts of other products.")
        return
    twins = [twin for twin in found.twins if twin.overlap >= TWIN_OVERLAP]
    if not twins and not found.complete:
        yield Check(name, "info", True, None, "Not judged: the index of the catalog's texts is being built.")
        return
    faults = [
        f"Reads like the text of {twin.sku} ({twin.copy_id}): they share {twin.overlap:.0%} of their word runs."
        for twin in twins
    ]
    score = 1 - max((twin.overlap for twin in found.twins), default=0.0)
    fine = "No text of another product reads like it."
    yield Check(name, "warning", not faults, round(score, 4), _say(faults, fine))


def _document_conflict(conflicts: tuple[str, ...]) -> Iterator[Check]:
    """Where a document and the product disagree somebody has to say which is right; the text keeps to the product."""
    if conflicts:
        yield Check("document_conflict", "info", False, None, _say(list(conflicts), ""))


def _say(faults: list[str], fine: str) -> str:
    if not faults:
        return fine
    more = f" (and {len(faults) - _NAMED} more)" if len(faults) > _NAMED else ""
    return " ".join(faults[:_NAMED]) + more
