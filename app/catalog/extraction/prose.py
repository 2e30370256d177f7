"""Facts from the merchant's prose. Everything here is the merchant's word: trust `merchant_claim`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.catalog.extraction.claims import claims_in
from app.catalog.extraction.conflicts import Background, Stated, colors_in, objection
from app.catalog.extraction.features import family_of_term, features_in, nouns_asked
from app.catalog.extraction.found import Found, found
from app.catalog.extraction.fragments import MAX_ITEM_WORDS, Detail, details_in
from app.catalog.extraction.markup import Piece, pieces
from app.catalog.extraction.rules import ClaimKind, FactRules
from app.catalog.extraction.types import ends_in_type, headed_by
from app.catalog.extraction.vocabulary import singular, tokens
from retrieval.attributes import read_name
from retrieval.near_duplicates import fingerprint, resembles
from retrieval.quick_values import quick


@quick
@dataclass(frozen=True, slots=True)
class Prose:
    """What a description gave, and what was left out and why."""

    facts: tuple[Found, ...]
    notes: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class Context:
    """What must be known to read a description: ids of old, our own sentences, what is stated, the shop's rules."""

    known: frozenset[str]  # fingerprints of sentences that were the merchant's before
    own: Sequence[str]
    background: Background
    rules: FactRules

    def is_own(self, text: str) -> bool:
        """Whether a sentence is copy of ours that came back. What the merchant had said before us stays theirs."""
        if not self.own or fingerprint(text) in self.known:
            return False
        return any(resembles(text, own) for own in self.own)


def context(
    known_ids: Mapping[str, str], own: Sequence[str], background: Background, rules: FactRules
) -> Context:
    """Make the context; the fingerprints of known sentences are read from the keys of their facts."""
    marks = (
        (key.split(":")[1] for key in known_ids if key.startswith(("description:", "item:"))) if own else ()
    )
    return Context(frozenset(marks), own, background, rules)


def prose_facts(description: str, more: Sequence[str], context: Context) -> Prose:
    """Read a description and prose columns: details of list items, named features, and the sentences themselves.

    No fact gives a sentence that is our own copy, that makes a claim which needs proof, or that contradicts what is
    stated; each is noted.
    """
    facts: list[Found] = []
    notes: list[str] = []
    stated, names = context.background.stated, context.background.names
    proof_needed = context.rules.proof_needed
    for piece in pieces("\n".join((description, *more)) if more else description):
        if context.own and context.is_own(piece.text):
            notes.append(f"description:{piece.number}: our own copy")
            continue
        asked = nouns_asked(piece.text)
        about = asked & _about(names) if asked else asked
        read = _piece(piece.text, piece.number, piece.listed, stated, proof_needed, about)
        facts.extend(read.facts)
        notes.extend(read.notes)
    return Prose(tuple(facts), tuple(notes))


@lru_cache(maxsize=4096)
def _about(names: tuple[str, ...]) -> frozenset[str]:
    """The words, singular, by which a product may be called."""
    return frozenset(singular(word) for name in (*names, "product piece item") for word in tokens(name))


@lru_cache(maxsize=16384)
def _piece(
    text: str,
    number: int,
    listed: bool,
    stated: Stated,
    proof_needed: frozenset[ClaimKind],
    about: frozenset[str],
) -> Prose:
    """Read one piece. Cached: products of a family share sentences, and mostly what is stated beside them."""
    piece = Piece(text, number, listed)
    claims = claims_in(text) & proof_needed
    if claims:
        said = " and ".join(sorted(claims))
        return Prose((), (f"description:{number}: {said} claim: needs more than the merchant's word",))
    against = objection(text, stated)
    if against:
        return Prose(tuple(_features(piece, about)), (f"description:{number}: {against}",))
    return Prose(tuple(_read(piece, stated, about)), ())


def _read(piece: Piece, stated: Stated, about: frozenset[str]) -> Iterator[Found]:
    details = details_in(piece.text) if piece.listed or _is_short(piece.text) else ()
    if not piece.listed:  # a designation ("Epson Stylus Photo R2400") is no feature; a measure is what it is
        details = tuple(detail for detail in details if detail.name in _SURE or detail.unit)
    if any(detail.name == "feature" for detail in details) and headed_by(piece.text, stated.type):
        details = ()  # "Black polyester tank": what it is, told again
    if details:
        mark = fingerprint(piece.text)
        for detail in details:
            yield _fact(f"item:{mark}:{detail.name}", detail, piece)
        return
    if piece.listed:
        yield from _color(piece, stated)
    yield _sentence(piece)
    yield from _features(piece, about)


_SURE = frozenset({"material", "care", "dimensions", "weight", "inseam", "water_resistance"})


def _is_short(text: str) -> bool:
    return len(text) <= 90 and len(tokens(text)) <= MAX_ITEM_WORDS


def _color(piece: Piece, stated: Stated) -> Iterator[Found]:
    """The colour that a list item gives the product ("Black pullover hoodie"), where nothing else states one."""
    colors = (
        colors_in(piece.text)
        if not stated.colors and (ends_in_type(piece.text) or headed_by(piece.text, stated.type))
        else frozenset()
    )
    if len(colors) == 1:
        yield _fact(f"item:{fingerprint(piece.text)}:color", Detail("color", next(iter(colors))), piece)


def _features(piece: Piece, about: frozenset[str]) -> Iterator[Found]:
    for feature in features_in(piece.text, about):
        family = family_of_term(feature.term)
        detail = Detail(*family) if family else Detail("feature", feature.value)
        yield _fact(f"feature:{feature.term}", detail, piece)


def _sentence(piece: Piece) -> Found:
    return found(
        f"description:{fingerprint(piece.text)}",
        "description",
        piece.text,
        f"description:{piece.number}",
        trust="merchant_claim",
        text=piece.text,
        original=piece.text,
    )


def _fact(key: str, detail: Detail, piece: Piece) -> Found:
    family = read_name(detail.name).family
    return found(
        key,
        detail.name,
        detail.value,
        f"description:{piece.number}",
        unit=detail.unit,
        trust="merchant_claim",
        live=family is not None and family.kind == "live",
        original=piece.text,
    )
