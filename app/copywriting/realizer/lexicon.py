"""The words that the writer knows, read once from `prompts/writing/<language>/`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_SPELLINGS = "spellings"
WRITING = Path(__file__).parents[3] / "prompts" / "writing"
"""Phrase data; another language is another folder in it."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of `lexicon.yaml`; each is described there."""

    part_nouns: frozenset[str]
    mass_nouns: frozenset[str]
    plural_goods: frozenset[str]
    singular_in_s: frozenset[str]
    goods: frozenset[str]
    adjectives: frozenset[str]
    adjective_endings: frozenset[str]
    verbs: frozenset[str]
    imperatives: frozenset[str]
    prepositions: frozenset[str]
    participles: frozenset[str]
    finite: frozenset[str]
    countables: frozenset[str]
    counted_in_singular: frozenset[str]
    counted_in_ing: frozenset[str]
    hype: frozenset[str]
    colours: frozenset[str]
    generic_words: frozenset[str]
    abbreviations: frozenset[str]
    spellings: Mapping[str, str] = field(default_factory=dict)

    def describes(self, word: str) -> bool:
        """Whether a word in lower case is one that goods are described by, and so names none: a colour, a substance."""
        return word in self.generic_words or word in self.colours or word in self.mass_nouns


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The lexicon of a language: `lexicon.yaml` and whatever a shop put into `lexicon.d/`."""
    merged: dict[str, set[str]] = {item.name: set() for item in fields(Lexicon) if item.name != _SPELLINGS}
    spellings: dict[str, str] = {}
    for data in read(language, "lexicon"):
        spellings |= data.get(_SPELLINGS, {})
        for name, words in data.items():
            if name != _SPELLINGS:
                merged[name].update(words)
    return Lexicon(**{name: frozenset(words) for name, words in merged.items()}, spellings=spellings)


def read(language: str, name: str) -> Iterator[Mapping[str, Any]]:
    """Read `name.yaml`, then each file of `name.d/` by name. Every scalar is text: YAML's "on" and "no" are words."""
    folder = WRITING / language
    extensions = sorted((folder / f"{name}.d").glob("*.yaml"))
    for file in [folder / f"{name}.yaml", *extensions]:
        loaded = yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - BaseLoader makes text only
        if loaded:
            yield loaded
