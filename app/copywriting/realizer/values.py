"""What kind of phrase a value is: the one place where a shop's fragments are read as English."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.copywriting.realizer.english import decase, lower_first, number_word
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Form, Number, Value
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, number_of, tokens
from retrieval.quantities import find_quantities

_YES = frozenset({"yes", "true", "y", "included", "available", "supported"})
_NO = frozenset(
    {"no", "false", "n", "none", "not supported", "not included", "not available", "unavailable", "without"}
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:\s*(?:[-–x×*/]|to|\.\.\.?)\s*[+-]?\d+(?:[.,]\d+)*)*")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9][\w./+-]*|[A-Z0-9]{2,}(?:[-/][A-Z0-9]+)*")
_UNIT_WORDS = re.compile(
    r"\b(?:inch(?:es)?|feet|foot|metres?|meters?|grams?|kilos?|kilograms?|pounds?|ounces?|lit(?:er|re)s?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|watts?|volts?|amps?|degrees?|percent|pixels?|lumens?|\w*met(?:er|re)s?|\w*bytes?|\w*hertz|fluid|gallons?|yards?|approx\w*|about|up to|x|high|wide|deep|long)\b",
    re.I,
)
_SPACES = re.compile(r"\s+")
_EDGES = " \t\n.;,:•*-–—"
_LEADING = re.compile(r"^[-–—•*·]+\s*(?=[^\W\d])")
_DASHED = re.compile(r"(?:^|\s)[-–•*]\s?(?=[^\W\d])")
_OPTION_MARKS = re.compile(r"\s*[|•]\s*|\s*\n+\s*")
_INSTRUCTION_ENDS = frozenset({"dry", "clean", "only", "flat", "cold", "warm", "low"})
_COMMA = re.compile(r",(?!\d)\s*|,(?=\d+\D)")
_COMMA_OF_PROSE = re.compile(r",\s+(?:and\s+)?")
_TIGHT_COMMA = re.compile(r"[^\d\s],\S|\S,[^\d\s]")
_RANGE = re.compile(r"\d - \d")
_SHORT_ITEM = 6
_RELATIVES = frozenset({"that", "which", "who"})
_NUMBER_WORDS = {number_word(number): str(number) for number in range(1, 13)}
_MASS_ENDINGS = ("ness", "tion", "ity", "ance", "ware", "ing")


def split_list(text: str, *, commas: bool = False) -> tuple[str, ...]:
    """Split a value that joins its options with marks no sentence uses ("All-weather|Cool|Indoor", "CD,CD-R,DVD").

    With `commas`, a list of short items in prose form comes apart too ("stereo speakers, line out").
    """
    marked = "|" in text or "•" in text or "\n" in text
    parts = [part for part in (_OPTION_MARKS.split(text) if marked else [text]) if part]
    if len(parts) == 1 and _DASHED.match(text):  # "-Windows XP -Windows Vista"
        parts = _DASHED.split(text)
    if len(parts) == 1 and text.count(" - ") > 1 and not _RANGE.search(text):  # "PLQ-30 - PLQ-22 - PLQ-20"
        parts = text.split(" - ")
    if len(parts) == 1 and _TIGHT_COMMA.search(text) and not find_quantities(text):
        parts = _COMMA.split(text)
    elif len(parts) == 1 and commas and "," in text:
        items = _COMMA_OF_PROSE.split(text)
        parts = (
            items
            if len(items) > 1
            and all(0 < len(item.split()) <= _SHORT_ITEM and not item.startswith("with ") for item in items)
            else parts
        )
    return tuple(part.strip().removeprefix("and ") for part in parts if part.strip())


@lru_cache(maxsize=16_384)
def value_of(text: str, unit: str | None = None, *, name: bool = False) -> Value:
    """Read one value. `unit` is the fact's; `name` says that the family holds names, which keep their capitals."""
    clean = _SPACES.sub(" ", _LEADING.sub("", text.strip()) if name else _trimmed(text)).replace(" ,", ",")
    if unit is not None and _is_measure(clean):
        return Value(clean, "quantity", unit=unit)
    answer = _answer(clean.lower())
    if answer is not None:
        return Value(clean, answer)
    if _NUMBER.fullmatch(clean):
        return Value(_plain_number(clean), "number")
    if clean.lower() in _NUMBER_WORDS:
        return Value(_NUMBER_WORDS[clean.lower()], "number")
    if name and clean.partition(" ")[0].lower() in _NUMBER_WORDS:
        clean = lower_first(clean)
    if name or (_CODE.fullmatch(clean) and not is_adjective(clean)):
        return Value(clean, "name")
    return _phrase(clean)


