"""Numbers of nouns and forms of verbs.

Rules and the exceptions of `english.yaml` answer for nearly every word in microseconds. Words whose ending leaves
the plural open ("-f", "-o", "-is", "-us", "-um", …) and verbs go to lemminflect's dictionary, which is loaded on first
need (0.3 s; the writer's lexicon uses it anyway). inflect would answer the same questions, but its import takes
1–3 s, and its rules say nothing that rules and dictionary together do not; tests compare the two.
"""

import re
from functools import lru_cache

from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.lexicon import lexicon

_OPEN_PLURAL = re.compile(r"(?:f|fe|o|is|us|um|a|ix|ex|eau|i)$")
_PHRASE_HEAD = re.compile(r" (?:of|for|with|without|in|on|to|from|by|at|per) ")
_VOWELS = "aeiou"
_MEN = re.compile(r"(?<![aiouy])men$")
"""Plurals like "firemen"; "specimen", "lumen" and "stamen" have another vowel there."""


@lru_cache(maxsize=8192)
def plural(noun: str) -> str:
    """The plural of a noun or noun phrase ("shelf" → "shelves", "pair of socks" → "pairs of socks", "TV" → "TVs").

    Nouns that are plural already or are never counted come back unchanged, capitals stay.
    """
    head, rest = _split_head(noun)
    lower = head.lower()
    data = english()
    if not head or not head[-1].isalpha() or lower in data.unchanged | data.always_plural | data.uncounted:
        return noun
    if lower in data.singulars:
        return noun
    if lower in data.plurals:
        changed = data.plurals[lower]
    elif head.isupper() and len(head) > 1:
        return f"{_before(noun, head, rest)}{head}s{rest}"
    elif _MEN.search(lower) or _seems_plural(lower):
        return noun
    else:
        changed = _compound_plural(lower) or _regular_plural(lower)
    return f"{_before(noun, head, rest)}{_match_case(changed, head)}{rest}"


@lru_cache(maxsize=8192)
def singular(noun: str) -> str:
    """The singular of a noun or noun phrase ("leaves" → "leaf", "hoodies" → "hoodie", "trousers" → "trousers")."""
    head, rest = _split_head(noun)
    lower = head.lower()
    data = english()
    if lower in data.unchanged | data.always_plural or not head:
        return noun
    if head.endswith("s") and head[:-1].isupper() and len(head) > len("As"):
        return f"{_before(noun, head, rest)}{head[:-1]}{rest}"
    if lower in data.singulars:
        changed = data.singulars[lower]
    elif lower in data.plurals or not _seems_plural(lower):
        changed = lower[:-3] + "man" if _MEN.search(lower) else lower
    else:
        changed = _compound_singular(lower) or _regular_singular(lower)
    return noun if changed == lower else f"{_before(noun, head, rest)}{_match_case(changed, head)}{rest}"


def is_plural(noun: str) -> bool:
    """Whether a noun or noun phrase is grammatically plural ("trousers", "hoodies"; not "lens", not "cotton")."""
    head, _ = _split_head(noun)
    lower = head.lower()
    data = english()
    if lower in data.always_plural or lower in data.singulars:
        return True
    return lower not in data.unchanged and singular(head) != head


def is_pair(noun: str) -> bool:
    """Whether a good exists in the plural only, so that it is counted in pairs or pieces ("trousers", "scissors")."""
    return _split_head(noun)[0].lower() in english().always_plural


def is_uncounted(noun: str) -> bool:
    """Whether a noun takes neither article nor plural ("cotton", "clothing")."""
    return _split_head(noun)[0].lower() in english().uncounted


@lru_cache(maxsize=2048)
def third_person(verb: str) -> str:
    """Present, third person: "wash" → "washes", "be" → "is"."""
    return _inflected(verb, "VBZ", verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"))


@lru_cache(maxsize=2048)
def past_participle(verb: str) -> str:
    """Past participle: "make" → "made", "knit" → "knitted" or what the dictionary puts first."""
    return _inflected(verb, "VBN", verb + ("d" if verb.endswith("e") else "ed"))


@lru_cache(maxsize=2048)
def gerund(verb: str) -> str:
    """Gerund: "make" → "making", "run" → "running"."""
    return _inflected(verb, "VBG", (verb[:-1] if verb.endswith("e") and len(verb) > 1 else verb) + "ing")


def _inflected(verb: str, tag: str, otherwise: str) -> str:
    from lemminflect import getInflection  # noqa: PLC0415 - loads its tables on first use

    forms = getInflection(verb, tag=tag) if verb.isalpha() else ()
    return forms[0] if forms else otherwise


def _split_head(noun: str) -> tuple[str, str]:
    """The word that carries the number, and everything behind it."""
    found = _PHRASE_HEAD.search(noun)
    core, rest = (noun[: found.start()], noun[found.start() :]) if found else (noun, "")
    core_stripped = core.rstrip()
    last = re.search(r"[^\W_]+(?:['’][^\W_]+)*$", core_stripped)
    return (last.group(), core[len(core_stripped) :] + rest) if last else ("", noun)


def _before(noun: str, head: str, rest: str) -> str:
    return noun[: len(noun) - len(rest) - len(head)]


def _match_case(word: str, model: str) -> str:
    if model.isupper() and len(model) > 1:
        return word.upper()
    if any(letter.isupper() for letter in model[1:]):  # "DisplayPorts"
        alike = next((i for i, (a, b) in enumerate(zip(word, model.lower(), strict=False)) if a != b), None)
        same = min(len(word), len(model)) if alike is None else alike
        return model[:same] + word[same:]
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _compound_plural(word: str) -> str | None:
    """The plural of a compound by its last member ("bookshelf" like "shelf", "sportsman" like "man")."""
    for ending in (
        "shelf",
        "leaf",
        "knife",
        "half",
        "scarf",
        "wife",
        "man",
        "woman",
        "foot",
        "tooth",
        "mouse",
        "child",
    ):
        if (
            word.endswith(ending)
            and len(word) > len(ending) + 1
            and word not in {"human", "german", "roman", "talisman"}
        ):
            return word[: -len(ending)] + english().plurals[ending]
    return None


def _compound_singular(word: str) -> str | None:
    for ending in ("shelves", "leaves", "knives", "scarves"):
        if word.endswith(ending):
            return word[: -len(ending)] + english().singulars[ending]
    return None


def _regular_plural(word: str) -> str:
    if _OPEN_PLURAL.search(word):
        from lemminflect import getInflection  # noqa: PLC0415 - loads its tables on first use

        forms = getInflection(word, tag="NNS", inflect_oov=False) if word.isascii() and word.isalpha() else ()
        if forms:
            return str(forms[0])
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _seems_plural(word: str) -> bool:
    """Whether the ending is a plural's. Words in -ss, -us, -is and those the lexicon knows in -s are none."""
    known_singular = word in _singular_in_s() or word in english().plurals or word in english().uncounted
    shortest = 3
    return (
        len(word) > shortest
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "ous", "'s", "’s"))
        and not known_singular
    )


def _singular_in_s() -> frozenset[str]:
    return lexicon().singular_in_s


def _regular_singular(word: str) -> str:
    if word.endswith("ies"):
        short_pie = 4
        return word[:-1] if len(word) <= short_pie else word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-1] if word in {"aches", "caches", "axes", "psyches"} else word[:-2]
    if word.endswith(("uses", "ises", "ases", "nses")) and word[:-2] in _singular_in_s():
        return word[:-2]
    if word.endswith("oes") and word not in {"shoes", "toes", "canoes", "oboes"}:
        return word[:-2]
    return word[:-1]
