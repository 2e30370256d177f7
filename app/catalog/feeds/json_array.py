"""A file that is one JSON array of objects, an element at a time; a broken element costs itself only."""

import re
from collections.abc import Iterator
from typing import TextIO

import orjson

from app.catalog.feeds.records import Rejected, SourceRow

_START = re.compile(r"[\ufeff\s]*\[\s*\{")
# Strings whole, since brackets inside them mean nothing; a quote alone is a string that the buffer cuts.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]"]', re.DOTALL)
_CHUNK = 256 * 1024
_MAX_ELEMENT_CHARS = 8 * 1024**2
_BETWEEN = " \t\r\n,\ufeff"


def is_array(sample: str) -> bool:
    """Whether the text begins an array of objects, and is not lines of which the first happens to be an array."""
    if not _START.match(sample):
        return False
    first, *more = sample.strip("\ufeff \t\r\n").split("\n", 1)
    try:
        orjson.loads(first)
    except ValueError:
        return True
    return not more


def elements(stream: TextIO) -> Iterator[SourceRow | Rejected]:
    """The elements of the array, each with the physical line it starts on; line breaks inside them are spaces.

    Rejected are: anything beside objects, an element over 8 MB or cut off (both end the reading), and what stands
    behind the array.
    """
    buffer, line, opened = "", 1, False
    while chunk := stream.read(_CHUNK):
        buffer += chunk
        done = depth = begun = 0
        if not opened:
            done = buffer.index("[") + 1
            line += buffer.count("\n", 0, done)
            opened = True
        for token in _TOKEN.finditer(buffer, done):
            mark = token[0]
            if mark == '"':
                break  # cut: more of the file is needed
            if mark in "{[":
                begun = begun if depth else token.start()
                depth += 1
            elif mark in "}]":
                depth -= 1
                if depth < 0:
                    rest = buffer[token.end() :] + stream.read(_CHUNK)
                    yield from _stray(buffer[done : token.start()], line)
                    yield from _stray(rest, line + buffer.count("\n", done, token.end()))
                    return
                if depth == 0:
                    yield from _stray(buffer[done:begun], line)
                    row = re.sub(r"[\r\n]+", " ", buffer[begun : token.end()])
                    yield SourceRow(line + buffer.count("\n", done, begun), (row,))
                    line += buffer.count("\n", done, token.end())
                    done = token.end()
        buffer = buffer[done:]
        if len(buffer) > _MAX_ELEMENT_CHARS:
            yield Rejected(line, None, f"an object is longer than {_MAX_ELEMENT_CHARS // 1024**2} MB")
            return
    yield Rejected(line, None, "the JSON array is cut off: its end is missing")


def _stray(text: str, line: int) -> Iterator[Rejected]:
    if stray := text.strip(_BETWEEN):
        before = len(text) - len(text.lstrip(_BETWEEN))
        yield Rejected(line + text.count("\n", 0, before), None, f"{stray[:40]!r} is not a JSON object")
