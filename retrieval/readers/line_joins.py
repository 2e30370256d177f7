"""Lines of running text put together again: what was one word before it was broken over two lines is one again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

_LETTER = r"[^\W\d_]"
_BROKEN = re.compile(rf"({_LETTER}+)[-‐]\Z")
_BEGINS = re.compile(rf"{_LETTER}+")
_WORDS = re.compile(rf"{_LETTER}++(?:[-‐']{_LETTER}++)*+[-‐]?+")
_TAIL = 80  # characters before a break that may be its word
_SOFT = "\xad"
# What goes on after a hyphen that stands for a word left out: "hand- and machine-washable".
_SUSPENDED = frozenset(("and", "or", "to", "und", "oder", "bis"))
# Words that end compounds which are written with a hyphen, and no syllables in which other words end ("laun-dry").
_COMPOUND_ENDS_TEXT = (
    "based breathable certified clean coated dried driven drying duty dyed edge edged efficient facing fashioned fastening "
    "filled finish finished fitting footed free friendly grade handed heat iron knit knitted layer layered legged length "
    "lined mesh minute neck necked panel piece pocket pressure printed quality ready related repellent resistant safe "
    "scented sensitive setting sized sleeve sleeved slip soled specific speed spin stretch term tested touch treated wash "
    "washable washed washing wicking year zone"
)
_COMPOUND_ENDS = frozenset(_COMPOUND_ENDS_TEXT.split())
# What begins words that are written in one, whatever follows.
_PREFIXES = frozenset(
    ("con", "cor", "dis", "fore", "ful", "inter", "mis", "out", "over", "pre", "pro", "sub", "under")
)


class LineJoiner:
    """Joins lines of one document, whose own words tell how a word that a line's end breaks is written."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines`: all lines of the document."""
        self._lines = lines

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one. A word broken by a hyphen is closed where the document writes it so, or where its halves are no words.

        A soft hyphen at a line's end always breaks a word. A hyphen before "and" or "or" stands for a word left out.
        """
        parts: list[str] = []
        for line in filter(None, map(str.strip, lines)):
            if parts:
                parts[-1], between = self._seam(parts[-1], line)
                parts.append(between)
            parts.append(line)
        return "".join(parts)

    def _seam(self, before: str, line: str) -> tuple[str, str]:
        """The line before as it stays, and what comes between it and this one."""
        if before.endswith(_SOFT):
            return before.rstrip(_SOFT), ""
        broken = _BROKEN.search(before[-_TAIL:])
        begins = _BEGINS.match(line)
        if broken is None or begins is None or begins[0] in _SUSPENDED:
            return before, " "
        head, tail = broken[1], begins[0]
        if tail[0].islower() and not self._keeps_hyphen(head.casefold(), tail.casefold()):
            return before[:-1], ""
        return before, ""

    def _keeps_hyphen(self, head: str, tail: str) -> bool:
        if head + tail in self._words:
            return False
        if f"{head}-{tail}" in self._words:
            return True
        if tail in _COMPOUND_ENDS and len(head) > 2 and head not in _PREFIXES:
            return True
        return head in self._words and tail in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        """The document's words in lower case, compounds whole and in parts; not the halves at the lines' ends."""
        return frozenset(_words(self._lines))


def _words(lines: Iterable[str]) -> Iterator[str]:
    after_break = False
    for line in lines:
        for index, word in enumerate(_WORDS.findall(line)):
            if (index == 0 and after_break) or word[-1] in "-‐":
                continue
            whole = word.casefold().replace("‐", "-")
            yield whole
            yield from whole.split("-")
        after_break = bool(_BROKEN.search(line.rstrip()[-_TAIL:]))
