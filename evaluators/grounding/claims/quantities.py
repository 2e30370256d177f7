"""Numbers with units: the number must be a fact's, of the same measure, after conversion and as the text rounds it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from evaluators.grounding.claims.attachment import subject_part
from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.terms import Term, name_terms, spaced, spoken_name
from retrieval import quantities
from retrieval.facts import Fact
from retrieval.quantities import Quantity
from retrieval.units import dimension_of

_VERSION = re.compile(r"802\.\d+")  # "802.11g" is a standard and no weight
_KINDS = {"warranty": "warranty", "discount": "price"}
_AFTER, _BEFORE = 4, 6
"""How many words from a number its measure may stand: "15 hours of battery", "the battery lasts up to 15 hours"."""
# What goes before a number and changes what it claims. "over 3 kg" is more than a fact of 3 kg says.
_AT_MOST = frozenset({"max", "maximum", "most"})
_AT_LEAST = frozenset({"least", "min", "minimum"})
_CLAUSE_END = re.compile(r"[,;:.()!?|/]")
_MORE = frozenset({"over", "more", "beyond", "exceeds", "exceeding"})
_ADJECTIVES = frozenset({"wide", "high", "tall", "deep", "long", "thick", "old", "diagonal", "diagonally"})
_NAMING = frozenset({"compatibility", "identity"})
"""Kinds of facts whose values are names."""
_LESS = frozenset({"under", "less", "below"})


@dataclass(frozen=True, slots=True)
class _Given:
    """A quantity that a fact gives, and what it measures."""

    entry: Entry
    quantity: Quantity
    measures: frozenset[str]


def find_measures(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield every number with a unit, every range and every set of dimensions."""
    said = [q for q in quantities.find_quantities(sentence.text) if not _VERSION.match(q.text)]
    if not said:
        return
    places = [sentence.at(q.start, q.end) for q in said]
    named = zip(sentence.judged, sentence.terms, strict=True)
    ignore = frozenset(i for i, (judged, term) in enumerate(named) if judged or term.stem in index.types)
    for quantity, place in zip(said, places, strict=True):
        if place is None or quantity.unit is None or _is_model(sentence, place, index):
            continue
        missing = _named_and_denied(quantity, index) if sentence.denied[place[0]] else None
        if missing is not None:
            yield Found(*place, "quantity", "supported", missing, f"{says(missing)}.")
            continue
        others = [p for p in places if p is not None and p != place]
        measures = _measures_near(sentence.terms, place, said_of=quantity, others=others, ignore=ignore)
        yield _judge(sentence, quantity, _with_adjective(sentence, place), measures, index)


def _is_model(sentence: Sentence, place: tuple[int, int], index: FactIndex) -> bool:
    """Whether what reads as a number with its unit is a name of the facts: the "6s" of "iPhone 6s"."""
    term = sentence.terms[place[0]]
    if place[0] != place[1] or not term.is_code:
        return False
    return any(index.entries[p.entry].kind in _NAMING for p in index.find(term.stem))


def _with_adjective(sentence: Sentence, place: tuple[int, int]) -> tuple[int, int]:
    """Take in the adjective that says along what a number measures: "437 mm wide"."""
    following = place[1] + 1
    if following < len(sentence.terms) and sentence.terms[following].key in _ADJECTIVES:
        return place[0], following
    return place


def _judge(
    sentence: Sentence, said: Quantity, place: tuple[int, int], measures: frozenset[str], index: FactIndex
) -> Found:
    kind = next((_KINDS[m] for m in sorted(measures) if m in _KINDS), "quantity")
    given = _comparable(sentence, said, place[0], index)
    fitting = [g for g in given if g.measures & measures]
    general = [g for g in given if not g.measures or not measures]
    modifier = _modifier(sentence.terms, place[0])
    first = place[0] - 1 if modifier else place[0]
    literally = _same_words(sentence, first, place[1], given)
    if literally is not None:
        return Found(*place, kind, "supported", literally, f"{says(literally)}.")
    share_of = _share_of(sentence, said, place[1])
    if share_of is not None:
        fitting, general = [], [g for g in given if _gives_share(g, share_of)]
    for candidate in fitting or general:
        if _holds(said, candidate.quantity, modifier):
            return Found(*place, kind, "supported", candidate.entry, f"{says(candidate.entry)}.")
    if fitting:
        for candidate in general:
            if not candidate.measures and _holds(said, candidate.quantity, modifier):
                return Found(*place, kind, "supported", candidate.entry, f"{says(candidate.entry)}.")
    against = fitting or general
    words = sentence.says(max(first, 0), place[1])
    if against:
        entry = against[0].entry
        return Found(*place, kind, "contradicted", entry, f"“{words}”: {says(entry)}.")
    elsewhere = [g for g in given if _holds(said, g.quantity, modifier)]
    if elsewhere:
        reason = f"“{words}” is not said of this: {says(elsewhere[0].entry)}."
        return Found(*place, kind, "unsupported", None, reason)
    return Found(*place, kind, "unsupported", None, f"“{words}”: no fact gives this number.")


