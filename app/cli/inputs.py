"""Files that commands read, with `-` for standard input; what cannot be read is Invalid, in one line."""

import json
import sys
from pathlib import Path
from typing import Any

from app.errors import Invalid


def read_text(name: str) -> str:
    """The text of a file or of standard input, UTF-8 with or without byte-order mark."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Invalid(f"{name}: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{name}: not UTF-8 text (byte {error.start})") from None
    if "\0" in text:
        raise Invalid(f"{name}: a binary file, not a text")
    return text


def read_json(name: str) -> Any:
    """The JSON document in a file; several lines with a document each give a list."""
    text = read_text(name)
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if not lines:
            raise Invalid(f"{name}: the file is empty") from None
        if len(lines) == 1:
            raise Invalid(f"{name}: no JSON: {error}") from None
        return [_line(name, number, line) for number, line in lines]


def _line(name: str, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Invalid(f"{name}: line {number} is no JSON: {error}") from None
