"""Reads list items and short fragments of a description: each is a detail of some family, or a clause, or talk."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.catalog.extraction.claims import claims_in
from app.catalog.extraction.features import family_of_term, named_feature
from app.catalog.extraction.materials import composition
from app.catalog.extraction.types import ends_in_type
from app.catalog.extraction.values import read, told
from app.catalog.extraction.vocabulary import phrases, singular, tokens, words_of
from retrieval.attributes import family_of, is_technical, read_name
from retrieval.quantities import Quantity, find_quantities
from retrieval.units import dimension_of


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail of the product: the family's name, the value, its unit."""

    name: str
    value: str | tuple[str, ...]
    unit: str | None = None


MAX_ITEM_WORDS = 12
_MAX_FEATURE_WORDS = 8
_LABEL = re.compile(r"^(?P<label>[A-Za-zÀ-ÿ][\w À-ÿ/()-]{1,38}?)\s*(?::|=|\s[–—-]\s)\s*(?P<value>\S.*)$")
_NO_LABEL_KINDS = frozenset({"identity", "live", "technical", "description", "logistics"})
_MEASURE_KINDS = frozenset({"dimension", "weight", "capacity"})
_INCLUDED = re.compile(
    r"^(?:(?:also\s+)?(?:includes?|including|comes with|supplied with|delivered with|ships with|set includes|set of)\s*:?\s+(?P<a>.+)"
    r"|(?P<b>.+?)\s+(?:is |are )?included)$",
    re.IGNORECASE,
)
_RESISTS = re.compile(
    r"^water[- ]?(?:resistant|resistance|proof)\s*(?:\(|to|up to|:|–|-)?\s*(?:up to|to|down to)?\s*(?P<depth>[^()]+?)\)?$",
    re.IGNORECASE,
)
_AGES = re.compile(
    r"^(?:(?:suitable |recommended )?for )?(?:ages?|from|suitable from)\s+(?P<age>\d{1,2}\s?(?:\+|(?:[-–]|to)\s?\d{1,2}|years?|months?|and up)[\w +]*)$",
    re.IGNORECASE,
)
_MADE_IN = re.compile(
    r"^(?i:(?:hand)?made|manufactured|produced|crafted|sewn|knitted|woven|assembled|product) (?:in|of) (?:the )?(?P<where>[A-Z]\w+(?: [A-Z]\w+| and(?= [A-Z]))*)$"
)
_FITS = re.compile(r"^(?P<what>[a-z]+(?: [a-z]+)?)\s+fits(?:\s+(?:up to|from))?\s*$", re.IGNORECASE)
_ADJUSTS = re.compile(
    r"^(?:adjusts|adjustable|extends|expands)(?:\s+(?:from|between|in length))*\s*$", re.IGNORECASE
)
_ONLY_SIZE = frozenset({"size", "sizes", "dimensions", "dimension", "measures", "measurements", "approx", "approximately", "about", "standard", "large", "overall", "product", "is", "are", "x", "by", "item", "total", "each", "assembled"})  # fmt: skip
_NO_START = frozenset(
    {
        "for",
        "and",
        "or",
        "with",
        "to",
        "in",
        "of",
        "from",
        "a",
        "an",
        "the",
        "by",
        "at",
        "on",
        "as",
        "if",
        "up",
        "now",
    }
)
_NO_END = frozenset({"use", "options", "only", "and", "or", "with", "for", "to", "of", "etc"})
# Signs of code, addresses, and model numbers ("SR1530SH", "T603B00").
_ODD = re.compile(
    r"\b(?=\w*[A-Z])(?=\w*\d)[A-Z0-9]{5,}\b|\b[A-Z]{1,5}-?[A-Z]{0,2}\d{3,}|(?<![\w.,])\d{3,5}(?![\w.,°%-]|\s?[a-z°%])|and/or|[=@#{}<>]|https?:|www\.|\?"
)
_ADJECTIVE_ENDS = (
    "y",
    "ed",
    "able",
    "ible",
    "proof",
    "less",
    "free",
    "weight",
    "resistant",
    "repellent",
    "wicking",
    "drying",
)
_CHOICE = re.compile(
    r"\b(?:colou?r|size|style|pattern)s?\s+(?:choice|option|way)s?\b|\bassorted\b|\bvarious (?:colou?rs|sizes)\b",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<=[^\W\d_]{2})\s?/\s?(?=[^\W\d_]{2})")