def _named_and_denied(said: Quantity, index: FactIndex) -> Entry | None:
    """A fact that says no to a thing named by this number ("2.5 mm connector: no")."""
    for entry in index.refusing:
        if any(
            quantities.comparable(said, named) and _holds(said, named, None)
            for named in quantities.find_quantities(spoken_name(entry.fact.label or entry.fact.name))
        ):
            return entry
    return None


def _comparable(sentence: Sentence, said: Quantity, first: int, index: FactIndex) -> list[_Given]:
    """What facts give in the same dimension; of a part that the number is said of ("the handle is 21 cm long")."""
    given = [g for entry in index.entries for g in _given(entry) if quantities.comparable(said, g.quantity)]
    part = subject_part(sentence, first, index)
    if part is None or part.stem in index.own_parts:
        return given
    return [g for g in given if g.entry.has(part.stem)]


def _share_of(sentence: Sentence, said: Quantity, last: int) -> str | None:
    """What a percentage is of, where the text says so right behind it: "98% cotton"."""
    following = last + 1
    if said.unit != "%" or following >= len(sentence.terms) or sentence.breaks_before(following):
        return None
    term = sentence.terms[following]
    return term.stem if "material" in domains_of(term.key) else None


def _gives_share(given: _Given, material: str) -> bool:
    """Whether a fact's percentage is of this material: the number stands right before or behind it."""
    number = str(given.quantity.numbers[0])
    pairs = [{one.stem, other.stem} for segment in given.entry.segments for one, other in pairwise(segment)]
    return {number, material} in pairs


def _same_words(sentence: Sentence, first: int, last: int, given: Sequence[_Given]) -> Entry | None:
    """A fact that says the number in the very same words: "under 36 months"."""
    if first < 0 or sentence.terms[first].is_number or sentence.terms[first].stem not in lexicons().function:
        return None  # without a word before it ("1" is a function word as "one") only the number itself can agree
    said = [term.stem for term in sentence.terms[first : last + 1]]
    for candidate in given:
        for segment in candidate.entry.segments:
            stems = [term.stem for term in segment]
            if any(stems[k : k + len(said)] == said for k in range(len(stems) - len(said) + 1)):
                return candidate.entry
    return None


def _holds(said: Quantity, given: Quantity, modifier: str | None) -> bool:
    """Whether a fact's quantity bears out what the text says of it."""
    if modifier == "more":
        return said.form == "single" and max(given.numbers) > max(said.numbers) and said.unit == given.unit
    if modifier == "less":
        return said.form == "single" and max(given.numbers) < max(said.numbers) and said.unit == given.unit
    if quantities.same(said, given):
        return True
    if said.form != "single" or len(given.numbers) < 2:
        return False
    if given.form == "dimensions":
        return any(quantities.same(said, _single(given, k)) for k in range(len(given.numbers)))
    ends = {"most": (-1,), "least": (0,)}.get(modifier or "", (0, -1) if modifier == "end" else ())
    return any(quantities.same(said, _single(given, k)) for k in ends)


def _single(quantity: Quantity, which: int) -> Quantity:
    return replace(quantity, numbers=(quantity.numbers[which],), form="single")


def _modifier(terms: Sequence[Term], first: int) -> str | None:
    words: list[str] = []
    for i in range(first, max(0, first - 2), -1):
        # "Pour-Over: 1,200 W" is not over 1,200 W: another clause, or the second half of a name.
        if _CLAUSE_END.search(terms[i].gap) or terms[i - 1].glued:
            break
        words.insert(0, terms[i - 1].text.lower())
    last, pair = (words[-1] if words else ""), " ".join(words)
    if pair in {"up to"} or last in _AT_MOST:
        return "most"
    if last in _AT_LEAST or last == "from":
        return "least"
    if pair in {"more than", "longer than", "heavier than", "greater than"} or last in _MORE - {"more"}:
        return "more"
    if pair in {"less than", "fewer than", "lighter than"} or last in _LESS - {"less"}:
        return "less"
    return "end" if last in {"to", "between", "and"} else None


