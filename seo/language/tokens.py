"""Sentences and words with offsets: the one splitter that SEO, facts and grounding share.

The text is plain (no markup). `text[span.start:span.end] == span.text` holds for every span.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text and where it stands in it."""

    text: str
    start: int
    end: int


# Abbreviations after which a sentence goes on, whatever follows.
_NEVER_END_TEXT = (
    "approx ca cf dr e.g eg fig i.e ie incl excl jr mr mrs ms mt nr pref prof resp sr st viz vs vol"
)
_NEVER_END = frozenset(_NEVER_END_TEXT.split())
# Abbreviations that also end sentences ("29 in. wide", "… of 29 in. It …"): what follows decides.
_MAY_END_TEXT = """
adj appt assoc avg bldg cm co corp dept dia diam dim dims est etc ext ft gal hr hrs in inc kg lb lbs ltd max
mfr min mins misc mm no nos oz pc pcs pkg pt pts qt qty sec sq temp tel u.s u.k wt yd yds
"""
_MAY_END = frozenset(_MAY_END_TEXT.split())
_BULLET = r"(?:[•▪‣●◦∙✓✔➤►*]|[-–—](?=\s)|\d{1,2}[.)](?=\s+\D))"
_LINE_START = re.compile(rf"[ \t\u00a0]*(?:{_BULLET}[ \t\u00a0]*)*")
_INLINE_BULLET = re.compile(r"\s+[•▪‣●◦∙✓✔➤►]\s+")
_END = re.compile(r"[.!?…。！？]+[\"'”’)\]»]*")
_MEASURE_BEFORE = re.compile(r"(?:[°º]\s?|[0-9]\s?|[^\W_]{2,}-)\Z")
# Words before a single letter that is a value and no initial ("the energy class is C.", "Size S.").
_BEFORE_VALUES_TEXT = (
    "is are was be of or to in type class size grade vitamin group category level model plan"
)
_BEFORE_VALUES = frozenset(_BEFORE_VALUES_TEXT.split())
_LAST_TOKEN = re.compile(r"([^\W\d_](?:[\w.]*[^\W_])?)$")
# A line that is at least this long and goes on in lower case was wrapped by an editor, not ended by a writer.
_WRAPPED_LINE = 40
_NEAR = 200  # characters on either side of a mark that may tell whether it ends a sentence

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?![^\W_])"  # U.S.A., e.g.
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])"  # 1,299.00
    r"|[^\W_]+(?:(?:[-‐‑'’]|(?<=\d)[.,](?=\d)|(?<=[A-Z])&(?=[A-Z]))[^\W_]+)*"
)


def sentences(text: str) -> tuple[Span, ...]:
    """Split plain text into sentences, without surrounding white space or bullet marks.

    A sentence ends at `.`, `!`, `?` or `…` before white space, at a blank line, at a new list item and at a line
    break, save where a long line was merely wrapped (the next line goes on in lower case). Decimal points, inch
    marks and abbreviations ("approx. 5 kg", "29 in. wide") end nothing.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        spans.extend(_split_block(text, start, end))
    return tuple(spans)


def words(text: str) -> tuple[Span, ...]:
    """Find the words of a text: letters and digits, held together by inner hyphens and apostrophes.

    "water-repellent", "USB-C", "24-MB02", "women's", "AT&T" and "15.6" are one word each; "XS–XL" (en dash),
    "wash/dry" and "snake_case" are two.
    """
    return tuple(Span(found.group(), found.start(), found.end()) for found in _WORD.finditer(text))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses: lines, with wrapped ones joined, cut at bullets inside them."""
    begin, position = 0, 0
    for line in text.splitlines(keepends=True):
        mark = _LINE_START.match(line)
        offset = mark.end() if mark else 0
        bulleted = bool(mark and mark.group().strip())
        before = text[begin:position]
        if bulleted or not _is_wrapped(before, line):
            yield from _cut_inline(text, begin, position)
            begin = position + offset
        position += len(line)
    yield from _cut_inline(text, begin, position)


def _is_wrapped(before: str, line: str) -> bool:
    """Whether `line` merely continues the line before it."""
    stripped = before.rstrip(" \t\u00a0")
    if not stripped.endswith("\n") or stripped.endswith(("\n\n", "\r\n\r\n")):
        return False
    last = stripped.rstrip().rpartition("\n")[2]
    follows = line.lstrip(" \t\u00a0")[:1]
    return len(last) >= _WRAPPED_LINE and last[-1] not in ".!?…:;" and follows.islower()


def _cut_inline(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for mark in _INLINE_BULLET.finditer(text, start, end):
        yield start, mark.start()
        start = mark.end()
    yield start, end


def _split_block(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for mark in _END.finditer(text, start, end):
        if mark.start() >= begin and _ends_sentence(text, begin, mark, end):
            yield from _trimmed(text, begin, mark.end())
            begin = mark.end()
    yield from _trimmed(text, begin, end)


def _ends_sentence(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    # What is near decides; looking at the whole of a long block for each mark would take its length squared.
    begin, end = max(begin, mark.start() - _NEAR), min(end, mark.end() + _NEAR)
    after = text[mark.end() : end]
    head = after.lstrip()
    if not head:
        return True
    if head == after:  # no white space: a decimal, a host name, or a space the merchant forgot
        return _forgotten_space(text, mark, after)
    token = _LAST_TOKEN.search(text, begin, mark.start())
    if token is None:
        return True
    if not mark.group().startswith("."):  # the mark of a name: "Yahoo! mail", "Jeopardy! for two"
        return not (mark.group() == "!" and head[0].islower() and token.group(1)[0].isupper())
    if _ends_measure(text, begin, token.start(1)):
        return True
    return _ends_after(token.group(1), head, is_name=not _is_end_of_words(text, begin, token.start()))


def _ends_after(token: str, head: str, *, is_name: bool) -> bool:
    """Whether a full stop between `token` and `head` ends a sentence, or only an abbreviation or initial."""
    last = token.lower()
    if last in _NEVER_END:
        return False
    if last in _MAY_END:
        return head[0].isupper() and last != "no"
    if len(token) == 1 and token.isupper():  # an initial ("J. Smith"), but not the end of "vitamin C. It"
        return not (is_name and head[0].isupper())
    return True


def _ends_measure(text: str, begin: int, position: int) -> bool:
    """Whether the letters before a full stop belong to a number or a longer name ("30°C.", "16 A.", "USB-C.")."""
    before = text[begin:position]
    return (
        bool(before)
        and len(text[position : position + 2].rstrip(".")) == 1
        and bool(_MEASURE_BEFORE.search(before))
    )


def _is_end_of_words(text: str, begin: int, position: int) -> bool:
    """Whether the single letter before a full stop is a value ("vitamin C.", "the class is C."), so no initial."""
    before = text[begin:position].split()
    if not before:
        return False
    return before[-1].lower() in _BEFORE_VALUES or (before[-1].islower() and len(before[-1]) > 3)


def _forgotten_space(text: str, mark: re.Match[str], after: str) -> bool:
    before = text[max(0, mark.start() - 2) : mark.start()]
    if not mark.group().strip("\"'”’)]»") or len(after) < 2:
        return False
    return (
        before.isalpha()
        and before.islower()
        and len(before) == 2
        and after[0].isupper()
        and after[1].islower()
    )


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    if stripped:
        yield Span(stripped, start + left, start + left + len(stripped))
