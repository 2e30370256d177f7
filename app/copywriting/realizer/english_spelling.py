"""American and British spelling, by `spelling.yaml`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from app.copywriting.realizer.lexicon import read

_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_WORD = re.compile(r"[a-z]+")
"""The same in lower-case ASCII, where it is found in a third of the time."""


class _Changes(NamedTuple):
    """Words and what they become: anywhere, and behind a number."""

    anywhere: Mapping[str, str]
    after_numbers: Mapping[str, str]


_NUMBER_BEFORE = re.compile(r"\d[\s\u00a0\u202f-]?$")


@lru_cache(maxsize=8192)
def spell(text: str, locale: str = "en-US", protected: tuple[str, ...] = ()) -> str:
    """`text` in the spelling of `locale` ("en-GB": colour, grey, aluminium; any other English: color, gray, aluminum).

    Capitals are kept as they stand. Nothing changes inside an occurrence of a `protected` name (brands, product
    names, models), however that name is capitalised there.
    """
    words, after_numbers = _changes(_is_british(locale))
    lower = text.lower()
    spoken = (_PLAIN_WORD if lower.isascii() else _WORD).findall(lower)
    if words.keys().isdisjoint(spoken) and after_numbers.keys().isdisjoint(spoken):
        return text
    names = _names(tuple(name for name in protected if name.strip()))
    parts: list[str] = []
    position = 0
    for match in names.finditer(text) if names else ():
        parts += [_spell_plain(text[position : match.start()], locale), match.group()]
        position = match.end()
    return "".join([*parts, _spell_plain(text[position:], locale)])


@cache
def _is_british(locale: str) -> bool:
    return locale.replace("_", "-").lower().startswith("en-gb")


@lru_cache(maxsize=1024)
def _names(protected: tuple[str, ...]) -> re.Pattern[str] | None:
    if not protected:
        return None
    longest_first: Sequence[str] = sorted(protected, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def _spell_plain(text: str, locale: str) -> str:
    words, after_numbers = _changes(_is_british(locale))

    def change(match: re.Match[str]) -> str:
        word = match.group()
        lower = word.lower()
        found = words.get(lower)
        if found is None and lower in after_numbers and _NUMBER_BEFORE.search(text, 0, match.start()):
            found = after_numbers[lower]
        return word if found is None else _cased_like(found, word)

    return _WORD.sub(change, text)


def _cased_like(word: str, model: str) -> str:
    if model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[0].isupper() else word


@cache
def _pairs() -> Mapping[str, str]:
    """British → American, for every stem with every ending of its group."""
    pairs: dict[str, str] = {}
    for data in read("en", "spelling"):
        for group in data.get("groups", {}).values():
            for british, american in group.get("stems", {}).items():
                for british_end, american_end in group.get("endings", {"": ""}).items():
                    pairs[british + british_end] = american + american_end
    return {british: american for british, american in pairs.items() if british != american}


@cache
def _changes(british: bool) -> _Changes:
    """What is changed towards British or American."""
    if british:
        return _Changes({american: word for word, american in _pairs().items()}, _listed("after_numbers"))
    return _Changes({**_pairs(), **_listed("british_only")}, {})


def _listed(part: str) -> Mapping[str, str]:
    return {word: other for data in read("en", "spelling") for word, other in data.get(part, {}).items()}
