"""What kind of phrase a value is: the one place where a shop's fragments are read as English."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.copywriting.realizer.english import decase
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Form, Number, Value
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, number_of, tokens

_YES = frozenset({"yes", "true", "y", "included", "available", "supported"})
_NO = frozenset({"no", "false", "n", "none", "not supported", "not included", "not available", "unavailable", "without"})
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:\s*(?:[-–x×*/]|to|\.\.\.?)\s*[+-]?\d+(?:[.,]\d+)*)*")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9][\w./+-]*|[A-Z0-9]{2,}(?:[-/][A-Z0-9]+)*")
_UNIT_WORDS = re.compile(r"\b(?:inch(?:es)?|feet|foot|metres?|meters?|grams?|kilos?|kilograms?|pounds?|ounces?|lit(?:er|re)s?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|watts?|volts?|amps?|degrees?|percent|pixels?|lumens?|\w*met(?:er|re)s?|\w*bytes?|\w*hertz|fluid|gallons?|yards?|approx\w*|about|up to|x|high|wide|deep|long)\b", re.I)
_EDGES = " \t\n.;,:•*-–—"
_OPTION_MARKS = re.compile(r"\s*[|•]\s*|\s*\n+\s*")
_MASS_ENDINGS = ("ness", "tion", "ity", "ance", "ware")


def split_list(text: str) -> tuple[str, ...]:
    """Split a value that joins its options with marks no sentence uses ("All-weather|Cool|Indoor")."""
    return tuple(part for part in _OPTION_MARKS.split(text) if part)


@lru_cache(maxsize=16_384)
def value_of(text: str, unit: str | None = None, *, name: bool = False) -> Value:
    """Read one value. `unit` is the fact's; `name` says that the family holds names, which keep their capitals."""
    clean = text.strip(_EDGES + "\r").rstrip(_EDGES) if not name else text.strip()
    clean = re.sub(r"\s+", " ", clean).replace(" ,", ",")
    lower = clean.lower()
    if unit is not None and re.search(r"\d", clean) and not re.search(r"[^\W\d_]{4,}", _UNIT_WORDS.sub("", clean)):
        return Value(clean, "quantity", unit=unit)
    if lower in _YES:
        return Value(clean, "yes")
    if lower in _NO:
        return Value(clean, "no")
    if _NUMBER.fullmatch(clean):
        return Value(_plain_number(clean), "number")
    if name or (_CODE.fullmatch(clean) and not is_adjective(clean)):
        return Value(clean, "name")
    plain = re.sub(r"(?<=[a-z]{3})\s?/\s?(?=[a-z]{3})", " and ", re.sub(r"\bw/\s?", "with ", decase(clean)))
    words = tokens(plain)
    if not words:
        return Value(plain, "name")
    form = _form(words)
    head = _head(words) if form == "noun" else ""
    return Value(plain, form, head, _number(words, head) if head else "singular")


def _plain_number(text: str) -> str:
    """ "2.0" → "2": an integer that passed through a float column."""
    return re.sub(r"^([+-]?\d+)[.,]0+$", r"\1", text)


def _form(words: Sequence[str]) -> Form:
    """The form of a fragment, by its first words, then by its finite verb, then by its last word."""
    known = lexicon()
    lower = [word.lower() for word in words]
    two = " ".join(lower[:2])
    if lower[0] in known.imperatives or two in known.imperatives:
        return "adjective" if is_adjective(lower[-1]) and lower[-1] not in {"dry", "clean", "only", "flat"} else "imperative"
    if lower[0] in known.prepositions or two in known.prepositions:
        return "phrase"
    if len(words) > 1 and lower[0] in known.verbs and not _opens_noun_phrase(lower):
        return "verb"
    if len(words) > 1 and lower[0] in known.participles and lower[1] in known.prepositions:
        return "participle"
    if any(word in known.finite for word in lower[1:]) and not is_adjective(lower[-1]):
        return "clause"
    core = _before_preposition(lower)
    if any(word in known.finite for word in lower[1:]):
        return "clause"
    return "adjective" if is_adjective(core[-1]) else "noun"


def _opens_noun_phrase(lower: Sequence[str]) -> bool:
    """ "Covers and straps", "Tracks for curtains": a plural noun, although its form is a verb's too."""
    return lower[1] in {"and", "or", "with", "of"} and lower[0] not in {"comes", "works", "lasts", "sits", "stands", "charges"}


def _before_preposition(lower: Sequence[str]) -> Sequence[str]:
    """The words up to the first preposition: where a noun phrase's head stands."""
    for index, word in enumerate(lower[1:], start=1):
        if word in lexicon().prepositions and word not in {"inside", "outside", "over", "under", "on", "up"}:
            return lower[:index]
        if word in {"on", "over", "under"} and index + 1 < len(lower) and not is_part_noun(lower[index + 1]):
            return lower[:index]
    return lower


def _head(words: Sequence[str]) -> str:
    core = _before_preposition([word.lower() for word in words])
    return core[-1]


def _number(words: Sequence[str], head: str) -> Number:
    """Plural for "ribbed cuffs and waistband" and "2 pockets"; mass for "moisture protection"."""
    core = [word.lower() for word in _before_preposition([word.lower() for word in words])]
    if "and" in core or "&" in core:
        return "plural"
    number = number_of(head)
    if number == "singular" and not is_part_noun(head) and head.endswith(_MASS_ENDINGS) and "NOUN" in lemmas(head):
        return "mass"
    return number
