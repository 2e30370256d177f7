"""Care against the facts: a method that they exclude ("machine wash" of what is to be washed by hand), and too much heat.

What the facts bear out, and what they say nothing of, is left to the other families.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evaluators.grounding.care_methods import CareHeat, CareMethod, read_care
from evaluators.grounding.care_table import Aspect, aspect_of
from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import CareFact, FactIndex
from evaluators.grounding.lexicons import domains_of
from evaluators.grounding.verdicts import Verdict


class _Judged(NamedTuple):
    """A verdict, and the fact it rests on; with none there is nothing to say."""

    verdict: Verdict
    fact: CareFact | None


def find_care(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield methods and temperatures of care that speak against the facts."""
    said = read_care(sentence.text, sentence.terms, sentence.denied)
    for method in said.methods:
        if method.partial:
            continue
        beside = [m.method for m in said.methods if m.clause == method.clause and not m.denied]
        verdict, fact = _judge(method, beside, _given(index, method, index.types))
        words = sentence.says(method.first, method.last)
        if fact is None:
            if _is_mistakable(sentence, method, index):
                yield Found(
                    method.first, method.last, "feature", "unsupported", None, f"“{words}”: no fact says so."
                )
            continue
        if verdict == "contradicted":
            reason = f"The text {'forbids' if method.denied else 'says'} “{words}”; {says(fact.entry)}."
            yield Found(method.first, method.last, "feature", verdict, fact.entry, reason)
        else:
            reason = f"“{words}”: no fact says so; {says(fact.entry)}."
            yield Found(method.first, method.last, "feature", verdict, None, reason)
    for heat in said.heats:
        found = _too_hot(sentence, heat, _given(index, heat, index.types))
        if found is not None:
            yield found


def _is_mistakable(sentence: Sentence, said: CareMethod, index: FactIndex) -> bool:
    """Whether other families would take a word of it that no fact has for goods: an iron, a dryer."""
    terms = sentence.terms[said.first : said.last + 1]
    return any("type" in domains_of(term.key) and not index.find(term.stem) for term in terms)


def _given(index: FactIndex, said: CareMethod | CareHeat, types: frozenset[str]) -> list[CareFact]:
    """What the facts say of this aspect, of the same part of the product."""
    parts = said.parts - types
    return [
        fact
        for fact in index.care
        if fact.said.aspect == said.aspect and (fact.said.parts | fact.entry.parts) - types == parts
    ]


def _judge(said: CareMethod, beside: Sequence[str], given: Sequence[CareFact]) -> _Judged:
    """Contradicted by a fact; unsupported, where facts only deny something near it; else left to others."""
    aspect = aspect_of(said.aspect)
    methods = [(fact, fact.said) for fact in given if isinstance(fact.said, CareMethod)]
    allowed = [(fact, method) for fact, method in methods if not method.denied]
    denied = [(fact, method) for fact, method in methods if method.denied]
    if said.denied:
        against = (fact for fact, method in allowed if aspect.covers(said.method, method.method))
        return _Judged("contradicted", next(against, None))
    if any(aspect.agree(said.method, method.method) for _, method in allowed):
        return _Judged("supported", None)
    whole = (f for f, m in denied if not m.partial and aspect.covers(m.method, said.method))
    refused = next(whole, None)
    if refused is not None:
        return _Judged("contradicted", refused)
    if not allowed:
        # "Do not machine wash" speaks of washing, and against no washing by hand.
        return _Judged("unsupported", denied[0][0] if denied else None)
    is_extra = said.method in aspect.beside and not said.only
    if is_extra or _is_gentle_alternative(aspect, said.method, beside, [m.method for _, m in allowed]):
        return _Judged("supported", None)
    return _Judged("contradicted", allowed[0][0])


def _is_gentle_alternative(aspect: Aspect, said: str, beside: Sequence[str], allowed: Sequence[str]) -> bool:
    """Whether the text offers it beside what the facts allow, and what bears that bears this: "machine or hand wash"."""
    return any(
        said in aspect.gentler.get(method, frozenset())
        and any(aspect.agree(other, method) for other in beside)
        for method in allowed
    )


def _too_hot(sentence: Sentence, said: CareHeat, given: Sequence[CareFact]) -> Found | None:
    heats = [(fact, fact.said) for fact in given if isinstance(fact.said, CareHeat)]
    if not heats:
        return None
    fact, highest = max(heats, key=lambda pair: pair[1].highest)
    words = sentence.says(said.first, said.last)
    if said.lowest > highest.highest:
        reason = f"“{words}” is hotter than the product bears: {says(fact.entry)}."
        return Found(said.first, said.last, "quantity", "contradicted", fact.entry, reason)
    is_number = said.lowest == said.highest
    if is_number and highest.capped and all(said.highest < heat.lowest for _, heat in heats):
        # Within the limit: nothing speaks against it, and nothing says it.
        reason = f"“{words}”: {says(fact.entry)}, and no fact gives this number."
        return Found(said.first, said.last, "quantity", "unsupported", None, reason)
    return None
