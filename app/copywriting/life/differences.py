"""Two versions of a text, compared by sentence: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from app.copywriting.copy import Copy, CopySentence
from evaluators.grounding.verdicts import Verdict

Change = Literal["kept", "changed", "added", "removed"]
_AKIN = 0.45
"""From this share of common words on, two sentences are one that was changed."""


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence of either version. `text`, `facts` and `verdict` are the newer one's, of a removed one the older's.

    `old`, `old_facts` and `old_verdict` are those of a sentence that was changed.
    """

    field: str
    change: Change
    text: str
    facts: tuple[str, ...]
    verdict: Verdict
    old: str | None = None
    old_facts: tuple[str, ...] = ()
    old_verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """Two versions of a copy, and every sentence of either."""

    older: Copy
    newer: Copy
    sentences: tuple[SentenceChange, ...]


def differences(older: Copy, newer: Copy) -> tuple[SentenceChange, ...]:
    """Every sentence of the two, field by field in the newer one's order; what fell away stands where it stood."""
    before, after = _by_field(older), _by_field(newer)
    order = [*after, *(field for field in before if field not in after)]
    return tuple(
        change for field in order for change in _in_field(before.get(field, ()), after.get(field, ()))
    )


def _by_field(copy: Copy) -> dict[str, list[CopySentence]]:
    """Sentences by field; those of a list count as one field, so that a bullet that moves up is none that changed."""
    found: dict[str, list[CopySentence]] = {}
    for sentence in copy.sentences:
        name, _, rest = sentence.field.partition("/")
        found.setdefault(name if rest.isdecimal() else sentence.field, []).append(sentence)
    return found


def _in_field(older: Sequence[CopySentence], newer: Sequence[CopySentence]) -> list[SentenceChange]:
    matcher = SequenceMatcher(None, [s.text for s in older], [s.text for s in newer], autojunk=False)
    changes: list[SentenceChange] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            changes += (_whole("kept", sentence) for sentence in newer[j1:j2])
        else:
            changes += _replaced(older[i1:i2], newer[j1:j2])
    return changes


def _replaced(older: Sequence[CopySentence], newer: Sequence[CopySentence]) -> list[SentenceChange]:
    """Pairs of sentences that have much in common, in order; the others were removed or added."""
    changes: list[SentenceChange] = []
    left = list(older)
    for sentence in newer:
        akin = max(left, key=lambda old: _likeness(old.text, sentence.text), default=None)
        if akin is None or _likeness(akin.text, sentence.text) < _AKIN:
            changes.append(_whole("added", sentence))
            continue
        at = left.index(akin)
        changes += (_whole("removed", old) for old in left[:at])
        del left[: at + 1]
        changes.append(
            SentenceChange(
                sentence.field,
                "changed",
                sentence.text,
                sentence.facts,
                sentence.verdict,
                akin.text,
                akin.facts,
                akin.verdict,
            )
        )
    return changes + [_whole("removed", old) for old in left]


def _whole(change: Change, sentence: CopySentence) -> SentenceChange:
    return SentenceChange(sentence.field, change, sentence.text, sentence.facts, sentence.verdict)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
