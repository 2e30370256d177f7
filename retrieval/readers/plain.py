"""Plain text: paragraphs, list items, and lines that are plainly headings."""

import re
from collections.abc import Iterator, Sequence

from retrieval.readers.blocks import Builder, Reading
from retrieval.readers.line_joins import LineJoiner

ITEM = re.compile(r"^[ \t]*(?:[•▪‣●◦∙✓✔➤►*+]|[-–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_UNDERLINE = re.compile(r"^[ \t]*(?:={3,}|-{3,}|~{3,})[ \t]*$")
_RULE = re.compile(r"^[ \t]*([-*_=~#])(?:[ \t]*\1){2,}[ \t]*$")
_ENDS = re.compile(r"[.!?…:;,][\"'”’)\]»]*$")
_HEADING_WORDS = 9
_HEADING_CHARS = 70


def read_plain(text: str) -> Reading:
    """Read plain text. A line alone is a heading if it is short, begins with a capital and does not end as sentences do."""
    out = Builder()
    every = text.splitlines()
    joiner = LineJoiner(every)
    for lines in _paragraphs(every):
        add_lines(out, lines, joiner)
    return out.finished()


def add_lines(out: Builder, lines: Sequence[str], joiner: LineJoiner) -> None:
    """Add the lines of one paragraph: a heading where they begin with one, list items, wrapped prose."""
    lines = list(lines)
    if len(lines) > 1 and _UNDERLINE.match(lines[1]) and len(lines[0]) <= _HEADING_CHARS:
        out.add("heading", lines[0], level=1 if "=" in lines[1] else 2)
        lines = lines[2:]
    elif len(lines) == 1 and is_heading(lines[0]):
        out.add("heading", lines[0], level=1 if lines[0].isupper() else 2)
        return
    current: list[str] = []
    listed = False
    for line in lines:
        if _RULE.match(line):
            continue
        mark = ITEM.match(line)
        if mark:
            out.add("item" if listed else "paragraph", joiner.joined(current))
            current, listed = [line[mark.end() :]], True
        else:
            current.append(line)
    out.add("item" if listed else "paragraph", joiner.joined(current))


def is_heading(line: str) -> bool:
    """Whether a line that stands alone names what follows instead of saying something."""
    line = line.strip()
    return (
        0 < len(line) <= _HEADING_CHARS
        and len(line.split()) <= _HEADING_WORDS
        and (line[0].isupper() or line[0].isdigit())
        and not ITEM.match(line)
        and (not _ENDS.search(line) or line.endswith("?"))
    )


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    current: list[str] = []
    for line in lines:
        if line.strip():
            current.append(line)
        elif current:
            yield current
            current = []
    if current:
        yield current
