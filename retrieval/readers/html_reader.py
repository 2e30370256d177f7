"""HTML: headings, paragraphs, lists and tables; what a browser would not show as text is left out.

Any bytes are HTML to the parser (it recovers as browsers do); only a document without any text is refused, by `read_document`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.readers.blocks import Builder, DocumentUnreadableError, Kind, Reading

_DROPPED = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "textarea", "button", "math", "audio", "video", "canvas"})  # fmt: skip
_BLOCKS = frozenset({"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = frozenset({"td", "th"})
# Elements that the next one of their kind closes, or that hold nothing: they never nest by being left open.
_CLOSED_BY_ITSELF = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup", "caption", "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "html", "head", "body"})  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_MAX_DEPTH = 1000
"""How deep elements may nest: the parser's time grows with the square of it, and no page of a shop comes near."""


def read_html(text: str) -> Reading:
    """Read an HTML page or fragment. Raises DocumentUnreadableError where elements nest deeper than `_MAX_DEPTH`."""
    _check_depth(text)
    # A NUL makes the parser stop counting on its own length; it stands for nothing.
    parser = LexborHTMLParser(text.replace("\0", ""))
    out = Builder()
    title = parser.css_first("title")
    out.title = " ".join(title.text().split()) or None if title is not None else None
    walk = _Walk(out)
    if parser.root is not None:
        for opened, node in _events(parser.root):
            walk.enter(node) if opened else walk.leave(node)
    walk.flush()
    return out.finished()


def _check_depth(text: str) -> None:
    depth = 0
    for slash, tag in _TAG.findall(text):
        if tag.lower() not in _CLOSED_BY_ITSELF:
            depth = max(0, depth - 1) if slash else depth + 1
            if depth > _MAX_DEPTH:
                raise DocumentUnreadableError(
                    f"the HTML nests more than {_MAX_DEPTH:,} elements in each other"
                )


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    headed: bool = False


@dataclass(slots=True)
class _Walk:
    """Where the walk through the document stands: the words since the last block began, and what they are in."""

    out: Builder
    words: list[str] = field(default_factory=list)
    kinds: list[tuple[Kind, int]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    in_cell: bool = False

    def enter(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "-text":
            self.words.append(node.text_content or "")
        elif tag == "br":
            self.words.append(" ") if self.in_cell or self._in_heading else self.flush()
        elif tag in _HEADINGS:
            self.flush()
            self.kinds.append(("heading", _HEADINGS[tag]))
        elif tag == "table" and not self.in_cell:
            self.flush()
            self.tables.append(_Table())
        elif tag == "tr" and self.tables and not self.in_cell:
            self.flush()
            self.tables[-1].rows.append([])
        elif tag in _CELLS and self.tables and not self.in_cell:
            self.words = []
            self.in_cell = True
        elif tag in _BLOCKS:
            self.flush()
            if tag in {"li", "dd"}:
                self.kinds.append(("item", 0))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in _HEADINGS:
            self.flush()
            self._pop()
        elif tag in _CELLS and self.in_cell and node.parent is not None and self.tables:
            self._close_cell(tag)
        elif tag == "table" and not self.in_cell and self.tables:
            table = self.tables.pop()
            self.flush()
            self.out.add_table([row for row in table.rows if any(row)], header=table.headed)
        elif tag in _BLOCKS:
            self.flush()
            if tag in {"li", "dd"}:
                self._pop()

    def flush(self) -> None:
        """End the block that is open. Within a cell blocks are only spaces."""
        if self.in_cell:
            self.words.append(" ")
            return
        text, self.words = "".join(self.words), []
        kind, level = self.kinds[-1] if self.kinds else ("paragraph", 0)
        self.out.add(kind, text, level=level)

    @property
    def _in_heading(self) -> bool:
        return bool(self.kinds) and self.kinds[-1][0] == "heading"

    def _close_cell(self, tag: str) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        # A first row of <th> alone names the columns; a <th> that begins a row is its first cell.
        table.rows[-1].append("".join(self.words))
        if len(table.rows) == 1:
            table.headed = tag == "th" if len(table.rows[0]) == 1 else table.headed and tag == "th"
        self.words, self.in_cell = [], False

    def _pop(self) -> None:
        if self.kinds:
            self.kinds.pop()


def _events(root: LexborNode) -> Iterator[tuple[bool, LexborNode]]:
    """Every node on the way in (True) and out (False), without recursion: bad HTML nests as deep as it likes."""
    node: LexborNode | None = root
    while node is not None:
        entered = node.tag not in _DROPPED
        if entered:
            yield True, node
            if node.child is not None:
                node = node.child
                continue
            yield False, node
        while node is not None and node.mem_id != root.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                yield False, node
        if node is None or node.mem_id == root.mem_id:
            return
        node = node.next
