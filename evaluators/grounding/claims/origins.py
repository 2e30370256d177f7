"""Where a product is made, against a fact that names another country: "made in Italy" of what comes from Portugal."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import FactIndex
from evaluators.grounding.terms import Term
from evaluators.grounding.vocabulary import load

_MAKING = frozenset({"made", "manufactured", "produced", "product", "handmade"})
_BEFORE_PLACE = frozenset({"in", "of"})
_PLACE_WORDS = 4


def find_origins(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield the places of making that no fact gives, where facts give another.

    What the facts bear out is left to the other families, as is where a thing was designed, or its cloth woven.
    """
    given = [(entry, place) for entry in index.of_kind("origin") for place in _named(entry.segments)]
    if not given:
        return
    known = {place for _, place in given}
    terms = sentence.terms
    for i in range(len(terms) - 2):
        if terms[i].text.lower() not in _MAKING or terms[i + 1].text.lower() not in _BEFORE_PLACE:
            continue
        last = i + 1
        while last + 1 < len(terms) and last < i + _PLACE_WORDS and not sentence.breaks_before(last + 1):
            last += 1
            place = _places().get(terms[last].text.lower())
            if place is None:
                continue
            if place not in known and not sentence.denied[i]:
                entry = given[0][0]
                reason = f"“{sentence.says(i, last)}”: {says(entry)}."
                yield Found(i, last, "origin", "contradicted", entry, reason)
            break


def _named(segments: Iterable[Iterable[Term]]) -> set[int]:
    words = (term.text.lower() for segment in segments for term in segment)
    return {place for word in words if (place := _places().get(word)) is not None}


@cache
def _places() -> Mapping[str, int]:
    """Word → the number of the place that it names."""
    return {word: n for n, line in enumerate(load("origins")["places"]) for word in str(line).split()}
