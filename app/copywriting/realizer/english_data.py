"""The exceptions of English, read once from `english.yaml` (and a shop's `english.d/`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.copywriting.realizer.lexicon import lexicon, read


@dataclass(frozen=True, slots=True)
class EnglishData:
    """`english.yaml`; each part is described there. Words are lower-case, save names and abbreviations."""

    articles: Mapping[str, tuple[str, ...]]
    spoken: frozenset[str]
    plurals: Mapping[str, str]
    singulars: Mapping[str, str]
    unchanged: frozenset[str]
    always_plural: frozenset[str]
    uncounted: frozenset[str]
    small: frozenset[str]
    common: frozenset[str]
    proper: Mapping[str, str]
    proper_phrases: tuple[str, ...]
    abbreviations: frozenset[str]
    counted_abbreviations: frozenset[str]


@cache
def english() -> EnglishData:
    """All exceptions, merged in the order of their files, with the nouns of the writer's lexicon among them."""
    lists: dict[str, list[str]] = {}
    articles: dict[str, list[str]] = {}
    plurals: dict[str, str] = {}
    for data in read("en", "english"):
        plurals.update(data.get("plurals", {}))
        for key, words in data.get("articles", {}).items():
            articles.setdefault(key, []).extend(words)
        for key, words in data.items():
            if key not in {"plurals", "articles"}:
                lists.setdefault(key, []).extend(words)
    known = lexicon()
    return EnglishData(
        articles={key: tuple(words) for key, words in articles.items()},
        spoken=frozenset(lists["spoken"]),
        plurals=plurals,
        singulars={plural: singular for singular, plural in plurals.items()},
        unchanged=frozenset(lists["unchanged"]),
        always_plural=frozenset(lists["always_plural"])
        | (known.plural_goods - frozenset(lists["sold_in_pairs"])),
        uncounted=frozenset(lists["uncounted"]) | known.mass_nouns,
        small=frozenset(lists["small"]),
        common=frozenset(lists["common"]) | known.colours | known.part_nouns | known.adjectives,
        proper={name.lower(): name for name in lists["proper"]},
        proper_phrases=tuple(sorted(lists["proper_phrases"], key=len, reverse=True)),
        abbreviations=frozenset(lists["abbreviations"]) | {word.upper() for word in known.abbreviations},
        counted_abbreviations=frozenset(lists["counted_abbreviations"]),
    )
