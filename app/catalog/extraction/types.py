"""What kind of thing a product is: the noun that its title, type column or shelf gives it."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from app.catalog.extraction.vocabulary import Phrases, singular, table, terms, tokens

# What comes after these belongs to another thing ("case for iPhone", "mug with lid", "duvet cover in linen").
_HEAD_END = re.compile(
    r"\s+(?:for|with|w/|without|in|by|from|inkl|incl|including|made|to|plus|à|avec|mit|für|per|con|para)\b|[,|/:;–—]|\s[-(]\s?",
    re.IGNORECASE,
)
_LEAF_PARTS = re.compile(r"\s*(?:&|/|,|\+|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_COUNTED = frozenset({"pc", "set", "pack", "piece", "pair", "sheet"})
_SETS = frozenset({"set", "kit", "bundle"})
_BOTH = re.compile(r"\s+(?:&|and|und|\+)\s+", re.IGNORECASE)
_PLATFORM = frozenset({"simple", "configurable", "bundle", "grouped", "virtual", "downloadable", "variable", "variation", "external"})  # fmt: skip


_NO_NOUNS = frozenset({"not_types", "manners", "part_like", "compound_heads", "purposes", "works"})


@cache
def _types() -> Phrases:
    lists = {key: terms(text) for key, text in table("types.yaml").items() if key not in _NO_NOUNS}
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


@cache
def _manners() -> frozenset[str]:
    return frozenset(terms(table("types.yaml")["manners"]))


@cache
def _compound_heads() -> frozenset[str]:
    return frozenset(terms(table("types.yaml")["compound_heads"]))


@cache
def _purposes() -> frozenset[str]:
    return frozenset(terms(table("types.yaml")["purposes"]))


@cache
def _works() -> Phrases:
    rows: dict[str, str] = table("types.yaml")["works"]
    return Phrases((shelf, noun) for noun, shelves in rows.items() for shelf in terms(shelves))


def _as_singular(phrase: str) -> str:
    head, _, last = phrase.rpartition(" ")
    return f"{head} {last.removesuffix('s')}".strip()


@dataclass(frozen=True, slots=True)
class TitleNoun:
    """The type noun of a title.

    `sure`: the title's head ends in it ("Oak table"). `modifies`: it may only tell the sort of a plural behind it: "drum
    sticks" are no drum, "fish sticks" no fish.
    """

    noun: str
    sure: bool
    modifies: bool


# A number of three digits or more by itself: titles of one series that differ in it ("Field Jacket 1204") are read once.
_SERIAL = re.compile(r"(?<![^\s])\d{3,}(?![^\s])")


def noun_in_title(title: str) -> TitleNoun | None:
    """The type noun of a title: the last one before a preposition or comma, else the last anywhere."""
    found = _noun_in_title(_SERIAL.sub("000", title))
    return _noun_in_title(title) if found and "000" in found.noun else found


@lru_cache(maxsize=16384)
def _noun_in_title(title: str) -> TitleNoun | None:
    title = _without_compounds(title)
    head = _head(title)
    words = tokens(head)
    noun = _noun_in(title, head, words)
    if noun is None:
        return None
    sure = _ends_with(words, noun)
    return TitleNoun(noun, sure, modifies=not sure and _is_before_plural(words, noun))


def type_in_title(title: str) -> str | None:
    """The type noun of a title; None where it has none, or only one that may tell the sort of what follows."""
    found = noun_in_title(title)
    return found.noun if found and not found.modifies else None


def _noun_in(title: str, head: str, words: tuple[str, ...]) -> str | None:
    if "part" in title.lower():  # "printer/scanner spare part Roller"
        plain = f" {' '.join(map(singular, tokens(title)))} "
        dependent = next((noun for noun in ("spare part", "part accessory") if f" {noun} " in plain), None)
        if dependent:
            return dependent.replace("part accessory", "accessory")
    inside = _last_type(words)
    if inside and inside not in _generic():
        return _with_first(head, inside)
    return inside or (None if head == title else _last_type(tokens(title)))


def _is_before_plural(words: tuple[str, ...], noun: str) -> bool:
    """Whether the last of some words is a plural that is no list's, and the noun stands right before it."""
    if len(words) < 2 or words[-2] != tokens(noun)[-1]:
        return False
    last = words[-1]
    known = last in _not_types() or singular(last) in _manners() or singular(last) in _COUNTED
    return last.isalpha() and len(last) > 3 and singular(last) != last and not known