def _trimmed(text: str) -> str:
    """Without bullets, dashes and stops around it; a sign that touches its number is no dash ("-1 °C")."""
    clean = text.strip(_EDGES)
    before = text[: text.find(clean)]
    return before[-1] + clean if clean[:1].isdigit() and before[-1:] in ("-", "−") else clean


def _is_measure(text: str) -> bool:
    """Whether a value is nothing but numbers and units ("10 hours", "29 x 13"), not a name with a number in it."""
    return bool(re.search(r"\d", text)) and not re.search(r"[^\W\d_]{4,}", _UNIT_WORDS.sub("", text))


def _answer(lower: str) -> Form | None:
    return "yes" if lower in _YES else "no" if lower in _NO else None


def _phrase(clean: str) -> Value:
    """Words that are no number, answer or name: in mid-sentence case, with their form."""
    spoken = decase(clean)
    if "/" in spoken:
        spoken = re.sub(r"\bw/\s?", "with ", spoken)
    plain = re.sub(r"(?<=[a-z]{3})\s?/\s?(?=[a-z]{3})", " and ", spoken) if "/" in spoken else spoken
    words = tokens(plain)
    if not words:
        return Value(plain, "name")
    form = _form(words)
    head = _head(words) if form == "noun" else ""
    return Value(plain, form, head, _number(words, head) if head else "singular")


def _plain_number(text: str) -> str:
    """As in "2.0" → "2": an integer that passed through a float column."""
    return re.sub(r"^([+-]?\d+)[.,]0+$", r"\1", text)


def _form(words: Sequence[str]) -> Form:
    """The form of a fragment, by its first words, then by its finite verb, then by its last word."""
    known = lexicon()
    lower = [word.lower() for word in words]
    two = " ".join(lower[:2])
    alone = len(words) == 1 and is_adjective(lower[0])  # "dry" skin is no instruction
    if (lower[0] in known.imperatives or two in known.imperatives) and not alone:
        describes = is_adjective(lower[-1]) and lower[-1] not in _INSTRUCTION_ENDS
        return "adjective" if describes else "imperative"
    if lower[0] in known.prepositions or two in known.prepositions:
        return "phrase"
    if len(words) > 1 and lower[0] in known.verbs and not _opens_noun_phrase(lower):
        return "verb"
    if len(words) > 1 and lower[0] in known.participles and lower[1] in known.prepositions:
        return "participle"
    return _form_by_end(lower)


def _form_by_end(lower: Sequence[str]) -> Form:
    """A clause where a finite verb follows the first word, else what the last word before a preposition makes it."""
    relative = next((index for index, word in enumerate(lower) if word in _RELATIVES), len(lower))
    of_substance = len(lower) == 2 and lower[0] in lexicon().mass_nouns  # "aluminum stays" are stays
    if not of_substance and any(word in lexicon().finite for word in lower[1:relative]):
        return "clause"
    core = _before_preposition(lower[:relative] or lower)
    thing = len(core) > 1 and is_part_noun(core[-1])
    return "adjective" if is_adjective(core[-1]) and not thing else "noun"


def _opens_noun_phrase(lower: Sequence[str]) -> bool:
    """As in "Covers and straps", "Tracks for curtains": a plural noun, although its form is a verb's too."""
    return lower[1] in {"and", "or", "with", "of", "for"} and lower[0] not in {
        "comes",
        "works",
        "lasts",
        "sits",
        "stands",
        "charges",
    }


def _before_preposition(lower: Sequence[str]) -> Sequence[str]:
    """The words up to the first preposition: where a noun phrase's head stands."""
    for index, word in enumerate(lower[1:], start=1):
        if word in lexicon().prepositions and word not in {"inside", "outside", "over", "under", "on", "up"}:
            return lower[:index]
        if word in {"on", "over", "under"} and index + 1 < len(lower) and not is_part_noun(lower[index + 1]):
            return lower[:index]
    return lower


def _head(words: Sequence[str]) -> str:
    lower = [word.lower() for word in words]
    relative = next((index for index, word in enumerate(lower) if word in _RELATIVES), len(lower))
    return _before_preposition(lower[:relative] or lower)[-1]


def _number(words: Sequence[str], head: str) -> Number:
    """Plural for "ribbed cuffs and waistband" and "2 pockets"; mass for "moisture protection"."""
    core = [word.lower() for word in _before_preposition([word.lower() for word in words])]
    if "and" in core or "&" in core:
        return "plural"
    number = number_of(head)
    if (
        number == "singular"
        and not is_part_noun(head)
        and head.endswith(_MASS_ENDINGS)
        and (not lemmas(head) or "NOUN" in lemmas(head))
    ):
        return "mass"
    return number
