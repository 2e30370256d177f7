"""Single letters that are values: "energy class A", "vitamin C", "USB type C", "nib size F"."""

from collections.abc import Iterator, Sequence
from itertools import chain

from evaluators.grounding.claims.sentence import Found, Sentence, best, says
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.lexicons import lexicons
from evaluators.grounding.terms import Term

_REACH = 6
_BREAKS = frozenset(";:.()!?|")


def find_letters(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Judge each letter by the facts that give letters of the same thing, else by any that has the letter."""
    for i, term in enumerate(sentence.terms):
        if term.is_letter and not sentence.judged[i]:
            yield _judge(sentence, i, index)


def _judge(sentence: Sentence, i: int, index: FactIndex) -> Found:
    term = sentence.terms[i]
    said = sentence.says(max(i - 1, 0), i)
    denied = sentence.denied[i]
    for stem in chain(_named_after(sentence, i), _named_before(sentence.terms, i)):
        tied = [(entry, letters) for entry in index.entries if (letters := _letters_of(entry, stem))]
        bearing = best(entry for entry, letters in tied if letters.get(term.stem, None) is denied)
        if bearing is not None:
            return Found(i, i, "feature", "supported", bearing, f"{says(bearing)}.")
        if tied and not denied:
            entry = tied[0][0]
            return Found(i, i, "feature", "contradicted", entry, f"“{said}”: {says(entry)}.")
    anywhere = best(index.entries[p.entry] for p in index.find(term.stem) if p.negated == denied)
    if anywhere is not None:
        return Found(i, i, "feature", "supported", anywhere, f"{says(anywhere)}.")
    return Found(i, i, "feature", "unsupported", None, f"“{said}”: no fact gives this letter.")


def _named_after(sentence: Sentence, i: int) -> Iterator[str]:
    """The word that a letter stands right before: "a D battery"."""
    following = i + 1
    if following < len(sentence.terms) and not sentence.breaks_before(following):
        term = sentence.terms[following]
        if term.key.isalpha() and not term.is_letter and term.stem not in lexicons().function:
            yield term.stem


def _named_before(terms: Sequence[Term], i: int) -> Iterator[str]:
    """The words that may name what a letter is a value of, the nearest first: "energy class of A"."""
    for j in range(i - 1, max(-1, i - 1 - _REACH), -1):
        if not _BREAKS.isdisjoint(terms[j + 1].gap):
            return
        if "," in terms[j + 1].gap and not (terms[j].is_letter or terms[j].stem in lexicons().function):
            return
        if terms[j].is_number:  # "300 W": a unit of the number
            return
        if not terms[j].is_letter and terms[j].stem not in lexicons().function:
            yield terms[j].stem


def _letters_of(entry: Entry, stem: str) -> dict[str, bool]:
    """The letters that a fact gives for what a word names, and whether it denies them."""
    found: dict[str, bool] = {}
    for segment, denials in zip(entry.segments, entry.denials, strict=True):
        for i, (term, denied) in enumerate(zip(segment, denials, strict=True)):
            if term.is_letter and (stem in entry.name or next(_named_before(segment, i), None) == stem):
                found.setdefault(term.stem, denied)
    return found