_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑\u00ad][^\W_]+)+")


def _without_compounds(title: str) -> str:
    """A title in which the inside of a hyphenated word is no thing: "free-range chicken" is no range, "drum-sticks" no drum."""
    return title if "-" not in title and title.isascii() else _COMPOUND.sub(_closed, title)


def _closed(compound: re.Match[str]) -> str:
    """A compound as one word, unless a thing's name is in it that ends with it or behind it.

    Such are "t-shirt", "all-in-one printer", "mini-HDMI cable", and "duo-lamp" where nothing follows. What ends in a
    number is a model ("Banner-1524").
    """
    words = tokens(compound.group().replace("\u00ad", ""))
    rest = compound.string[compound.end() :]
    ends = not re.match(r"\s+[^\W\d_]", rest) or _HEAD_END.match(rest) is not None
    run = (*words, *tokens(rest)[:3])
    named = range(len(words)) if ends else range(1)
    for form in (run, tuple(map(singular, run))):
        reach = [index + hit[1] if (hit := _types().at(form, index)) else 0 for index in range(len(words))]
        if max(reach) > len(words) or any(reach[index] == len(words) for index in named):
            return compound.group()
    if words[-1].isdigit() or _last_type(words) == " ".join((*words[:-1], singular(words[-1]))):
        return compound.group()
    return re.sub(r"[-‐‑\u00ad]", "", compound.group())


def _head(text: str) -> str:
    """A phrase up to what belongs to another thing."""
    end = _HEAD_END.search(text)
    return text[: end.start()] if end else text


def _with_first(head: str, last: str) -> str:
    """The noun of a head that names two things at once: "Ottoman & Storage Bench" is an ottoman and storage bench."""
    first, *rest = _BOTH.split(head)
    if (
        len(rest) != 1
        or len(tokens(rest[0])) > len(tokens(last)) + 1
        or not _ends_with(tokens(rest[0]), last)
    ):
        return last
    one, two = _last_type(tokens(first)), _last_type(tokens(rest[0]))
    if not one or not two or not _ends_with(tokens(first), one):
        return last
    words = tokens(rest[0])
    return " ".join((one, "and", *words[: max(len(words) - len(tokens(two)), 0)], two))


@lru_cache(maxsize=4096)
def work_on_shelf(path: tuple[str, ...]) -> str | None:
    """The noun for a work by the shelves that it stands on ("Books > Fantasy": book); None for other things.

    A shelf of another thing inside ("Books > Bookends"), or of accessories, holds no works.
    """
    if not path or path[-1].lower() in _not_types():
        return None
    for shelf in reversed(path):
        for part in _LEAF_PARTS.split(shelf):
            noun = _works().get(" ".join(map(singular, tokens(part))))
            if noun:
                # "Music > Guitars": only the innermost shelf tells music from instruments
                return noun if shelf is path[-1] or noun in ("book", "film", "video game") else None
        words = tokens(shelf)
        if _last_type(words) and singular(words[-1]) != words[-1]:  # "Guitars"; "Switch" is a platform
            return None
    return None


def is_work(noun: str) -> bool:
    """Whether a noun is one for works ("cookbook")."""
    return noun in table("types.yaml")["works"]


@lru_cache(maxsize=4096)
def as_type(value: str) -> str | None:
    """Read a type column ("Hoodies", "Home > Dresses > Maxi Dresses"): a type noun, or None ("Original", "simple")."""
    leaf = re.split(r"\s*[>/|]\s*", value.strip())[-1]
    if leaf.lower() in _PLATFORM:
        return None
    words = tokens(leaf)
    found = _last_type(words)
    if found is None:
        return None
    own = " ".join((*words[:-1], singular(words[-1])))
    if _ends_with(words, found):
        return own if len(words) <= 3 and found not in _types_plural() and "-" not in leaf else found
    # "DVD recorder", "Toy animals": the last word is the thing, though no list has it
    return own if _is_noun_phrase(leaf) else found


