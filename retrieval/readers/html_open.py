"""Which HTML elements are open: what an end tag ends, what a start tag ends on its way, and what is hidden.

The part of the HTML standard's tree construction (section 13.2.6) that matters for text, each step in constant time.
"""

from collections import Counter
from dataclasses import dataclass

from retrieval.readers.blocks import DocumentUnreadableError

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset({"address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"})  # fmt: skip
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})  # fmt: skip
CELLS = frozenset({"td", "th"})
MAX_DEPTH = 1000
"""How deep elements may nest; no page of a shop comes near."""
_FOREIGN = frozenset({"svg", "math"})
_NO_TEXT = frozenset({"noscript", "template", "svg", "object", "select", "button", "math", "audio", "video", "canvas"})  # fmt: skip
_IN_FOREIGN = frozenset({"foreignobject", "annotation-xml"})
_IN_TABLE = frozenset({"tr", "tbody", "thead", "tfoot"})
_SCOPES = frozenset({"table", "caption"}) | CELLS
_LISTS = {"li": frozenset({"ul", "ol", "menu"}), "dd": frozenset({"dl"}), "dt": frozenset({"dl"})}
_NEAR = 50  # how far up the item is sought that a new one ends


@dataclass(frozen=True, slots=True)
class Element:
    """An open element. `shown`: neither it nor one around it is hidden."""

    name: str
    shown: bool


class OpenElements:
    """The open elements that matter for text: blocks, tables and hidden ones; emphasis and fonts nest as they like."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        # Within a table, cell or caption no end tag reaches what was opened outside of it.
        self._scopes: list[tuple[str, Counter[str]]] = [("", Counter())]
        self._hidden: Counter[str] = Counter()

    @property
    def shown(self) -> bool:
        """Whether text that stands here is shown."""
        return not self._open or self._open[-1].shown

    @property
    def foreign(self) -> bool:
        """Whether an image or a formula is open, in which "/>" ends an element."""
        return any(self._hidden[name] for name in _FOREIGN)

    def matters(self, name: str, *, hidden: bool) -> bool:
        """Whether an element that begins is kept as open. A cell outside of a table is none."""
        if name in CELLS or name in _IN_TABLE or name == "caption":
            return len(self._scopes) > 1
        inside = bool(self._hidden) and (name in _IN_FOREIGN or self._hidden[name] > 0)
        return hidden or inside or name in BLOCKS or name in HEADINGS or name in _NO_TEXT

    def push(self, name: str, *, hidden: bool) -> Element:
        """Open an element. Raises DocumentUnreadableError beyond `MAX_DEPTH`."""
        hidden = hidden or name in _NO_TEXT
        element = Element(name, self.shown and not hidden)
        self._open.append(element)
        self._scopes[-1][1][name] += 1
        if name in _SCOPES:
            self._scopes.append((name, Counter()))
        if not element.shown:
            self._hidden[name] += 1
        if len(self._open) > MAX_DEPTH:
            raise DocumentUnreadableError(f"the HTML nests more than {MAX_DEPTH:,} elements in each other")
        return element

    def close(self, name: str) -> list[Element]:
        """What an end tag ends, innermost first; nothing where it ends nothing."""
        scope = self._scopes[-1][0]
        if name in CELLS or name == "caption":
            return self._end_scope() if scope == name else []
        if name == "table":
            return [*self._end_cell(), *self._end_scope()] if scope else []
        ended = self._end_cell() if name in _IN_TABLE else []
        return [*ended, *self._end(name)]

    def make_room(self, name: str) -> list[Element]:
        """What a start tag ends before it begins: a row the row before, a block the paragraph before."""
        if name in CELLS:
            return self._end_cell()
        if name in _IN_TABLE or name == "caption":
            ended = [*self._end_cell(), *self._end("tr")]
            if name != "tr":
                ended += [element for group in ("tbody", "thead", "tfoot") for element in self._end(group)]
            return ended
        if name not in BLOCKS and name not in HEADINGS and name != "hr":
            return []
        ended = []
        if self.foreign and not any(self._hidden[inner] for inner in _IN_FOREIGN):
            ended += [element for foreign in sorted(_FOREIGN) for element in self._end(foreign)]
        ended += self._end("p")
        if name in _LISTS:
            ended += self._end_item(name)
        elif name in HEADINGS and self._open and self._open[-1].name in HEADINGS:
            ended.append(self._pop())
        return ended

    def rest(self) -> list[Element]:
        """What is still open at the end, innermost first."""
        return [self._pop() for _ in range(len(self._open))]

    def _end_item(self, name: str) -> list[Element]:
        kinds = ("li",) if name == "li" else ("dd", "dt")
        for element in self._open[: -_NEAR - 1 : -1]:
            if element.name in kinds:
                return self._end(element.name)
            if element.name in _LISTS[name] or element.name in _SCOPES:
                break
        return []

    def _end_cell(self) -> list[Element]:
        return self._end_scope() if self._scopes[-1][0] in {"td", "th", "caption"} else []

    def _end_scope(self) -> list[Element]:
        ended: list[Element] = []
        depth = len(self._scopes)
        while len(self._scopes) == depth and depth > 1:
            ended.append(self._pop())
        return ended

    def _end(self, name: str) -> list[Element]:
        ended: list[Element] = []
        if self._scopes[-1][1][name]:
            while not ended or ended[-1].name != name:
                ended.append(self._pop())
        return ended

    def _pop(self) -> Element:
        element = self._open.pop()
        if element.name in _SCOPES:
            self._scopes.pop()
        self._scopes[-1][1][element.name] -= 1
        if not element.shown:
            self._hidden[element.name] -= 1
        return element
