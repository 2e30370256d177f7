"""The facts of one product, prepared once for the check of many sentences."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from evaluators.grounding.care_methods import CareHeat, CareMethod, read_care
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.polarity import denies_what_follows, negations
from evaluators.grounding.terms import Term, name_terms, normal, spaced, spoken_name, terms
from retrieval import attributes
from retrieval.attributes import Family
from retrieval.facts import Fact

_YES = frozenset({"yes", "true", "y", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "false", "n", "none", "nein", "non", "without", "not available", "not included"})
_IDENTITY = frozenset(
    {"title", "name", "brand", "model", "manufacturer", "vendor", "product_name", "product_line"}
)
_TYPE = frozenset({"type", "product_type", "item_type"})
_PROSE = frozenset({"description", "text", "summary", "short_description"})
_PROSE_WORDS = 9
"""From this many words on a value counts as prose: its words need to stand near each other to belong together."""
_NEAR = 6
_CUTS = re.compile(r"[,;|•&+\n]")
_AND_UP = re.compile(r"(\d+)\+")
_WASHES = re.compile(r"care|wash|pflege|entretien|lavaggio|lavado|cura|cuidado|verzorging")
"""Names of facts whose bare temperatures ("30°") are those of a wash."""
_CHILD_AGE = 12
"""Up to this age in years what is made for an age is made for children."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands in the facts. `weak`: it is only implied (a definition), not said."""

    entry: int
    segment: int
    position: int
    negated: bool
    weak: bool


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One fact as the check reads it; made once for a fact, so that each is equal to itself alone.

    `answer` is True or False where the value only says yes or no to the name. `parts` are the
    parts of a product that its name names ("strap_material"). `segments` are the fact's
    statements as terms (one for each value of a list, and its text); `stems` all its words, name and value.
    """

    number: int
    fact: Fact
    kind: str
    answer: bool | None
    name: frozenset[str]
    name_pairs: frozenset[str]
    name_denied: frozenset[str]
    parts: frozenset[str]
    segments: tuple[tuple[Term, ...], ...]
    denials: tuple[tuple[bool, ...], ...]
    stems: frozenset[str]
    implied: frozenset[str]

    @property
    def is_identity(self) -> bool:
        """Whether it names the product."""
        return self.kind == "identity"

    def has_all(self, words: Sequence[Term]) -> bool:
        """Whether it has every one of some words; two that it writes as one count as had."""
        missing = [i for i, term in enumerate(words) if not self.has(term.stem)]
        whole = self.stems | self.name_pairs
        pairs = {i for i in range(len(words) - 1) if joined(words[i].key, words[i + 1].key) in whole}
        return all(i in pairs or i - 1 in pairs for i in missing)

    @property
    def is_mere_claim(self) -> bool:
        """Whether only the merchant's prose, or reviews, answer for it."""
        plain = self.fact.name.strip().lower().replace(" ", "_")
        return self.fact.trust in {"merchant_claim", "review"} or plain in _PROSE

    def in_domain(self, domain: str) -> bool:
        """Whether one of its words belongs to a closed vocabulary."""
        return any(domain in domains_of(term.key) for segment in self.segments for term in segment)

    @property
    def is_prose(self) -> bool:
        """Whether it is a sentence, or as long as one."""
        return self.kind == "prose" or any(len(segment) > _PROSE_WORDS for segment in self.segments)

    def has(self, stem: str) -> bool:
        """Whether the fact says the word, one that says the same, or one that means it."""
        if stem in self.stems or stem in self.implied:
            return True
        return not self.stems.isdisjoint(lexicons().synonyms.get(stem, frozenset()))


@dataclass(frozen=True, slots=True)
class CareFact:
    """What a fact says of care: a method, or how hot."""

    entry: Entry
    said: CareMethod | CareHeat


