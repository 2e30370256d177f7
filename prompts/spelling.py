"""How words are written, as data: American and British spelling, and words that keep their capital."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

WRITING = Path(__file__).parent / "writing"


@dataclass(frozen=True, slots=True)
class Spellings:
    """Words in lower case. `to_british` and `to_american` change anywhere; `after_numbers` towards British only behind a number."""

    to_british: Mapping[str, str]
    to_american: Mapping[str, str]
    after_numbers: Mapping[str, str]


@functools.cache
def spellings(language: str = "en") -> Spellings:
    """The word pairs of a language: `writing/<language>/spelling.yaml`, and what a shop adds in `spelling.d/`."""
    pairs: dict[str, str] = {}
    listed: dict[str, dict[str, str]] = {"british_only": {}, "after_numbers": {}}
    folder = WRITING / language
    for file in [folder / "spelling.yaml", *sorted((folder / "spelling.d").glob("*.yaml"))]:
        # Every scalar is text: YAML's "on" and "no" are words.
        data: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506
        for group in data.get("groups", {}).values():
            for british, american in group.get("stems", {}).items():
                for british_end, american_end in group.get("endings", {"": ""}).items():
                    pairs[british + british_end] = american + american_end
        for part, words in listed.items():
            words.update(data.get(part, {}))
    pairs = {british: american for british, american in pairs.items() if british != american}
    return Spellings(
        {american: british for british, american in pairs.items()},
        {**pairs, **listed["british_only"]},
        listed["after_numbers"],
    )


@functools.cache
def proper_words(language: str = "en") -> frozenset[str]:
    """Words that keep their capital inside a sentence: places, peoples, makers ("Italian", "Bluetooth")."""
    data: dict[str, Any] = yaml.load(
        (WRITING / language / "english.yaml").read_text("utf-8"),
        Loader=yaml.CBaseLoader,  # noqa: S506 - text only
    )
    return frozenset(data.get("proper", ()))
