"""Capitals: values in mid-sentence, titles, beginnings of sentences."""

import re
from functools import cache, lru_cache

from app.copywriting.realizer.english_data import english

_TOKEN = re.compile(r"[^\W_]+(?:[.'’&][^\W_]+)*[®™©]?")
_ABBREVIATED = re.compile(r"(?<![\w.@/&'’-])(?<!\d )[a-z]{2,5}\d?(?![\w'’@]|\.\w)")
_ROMAN = re.compile(r"(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})")
_ENDING = re.compile(r"(?:ed|ing|able|ible|less|ful|proof|free|tion|ment|ness|ity|wear|shell|er|ers|s|y)$")
_SUBSTANCE = re.compile(
    r"(?:ane|ene|ine|ide|ate|ose|ite|ium|ester|amide|lon|cel|ol|oid|one|ille|ette|oa|in)$"
)
"""Endings of fibres, plastics and ingredients, which dictionaries lack and catalogs capitalise."""
_BEGINNING = re.compile(r"^(?:anti|micro|multi|non|over|poly|pre|re|semi|sub|super|ultra|un|under)")


@lru_cache(maxsize=16_384)
def decase(value: str, protected: tuple[str, ...] = ()) -> str:
    """A value as it stands inside a sentence: lower case, save what is spelled with capitals anywhere.

    Kept are abbreviations ("TSA approved"), trade marks ("CoolTech™"), words with inner capitals or digits
    ("iPhone", "USB-C", "A4"), single letters that name a shape ("V-neck"), Roman numbers, names of peoples, places and
    days ("Italian leather"), words that no dictionary knows in a value that is otherwise in title case ("Cocona"),
    and each name in `protected`, wherever it stands.
    """
    if value.islower():
        return _ABBREVIATED.sub(_spelled_out, value)
    kept = _protected_spans(value, protected)
    tokens = list(_TOKEN.finditer(value))
    words = [match.group() for match in tokens]
    shouting, titled = _is_shouting(words), _is_titled(words)
    parts: list[str] = []
    position = 0
    for index, match in enumerate(tokens):
        parts.append(value[position : match.start()])
        inside = any(start <= match.start() < end for start, end in kept)
        is_initial = match.group() == "A" and index == 0 and value[match.end() : match.end() + 1] == " "
        if inside:
            parts.append(match.group())
        elif is_initial:
            parts.append("a")
        else:
            parts.append(_decase_word(match.group(), shouting=shouting, titled=titled or index > 0))
        position = match.end()
    return "".join([*parts, value[position:]])


def _spelled_out(match: re.Match[str]) -> str:
    """An abbreviation that a shop wrote in lower case in its capitals: "sd and sdhc"; "led" and "ups" are words too."""
    from app.copywriting.realizer.words import lemmas  # noqa: PLC0415 - words reads values' neighbours

    word = match.group()
    unspoken = word.isalpha() and not set(word) & set("aeiouy")
    known = word.upper() in english().abbreviations
    return word.upper() if known and (unspoken or not lemmas(word)) else word


def lower_first(value: str) -> str:
    """The first word in lower case, where it is a word that may be; the rest as it stands."""
    match = _TOKEN.search(value)
    if match is None:
        return value
    word = match.group()
    if any(start <= match.start() < end for start, end in _protected_spans(value, ())):
        return value  # "Wi-Fi 6"
    first = (
        "a"
        if word == "A" and value[match.end() : match.end() + 1] == " "
        else _decase_word(word, shouting=False, titled=False)
    )
    return value[: match.start()] + first + value[match.end() :]


def upper_first(text: str) -> str:
    """The first letter in upper case, unless the word has capitals of its own ("iPhone"). "ß" stays."""
    first = text.partition(" ")[0]
    if first.isascii() and first.isalpha():  # the common case
        return text[0].upper() + text[1:] if first.islower() else text
    match = _TOKEN.search(text)
    if match is None or _has_capital(match.group()) or len(text[match.start()].upper()) != 1:
        return text
    if match.start() > 0 and any(sign.isalnum() for sign in text[: match.start()]):
        return text
    return text[: match.start()] + text[match.start()].upper() + text[match.start() + 1 :]


def _has_capital(word: str) -> bool:
    return not word.islower() and any(letter.isupper() for letter in word)


@lru_cache(maxsize=16_384)
def title_case(text: str) -> str:
    """English title case: every word but the small ones; the first and last always; own capitals stay."""
    matches = list(_TOKEN.finditer(text))
    small_words = english().small
    parts: list[str] = []
    position = 0
    for index, match in enumerate(matches):
        word = match.group()
        inner = 0 < index < len(matches) - 1
        small = (
            inner
            and word in small_words
            and word.islower()
            and text[match.start() - 1 : match.start()] == " "
            and text[match.end() : match.end() + 1] != "-"
        )
        parts += [text[position : match.start()], word if small else _titled_word(word, text, match.start())]
        position = match.end()
    return "".join([*parts, text[position:]])