_TRADE = re.compile(r"[®™©]")


@lru_cache(maxsize=32768)
def details_in(text: str) -> tuple[Detail, ...]:
    """Read a fragment ("Kangaroo pocket.", "4'' inseam", "Machine wash/dry."); () where it is a clause or talk."""
    bare = text.strip().rstrip(".;,! ")
    words = tokens(bare)
    if not words or len(words) > MAX_ITEM_WORDS or text.rstrip().endswith(("?", "!")):
        return ()
    for reader in (_labelled, _composed, _care, _water, _measured, _included, _aged, _made_in, _proof):
        found = reader(bare, words)
        if found:
            return found
    plain = tokens(_without_benefit(bare))
    if is_clause(plain) or is_talk(plain) or _CHOICE.search(bare):
        return ()
    return _fit(bare, words) or _closure(bare, words) or _feature(bare, words)


def is_talk(words: tuple[str, ...]) -> bool:
    """Whether words praise, promise or appeal."""
    return bool(phrases("hype").find(words))


def is_clause(words: tuple[str, ...]) -> bool:
    """Whether words are a sentence or clause rather than a noun phrase."""
    verbs, nouns = words_of("sentence_words"), words_of("noun_forms")
    if verbs.isdisjoint(words):
        return False
    for index, word in enumerate(words):
        if (
            word in verbs
            and not (word in nouns and index > 0)
            and not (word in nouns and len(words) - index == 2)
        ):
            return True
    return False


