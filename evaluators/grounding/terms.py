"""The words of a text as the check compares them: one spelling, one base form, one stem."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from evaluators.grounding.vocabulary import load
from seo.language.stems import stem
from seo.language.tokens import words

NUMBER_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip

# Prefixes that make one word with what follows their hyphen: "non-slip" is no slipping at all.
_PREFIXES = frozenset({"non", "anti", "un", "pre", "re", "de", "dis", "co", "e", "t", "x", "v"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ISE = re.compile(r"(?<=\w{3})is(ation|ations|e|ed|es|ing|er|ers)$")
_SPLIT = re.compile(r"[-‐‑]")
_BREAK = re.compile(r"[,;:.()!?|/]")
# What is told apart by single letters.
_CLASSES = frozenset(
    {
        "class",
        "type",
        "grade",
        "vitamin",
        "size",
        "category",
        "group",
        "level",
        "rating",
        "model",
        "hepatitis",
        "plan",
    }
)
_PLURAL_CAPITALS = re.compile(r"[A-Z]{2,}s")  # "PCs"
_TIGHT_LIST = re.compile(r"[^\s,]+(?:,[^\s,]+){2,}")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COMMA_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_]),(?=\d)")
_POINT = re.compile(r"(?<=\d)_(?=\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_/]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or one part of a hyphenated word, with its offsets in the text it was read from.

    `key` is lower case, American spelling, base form of irregular words; `stem` is what is compared, a number's
    digits for numbers and number words, the capital for a letter that is a value. `gap` is what stands between the term before and this one: "-" inside a
    hyphenated word, "" at the beginning.
    """

    text: str
    start: int
    end: int
    key: str
    stem: str
    gap: str

    @property
    def glued(self) -> bool:
        """Whether a hyphen joins it to the term before."""
        return self.gap in {"-", "‐", "‑"}

    @property
    def is_letter(self) -> bool:
        """Whether it is a single letter that is a value: "class A"."""
        return len(self.stem) == 1 and self.stem.isupper()

    @property
    def is_number(self) -> bool:
        """Whether it is digits or a number word."""
        return self.stem[:1].isdigit() and _NUMBER.fullmatch(self.stem) is not None

    @property
    def is_code(self) -> bool:
        """Whether it mixes letters and digits, as model names do ("D125", "i5", "1080p")."""
        return any(c.isdigit() for c in self.key) and any(c.isalpha() for c in self.key)


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[Term, ...]:
    """Read a text (a sentence, a value) into terms. Hyphenated words come apart, save after "non-", "anti-" …."""
    found: list[Term] = []
    previous_end = 0
    for word in words(text):
        end = word.end
        while end < len(text) and text[end] == "+" and end - word.end < 3:  # A+, A+++, C++
            end += 1
        begin = word.start
        for piece, start, stop in _pieces(text[word.start : end]):
            gap = text[previous_end : begin + start] if found else ""
            key, stemmed = normal(piece)
            found.append(Term(piece, begin + start, begin + stop, key, stemmed, gap))
            previous_end = begin + stop
    return tuple(
        [
            replace(term, stem=term.text.upper()) if len(term.text) == 1 and _is_letter(found, i) else term
            for i, term in enumerate(found)
        ]
    )


def _is_letter(terms: Sequence[Term], i: int) -> bool:
    """Whether a single letter is a value ("class A", "vitamin C", "USB-C", "size M"), not an article or a pronoun.

    Such a letter has the capital as its stem, which no word has.
    """
    text = terms[i].text
    if not text.isascii() or not text.isalpha():
        return False
    before = terms[i - 1] if i and not _BREAK.search(terms[i].gap) else None
    following = terms[i + 1] if i + 1 < len(terms) else None
    is_last = following is None or bool(_BREAK.search(following.gap))
    if len(terms) == 1 or (before is not None and terms[i].glued):
        return True
    if before is not None and before.key.removesuffix("s") in _CLASSES and not _opens_code(following):
        return text.isupper() or text not in "ai" or is_last
    if not text.isupper() or text == "I" or (following is not None and following.glued):
        return False
    if text == "X":
        return not (before is not None and before.is_number)
    return text != "A" or is_last


def _opens_code(following: Term | None) -> bool:
    """Whether a letter belongs to the capitals behind its hyphen: "type W-LED"."""
    return following is not None and following.glued and following.text.isupper() and len(following.text) > 1


def spaced(value: str) -> str:
    """A value with spaces behind the commas of its list: "0,1,JBOD" holds no number "0,1"; "1,000" is one."""
    if "," not in value:
        return value
    if _TIGHT_LIST.fullmatch(value) and not _THOUSANDS.fullmatch(value):
        return value.replace(",", ", ")
    return _COMMA_BEFORE_DIGIT.sub(", ", value)


def name_terms(name: str) -> tuple[Term, ...]:
    """Terms of an attribute's name: "hasUsbPort" and "has_usb_port" read as words."""
    return terms(spoken_name(name))


def spoken_name(name: str) -> str:
    """An attribute's name as words; "usb_2_0_ports" had a decimal point once."""
    return _CAMEL.sub(" ", _POINT.sub(".", name))


@lru_cache(maxsize=65_536)
def normal(word: str) -> tuple[str, str]:
    """The key and the stem of one word."""
    word = word[:-1] if _PLURAL_CAPITALS.fullmatch(word) else word
    key = word.lower().replace("’", "'").replace("-", "")
    key = key.removesuffix("'s").rstrip("'")
    for british, american in (("colour", "color"), ("grey", "gray"), ("fibre", "fiber")):
        key = key.replace(british, american)  # inside words too: "greyscale", "microfibre"
    key = _ISE.sub(r"iz\1", key)  # British "-ise"; "promise" changes too, but on both sides
    spelling = _spelling()
    key = spelling.get(key, key)
    key = spelling.get(key, key)  # British and irregular at once: "moulds"
    if key in NUMBER_WORDS:
        return key, NUMBER_WORDS[key]
    if key[:1].isdigit():
        return key, key.replace(",", "") if _NUMBER.fullmatch(key) else key
    return key, stem(key)


@cache
def _spelling() -> Mapping[str, str]:
    """British and irregular forms → the one that is compared."""
    return dict(pair.split(":") for text in load("spelling").values() for pair in text.split())


def _pieces(word: str) -> list[tuple[str, int, int]]:
    if word.isalnum():  # most are
        return [(word, 0, len(word))]
    cuts = [match.start() for match in _SPLIT.finditer(word)]
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for cut in [*cuts, len(word)]:
        if word[start:cut].lower() in _PREFIXES and cut < len(word):
            continue
        pieces.append((word[start:cut], start, cut))
        start = cut + 1
    return [piece for piece in pieces if piece[0]]
