"""Markdown: headings, paragraphs, lists, tables, quotes and code, without their marks.

Reads what people write in guides (CommonMark's blocks, and tables with pipes); nested blocks are read flat.
"""

import re
from collections.abc import Sequence

from retrieval.readers.blocks import Builder, Reading
from retrieval.readers.line_joins import LineJoiner
from retrieval.readers.markdown_inline import inline

_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]|$)")
_SETEXT = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
_DELIMITER = re.compile(r":?-+:?")
_CELLS = re.compile(r"(?<!\\)\|")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:(.+)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+.*$")


def read_markdown(text: str) -> Reading:
    """Read a Markdown document. Any text is Markdown: what is no mark is prose."""
    out = Builder()
    front = _FRONT.match(text)
    if front:
        title = _FRONT_TITLE.search(front[1])
        out.title = title[1].strip().strip("\"'").strip() or None if title else None
        text = text[front.end() :]
    lines = _HIDDEN.sub(" ", _COMMENT.sub(" ", text)).splitlines()
    joiner = LineJoiner(lines)
    at = 0
    while at < len(lines):
        at = _block(out, joiner, lines, at)
    return out.finished()


def _block(out: Builder, joiner: LineJoiner, lines: Sequence[str], at: int) -> int:
    """Read the block that begins in this line; gives the line after it."""
    line = _QUOTE.sub("", lines[at])
    if not line.strip() or _RULE.match(line) or _REFERENCE.match(line):
        return at + 1
    fence = _FENCE.match(line)
    if fence:
        return _code(out, lines, at, fence[1])
    heading = _ATX.match(line)
    if heading:
        out.add("heading", inline(_heading(line[heading.end() :])), level=len(heading[1]))
        return at + 1
    if "|" in line and at + 1 < len(lines) and _is_delimiter(_QUOTE.sub("", lines[at + 1])):
        return _table(out, lines, at)
    mark = _ITEM.match(line)
    first = line[mark.end() :] if mark else line
    taken = [first]
    at += 1
    while at < len(lines):
        following = _QUOTE.sub("", lines[at])
        under = _SETEXT.match(following)
        if under and mark is None:
            out.add("heading", inline(joiner.joined(taken)), level=1 if "=" in under[1] else 2)
            return at + 1
        if _begins_block(following):
            break
        taken.append(following)
        at += 1
    out.add("item" if mark else "paragraph", inline(joiner.joined(taken)))
    return at


def _begins_block(line: str) -> bool:
    return not line.strip() or any(mark.match(line) for mark in (_ATX, _FENCE, _RULE, _ITEM))


def _is_delimiter(line: str) -> bool:
    if "-" not in line or line.startswith("    "):
        return False
    cells = line.strip().removeprefix("|").removesuffix("|").split("|")
    return all(_DELIMITER.fullmatch(cell.strip()) for cell in cells)


def _heading(text: str) -> str:
    """A heading's words, without the marks that may close it."""
    text = text.strip()
    words = text.rstrip("#")
    return words if not words or words[-1].isspace() else text


def _code(out: Builder, lines: Sequence[str], at: int, fence: str) -> int:
    end = at + 1
    while end < len(lines) and not lines[end].lstrip().startswith(fence):
        end += 1
    out.add("code", " ".join(lines[at + 1 : end]))
    return end + 1


def _table(out: Builder, lines: Sequence[str], at: int) -> int:
    rows = [_cells(lines[at])]
    at += 2
    while at < len(lines) and "|" in lines[at] and lines[at].strip():
        rows.append(_cells(lines[at]))
        at += 1
    names = rows.pop(0) if any(rows[0]) and len(rows) > 1 else []
    out.add_table(rows, names=names)
    return at


def _cells(line: str) -> list[str]:
    line = _QUOTE.sub("", line).strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [inline(cell.replace("\\|", "|").strip()) for cell in _CELLS.split(line)]
