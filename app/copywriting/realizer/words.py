"""Parts of speech of single words and the heads of phrases, from a dictionary, endings and the lexicon."""

import re
from functools import cache, lru_cache

from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Number
from retrieval.attributes import family_of
from seo.language.stems import stem

_PARTICLES = frozenset({"off", "on", "up", "out", "in", "down", "over", "away", "only"})
_ENDINGS = ("less", "proof", "free", "able", "ful", "wear", "ware", "board", "guard")
_MASS_ENDINGS = ("wear", "ware")
"""As in "footwear", "cookware"."""
_PLURALS = frozenset({"contents", "dimensions", "specifications", "instructions", "proceeds"})
"""Plurals that a dictionary lists as words of their own."""
_WORD = re.compile(r"[^\W_]+(?:[-'’./&+][^\W_]+)*[®™©%+]*")


@lru_cache(maxsize=32_768)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a fragment, with inner hyphens and slashes kept."""
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=16_384)
def stems_in(text: str) -> frozenset[str]:
    """The stems of a fragment's words."""
    return frozenset(map(stem, tokens(text)))


@lru_cache(maxsize=65_536)
def lemmas(word: str) -> dict[str, tuple[str, ...]]:
    """Universal part-of-speech tag → lemmas, {} for a word that the dictionary does not know."""
    from lemminflect import getAllLemmas  # noqa: PLC0415 - loads its tables on first use

    found: dict[str, tuple[str, ...]] = getAllLemmas(word.lower())
    return found


@lru_cache(maxsize=16_384)
def is_adjective(word: str) -> bool:
    """Whether a word standing last in a fragment makes it an adjective ("waterproof", "padded", "quick-drying")."""
    lower = word.lower()
    known = lexicon()
    if lower in known.adjectives or lower in known.adjective_endings:
        return True
    if is_part_noun(lower) or lower in known.mass_nouns:
        return False
    last = lower.rsplit("-", 1)[-1]
    if "-" in lower and (
        last in known.adjective_endings
        or last in known.adjectives
        or lower.startswith(("non-", "anti-", "pre-"))
        or last.endswith("ing")
    ):
        return True
    tags = lemmas(last)
    if "NOUN" in tags or last in _PARTICLES:
        return False
    if not tags and last.endswith(("able", "ible", "less", "proof", "ed")):
        return True
    return "ADJ" in tags or ("VERB" in tags and last.endswith(("ed", "en", "wn")))


@lru_cache(maxsize=16_384)
def is_part_noun(word: str) -> bool:
    """Whether a word names a part of a product, in either number."""
    lower = word.lower()
    return lower in lexicon().part_nouns or singular_form(lower) in lexicon().part_nouns


@lru_cache(maxsize=16_384)
def singular_form(word: str) -> str:
    """The dictionary's singular of a noun; the word itself where it is none or has no other singular."""
    lower = word.lower()
    if lower in lexicon().singular_in_s or lower in lexicon().plural_goods:
        return lower
    known = lemmas(lower).get("NOUN", ())
    if known:
        return known[0] if lower not in known else lower
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ous")) and len(lower) > 3:  # "gas"
        return _strip_s(lower)
    return lower


def _strip_s(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=16_384)
def number_of(head: str) -> Number:
    """The grammatical number of a noun: "pockets" plural, "pocket" singular, "cotton" mass."""
    lower = head.lower()
    known = lexicon()
    if lower in known.plural_goods or lower in _PLURALS:
        return "plural"
    if lower in known.mass_nouns or (lower.endswith(_MASS_ENDINGS) and lower not in _MASS_ENDINGS):
        return "mass"
    if lower in known.singular_in_s:
        return "singular"
    if singular_form(lower) != lower:
        return "plural"
    return "mass" if not is_part_noun(lower) and _is_doing_or_being(lower) else "singular"


def _is_doing_or_being(lower: str) -> bool:
    """As in "scanning", "compatibility": what takes no article."""
    if lower in lexicon().counted_in_ing:
        return False
    doing = lower.endswith("ing") and lemmas(lower).get("VERB", (lower,))[0] != lower
    return doing or lower.endswith(("ibility", "ability", "ness"))


@cache
def _known_pieces() -> frozenset[str]:
    """Short forms that no dictionary lists and attribute names are glued from."""
    return frozenset(
        {
            "usb",
            "hdmi",
            "lan",
            "led",
            "lcd",
            "oled",
            "cpu",
            "gpu",
            "ram",
            "ssd",
            "hdd",
            "wifi",
            "eco",
            "dpi",
            "rpm",
            "pc",
            "tv",
            "is",
            "has",
            "for",
            "of",
            "to",
            "no",
            "max",
            "min",
        }
    )


@lru_cache(maxsize=4096)
def unglue(word: str) -> str:
    """Split a glued attribute name into words: "batteryrating" → "battery rating"; a known word stays whole.

    The fewest words that the dictionary knows win; names that cannot be split stay as they are.
    """
    lower = word.lower()
    shortest_glued = 7
    if len(lower) < shortest_glued or not lower.isalpha() or lemmas(lower) or _is_word(lower):
        return word
    best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    for end in range(1, len(lower) + 1):
        for start in range(max(0, end - 16), end):
            piece = lower[start:end]
            if start in best and _is_piece(piece):
                pieces = (*best[start][1], piece)
                cost = best[start][0] + 30 - len(piece) * len(piece) // 4
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, pieces)
    return " ".join(best[len(lower)][1]) if len(lower) in best else word


def _is_word(lower: str) -> bool:
    """Whether a word that the dictionary lacks is one all the same ("touchscreen")."""
    known = lexicon()
    family = family_of(lower)
    if any(lower.endswith(ending) and lemmas(lower.removesuffix(ending)) for ending in _ENDINGS):
        return True
    return lower in known.adjectives or is_part_noun(lower) or (family is not None and family.name == lower)


def _is_piece(piece: str) -> bool:
    short = 3
    return piece in _known_pieces() or (len(piece) > short and bool(lemmas(piece)))
