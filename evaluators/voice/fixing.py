"""Putting right what can safely be put right: words, spelling, marks and capitals; never names, values or quotations."""

from collections import deque
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
    """The pieces with these edits, in one sweep. A piece that was changed before and is touched again is one change.

    An edit that would touch what this sweep has changed is left to the next pass.
    """
    done: list[_Piece] = []
    waiting = deque(pieces)
    position = 0  # where the first piece that waits begins
    for edit, rule in edits:
        if edit.start < position:
            continue
        while waiting and position + len(waiting[0].text) <= edit.start:
            position += len(waiting[0].text)
            done.append(waiting.popleft())
        touched: list[_Piece] = []
        begin = position
        while waiting and position < edit.end:
            position += len(waiting[0].text)
            touched.append(waiting.popleft())
        head, changed, tail = _merged(touched, edit.start - begin, edit.end - begin, edit.text, rule)
        done += head
        done.append(changed)
        if tail is not None:
            waiting.appendleft(tail)
            position -= len(tail.text)
    return [*done, *waiting]


def _merged(
    touched: Sequence[_Piece], start: int, end: int, text: str, rule: RuleId
) -> tuple[list[_Piece], _Piece, _Piece | None]:
    """One change in place of the pieces that an edit touches, and what it leaves of the first and the last of them.

    Of a piece that was changed before nothing is left over: how its letters stand to those that were given nobody knows.
    """
    first, last = touched[0], touched[-1]
    over = sum(len(piece.text) for piece in touched) - end
    because = dict.fromkeys(rule for piece in touched for rule in piece.rules) | {rule: None}
    head: list[_Piece] = []
    tail: _Piece | None = None
    before = after = ""
    from_, to = first.start, last.end
    if first.rules:
        before = first.text[:start]
    elif start:
        head = [_Piece(first.text[:start], first.start, first.start + start)]
        from_ = first.start + start
    if last.rules:
        after = last.text[len(last.text) - over :]
    elif over:
        tail = _Piece(last.text[len(last.text) - over :], last.end - over, last.end)
        to = last.end - over
    return head, _Piece(before + text + after, from_, to, tuple(because)), tail