class FactIndex:
    """All facts by word. Built once per check; only remembers look-ups, never changes.

    `identity` name the product, and `names` says where each word of theirs stands; `refusing` answer their names with
    no; `sizes` are of sizes.
    """

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.entries = tuple(_entry(number, fact) for number, fact in enumerate(facts))
        self._words: defaultdict[str, list[Place]] = defaultdict(list)
        self._found: dict[str, tuple[Place, ...]] = {}
        for entry in self.entries:
            self._add(entry)
        own = (
            lexicons().parts.get(stem, frozenset())
            for e in self.entries
            if e.kind == "type"
            for stem in e.stems
        )
        self.own_parts = frozenset(chain.from_iterable(own))
        self.types = frozenset(chain.from_iterable(e.stems for e in self.entries if e.kind == "type"))
        self.named_parts = frozenset(chain.from_iterable(e.parts for e in self.entries))
        self.identity = tuple(e for e in self.entries if e.is_identity)
        self.refusing = tuple(e for e in self.entries if e.answer is False)
        self.sizes = tuple(
            e for e in self.entries if e.kind == "size" or ("size" in e.name and not e.is_prose)
        )
        self.names = _places_of_names(self.identity)

    def find(self, stem: str) -> tuple[Place, ...]:
        """Places of a word: as said, else of a word that says the same, else of one it is derived from."""
        found = self._found.get(stem)
        if found is None:
            found = self._found[stem] = self._look(stem)
        return found

    @cached_property
    def care(self) -> tuple[CareFact, ...]:
        """What the facts say of care; read where a text is first checked for it."""
        return tuple(CareFact(entry, said) for entry in self.entries for said in _care_of(entry))

    def of_kind(self, *kinds: str) -> list[Entry]:
        """Entries whose family is of one of the kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]

    def _look(self, stem: str) -> tuple[Place, ...]:
        own = self._words.get(stem)
        if own and not all(place.weak for place in own):
            return tuple(own)
        same = [p for other in lexicons().synonyms.get(stem, ()) for p in self._words.get(other, ())]
        if own or same:
            return (*(own or ()), *same)
        derived = [p for other in _derived(stem) for p in self._words.get(other, ())]
        return tuple(derived)

    def _add(self, entry: Entry) -> None:
        words = self._words
        denied = entry.answer is False
        for stem in entry.name | entry.name_pairs:
            words[stem].append(Place(entry.number, -1, 0, denied != (stem in entry.name_denied), False))
        for number, (segment, denials) in enumerate(zip(entry.segments, entry.denials, strict=True)):
            before: Term | None = None
            for position, (term, no) in enumerate(zip(segment, denials, strict=True)):
                place = Place(entry.number, number, position, no, False)
                words[term.stem].append(place)
                if term.stem.endswith("+") and (and_up := _AND_UP.fullmatch(term.stem)):
                    words[and_up[1]].append(place)  # "12+" is "12 and over"
                if before is not None and term.key.isalpha() and before.key.isalpha():
                    words[joined(before.key, term.key)].append(place)
                before = term
        for stem in entry.implied:
            words[stem].append(Place(entry.number, -1, 0, denied, True))


_Named = tuple[Entry, tuple[Term, ...], int]
"""A word in a name: the fact, its statement, the place in it."""


def _places_of_names(entries: Sequence[Entry]) -> Mapping[str, Sequence[_Named]]:
    found: defaultdict[str, list[_Named]] = defaultdict(list)
    for entry in entries:
        for segment in entry.segments:
            for position, term in enumerate(segment):
                found[term.stem].append((entry, segment, position))
    return found


@lru_cache(maxsize=16_384)
def joined(one: str, other: str) -> str:
    """The stem of two words written as one: "light weight", "lightweight"."""
    return normal(one + other)[1]


@lru_cache(maxsize=8192)
def clauses(segment: tuple[Term, ...]) -> tuple[int, ...]:
    """The number of the clause that each term of a statement stands in: "birch (body), beech (legs)" has two.

    A word that stands alone between commas describes what comes next ("detachable, padded strap").
    """
    pieces: list[list[int]] = [[]]
    for i, term in enumerate(segment):
        if i and (_CUTS.search(term.gap) or term.key in {"and", "plus"}):
            pieces.append([])
        pieces[-1].append(i)
    ids = [0] * len(segment)
    clause = 0
    for piece in pieces:
        for i in piece:
            ids[i] = clause
        said = [i for i in piece if segment[i].stem not in lexicons().function]
        clause += len(said) > 1
    return tuple(ids)


def near(entry: Entry, one: str, other: str) -> bool:
    """Whether a fact says two words of each other: anywhere in a short statement, close by in prose."""
    same = lexicons().synonyms
    ones, others = {one} | same.get(one, frozenset()), {other} | same.get(other, frozenset())
    in_name_one, in_name_other = bool(ones & entry.name), bool(others & entry.name)
    if in_name_one and in_name_other:
        return True
    if (one in entry.implied and entry.has(other)) or (other in entry.implied and entry.has(one)):
        return True
    for segment in entry.segments:
        at_one = [i for i, term in enumerate(segment) if term.stem in ones]
        at_other = [i for i, term in enumerate(segment) if term.stem in others]
        if (at_one and in_name_other) or (at_other and in_name_one):
            return True
        if not (at_one and at_other):
            continue
        if entry.is_prose:
            if any(abs(i - j) <= _NEAR for i in at_one for j in at_other):
                return True
            continue
        ids = clauses(segment)
        if not {ids[i] for i in at_one}.isdisjoint(ids[j] for j in at_other):
            return True
    return False


@lru_cache(maxsize=8192)
def _derived(stem: str) -> tuple[str, ...]:
    """Stems of words that differ by "-able" or "-ly": "lockable" locks, "stackable" stacks, "cheaply" is cheap."""
    for ending in ("abl", "able", "ibl", "ible"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            root = stem.removesuffix(ending)
            return (root, root + "e", root[:-1] if root[-1:] == root[-2:-1] else root)
    if stem.endswith("li") and len(stem) > 4:  # "cheaply", "softly"
        return (stem.removesuffix("li"),)
    return (stem + "abl", stem + stem[-1:] + "abl", stem.removesuffix("e") + "abl") if len(stem) >= 3 else ()


@lru_cache(maxsize=4096)
def _care_of(entry: Entry) -> tuple[CareMethod | CareHeat, ...]:
    """The care that a fact gives: by its values, or with its name before them ("drying: flat", "tumble dry: no")."""
    if entry.is_identity or entry.kind in {"type", "category"}:
        return ()
    name = spoken_name(entry.fact.label or entry.fact.name)
    if entry.answer is not None:
        read = terms(name)
        denials = negations(read)
        no = tuple(denied == entry.answer for denied in denials)
        found = read_care(name, read, no)
        return (*found.methods, *found.heats)
    values = entry.fact.values if any(entry.fact.values) else (entry.fact.text,)
    topic = "wash" if entry.kind == "care" and _WASHES.search(f"{name} {entry.fact.name}".lower()) else None
    said: list[CareMethod | CareHeat] = []
    for value in values:
        with_name = f"{name} {value}"
        for text in (value, with_name) if entry.kind != "prose" else (value,):
            read = terms(text)
            found = read_care(text, read, negations(read), topic)
            said += (*found.methods, *found.heats)
            if found.methods or found.heats:
                break
    return tuple(said)


@lru_cache(maxsize=4096)
def _entry(number: int, fact: Fact) -> Entry:
    name, values = fact.name, fact.values
    text = fact.text
    if not any(value.strip() for value in values) and text:
        head, colon, tail = text.partition(":")
        name, values, text = (name or head, (tail,), "") if colon and len(head) < 40 else (name, (text,), "")
    answer = _answer(values)
    # The headings above a document's sentence say where it stands ("Is it waterproof?"), not what it states.
    labels = () if fact.source.startswith("document:") else dict.fromkeys((name, fact.label))
    names = tuple(t for label in labels if label for t in name_terms(label))
    family = attributes.family_of(name) if name else None
    if (
        family is not None and answer is not False
    ):  # "zipper: full-length" is a closure, "tasting notes" are a flavor
        names += name_terms(family.name)
    name_stems = frozenset(t.stem for t in names if t.is_number or t.stem not in lexicons().function)
    denied_names = frozenset(t.stem for t, no in zip(names, negations(names), strict=True) if no)
    segments = _segments(values, text, name_stems) if answer is None else ()
    free_from = denies_what_follows(names) and all(not _says_something(term) for term in names)
    denials = tuple((True,) * len(segment) if free_from else negations(segment) for segment in segments)
    stems = name_stems.union(*(frozenset(t.stem for t in segment) for segment in segments))
    kind = _kind(name, values, family)
    implied = frozenset[str]() if answer is False else _implied(names, segments, denials, stems, kind)
    parts = frozenset(t.stem for t in names if domains_of(t.key) & {"part", "type"} == {"part"})
    if not parts and _names_part(kind, family, segments):
        parts = frozenset(stem for stem in name_stems if stem not in lexicons().claim_free)
    pairs = frozenset(joined(a.key, b.key) for a, b in pairwise(names) if a.key.isalpha() and b.key.isalpha())
    return Entry(
        number, fact, kind, answer, name_stems, pairs, denied_names, parts, segments, denials, stems, implied
    )


def _names_part(kind: str, family: Family | None, segments: Sequence[Sequence[Term]]) -> bool:
    """Whether a fact of no known family says what something is made of: "top: spruce" makes the top a part."""
    if kind or (family is not None and family.kind):
        return False
    return bool(segments) and all("material" in domains_of(t.key) for t in segments[0] if _says_something(t))


def _says_something(term: Term) -> bool:
    return term.stem not in lexicons().claim_free and term.key != "free"


def _answer(values: Sequence[str]) -> bool | None:
    if len(values) != 1:
        return None
    said = values[0].strip().lower().rstrip(".")
    return True if said in _YES else False if said in _NO else None


def _segments(values: Sequence[str], text: str, name: frozenset[str]) -> tuple[tuple[Term, ...], ...]:
    """One statement for each value; the fact's text too where it says more than name and value."""
    segments = [terms(spaced(value)) for value in values]
    known = name.union(*(frozenset(t.stem for t in segment) for segment in segments))
    whole = terms(spaced(text))
    if any(term.stem not in known for term in whole):
        segments.append(whole)
    return tuple(segment for segment in segments if segment)


