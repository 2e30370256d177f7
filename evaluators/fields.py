"""The fields of a copy as texts and sentences, with the paths that name them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Literal

from seo.language.tokens import sentences

_BLOCKS = frozenset(
    {"p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "tr", "td", "th", "table", "br"}
)
_HIDDEN = frozenset({"script", "style"})
_SLUG = "slug"
"""A slug is made of words of the title; it states nothing by itself and is not judged."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a template demands of a field."""

    name: str
    required: bool = False
    kind: Literal["text", "html", "list", "map", "slug"] = "text"
    max_chars: int | None = None
    min_chars: int | None = None


@dataclass(frozen=True, slots=True)
class SentenceIn:
    """A sentence and the ids of the facts that its writer named; None: nobody did (a human edit)."""

    field: str
    text: str
    facts: tuple[str, ...] | None = None


def sentences_of(fields: Mapping[str, Any]) -> tuple[SentenceIn, ...]:
    """Split any fields into sentences. HTML loses its markup; lists and maps get paths ("bullets/0", "alt/URL").

    Keys in paths are escaped as in JSON Pointer. Slugs, and values that are no text, have no sentences.
    """
    found: list[SentenceIn] = []
    for path, value in field_texts(fields):
        if path == _SLUG:
            continue
        found.extend(SentenceIn(path, span.text) for span in sentences(plain_text(value)))
    return tuple(found)


def field_texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in the fields with its path, as it stands (markup and all)."""
    for name, value in fields.items():
        yield from _texts(escape(str(name)), value)


def plain_text(value: str) -> str:
    """Return a text without its markup, each block apart. Text without tags or entities comes back as it is."""
    if "<" not in value and "&" not in value:
        return value
    return _without_markup(value)


@lru_cache(maxsize=32)
def _without_markup(value: str) -> str:
    """A text without its markup, remembered for the checks of one gate, of which most ask for it."""
    reader = _PlainText()
    reader.feed(value)
    reader.close()
    return "".join(reader.pieces).strip()


class _PlainText(HTMLParser):
    """Collects text; block elements set what they hold apart, scripts and styles hold no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class's signature
        self._hidden += tag in _HIDDEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n\n")


def escape(key: str) -> str:
    """Write a key as a step of a JSON Pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(f"{path}/{escape(str(key))}", inner)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for number, inner in enumerate(value):
            yield from _texts(f"{path}/{number}", inner)
