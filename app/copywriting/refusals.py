"""Why a copy cannot be approved, in words that a merchandiser can act on."""

from collections.abc import Sequence

from app.copywriting.copy import Copy, Dispute
from app.copywriting.ways_out import ways_out
from app.errors import Conflict
from evaluators.checks import GateResult, JudgedSentence

WAYS_OUT = (
    "edit the sentence so that it says only what the facts say",
    "import or enter the missing fact, then check again",
    "dispute the verdict, if the checker is wrong",
)


def refuse_unless_clean(
    gate: GateResult, copy: Copy, action: str, *, excused: Sequence[Dispute] = ()
) -> None:
    """Raise Conflict unless no error failed; it names each sentence, the words in it, and the ways out.

    Unsupported sentences that are disputed may be `excused`; what is contradicted never is.
    """
    if gate.passed or passes_over(gate, excused):
        return
    refused = [s for s in gate.sentences if s.verdict in ("unsupported", "contradicted")]
    failed = [check for check in gate.checks if check.severity == "error" and not check.passed]
    detail = (
        f"this copy cannot be {action}: " + "; ".join(_say(sentence) for sentence in refused[:5])
        if refused
        else f"this copy cannot be {action}: " + "; ".join(check.detail for check in failed)
    )
    raise Conflict(
        detail,
        extra={
            "sentences": [
                {**_as_json(sentence), "ways_out": ways_out(copy, sentence)} for sentence in refused
            ],
            "checks": [{"id": check.id, "detail": check.detail} for check in failed],
            "ways_out": list(WAYS_OUT),
        },
    )


def passes_over(gate: GateResult, disputes: Sequence[Dispute]) -> bool:
    """Whether nothing stands in the way but unsupported sentences, each of them disputed."""
    disputed = {(dispute.field, dispute.text) for dispute in disputes}
    failed = {check.id for check in gate.checks if check.severity == "error" and not check.passed}
    refused = [s for s in gate.sentences if s.verdict in ("unsupported", "contradicted")]
    return failed == {"grounding"} and all(
        s.verdict == "unsupported" and (s.field, s.text) in disputed for s in refused
    )


def _say(sentence: JudgedSentence) -> str:
    words = _blamed(sentence)
    return f"“{sentence.text}” ({sentence.field}) is {sentence.verdict}: " + ", ".join(
        f"“{claim['text']}” ({claim['reason']})" for claim in words
    )


def _as_json(sentence: JudgedSentence) -> dict[str, object]:
    return {
        "field": sentence.field,
        "text": sentence.text,
        "verdict": sentence.verdict,
        "claims": _blamed(sentence),
    }


def _blamed(sentence: JudgedSentence) -> Sequence[dict[str, object]]:
    return [
        {"text": c.text, "kind": c.kind, "verdict": c.verdict, "fact": c.fact, "reason": c.reason}
        for c in sentence.claims
        if c.verdict in ("unsupported", "contradicted")
    ]