def _kind(name: str, values: Sequence[str], family: Family | None) -> str:
    plain = name.strip().lower().replace(" ", "_")
    if plain in _IDENTITY:
        return "identity"
    if plain in _TYPE:
        return "type"
    if "categor" in plain:
        return "category"
    if plain in _PROSE or (family is None and len(values) == 1 and len(terms(values[0])) > _PROSE_WORDS):
        return "prose"
    return family.kind if family else ""


def _implied(
    names: Sequence[Term],
    segments: Sequence[Sequence[Term]],
    denials: Sequence[Sequence[bool]],
    stems: frozenset[str],
    kind: str,
) -> frozenset[str]:
    """Words that a fact's phrases mean by definition, and the parts that its type of product has."""
    data = lexicons()
    found: set[str] = set()
    statements = [
        tuple(t.stem for t in names),
        *(
            tuple(t.stem for t, denied in zip(segment, no, strict=True) if not denied)
            for segment, no in zip(segments, denials, strict=True)
        ),
    ]
    if "age" in (t.stem for t in names):
        ages = [int(t.stem) for s in segments for t in s if t.stem.isdecimal() and t.stem.isascii()]
        ages += [int(m[1]) for s in segments for t in s if (m := _AND_UP.fullmatch(t.stem))]
        if ages and min(ages) <= _CHILD_AGE:
            found |= {stem for word in ("child", "kid") for stem in (normal(word)[1],)}
    for statement in statements:
        for stem in statement:
            found |= data.kinds.get(stem, frozenset())
            for definition in data.definitions.get(stem, ()):
                if all(word in stems for word in definition.when):
                    found.update(definition.allows)
            if kind in {"type", "identity", "category"}:
                found |= data.parts.get(stem, frozenset()) | data.broader.get(stem, frozenset())
    return frozenset(found - stems)
