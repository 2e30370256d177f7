"""What a sentence says comes with the product: "includes a carrying case", "a plug is included"."""

from collections.abc import Sequence

from evaluators.grounding.index import Entry
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.terms import Term, normal

_LIST_MARKS = frozenset(",&")
_ENDS = frozenset(".;()–—!?|")
_STOPS = frozenset({"that", "which", "who", "because", "so", "but", "when", "if", "to", "for"})
_INCLUDE = normal("include")[1]
_COMES = frozenset({"included", "supplied", "provided"})
_REACH = 14
"""How many words a list of what is included may run on."""


def included(terms: Sequence[Term]) -> frozenset[int]:
    """Positions of the words that say what comes with the product."""
    found: set[int] = set()
    for i, term in enumerate(terms):
        word = term.text.lower()
        if _gives(terms, i, word):
            found.update(_after(terms, i))
        elif word in _COMES and not _follows(terms, i, "with"):
            found.update(_before(terms, i))
    return frozenset(found)


def comes_along(entry: Entry, term: Term) -> bool:
    """Whether a fact that has a word can mean that the thing comes along: no port for a device, nothing optional."""
    data = lexicons()
    if "type" in domains_of(term.key) and not entry.name.isdisjoint(data.merely_fits):
        return False
    having = [segment for segment in entry.segments if any(t.stem == term.stem for t in segment)]
    return not having or any(all(t.stem not in data.optional for t in segment) for segment in having)


def _gives(terms: Sequence[Term], i: int, word: str) -> bool:
    """Whether what follows a word comes with the product: "includes", "including", the "with" of "comes with"."""
    if terms[i].stem == _INCLUDE:
        return word != "included"
    return word == "with" and i > 0 and terms[i - 1].stem in lexicons().given


def _after(terms: Sequence[Term], i: int) -> list[int]:
    found: list[int] = []
    for j in range(i + 1, min(i + 1 + _REACH, len(terms))):
        if not _ENDS.isdisjoint(terms[j].gap) or terms[j].key in _STOPS:
            break
        found.append(j)
    return found


def _before(terms: Sequence[Term], i: int) -> list[int]:
    found: list[int] = []
    for j in range(i - 1, max(-1, i - 1 - _REACH), -1):
        found.append(j)
        if not (_ENDS | _LIST_MARKS | {":"}).isdisjoint(terms[j].gap):
            break
    return found


def _follows(terms: Sequence[Term], i: int, word: str) -> bool:
    return i + 1 < len(terms) and terms[i + 1].text.lower() == word
