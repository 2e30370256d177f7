"""Corrections that claim nothing: each sentence that was changed is judged by the facts before and after."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from evaluators.grounding.check import judge_sentence
from evaluators.grounding.index import FactIndex
from evaluators.voice.fixing import Change, Fixed, applied, fix
from evaluators.voice.rules import Exempt, Kind, VoiceRules
from seo.language.tokens import Span, sentences

_TAG = re.compile(r"<[^<>]*>")
_LONG = 2000
"""Characters of a sentence whose changes are judged one by one; in a longer one, which no person wrote, all or none."""
_SPACE = re.compile(r"\s")


def fix_grounded(
    text: str,
    rules: VoiceRules,
    exempt: Exempt,
    facts: FactIndex,
    *,
    kind: Kind = "prose",
    locale: str = "en-US",
) -> Fixed:
    """As `fix`; a correction that would make a claim which no fact bears, or go against one, is not made."""
    fixed = fix(text, rules, exempt, kind=kind, locale=locale)
    if not fixed.changes:
        return fixed
    kept: list[Change] = []
    # A tag ends a sentence and keeps its room, so that offsets stay those of the text.
    plain = _TAG.sub(lambda tag: "\n" * len(tag.group()), text)
    spans = sentences(plain)
    starts = [span.start for span in spans]
    for at, changes in groupby(fixed.changes, key=lambda change: bisect_right(starts, change.start) - 1):
        span = spans[max(at, 0)] if spans else Span(plain, 0, len(plain))
        kept += _bearable(span, list(changes), plain, facts)
    return Fixed(applied(text, kept), tuple(kept))


def _bearable(span: Span, changes: list[Change], plain: str, facts: FactIndex) -> list[Change]:
    """Of the changes of a sentence those that make no claim: one by one, so that a good one does not pay for a bad one."""
    start, end = min(span.start, changes[0].start), max(span.end, changes[-1].end)
    if _with(plain, start, end, changes, facts) == 0:
        return changes
    now = _faults(plain[start:end], facts)
    kept: list[Change] = []
    if end - start > _LONG:
        return kept
    for change in changes:
        then = _with(plain, start, end, [*kept, change], facts)
        if then <= now:
            kept.append(change)
            now = then
    return kept


def _with(plain: str, start: int, end: int, changes: Sequence[Change], facts: FactIndex) -> int:
    parts: list[str] = []
    position = start
    for change in changes:
        parts += [plain[position : change.start], change.after]
        position = change.end
    return _faults("".join([*parts, plain[position:end]]), facts)


def _faults(text: str, facts: FactIndex) -> int:
    words = _SPACE.sub(" ", text)
    verdict = judge_sentence(Span(words, 0, len(words)), facts)
    return sum(claim.verdict in {"unsupported", "contradicted"} for claim in verdict.claims)
