"""The inline marks of Markdown: code, links, tags and emphasis are taken off a line, its words stay.

Every step takes time in proportion to the line: each mark is looked at once, and no pattern reads over its own opener.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.readers.blocks import unescaped

_SLICE = 50_000
"""Characters that are looked at in one go, so that the patterns never hold the interpreter for long."""
_TARGET = (
    r"\([^()\s]{0,2000}+(?:\([^()\s]{0,500}+\)[^()\s]{0,500}+){0,3}+(?:[ \t]++[^()]{0,500}+)?+\)"
    r"|\[[^\[\]]{0,200}+\]"
)
_IMAGE = re.compile(rf"!\[([^\[\]]{{0,500}}+)\](?:{_TARGET})")
_LINK = re.compile(rf"\[([^\[\]]{{0,500}}+)\](?:{_TARGET})")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000}+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}+>")
_LITERAL = re.compile(r"\\([!-/:-@\[-`{-~])|`+")
_TICKS = re.compile(r"`+")
_KEPT = re.compile("\x02(\\d+)\x03")
_SPECIAL = re.compile(r"[\\`*_~\[<&\x02\x03]")
_MARKS = re.compile(r"\*+|_+|~+")


def inline(text: str) -> str:
    """The words of a line without emphasis, links' addresses, tags and escapes; code keeps its characters.

    A mark whose partner stands more than `_SLICE` characters away is prose.
    """
    if not _SPECIAL.search(text):
        return text
    return "".join(_words(part) for part in _slices(text))


def _slices(text: str) -> Iterator[str]:
    at = 0
    while len(text) - at > _SLICE:
        cut = text.rfind(" ", at, at + _SLICE)
        end = cut if cut > at else at + _SLICE
        yield text[at:end]
        at = end
    yield text[at:]


def _words(text: str) -> str:
    text, kept = _without_literals(text.replace("\x02", "").replace("\x03", ""))
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _TAG.sub(" ", _AUTOLINK.sub(r"\1", text))
    text = unescaped(_without_emphasis(text))
    return _KEPT.sub(lambda found: kept[int(found[1])], text)


def _without_literals(text: str) -> tuple[str, list[str]]:
    """The text with a placeholder for each escape and stretch of code, and what they stand for."""
    runs: defaultdict[int, deque[int]] = defaultdict(deque)  # where backticks stand, by how many they are
    for found in _TICKS.finditer(text):
        runs[len(found[0])].append(found.start())
    parts: list[str] = []
    kept: list[str] = []
    at = 0
    while (mark := _LITERAL.search(text, at)) is not None:
        parts.append(text[at : mark.start()])
        at = mark.end()
        literal = mark[1]
        if literal is None:
            length = len(mark[0])
            closers = runs[length]
            while closers and closers[0] < at:
                closers.popleft()
            if not closers:
                parts.append(mark[0])
                continue
            literal = text[at : closers[0]].strip()
            at = closers[0] + length
        parts.append(f"\x02{len(kept)}\x03")
        kept.append(literal)
    return "".join((*parts, text[at:])), kept


@dataclass(slots=True)
class _Open:
    """A run of marks that waits for its partner; `left` of its characters are still unpaired."""

    mark: str
    index: int
    left: int


def _without_emphasis(text: str) -> str:
    """Marks that pair are dropped, as in CommonMark: the nearest opener of the same mark that nothing else closed."""
    runs = list(_MARKS.finditer(text))
    left = [len(run[0]) for run in runs]
    waiting: list[_Open] = []
    count: Counter[str] = Counter()
    for index, run in enumerate(runs):
        opens, closes = _sides(text, run)
        mark = run[0][0]
        while closes and left[index] and count[mark]:
            while waiting[-1].mark != mark:
                count[waiting.pop().mark] -= 1
            opener = waiting[-1]
            paired = min(opener.left, left[index])
            opener.left -= paired
            left[opener.index] = opener.left
            left[index] -= paired
            if not opener.left:
                waiting.pop()
                count[mark] -= 1
        if opens and left[index]:
            waiting.append(_Open(mark, index, left[index]))
            count[mark] += 1
    parts: list[str] = []
    at = 0
    for run, kept in zip(runs, left, strict=True):
        parts += (text[at : run.start()], run[0][:kept])
        at = run.end()
    return "".join((*parts, text[at:]))


def _sides(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Whether marks may open and may close. Within words and numbers only `**` and `~~` do: "2*3*4", "its_shape"."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    mark, length = run[0][0], len(run[0])
    if mark == "~" and length != 2:
        return False, False
    opens = bool(after) and not after.isspace()
    closes = bool(before) and not before.isspace()
    if mark == "_" or (mark == "*" and length == 1):
        opens = opens and not before.isalnum()
        closes = closes and not after.isalnum()
    return opens, closes
