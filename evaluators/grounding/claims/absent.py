"""A part that the facts say is not there: "the lining is silk" of what has none."""

from collections.abc import Iterator

from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import Entry, FactIndex
from evaluators.grounding.lexicons import domains_of, lexicons
from evaluators.grounding.terms import Term, name_terms, normal

_ALONG = frozenset(
    normal(word)[0]
    for word in ("included", "includes", "supplied", "provided", "required", "optional", "available")
)


def find_absent(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield the parts that a text speaks of as there, and a fact denies as a whole ("lining: none")."""
    absent: dict[str, Entry] = {}
    for entry in index.refusing:
        whole = entry.parts and entry.parts == entry.name - index.types
        if whole and _is_of_having(entry):
            for stem in entry.parts:
                for same in (stem, *lexicons().synonyms.get(stem, ())):
                    absent.setdefault(same, entry)
    if not absent:
        return
    for i, term in enumerate(sentence.terms):
        found = absent.get(term.stem)
        if found is None or sentence.denied[i] or not _is_part(term) or _is_of_another(sentence, i):
            continue
        reason = f"The text says “{term.text}”; {says(found)}."
        yield Found(i, i, "feature", "contradicted", found, reason)


def _is_of_having(entry: Entry) -> bool:
    """Whether a name asks if the part is there, not if it comes along: "batteries included: no" is said of what has some."""
    return _ALONG.isdisjoint(term.key for term in name_terms(entry.fact.label or entry.fact.name))


def _is_part(term: Term) -> bool:
    """Whether the word means the part, or having it: "a lining", "lined", but not "line dry"."""
    return "part" in domains_of(term.key) or term.text.lower().endswith("ed")


def _is_of_another(sentence: Sentence, i: int) -> bool:
    """Whether it is a part of a part: "pocket lining", "the lining of the hood"."""
    terms = sentence.terms
    if i and not sentence.breaks_before(i) and "part" in domains_of(terms[i - 1].key):
        return True
    return i + 1 < len(terms) and terms[i + 1].text.lower() == "of"
