"""Putting right what can safely be put right: words, spelling, marks and capitals; never names, values or quotations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluators.voice.finding import find_faults
from evaluators.voice.rules import Edit, Exempt, Kind, RuleId, VoiceRules

_PASSES = 8
"""How often what was put right is looked at again: a new word may need another article, or another spelling."""


@dataclass(frozen=True, slots=True)
class Change:
    """`before`, at `start`–`end` of the text that was given, became `after`; `rules` say why."""

    start: int
    end: int
    before: str
    after: str
    rules: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text put right, and what was changed in it, in order."""

    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text: as it was given (`rules` empty), or changed."""

    text: str
    start: int
    end: int
    rules: tuple[RuleId, ...] = ()


def fix(
    text: str, rules: VoiceRules, exempt: Exempt | None = None, *, kind: Kind = "prose", locale: str = "en-US"
) -> Fixed:
    """The text with every safe correction made.

    What is exempt stays letter for letter. Fixing what was fixed changes nothing. Where a fault has no safe correction it
    stays: ask `find_faults` again.
    """
    pieces = [_Piece(text, 0, len(text))]
    left_alone = exempt or Exempt()
    for _ in range(_PASSES):
        now = "".join(piece.text for piece in pieces)
        edits = [
            (finding.edit, finding.rule)
            for finding in find_faults(now, rules, left_alone, kind=kind, locale=locale)
            if finding.edit is not None and now[finding.edit.start : finding.edit.end] != finding.edit.text
        ]
        if not edits:
            break
        pieces = _applied(pieces, _apart(edits))
    changes = tuple(
        Change(piece.start, piece.end, text[piece.start : piece.end], piece.text, piece.rules)
        for piece in pieces
        if piece.rules and text[piece.start : piece.end] != piece.text
    )
    return Fixed("".join(piece.text for piece in pieces), changes)


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text with these changes made, and no others."""
    parts: list[str] = []
    position = 0
    for change in changes:
        parts += [text[position : change.start], change.after]
        position = change.end
    return "".join([*parts, text[position:]])


def _apart(edits: Iterable[tuple[Edit, RuleId]]) -> list[tuple[Edit, RuleId]]:
    """Edits that do not overlap; of two that do, the first one is made now and the other looked at in the next pass."""
    kept: list[tuple[Edit, RuleId]] = []
    for edit, rule in sorted(edits, key=lambda item: (item[0].start, -item[0].end)):
        if not kept or edit.start >= kept[-1][0].end:
            kept.append((edit, rule))
    return kept


def _applied(pieces: Sequence[_Piece], edits: Sequence[tuple[Edit, RuleId]]) -> list[_Piece]:
    for edit, rule in reversed(edits):
        pieces = list(_with(pieces, edit, rule))
    return list(pieces)


def _with(pieces: Sequence[_Piece], edit: Edit, rule: RuleId) -> Iterable[_Piece]:
    """The pieces with one edit; pieces that were changed before and are touched again become one change."""
    position = 0
    head: list[_Piece] = []
    tail: list[_Piece] = []
    before, after = "", ""
    start, end = -1, -1
    because: dict[RuleId, None] = {}
    for piece in pieces:
        first, last = position, position + len(piece.text)
        position = last
        if last <= edit.start and not (first == last == edit.start):
            head.append(piece)
            continue
        if first >= edit.end:
            tail.append(piece)
            continue
        low, high = max(edit.start - first, 0), min(edit.end - first, len(piece.text))
        if piece.rules:  # whole: how its letters stand to those that were given nobody knows
            start = piece.start if start < 0 else start
            end = piece.end
            before = before or piece.text[:low]
            after = piece.text[high:]
            because |= dict.fromkeys(piece.rules)
            continue
        if low:
            head.append(_Piece(piece.text[:low], piece.start, piece.start + low))
        start = piece.start + low if start < 0 else start
        end = piece.start + high
        if high < len(piece.text):
            tail.insert(0, _Piece(piece.text[high:], piece.start + high, piece.end))
    because[rule] = None
    yield from head
    yield _Piece(before + edit.text + after, start, end, tuple(because))
    yield from tail
