"""Fields without some of their sentences: pure. What is left is what was there, markup and all."""

import html
import re
from collections.abc import Collection, Mapping
from typing import Any

from app.copywriting.copy import Fields
from evaluators.fields import escape

_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
BLOCK = re.compile(r"</?(?:p|li|ul|ol|h[1-6]|div|br)\b")
_ENDS = frozenset(".!?…:;\"'”’)»]")
_EMPTY = re.compile(r"<(p|li|ul|ol|strong|em|b|i|h[1-6]|span|div)>\s*</\1>")


def without(fields: Fields, sentences: Collection[tuple[str, str]]) -> dict[str, Any]:
    """The fields without these sentences: (path, text) each. What holds nothing afterwards is left out.

    Where a sentence cannot be found in its text, because somebody joined it with another, the text is left out whole:
    nothing stale is served by mistake.
    """
    gone: dict[str, list[str]] = {}
    for path, text in sentences:
        gone.setdefault(path, []).append(text)
    left: dict[str, Any] = {}
    for name, value in fields.items():
        path = escape(str(name))
        kept: Any
        if isinstance(value, str):
            kept = _trimmed(value, gone.get(path, ()))
        elif isinstance(value, Mapping):
            kept = {
                key: text
                for key, inner in value.items()
                if (text := _trimmed(inner, gone.get(f"{path}/{escape(str(key))}", ())))
            }
        else:
            kept = [
                text
                for number, inner in enumerate(value)
                if (text := _trimmed(inner, gone.get(f"{path}/{number}", ())))
            ]
        if kept or not value:
            left[name] = kept
    return left


def _trimmed(value: str, sentences: Collection[str]) -> str:
    for sentence in sentences:
        cut = _cut(value, sentence)
        if cut is None:
            return ""
        while cut is not None:  # it may stand there twice
            value, cut = cut, _cut(cut, sentence)
    return tidied(value) if sentences else value


def tidied(value: str) -> str:
    """The text without elements that hold nothing."""
    while (emptied := _EMPTY.sub("", value)) != value:
        value = emptied
    return value.strip()


def tags_in(value: str) -> str:
    """The markup of a piece of text."""
    return "".join(_TAG.findall(value))


def _cut(value: str, sentence: str) -> str | None:
    """The text without the first place where the sentence stands; None where it does not."""
    letters, places = letters_of(value)
    sought = "".join(sentence.split())
    at = letters.find(sought) if sought else -1
    while at >= 0 and not _begins(value, letters, places, at):
        at = letters.find(sought, at + 1)
    if at < 0:
        return None
    start, end = places[at][0], places[at + len(sought) - 1][1]
    inside = tags_in(value[start:end])  # markup that begins within stays, so that it can end
    before, after = value[:start], value[end:]
    if before.endswith((" ", ">")) or not before:
        after = after.lstrip(" ")
    return before + inside + after


def _begins(value: str, letters: str, places: list[tuple[int, int]], at: int) -> bool:
    """Whether a sentence may begin here: not in the middle of another that ends with the same words."""
    if at == 0 or letters[at - 1] in _ENDS:
        return True
    return BLOCK.search(value[places[at - 1][1] : places[at][0]]) is not None


def letters_of(value: str) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text without markup and blanks, and where in it each stands: sentences are compared by these."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(value):
        tag = _TAG.match(value, at)
        if tag:
            at = tag.end()
            continue
        entity = _ENTITY.match(value, at)
        end = entity.end() if entity else at + 1
        for letter in html.unescape(value[at:end]):
            if not letter.isspace():
                letters.append(letter)
                places.append((at, end))
        at = end
    return "".join(letters), places
