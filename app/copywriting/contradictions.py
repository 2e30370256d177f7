"""When a statement of a document contradicts a product: only where both say something of the same property of it.

The check of a text is stricter, as it must be: there a number or a material that no fact has is wrong. A guide speaks of
much that the product's facts leave out: how long glue cures is no answer to "suitable from six years".
"""

import re

from evaluators.grounding.check import judge_sentence
from evaluators.grounding.index import FactIndex
from evaluators.grounding.lexicons import lexicons
from evaluators.grounding.terms import terms
from evaluators.grounding.verdicts import Claim
from retrieval.facts import Fact
from seo.language.tokens import Span

_NUMBERS = frozenset({"quantity", "count", "warranty", "size"})
_MADE_OF = frozenset({"material", "color"})
_ASIDE = re.compile(
    r"\b(?:with|using|in|into|from|on|under|like|near|for|against|between|inside)\s+[^,;.]*$", re.IGNORECASE
)
_ROUNDS = 6


def contradicted(statement: Fact, index: FactIndex) -> Claim | None:
    """The claim of a statement that the product's own facts contradict; None where they do not speak of the same."""
    text = statement.text
    for _ in range(_ROUNDS):
        claims = [
            claim
            for claim in judge_sentence(Span(text, 0, len(text)), index).claims
            if claim.verdict == "contradicted"
        ]
        facts = {entry.fact.id: entry.fact for entry in index.entries}
        found = next((claim for claim in claims if _is_of_the_same(claim, statement, facts)), None)
        if found is not None:
            return found
        # A fact about another property stood before one about the same: hear the others too.
        beside = {claim.fact for claim in claims if claim.kind in _NUMBERS and claim.fact is not None}
        if not beside:
            return None
        index = FactIndex(tuple(fact for fact in facts.values() if fact.id not in beside))
    return None


def _is_of_the_same(claim: Claim, statement: Fact, facts: dict[str, Fact]) -> bool:
    text = statement.text
    if claim.kind == "type":
        return False  # the thing that one uses, or another: which goods it is about was asked before
    if claim.kind in _MADE_OF:
        return _ASIDE.search(text[: claim.start]) is None  # "wipe with a cotton cloth"
    fact = facts.get(claim.fact or "")
    if claim.kind not in _NUMBERS or fact is None:
        return True
    if fact.name == statement.name and not _stems(" ".join(fact.values)):
        return True  # "care: 30°" says nothing but its number
    told, own = _stems(text), _stems(" ".join((fact.name.replace("_", " "), fact.label, *fact.values)))
    return bool(told & own) or bool(_measures(told) & _measures(own))


def _stems(text: str) -> frozenset[str]:
    """The stems of the words that say what a number is of."""
    free = lexicons().function
    return (
        frozenset(
            term.stem
            for term in terms(text)
            if term.key.isalpha() and not term.is_number and term.stem not in free
        )
        - _units()
    )


def _units() -> frozenset[str]:
    return frozenset(term.stem for term in terms(_UNIT_WORDS))


_UNIT_WORDS = (
    "second seconds minute minutes min hour hours h day days week weeks month months year years cm mm m km inch in ft kg g mg "
    "l ml cl w wh mah v a hz nm bar c f percent size sizes piece pieces one two three four five six seven eight nine ten up"
)


def _measures(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(measure for stem in stems for measure in lexicons().measures.get(stem, ()))
