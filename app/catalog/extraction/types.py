"""What kind of thing a product is: the noun that its title, type column or shelf gives it."""

import re
from functools import cache, lru_cache

from app.catalog.extraction.vocabulary import Phrases, singular, table, terms, tokens

# What comes after these belongs to another thing ("case for iPhone", "mug with lid", "duvet cover in linen").
_HEAD_END = re.compile(
    r"\s+(?:for|with|w/|without|in|by|from|inkl|incl|including|made|to|plus|à|avec|mit|für|per|con|para)\b|[,(|/:;–—]|\s-\s",
    re.IGNORECASE,
)
_LEAF_PARTS = re.compile(r"\s*(?:&|/|,|\+|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_KITS = frozenset(
    {"kit", "set", "bundle", "holder", "stand"}
)  # these make another thing of the noun before them
_PLATFORM = frozenset({"simple", "configurable", "bundle", "grouped", "virtual", "downloadable", "variable", "variation", "external"})  # fmt: skip


@cache
def _types() -> Phrases:
    lists = {
        key: terms(text) for key, text in table("types.yaml").items() if key not in ("not_types", "part_like")
    }
    plurals = lists.pop("always_plural")
    entries = [(noun, noun) for noun in plurals]
    entries += [(_as_singular(noun), noun) for noun in plurals if _as_singular(noun) != noun]
    entries += [(noun, noun) for nouns in lists.values() for noun in nouns if (noun + "s") not in plurals]
    return Phrases(entries)


@cache
def _generic() -> frozenset[str]:
    """Nouns that say little by themselves: any other noun of the title is better."""
    return frozenset(terms(table("types.yaml")["generic"]))


@cache
def _not_types() -> frozenset[str]:
    return frozenset(terms(table("types.yaml")["not_types"]))


def _as_singular(phrase: str) -> str:
    head, _, last = phrase.rpartition(" ")
    return f"{head} {last.removesuffix('s')}".strip()


@lru_cache(maxsize=16384)
def type_in_title(title: str) -> str | None:
    """The type noun of a title: the last one before a preposition or comma, else the last anywhere."""
    head = _HEAD_END.split(title, maxsplit=1)[0]
    inside = _last_type(tokens(head))
    if inside and inside not in _generic():
        return inside
    anywhere = _last_type(tokens(title))
    return inside or anywhere


@lru_cache(maxsize=4096)
def as_type(value: str) -> str | None:
    """Read a type column ("Hoodies", "Home > Dresses > Maxi Dresses"): a type noun, or None ("Original", "simple")."""
    leaf = re.split(r"\s*[>/|]\s*", value.strip())[-1]
    if leaf.lower() in _PLATFORM:
        return None
    words = tokens(leaf)
    found = _last_type(words)
    if found is not None and _ends_with(words, found):
        own = " ".join((*words[:-1], singular(words[-1]))) if words else found
        return own if len(words) <= 3 and found not in _types_plural() and "-" not in leaf else found
    return found


def type_of_leaf(leaf: str, title: str) -> str | None:
    """Read a shelf's name ("Hoodies & Sweatshirts"): the part that the title names, else its only part."""
    if leaf.lower() in _not_types():
        return None
    parts = [part for part in _LEAF_PARTS.split(leaf) if part]
    words = {singular(word) for word in tokens(title)}
    for part in parts:
        noun = _singular_phrase(part)
        if noun and set(tokens(noun)) <= words:
            return noun
    noun = _singular_phrase(leaf) if len(parts) == 1 and len(tokens(leaf)) <= 3 else ""
    # an unknown noun must at least be an English plural ("Theremins", not "Jacken")
    known = noun and (_last_type(tokens(leaf)) is not None or leaf.lower().endswith("s"))
    return noun if known else None


def _singular_phrase(phrase: str) -> str:
    known = _last_type(tokens(phrase))
    if known and _ends_with(tokens(phrase), known):
        return known
    words = phrase.lower().split()
    return " ".join((*words[:-1], singular(words[-1]))) if words else ""


@cache
def _types_plural() -> frozenset[str]:
    return frozenset(terms(table("types.yaml")["always_plural"]))


def _last_type(words: tuple[str, ...]) -> str | None:
    """The last type noun of the words, the longest that ends there; a generic one only if there is no other."""
    plain = tuple(map(singular, words))
    hits = {(start, end): noun for start, end, noun in (*_types().find(words), *_types().find(plain))}
    # "1 pc", "2 set": the unit of a count, no thing
    hits = {span: noun for span, noun in hits.items() if span[0] == 0 or not words[span[0] - 1].isdigit()}
    if not hits:
        return None
    best = max(hits, key=lambda span: (hits[span] not in _generic(), span[1], span[1] - span[0]))
    following = next((noun for span, noun in hits.items() if span[0] == best[1] and noun in _KITS), None)
    return f"{hits[best]} {following}" if following else hits[best]


def _ends_with(words: tuple[str, ...], noun: str) -> bool:
    return tuple(map(singular, words))[-1:] == tuple(map(singular, tokens(noun)))[-1:]


@lru_cache(maxsize=16384)
def ends_in_type(text: str) -> bool:
    """Whether the head of a phrase is a thing one could sell ("Full zip black hoodie pullover with green trim")."""
    words = tokens(_HEAD_END.split(text, maxsplit=1)[0])
    noun = _last_type(words)
    return (
        noun is not None and noun not in _generic() and noun not in _part_like() and _ends_with(words, noun)
    )


@lru_cache(maxsize=16384)
def headed_by(text: str, noun: str | None) -> bool:
    """Whether the head of a phrase is the product's own type noun."""
    return noun is not None and _ends_with(tokens(_HEAD_END.split(text, maxsplit=1)[0]), noun)


def names_product(words: tuple[str, ...], about: frozenset[str] | None = None) -> bool:
    """Whether words begin with a thing one could sell ("duffle in nylon", "fitness tee") that is called by `about`."""
    plain = tuple(map(singular, words))
    for run in (words, plain):
        for index in range(min(2, len(run))):
            hit = _types().at(run, index)
            if (
                hit
                and hit[0] not in _part_like()
                and (about is None or singular(run[index + hit[1] - 1]) in about)
            ):
                return True
    return False


@cache
def _part_like() -> frozenset[str]:
    """Things that are as often a part of another thing: "fold-down collar", "mesh brief", "wide brim hat" is not one."""
    return frozenset(terms(table("types.yaml")["part_like"]))
