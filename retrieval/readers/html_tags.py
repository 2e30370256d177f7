"""HTML as a stream of tags and text, cut as the HTML standard's tokenizer cuts it (section 13.2.5), in time linear in its length."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Every quantifier is possessive: what was read is not read again, however the tag ends.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+|["'])*+)>"""
)
_BEGINS = re.compile(r"<[!?/a-zA-Z]")
_BEGINS_TAG = re.compile(r"</?[a-zA-Z]")
_COMMENT = re.compile(r"<!--(?:>|->|.*?(?:--!?>|\Z))", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s/>="']+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++))?+""")
_UNQUOTED_END = re.compile(r"=\s*+[^\s>\"'][^\s>]*+\Z")
_CODE = frozenset({"script", "style", "iframe", "noembed", "noframes", "xmp", "textarea"})
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in (*_CODE, "title")}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag (`closing`). `self_closed`: it ends in "/>"."""

    name: str
    attributes_text: str = ""
    closing: bool = False
    self_closed: bool = False

    def attributes(self) -> Mapping[str, str]:
        """Attributes by lower-case name; the first of a name counts, one without a value has an empty one."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.attributes_text):
            value = match[2] or ""
            found.setdefault(match[1].lower(), value[1:-1] if value[:1] in {'"', "'"} else value)
        return found


@dataclass(frozen=True, slots=True)
class Title:
    """The text of a `<title>`, with its character references."""

    text: str


def tokens(text: str) -> Iterator[str | Tag | Title]:
    """Tags and the text between them, its character references unread.

    Comments, declarations, scripts, styles and what a frame or an input field holds give nothing. A tag that the
    document's end cuts off is dropped with what follows, as browsers do.
    """
    at = 0
    while at < len(text):
        start = text.find("<", at)
        if start != at:
            yield text[at:] if start < 0 else text[at:start]
        if start < 0:
            return
        if not _BEGINS.match(text, start):
            yield "<"
            at = start + 1
            continue
        tag = _TAG.match(text, start)
        if tag is None:
            at = _end_of_unread(text, start)
            continue
        at = tag.end()
        name = tag[2].lower()
        if tag[1] or name not in _RAW_ENDS:
            yield _tag(tag, name)
            continue
        end = _RAW_ENDS[name].search(text, at)
        until = end.start() if end else len(text)
        if name == "title":
            yield Title(text[at:until])
        at = until


def _end_of_unread(text: str, start: int) -> int:
    """Where a comment or declaration ends; a tag that never ends reaches to the end of the text."""
    comment = _COMMENT.match(text, start)
    if comment is not None:
        return comment.end()
    end = -1 if _BEGINS_TAG.match(text, start) else text.find(">", start)
    return len(text) if end < 0 else end + 1


def _tag(found: re.Match[str], name: str) -> Tag:
    said = found[3]
    # The slash of `<a href=x/>` is part of the address.
    self_closed = (
        said.endswith("/") and _UNQUOTED_END.search(said[said.rfind("=") :] if "=" in said else "") is None
    )
    return Tag(name, said, closing=bool(found[1]), self_closed=self_closed)
