"""Inflections of forbidden words, and the same inflection of what replaces them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

VERB_TAGS = ("VB", "VBP", "VBZ", "VBD", "VBN", "VBG")
_LAST_TAGS = ("NN", "NNS", "JJ", "JJR", "JJS", "RB", "RBR", "RBS")
_HOW_MUCH = {"JJR": "more", "JJS": "most", "RBR": "more", "RBS": "most"}
_BASE = {"VB", "VBP", "NN", "JJ", "RB"}
_BE_AND_HAVE = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "having",
        "get",
        "gets",
        "got",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
    }
)
_SUBJECTS = frozenset({"i", "you", "he", "she", "it", "we", "they", "who", "which", "that"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a phrase may stand in a text, in lower case, and the tags (Penn Treebank) that it may have."""

    words: str
    tags: tuple[str, ...]


@lru_cache(maxsize=4096)
def forms_of(phrase: str) -> tuple[Form, ...]:
    """A phrase as it is, and its inflections where it is a base form: of a verb at its start, of a noun or adjective at its end.

    "utilise" has "utilised", "cheap" "cheapest", "take advantage" "took advantage"; "introducing", itself an inflection, has none.
    """
    words = phrase.lower().split()
    found: dict[str, dict[str, None]] = {" ".join(words): {}}
    for at, tags in ((0, VERB_TAGS), (len(words) - 1, _LAST_TAGS)):
        for tag, inflected in _inflections(words[at], tags):
            whole = " ".join([*words[:at], inflected, *words[at + 1 :]])
            found.setdefault(whole, {})[tag] = None
    return tuple(Form(whole, tuple(tags)) for whole, tags in found.items())


def inflected_like(replacement: str, tags: Iterable[str], before: str, *, base: bool) -> str | None:
    """`replacement` with the inflection that a phrase had; None where it cannot be told or has no such form.

    `tags`: those that the phrase's form may have; `before`: the word before it, which tells "has chosen" from "chose";
    `base`: whether the form is the phrase as it was given.
    """
    words = replacement.split()
    if base or not words:
        return replacement or None
    made: dict[str, None] = {}
    for tag in _likely(tuple(tags), before.lower()):
        found = _inflect(words, tag)
        if found is None:
            return None
        made[found] = None
    return next(iter(made)) if len(made) == 1 else None


def _likely(tags: tuple[str, ...], before: str) -> tuple[str, ...]:
    """Of a form that may be several, the ones that the word before it leaves."""
    if {"VBD", "VBN"} <= set(tags):
        if before in _BE_AND_HAVE or before.endswith("ly"):
            return ("VBN",)
        if before in _SUBJECTS:
            return ("VBD",)
    return tags


def _inflect(words: list[str], tag: str) -> str | None:
    if tag in _BASE:
        return " ".join(words)
    at = 0 if tag in VERB_TAGS else len(words) - 1
    known = dict(_inflections(words[at].lower(), VERB_TAGS if tag in VERB_TAGS else _LAST_TAGS))
    if tag in known:
        return " ".join([*words[:at], known[tag], *words[at + 1 :]])
    if tag in _HOW_MUCH and {"JJ", "RB"} & known.keys():
        return " ".join([_HOW_MUCH[tag], *words])
    return None


@lru_cache(maxsize=8192)
def _inflections(word: str, tags: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(tag, form) of a base form, of the sorts that `tags` name; () for a word that is itself an inflection or unknown."""
    if not word.isalpha():
        return ()
    from lemminflect import getAllInflections, getAllLemmas  # noqa: PLC0415 - loads a dictionary

    lemmas: Mapping[str, tuple[str, ...]] = getAllLemmas(word)
    if not lemmas or all(word not in found for found in lemmas.values()):
        return ()
    found: dict[str, str] = {}
    for tag, words in getAllInflections(word).items():
        if tag in tags and words:
            found[tag] = str(words[0])
    if "VBD" in found:  # the dictionary leaves out what is regular
        found.setdefault("VBN", found["VBD"])
    return tuple(found.items())