def _titled_word(word: str, text: str, start: int) -> str:
    """A capital for a word in lower case; not for units behind a number ("5 mm", "750 ml")."""
    if not word.islower() or len(word[0].upper()) != 1:
        return word
    is_unit = word in _unit_symbols() and text[:start].rstrip(" \u00a0\u202f")[-1:].isdigit()
    return word if is_unit else word[0].upper() + word[1:]


@cache
def _unit_symbols() -> frozenset[str]:
    from app.copywriting.realizer.numbers import symbols  # noqa: PLC0415 - numbers uses this module's neighbours

    return symbols()


@lru_cache(maxsize=16_384)
def _decase_word(word: str, *, shouting: bool, titled: bool) -> str:
    if word.islower():
        return word
    data = english()
    bare = word.rstrip("®™©")
    keeps_capitals = (
        bare != word
        or bare in data.abbreviations
        or (not bare.isalpha() and any(map(str.isdigit, bare)))
        or (not bare[1:].islower() and any(map(str.isupper, bare[1:])) and not bare.isupper())
    )
    if keeps_capitals or bare.islower():
        return word
    if bare.lower() in data.proper and not shouting:
        return data.proper[bare.lower()]
    if bare.isupper():
        return _decase_capitals(bare, shouting=shouting)
    return bare.lower() if not titled or bare.lower() in english().small or _is_common(bare.lower()) else word


def _decase_capitals(word: str, *, shouting: bool) -> str:
    """All capitals: an abbreviation where short or unspeakable, else a shouted word."""
    if len(word) == 1 or (_ROMAN.fullmatch(word) and not shouting):
        return word
    proper = english().proper.get(word.lower())
    if proper:
        return proper
    longest_abbreviation = 4
    if not shouting:
        return word if len(word) <= longest_abbreviation or not _is_common(word.lower()) else word.lower()
    return word.lower() if _is_common(word.lower()) else word


def _is_shouting(words: list[str]) -> bool:
    """Whether a value is written in capitals throughout, so that capitals say nothing ("MACHINE WASH")."""
    letters = [word for word in words if word.isalpha()]
    longest_abbreviation = 4
    return (
        bool(letters)
        and all(word.isupper() for word in letters)
        and any(len(w) > longest_abbreviation for w in letters)
    )


def _is_titled(words: list[str]) -> bool:
    """Whether every word bears a capital, so that the first one's says nothing about its being a name."""
    letters = [word for word in words if word[:1].isalpha() and word.lower() not in english().small]
    return bool(letters) and all(word[:1].isupper() for word in letters)


@lru_cache(maxsize=16_384)
def _is_common(word: str) -> bool:
    """Whether a dictionary knows the word, or the word without a common beginning or ending."""
    from app.copywriting.realizer.words import lemmas  # noqa: PLC0415 - words reads values' neighbours

    if not word.isascii() or not word.isalpha():
        return not word.isascii() and word.isalpha() and word[:1].islower()
    data = english()
    if (
        word in data.uncounted
        or word in data.always_plural
        or word in data.plurals
        or _SUBSTANCE.search(word)
    ):
        return True
    candidates = {word, _ENDING.sub("", word), _BEGINNING.sub("", word)}
    shortest = 3
    if any(len(piece) >= shortest and lemmas(piece) for piece in candidates):
        return True
    return bool(_ENDING.search(word) and len(word) > 2 * shortest) or _is_compound(word)


def _is_compound(word: str) -> bool:
    """Whether a word is two known ones written together ("rosehip"), one of them of four letters or more."""
    from app.copywriting.realizer.words import lemmas  # noqa: PLC0415 - as above

    shortest, longer = 3, 7
    cuts = range(shortest, len(word) - shortest + 1) if len(word) >= longer else ()
    return any(lemmas(word[:cut]) and lemmas(word[cut:]) for cut in cuts)


@lru_cache(maxsize=4096)
def _protected_spans(value: str, protected: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    spans = [match.span() for match in _proper_phrases().finditer(value)]
    for name in filter(str.strip, protected):
        spans += [
            match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", value, re.IGNORECASE)
        ]
    return tuple(spans)


@cache
def _proper_phrases() -> re.Pattern[str]:
    """Names of several words, as they are spelled ("Energy Star", "Gore-Tex")."""
    compound = (name for name in english().proper.values() if not name.isalpha())
    names = sorted([*english().proper_phrases, *compound], key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")