def _labelled(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    """Read a column inside the prose: `Inseam: 32"`, `Material: cotton`."""
    found = _LABEL.match(text)
    if not found or is_technical(found["label"]):
        return ()
    name = read_name(found["label"])
    parts = composition(_TRADE.sub("", found["value"])) if name.family is None else ()
    if parts:  # "Cover: 100% cotton"
        return (Detail(f"{name.name}_material", parts if len(parts) > 1 else parts[0]),)
    if name.family is None or name.family.kind in _NO_LABEL_KINDS:
        return ()
    value = read(found["value"], is_list=name.family.is_list, unit=name.unit, measures=True)
    return (Detail(name.name, value.value, value.unit),) if value else ()


def _composed(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    parts = composition(_TRADE.sub("", text))
    if not parts:
        return ()
    return (Detail("material", parts if len(parts) > 1 else parts[0]),)


def _care(text: str, words: tuple[str, ...]) -> tuple[Detail, ...]:
    hit = phrases("care").at(words, 0)
    if hit is None or (
        hit[1] == 1
        and len(words) > 1
        and words[0] in {"wash", "steam", "iron", "care", "rinse", "bleach"}
        and not _reads_on(words)
    ):
        return ()
    parts = tuple(part.strip() for part in re.split(r"\s*[,;]\s*", text) if part.strip())
    said = tuple(_SLASHED.sub(" and ", part) for part in parts)
    return (Detail("care", said if len(said) > 1 else said[0]),)


def _reads_on(words: tuple[str, ...]) -> bool:
    """Whether "wash", "iron" … begin an instruction ("wash cold") and not a thing ("iron frame")."""
    return words[1] in {"cold", "warm", "cool", "dark", "separately", "inside", "with", "on", "at", "before", "by", "in", "only", "low", "instructions", "gently", "thoroughly"}  # fmt: skip


def _water(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    found = _RESISTS.match(text)
    depth = find_quantities(found["depth"]) if found else ()
    if len(depth) != 1 or depth[0].unit not in {"m", "ft", "ATM", "bar", "mm", "cm"}:
        return ()
    return (Detail("water_resistance", told(depth[0]), depth[0].unit),)


def _measured(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    """A fragment that is one quantity and the name of what it measures."""
    found = find_quantities(text)
    if len(found) != 1 or found[0].unit in (None, "%"):
        return ()
    quantity = found[0]
    rest = f"{text[: quantity.start]} {text[quantity.end :]}".strip(" :,.-–()=")
    name = _measure_name(quantity, rest)
    return (Detail(name, told(quantity), quantity.unit),) if name else ()


def _measure_name(quantity: Quantity, rest: str) -> str | None:
    words = tokens(rest)
    dimension = dimension_of(quantity.unit)
    if all(word in _ONLY_SIZE for word in words):
        if quantity.form == "dimensions":
            return "dimensions" if dimension == "length" else None
        return (
            {"mass": "weight", "volume": "capacity"}.get(dimension or "")
            if quantity.form == "single"
            else None
        )
    fits = _FITS.match(rest)
    if fits and dimension == "length":
        return "_".join((*tokens(fits["what"]), "fit"))
    if _ADJUSTS.match(rest) and quantity.form == "range":
        return "adjustable_length" if dimension == "length" else None
    named = phrases("measures").get(rest)
    if named is not None:
        return read_name(named).name
    family = family_of(rest) if len(words) <= 3 else None
    return family.name if family and family.kind in _MEASURE_KINDS else None


def _included(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    found = _INCLUDED.match(text)
    what = (found["a"] or found["b"] or "").strip() if found else ""
    if not what or re.search(r"\b(?:not|no|sold separately)\b", text, re.IGNORECASE):
        return ()
    parts = tuple(part for part in re.split(r"\s*[,;]\s*(?:and\s+)?", what) if part)
    if any(is_clause(("a", *tokens(part))) for part in parts):
        return ()
    return (Detail("package_content", parts if len(parts) > 1 else parts[0]),)


def _aged(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    found = _AGES.match(text)
    return (Detail("age", found["age"].strip()),) if found else ()


def _made_in(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    found = _MADE_IN.match(text)
    return (Detail("origin", found["where"].strip()),) if found else ()


def _proof(text: str, _words: tuple[str, ...]) -> tuple[Detail, ...]:
    """Read a claim that the shop lets pass (see FactRules): "1-year limited warranty", "GOTS certified"."""
    kind = next((kind for kind in ("warranty", "certification", "award") if kind in claims_in(text)), None)
    return (Detail(kind, text),) if kind else ()


def _fit(text: str, words: tuple[str, ...]) -> tuple[Detail, ...]:
    """Read "Relaxed fit", "Semi-fitted", "Loose, straight-leg fit"."""
    bare = words[:-1] if words[-1] == "fit" and len(words) > 1 else words
    # "Thumbholes for comfortable fit" is of thumbholes.
    if words[-1] == "fit" and len(words) <= 5 and not {"for", "with", "of", "to", "and"} & set(words):
        return (Detail("fit", re.sub(r"[\s-]+fit$", "", text, flags=re.IGNORECASE)),)
    hits = phrases("fits").find(words)
    if hits and sum(end - start for start, end, _ in hits) == len(words) and bare:
        return (Detail("fit", text),)
    return ()


def _closure(text: str, words: tuple[str, ...]) -> tuple[Detail, ...]:
    """Read "Full-length zipper", "Buckle clasp"; "ankle zips" are a part, not how the product closes."""
    if (
        words[-1] in words_of("closure_nouns")
        and len(words) > 1
        and all(w in words_of("closure_qualifiers") for w in words[:-1])
    ):
        return (Detail("closure", _said(text)),)
    return ()


def _feature(text: str, words: tuple[str, ...]) -> tuple[Detail, ...]:
    """Read a noun phrase that names a part or property of the product."""
    text = _without_benefit(text)
    words = tokens(text)
    if not words or len(words) > _MAX_FEATURE_WORDS or ends_in_type(text) or not _is_worded(words):
        return ()
    if text.split(maxsplit=1)[0].lower() in _NO_START or words[-1] in _NO_END or _ODD.search(text):
        return ()
    if len(find_quantities(text)) > 1 or phrases("other_products").find(words):
        return ()
    term = named_feature(text)
    family = family_of_term(term) if term else None
    return (Detail(*family) if family else Detail("feature", _said(text)),)


def _is_worded(words: tuple[str, ...]) -> bool:
    """Whether words say something: more than marks and numbers, and a single one at least a plural or an adjective."""
    if not any(word.isalpha() and len(word) > 2 for word in words):
        return False
    return len(words) > 1 or words[0].endswith(_ADJECTIVE_ENDS) or singular(words[0]) != words[0]


def _without_benefit(text: str) -> str:
    """A part without what it is praised for: "Mesh liner for breathability" → "Mesh liner"."""
    part, joint, purpose = text.partition(" for ")
    benefit = tokens(purpose)
    if joint and benefit and (any(word in words_of("benefits") for word in benefit) or is_talk(benefit)):
        return part.rstrip(" ,")
    return text


def _said(text: str) -> str:
    """The fragment as it may be said in a sentence: a slash between its last words is an "and"."""
    pieces = _SLASHED.split(text)
    if len(pieces) == 2 and " " not in pieces[1]:
        return " and ".join(pieces)
    return text