@lru_cache(maxsize=4096)
def unlisted_type(value: str) -> str | None:
    """Read a type column whose noun no list has ("Poultry", "Collectible figures"); None where it is clearly no thing.

    That are shelves ("Drinkware"), manners ("Original", "Freestanding"), codes ("AAA", "V.34") and the shop system's words.
    """
    leaf = re.split(r"\s*[>/|]\s*", value.strip())[-1]
    words = tokens(leaf)
    if "-" in leaf or not _is_noun_phrase(leaf) or _last_type(words) or words[-1].endswith(_COLLECTIVES):
        return None
    return " ".join((*words[:-1], singular(words[-1])))


_COLLECTIVES = ("ware", "wear", "ing", "care")
_MANNERS = (
    "ed",
    "able",
    "ible",
    "al",
    "ic",
    "ive",
    "ous",
    "ful",
    "less",
    "ant",
    "ary",
    "ly",
    "ish",
    "proof",
    "free",
)


def _is_noun_phrase(text: str) -> bool:
    """Whether a text may be the name of a thing: one to four plain words, the last no adjective, code or shelf."""
    words = tokens(text)
    if not 0 < len(words) <= 4 or not re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*", text) or text.isupper():
        return False
    last = words[-1]
    if len(last) < 3 or last.endswith(_MANNERS) or last in _manners():
        return False
    return text.lower() not in _not_types() | _PLATFORM and last not in _not_types()


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
    found = _types().find(words)
    if plain != words:
        found += _types().find(plain)
    hits = {(start, end): noun for start, end, noun in found}
    # "1 pc", "2 set": the unit of a count, no thing; "12 labels", "Class 4 Flash" are the thing only if nothing else is
    sure = {span: noun for span, noun in hits.items() if not _after_digits(words, span)}
    hits = sure or {span: noun for span, noun in hits.items() if noun not in _COUNTED}
    if not hits:
        return None
    generic = _generic()
    best = max(hits, key=lambda span: (hits[span] not in generic, span[1], span[1] - span[0]))
    last = next((span for span in hits if span[1] == len(words)), best)
    if last[0] > best[1] and hits[last] in _compound_heads() - _SETS:
        return hits[last]  # "cable management box": no cable
    noun = hits[best]
    before = next((n for span, n in hits.items() if span[1] == best[0]), None)
    if before and before != noun and noun in _compound_heads():  # "cable ties"
        noun = f"{before} {noun}"
    if best[0] and words[best[0] - 1] in _purposes() and not noun.startswith(words[best[0] - 1]):
        noun = f"{words[best[0] - 1]} {noun}"
    for following in plain[best[1] :]:
        if following not in _compound_heads() or noun.endswith(following):
            break
        noun = f"{noun} {following}"
    return noun


def _after_digits(words: tuple[str, ...], span: tuple[int, int]) -> bool:
    return span[0] > 0 and words[span[0] - 1].isdigit()


def _ends_with(words: tuple[str, ...], noun: str) -> bool:
    return tuple(map(singular, words))[-1:] == tuple(map(singular, tokens(noun)))[-1:]


@lru_cache(maxsize=16384)
def ends_in_type(text: str) -> bool:
    """Whether the head of a phrase is a thing one could sell ("Full zip black hoodie pullover with green trim")."""
    words = tokens(_head(text))
    noun = _last_type(words)
    return (
        noun is not None and noun not in _generic() and noun not in _part_like() and _ends_with(words, noun)
    )


@lru_cache(maxsize=16384)
def headed_by(text: str, noun: str | None) -> bool:
    """Whether the head of a phrase is the product's own type noun."""
    return noun is not None and _ends_with(tokens(_head(text)), noun)


@lru_cache(maxsize=8192)
def product_nouns(words: tuple[str, ...]) -> frozenset[str]:
    """The last words, singular, of the things one could sell that words begin with ("duffle in nylon", "fitness tee")."""
    found = set()
    for run in (words, tuple(map(singular, words))):
        for index in range(min(2, len(run))):
            hit = _types().at(run, index)
            if hit and hit[0] not in _part_like():
                found.add(singular(run[index + hit[1] - 1]))
    return frozenset(found)


@cache
def _part_like() -> frozenset[str]:
    """Things that are as often a part of another thing: "fold-down collar", "mesh brief", "wide brim hat" is not one."""
    return frozenset(terms(table("types.yaml")["part_like"]))