def _measures_near(
    terms: Sequence[Term],
    place: tuple[int, int],
    said_of: Quantity,
    others: Sequence[tuple[int, int]] = (),
    ignore: frozenset[int] = frozenset(),
) -> frozenset[str]:
    """What a number measures by the words around it: those after it first, then those before, within its clause.

    Words of the product's names and type (`ignore`, by position) say nothing: a battery charger of 100 V is no
    battery of 100 V.
    """
    dimension = str(dimension_of(said_of.unit))
    taken = {i for first, last in others for i in range(first, last + 1)}
    for i in range(place[1] + 1, min(place[1] + 1 + _AFTER, len(terms))):
        if i in taken or _closes(terms[i]):
            break
        found = _cues(terms[i], dimension) if i not in ignore else None
        if found:
            return found
    if place[1] + 1 < len(terms) and place[1] + 1 in ignore:
        return frozenset()  # "a 29-litre backpack": it is the product's own
    for i in range(place[0] - 1, max(-1, place[0] - 1 - _BEFORE), -1):
        if i in taken or any(c in terms[i + 1].gap for c in ",;.("):
            break
        found = _cues(terms[i], dimension) if i not in ignore else None
        if found:
            return found
        if terms[i].key in {"and", "but"}:
            break
    return frozenset()


def _closes(term: Term) -> bool:
    if any(c in term.gap for c in ",;.(") or term.is_number or term.is_code:
        return True
    return term.stem in lexicons().function and term.key not in {"of", "in", "for"}


@lru_cache(maxsize=8192)
def _cues(term: Term, dimension: str) -> frozenset[str]:
    """The measures that a word points to for this dimension; every part of a product is a measure of its own."""
    data = lexicons()
    found = frozenset(m for m in data.measures.get(term.stem, frozenset()) if dimension in data.dimensions[m])
    return found | {f"part {term.stem}"} if "part" in domains_of(term.key) else found


@lru_cache(maxsize=4096)
def _given(entry: Entry) -> tuple[_Given, ...]:
    if entry.answer is True:
        named = quantities.find_quantities(spoken_name(entry.fact.label or entry.fact.name))
        return tuple(_Given(entry, quantity, _measures_of_name(entry, quantity)) for quantity in named)
    if entry.answer is False or (entry.is_identity and not _has_digit(entry.fact)):
        return ()
    if entry.is_prose:
        return tuple(
            _Given(entry, quantity, _measures_in_prose(entry, quantity))
            for quantity in quantities.of_fact(entry.fact)
        )
    fact = entry.fact
    if "age" in entry.name and not fact.unit and not any(c.isalpha() for value in fact.values for c in value):
        # An age without a unit is in years; "8+" begins at 8.
        fact = replace(fact, unit="y", value=tuple(value.rstrip("+ ") for value in fact.values))
    found = quantities.of_fact(fact)
    apart = replace(fact, value=tuple(map(spaced, fact.values)))
    if apart.value != fact.values:
        found = tuple(dict.fromkeys((*found, *quantities.of_fact(apart))))
    if not fact.unit and all(value.isdigit() for value in fact.values):  # "6.35 mm inputs: 2"
        found = (*found, *quantities.find_quantities(spoken_name(fact.label or fact.name)))
    return tuple(_Given(entry, quantity, _measures_of_name(entry, quantity)) for quantity in found)


def _measures_of_name(entry: Entry, quantity: Quantity) -> frozenset[str]:
    dimension = str(dimension_of(quantity.unit))
    names = name_terms(entry.fact.name) + name_terms(entry.fact.label)
    return frozenset().union(*(_cues(term, dimension) for term in names))


def _has_digit(fact: Fact) -> bool:
    return any(c.isdigit() for value in fact.values for c in value)


def _measures_in_prose(entry: Entry, quantity: Quantity) -> frozenset[str]:
    for segment in entry.segments:
        touched = [i for i, t in enumerate(segment) if t.start < quantity.end and t.end > quantity.start]
        if touched:
            return _measures_near(segment, (touched[0], touched[-1]), said_of=quantity)
    return frozenset()
