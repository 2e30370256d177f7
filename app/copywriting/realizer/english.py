"""English for the template writer: articles, lists, possessives, sentences.

The neighbours `english_nouns`, `english_case` and `english_spelling` hold the rest; all of it is offered here.

Articles follow sound, not letters. inflect says "a 11-inch", "a 8 GB" and "a LED" and takes 1–3 s to import, so that
a wrapper would have to overrule it in all the cases that product texts have; what remains of its work is a list of
words, kept in `english.yaml`. Tests compare the two over ordinary words.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal

from app.copywriting.realizer.english_case import decase, lower_first, title_case, upper_first
from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.english_nouns import (
    gerund,
    is_pair,
    is_plural,
    is_uncounted,
    past_participle,
    plural,
    singular,
    third_person,
)
from app.copywriting.realizer.english_spelling import spell
from app.copywriting.realizer.numbers import number_word, quantity

__all__ = [
    "article",
    "decase",
    "gerund",
    "indefinite",
    "is_pair",
    "is_plural",
    "is_uncounted",
    "join",
    "lower_first",
    "number_word",
    "past_participle",
    "plural",
    "possessive",
    "quantity",
    "sentence",
    "singular",
    "spell",
    "third_person",
    "tidy",
    "title_case",
    "upper_first",
]

APOSTROPHE = "’"
_LETTERS_WITH_VOWEL_SOUND = frozenset("AEFHILMNORSX")
_FIRST = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_PRONOUNCEABLE = re.compile(r"[^AEIOUY][AEIOUY]+[^AEIOUY][AEIOUY][A-Z]*")
_CONJUNCTION = re.compile(r"\b(?:and|or)\b")
_INNER_COMMA = re.compile(r",\s")
_UNTIDY = re.compile(r" [,;:.!?]|[,;:]\s*[,;:]|\.\.")
_SPACE_BEFORE_MARK = re.compile(r" +([,;:.!?](?:\s|$))")
_MARKS_IN_A_ROW = re.compile(r"([,;:])(?:\s*[,;:])+")
_STOPS_IN_A_ROW = re.compile(r"(?<!\.)[,;:]?\.\.(?!\.)")
_FRACTIONS_WITH_VOWEL_SOUND = frozenset("⅛")


def article(noun_phrase: str, locale: str = "en-US") -> str:
    """The noun phrase with its indefinite article: "an 11-inch tablet", "a USB port", "an LED lamp", "a one-piece"."""
    return f"{indefinite(noun_phrase, locale)} {noun_phrase}"


@lru_cache(maxsize=16_384)
def indefinite(phrase: str, locale: str = "en-US") -> Literal["a", "an"]:
    """The article alone, "a" or "an", by how the phrase begins when read aloud."""
    stripped = phrase.lstrip(" \"'“”‘’«»([{*#$€£¥~≈±")
    if stripped[:1] in _FRACTIONS_WITH_VOWEL_SOUND:
        return "an"
    match = _FIRST.search(stripped)
    if match is None or (match.start() > 0 and stripped[0] in "-−+½¼¾⅓⅔"):
        return "a"
    word = _plain_letters(match.group())
    if word[:1].isdigit():
        number = _NUMBER.match(stripped[match.start() :])
        return "an" if number and _number_sounds_open(number.group()) else "a"
    return "an" if _word_sounds_open(word, american=not locale.lower().startswith("en-gb")) else "a"


def _plain_letters(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)) or word


def _number_sounds_open(number: str) -> bool:
    """Whether a number is read with a vowel first: eight, eleven, eighteen and what begins with them."""
    digits = number.replace(",", "")
    if digits.startswith("8"):
        return True
    in_hundreds = 4  # "1800" without a comma is read "eighteen hundred"
    leading = digits[: (len(digits) - 1) % 3 + 1]
    return leading in {"11", "18"} or (len(number) == in_hundreds and digits[:2] in {"11", "18"})


def _word_sounds_open(word: str, *, american: bool) -> bool:
    capitals = re.match(r"[A-Z]+(?![a-z])", word)
    if capitals and not (len(word) > 1 and word[1:].islower()):
        return _capitals_sound_open(capitals.group())
    lower = word.lower()
    if len(lower) == 1:
        return lower.upper() in _LETTERS_WITH_VOWEL_SOUND
    if _begins(lower, "an") or _begins(lower, "an_after_all"):
        return True
    if american and _begins(lower, "american_an"):
        return True
    return lower[0] in "aeiou" and not _begins(lower, "a")


def _capitals_sound_open(capitals: str) -> bool:
    """Capitals are spelled letter by letter, unless they are known or look to be spoken as a word."""
    longest_spelled = 4
    vowels = any(letter in "AEIOUY" for letter in capitals)
    speakable = _PRONOUNCEABLE.fullmatch(capitals) or (len(capitals) > longest_spelled and vowels)
    if capitals in english().spoken or speakable:
        return _word_sounds_open(capitals.lower(), american=True)
    return capitals[0] in _LETTERS_WITH_VOWEL_SOUND


def _begins(word: str, group: str) -> bool:
    """Whether a word begins as one of the groups of `english.yaml` has it (a "$": the whole word)."""
    beginnings, whole = _beginnings(group)
    return word in whole or word.startswith(beginnings)


@cache
def _beginnings(group: str) -> tuple[tuple[str, ...], frozenset[str]]:
    listed = english().articles[group]
    whole = frozenset(start.removesuffix("$") for start in listed if start.endswith("$"))
    return tuple(start for start in listed if not start.endswith("$")), whole


def join(items: Sequence[str], conjunction: str = "and", locale: str = "en-US") -> str:
    """A list in words: "a", "a and b", "a, b, and c" (en-US) or "a, b and c" (en-GB).

    An item with "and" in it asks for a comma before the last conjunction everywhere ("cuffs and hem, and a pocket"),
    an item with a comma for semicolons, so that no list can be misread.
    """
    parts = [item for item in items if item]
    if len(parts) <= 1:
        return "".join(parts)
    together = "|".join(parts)
    nested = _CONJUNCTION.search(together) is not None
    separator = "; " if _INNER_COMMA.search(together) else ", "
    pair = 2
    if len(parts) == pair and separator == ", ":
        return f"{parts[0]}{',' if nested else ''} {conjunction} {parts[1]}"
    oxford = separator == "; " or nested or not locale.lower().startswith("en-gb")
    before_last = separator if oxford else " "
    return f"{separator.join(parts[:-1])}{before_last}{conjunction} {parts[-1]}"


def possessive(name: str) -> str:
    """The possessive: "Bruno" → "Bruno’s", "Chris" → "Chris’s", "the trousers" → "the trousers’", "Levi's" stays."""
    stripped = name.rstrip()
    if re.search(r"['’]s?$", stripped):
        return stripped
    if stripped.endswith("s") and stripped.rsplit(" ", 1)[-1].islower() and is_plural(stripped):
        return stripped + APOSTROPHE
    return f"{stripped}{APOSTROPHE}s"


def tidy(text: str) -> str:
    """One space between words, none before a full stop, comma or semicolon, no doubled commas or stops."""
    spaced = " ".join(text.split())
    if not _UNTIDY.search(spaced):
        return spaced
    spaced = _SPACE_BEFORE_MARK.sub(r"\1", spaced)
    spaced = _MARKS_IN_A_ROW.sub(r"\1", spaced)
    return _STOPS_IN_A_ROW.sub(".", spaced)


@lru_cache(maxsize=8192)
def sentence(text: str) -> str:
    """Words made a sentence: a capital first, a full stop last (unless one of . ! ? stands there), tidy between."""
    plain = tidy(text).rstrip(" ,;:-–—")
    if not plain:
        return ""
    closed = plain.rstrip("\"'”’)]").endswith((".", "!", "?", "…"))
    return upper_first(plain) + ("" if closed else ".")
