"""American and British spelling, by `spelling.yaml`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from app.copywriting.realizer.lexicon import read

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_BEFORE = re.compile(r"\d[\s\u00a0\u202f-]?$")


@lru_cache(maxsize=8192)
def spell(text: str, locale: str = "en-US", protected: tuple[str, ...] = ()) -> str:
    """`text` in the spelling of `locale` ("en-GB": colour, grey, aluminium; any other English: color, gray, aluminum).

    Capitals are kept as they stand. Nothing changes inside an occurrence of a `protected` name (brands, product
    names, models), however that name is capitalised there.
    """
    names = _names(tuple(name for name in protected if name.strip()))
    if names is None:
        return _spell_plain(text, locale)
    parts: list[str] = []
    position = 0
    for match in names.finditer(text):
        parts += [_spell_plain(text[position : match.start()], locale), match.group()]
        position = match.end()
    return "".join([*parts, _spell_plain(text[position:], locale)])


@lru_cache(maxsize=1024)
def _names(protected: tuple[str, ...]) -> re.Pattern[str] | None:
    if not protected:
        return None
    longest_first: Sequence[str] = sorted(protected, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def _spell_plain(text: str, locale: str) -> str:
    british = locale.replace("_", "-").lower().startswith("en-gb")
    words = _to_british() if british else _to_american()
    after_numbers = _after_numbers() if british else {}

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
def _to_american() -> Mapping[str, str]:
    one_way = {
        word: other for data in read("en", "spelling") for word, other in data.get("british_only", {}).items()
    }
    return {**_pairs(), **one_way}


@cache
def _to_british() -> Mapping[str, str]:
    return {american: british for british, american in _pairs().items()}


@cache
def _after_numbers() -> Mapping[str, str]:
    return {
        word: other
        for data in read("en", "spelling")
        for word, other in data.get("after_numbers", {}).items()
    }
