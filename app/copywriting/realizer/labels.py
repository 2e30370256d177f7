"""Attribute names as words: "has_usb_port" and "usb2PortsQuantity" to what a sentence can say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, singular_form, unglue
from retrieval.attributes import family_of
from retrieval.facts import Fact
from retrieval.units import unit_named

LabelShape = Literal[
    "noun", "is", "has", "verb", "adjective", "for", "supported", "included", "integrated", "required"
]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d{2})")
_EXPLAINED = re.compile(r"__[a-z0-9]+(?:_[a-z0-9]+)*(?:__(?=[a-z])|_+$)", re.IGNORECASE)
"""What an export makes of brackets: "vga__d_sub__ports", "operating_temperature__t_t_"."""
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NO_LABEL = frozenset({"", "feature", "features", "description", "short description", "bullet", "highlights"})
_COUNT_WORDS = re.compile(
    r"^(?:total )?(?:number|no|amount|quantity|count) of |^(?:number|quantity) (?!per|of)| (?:quantity|count|qty|number)$",
    re.IGNORECASE,
)
_VOWELS = frozenset("aeiouy")
_CLIPPED = frozenset({"pcs", "qty", "pkg", "hrs", "lbs", "max", "min", "mrs", "wxh", "wxd", "lxw", "hxw", "std", "pkt", "ctn", "bnd", "mtr", "mtrs", "sht", "grn", "blk", "wht"})  # fmt: skip
"""Words cut short, which capitals would not explain."""
_BEHIND_HEADS = frozenset({"for", "of", "per", "with", "in", "on"})
_NOUNS_TOO = frozenset(
    {"in", "on", "up", "inside", "outside", "over", "under", "after", "before", "through", "per"}
)
"""Prepositions that end a name for other reasons: "built in", "plug in", "the inside"."""
_BOUNDS = {"maximum": "up to", "max": "up to", "minimum": "at least", "min": "at least"}
_ENDINGS: Mapping[str, LabelShape] = {
    "supported": "supported", "support": "supported", "included": "included", "provided": "included",
    "integrated": "integrated", "required": "required",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """An attribute's name read as English.

    `text` is the words in mid-sentence case, as a noun phrase ("supported disc types"). `shape` tells what a yes would
    mean: noun ("touchscreen": it has one), has ("has USB port"), is ("is waterproof"), for ("is for business
    computing"), verb ("supports HDR"), adjective ("energy star certified"), supported ("flow control support"),
    included ("batteries included"), integrated ("card reader integrated"). `core` is the name without the words that
    make the shape, or without "number of" where it counts; `bound` is "up to" or "at least" for the most or fewest.
    """

    text: str
    core: str
    shape: LabelShape
    counts: bool = False
    bound: str = ""


@lru_cache(maxsize=4096)
def label_of(name: str) -> Label:
    """Read an attribute's name, in any of the spellings that shops use."""
    words = _words(name)
    text = spell_label(" ".join(words))
    if len(words) > 1:
        shaped = _opening(text, words) or _ending(words)
        if shaped is not None:
            return shaped
    bound, plain = _bound(text)
    core = _COUNT_WORDS.sub("", plain)
    if core != plain or _is_countable(core):
        return Label(text, spell_label(core), "noun", counts=True, bound=bound if core != plain else "")
    last = words[-1].lower() if words else ""
    easy = len(words) > 1 and words[1].lower() == "to" and is_adjective(words[0])
    adjective = easy or is_adjective(last) or (len(words) > 1 and last.endswith("ed"))
    adjective = adjective and not is_abbreviation(last)  # an LED has led nobody
    return Label(text, text, "adjective" if adjective else "noun")


def _opening(text: str, words: Sequence[str]) -> Label | None:
    """Names that begin like a sentence: "has …", "is …", "is for …", "supports …"."""
    first, rest = words[0].lower(), spell_label(" ".join(words[1:]))
    if first in {"has", "have", "with", "includes", "including"}:
        return Label(rest, rest, "has")
    if "for" in (first, words[1].lower()) and first in {"is", "are", "for"}:
        after = spell_label(" ".join(words[[word.lower() for word in words].index("for") + 1 :]))
        return Label(text, after, "for")
    if first in {"is", "are"}:
        return Label(rest, rest, "is")
    return Label(text, rest, "verb") if first in lexicon().verbs | {"supports", "allows"} else None


def _ending(words: Sequence[str]) -> Label | None:
    """Names that end in what is done with the thing: "… supported", "… included", "… integrated"."""
    last, core = words[-1].lower(), spell_label(" ".join(words[:-1]))
    shape = _ENDINGS.get(last)
    if shape is None:
        return None
    return Label(f"{core} {last}" if last == "support" else f"{last} {core}", core, shape)


def opens(label: str) -> bool:
    """Whether a name ends in a preposition, so that its value goes on with it: "component for", "compatible with"."""
    head, _, last = label.rpartition(" ")
    return bool(head) and last.lower() in lexicon().prepositions and last.lower() not in _NOUNS_TOO


def _bound(text: str) -> tuple[str, str]:
    """As in "maximum number of players" → "up to", "number of players"."""
    first, _, rest = text.partition(" ")
    bound = _BOUNDS.get(first.lower(), "")
    return (bound, rest) if bound and rest else ("", text)


def label_of_fact(fact: Fact) -> Label:
    """Name a fact's attribute by its family, so that no "Farbe" and no "style_general" shows.

    The shop's own name stays where no family knows it, where it names the part or says "is" and "has", and where it
    is another English word for the thing ("Volume", "Runtime").
    """
    return label_under(fact.name, fact.label)


@lru_cache(maxsize=8192)
def label_under(name: str, label: str) -> Label:
    """The same for an attribute's name and the shop's own spelling of it."""
    family = family_of(name)
    own = label_of(label) if label.lower() not in _NO_LABEL else None
    if own is not None and (
        family is None
        or is_part_noun(own.core.rsplit(" ", 1)[-1])
        or own.shape != "noun"
        or (own.counts and own.core.lower() != own.text.lower())
        or _says_it_better(own, family.name)
        or _says_more(own, family.name)
    ):
        return own
    return label_of(family.name if family else name)


def _says_it_better(own: Label, family: str) -> bool:
    """Whether a shop's name is English of its own ("Volume", of the family "capacity"), not the family's with a suffix."""
    words = own.text.lower().split()
    theirs = {singular_form(word) for word in family.split("_")}
    return all(bool(lemmas(word)) and singular_form(word) not in theirs for word in words)


def _says_more(own: Label, family: str) -> bool:
    """Whether a shop's name is about another thing than the family's countable: a "front camera resolution"."""
    theirs = label_of(family)
    return theirs.counts and not own.counts and {*theirs.text.lower().split()} < {*own.text.lower().split()}


def _words(name: str) -> list[str]:
    plain = _BRACKETS.sub("", _EXPLAINED.sub(" ", name)).replace("_", " ")
    plain = re.sub(r"(?<=\d) (?=\d{1,2}\b)", ".", plain)  # "6_35_mm", "usb_2_0"
    parts: list[str] = []
    for chunk in plain.split():
        for piece in _CAMEL.split(chunk) if not chunk.isupper() else [chunk]:
            parts.extend(unglue(piece).split())
    named = [part.strip(":,.") for part in parts if part.strip(":,.")]
    return named[:-1] if len(named) > 1 and named[-1] == "s" else named  # "handle(s)", flattened


@lru_cache(maxsize=8192)
def spell_label(text: str) -> str:
    """Mid-sentence case: lower, save abbreviations and the names that sentences keep."""
    known = lexicon()
    words = [
        word.upper() if is_abbreviation(word.lower()) else word if _is_name(word) else word.lower()
        for word in text.split()
    ]
    spelt = " ".join(words)
    for plain, right in known.spellings.items():
        spelt = re.sub(rf"\b{plain}\b", right, spelt, flags=re.IGNORECASE)
    return spelt


@lru_cache(maxsize=8192)
def is_abbreviation(lower: str) -> bool:
    """Whether a word that an export wrote in lower case is spelled in capitals: a listed one, or one nobody could speak.

    No vowel and in no dictionary: "fsb", "hdcp"; a unit ("kg", "rpm") keeps its own spelling.
    """
    if lower in lexicon().abbreviations:
        return True
    short, long = 3, 4
    unspoken = (
        lower.isascii() and lower.isalpha() and short <= len(lower) <= long and not set(lower) & _VOWELS
    )
    return unspoken and lower not in _CLIPPED and unit_named(lower) is None and not lemmas(lower)


def _is_name(word: str) -> bool:
    """Whether a word keeps its capitals: "iPhone", "LPDDR4x", "A4"."""
    inner = any(letter.isupper() for letter in word[1:]) and not word.isupper()
    return inner or (word.isupper() and (any(letter.isdigit() for letter in word) or not lemmas(word)))


def _is_countable(core: str) -> bool:
    """Whether the name of a bare number is a thing one counts: "HDMI port", "processor cores", "drawers"."""
    words = core.split()
    inner = next((i for i, word in enumerate(words) if i and word in _BEHIND_HEADS), len(words))
    words = words[:inner]  # an "input capacity for cards" is no card
    if not words:
        return False
    one = singular_form(words[-1])
    known = lexicon()
    return one in known.countables if one != words[-1].lower() else one in known.counted_in_singular
