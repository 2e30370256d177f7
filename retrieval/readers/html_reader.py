"""HTML: headings, paragraphs, lists and tables; what a browser would not show as text is left out.

Any text is HTML (it is recovered as browsers do); only a document without any text is refused, by `read_document`.
"""

import re
from dataclasses import dataclass, field

from retrieval.readers.blocks import Builder, Kind, Reading, unescaped
from retrieval.readers.html_open import BLOCKS, CELLS, HEADINGS, VOID, Element, OpenElements
from retrieval.readers.html_table import Cell, Row, add_table
from retrieval.readers.html_tags import Tag, Title, tokens

_ITEMS = frozenset({"li", "dd"})
_CAPTION = "caption"
# What stands around the text of a page on every page: menus, crumbs, imprints, offers to subscribe.
_FURNITURE = frozenset({"nav", "footer", "aside"})
_FURNITURE_ROLES = frozenset({"navigation", "contentinfo", "complementary", "menu", "menubar", "search", "dialog", "alertdialog"})  # fmt: skip
_FURNITURE_CLASS = re.compile(r"(?:^|[\s_-])(?:breadcrumbs?|navbar|site-?nav|cookie-?(?:banner|notice)|newsletter)(?:$|[\s_-])", re.IGNORECASE)  # fmt: skip
_BOLD = frozenset({"b", "strong"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_NOT_DISPLAYED = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse)", re.IGNORECASE)
_SPAN = re.compile(r"\s*(\d{1,5})")


def read_html(text: str) -> Reading:
    """Read an HTML page or fragment. Raises DocumentUnreadableError where elements nest deeper than `MAX_DEPTH`."""
    out = Builder()
    walk = _Walk(out)
    opened = OpenElements()
    for token in tokens(text):
        if isinstance(token, str):
            if opened.shown:
                walk.text(unescaped(token))
        elif isinstance(token, Title):
            if opened.shown and out.title is None:
                out.title = " ".join(unescaped(token.text).split()) or None
        elif token.closing:
            walk.end(token.name, opened)
        else:
            walk.start(token, opened)
    walk.leave_all(opened.rest())
    walk.flush()
    return out.finished()


def _is_furniture(tag: Tag) -> bool:
    if tag.name in _FURNITURE:
        return True
    said = tag.attributes_text.lower()
    if tag.name in {"html", "body", "main", "article"} or not ("role" in said or "class" in said):
        return False
    attributes = tag.attributes()
    role = attributes.get("role", "").strip().lower()
    return role in _FURNITURE_ROLES or _FURNITURE_CLASS.search(attributes.get("class", "")) is not None


def _is_hidden(tag: Tag) -> bool:
    said = tag.attributes_text.lower()
    # A page shows its body by script in the end.
    if tag.name in {"html", "body"} or not ("hidden" in said or "display" in said or "visibility" in said):
        return False
    attributes = tag.attributes()
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or _NOT_DISPLAYED.search(attributes.get("style", "")) is not None
    )


@dataclass(slots=True)
class _Table:
    rows: list[Row] = field(default_factory=list)
    group: int = 0
    head: bool = False


@dataclass(slots=True)
class _Walk:
    """Where the walk through the document stands: the words since the last block began, and what they are in."""

    out: Builder
    words: list[str] = field(default_factory=list)
    kinds: list[tuple[Kind, int]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    cells: list[Tag] = field(default_factory=list)  # the open cell, and those of tables within it
    bold: int = 0
    plain: bool = False  # the open cell has words that are not bold

    def text(self, said: str) -> None:
        if self.cells and not self.bold and not self.plain:
            self.plain = not said.isspace()
        self.words.append(said)

    def start(self, tag: Tag, opened: OpenElements) -> None:
        name = tag.name
        self.leave_all(opened.make_room(name))
        hidden = name not in VOID and (_is_hidden(tag) or _is_furniture(tag))
        if name in VOID or not opened.matters(name, hidden=hidden):
            if opened.shown:
                self._inline(name)
            return
        if tag.self_closed and opened.foreign:
            return
        element = opened.push(name, hidden=hidden)
        if element.shown:
            self.enter(tag)
            if tag.self_closed:
                self.leave_all(opened.close(name))

    def end(self, name: str, opened: OpenElements) -> None:
        self.leave_all(opened.close(name))
        if name in _BOLD:
            self.bold = max(0, self.bold - 1)
        elif name in {"p", "br"} and opened.shown:
            self.flush()

    def enter(self, tag: Tag) -> None:
        name = tag.name
        if name in CELLS:
            if not self.cells:
                self.words, self.bold, self.plain = [], 0, False
            self.cells.append(tag)
        elif name in HEADINGS:
            self.flush()
            self.kinds.append(("heading", HEADINGS[name]))
        else:
            self.flush()
            if name in _ITEMS:
                self.kinds.append(("item", 0))
            elif name == _CAPTION:
                self.kinds.append(("code", 0))  # it names the table and states nothing
            elif not self.cells:
                self._enter_table(name)

    def leave_all(self, elements: list[Element]) -> None:
        for element in elements:
            if element.shown:
                self._leave(element.name)

    def flush(self) -> None:
        """End the block that is open. Within a cell blocks are only spaces."""
        if self.cells:
            self.words.append(" ")
            return
        text, self.words = "".join(self.words), []
        kind, level = self.kinds[-1] if self.kinds else ("paragraph", 0)
        self.out.add(kind, text, level=level)

    def _inline(self, name: str) -> None:
        if name == "br":
            in_line = self.cells or (self.kinds and self.kinds[-1][0] == "heading")
            self.words.append(" ") if in_line else self.flush()
        elif name == "hr" or name in BLOCKS:
            self.flush()
        elif name in _BOLD:
            self.bold += 1

    def _enter_table(self, name: str) -> None:
        if name == "table":
            self.tables.append(_Table())
        elif self.tables and name in _GROUPS:
            self.tables[-1].group += 1
            self.tables[-1].head = name == "thead"
        elif self.tables and name == "tr":
            self.tables[-1].rows.append(Row(self.tables[-1].group, self.tables[-1].head))

    def _leave(self, name: str) -> None:
        if name in CELLS:
            tag = self.cells.pop()
            self._close_cell(tag) if not self.cells else self.words.append(" ")
            return
        self.flush()
        if name in HEADINGS or name in _ITEMS or name == _CAPTION:
            self.kinds.pop()
        elif not self.cells and self.tables:
            if name == "table":
                add_table(self.out, self.tables.pop().rows)
            elif name in _GROUPS:
                self.tables[-1].group += 1
                self.tables[-1].head = False

    def _close_cell(self, tag: Tag) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append(Row(table.group, table.head))
        text = " ".join("".join(self.words).split())
        attributes = tag.attributes() if "span" in tag.attributes_text.lower() else {}
        columns, rows = (_span(attributes.get(name, "")) for name in ("colspan", "rowspan"))
        cell = Cell(text, max(columns, 1), rows, header=tag.name == "th", bold=bool(text) and not self.plain)
        table.rows[-1].cells.append(cell)
        self.words, self.bold = [], 0


def _span(value: str) -> int:
    found = _SPAN.match(value)
    return int(found[1]) if found else 1
