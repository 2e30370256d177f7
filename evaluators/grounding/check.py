"""Judge a text by facts: every sentence, every claim in it, and why."""

from collections.abc import Iterable, Mapping, Sequence

from evaluators.grounding.claims.absent import find_absent
from evaluators.grounding.claims.care import find_care
from evaluators.grounding.claims.counts import find_counts
from evaluators.grounding.claims.letters import find_letters
from evaluators.grounding.claims.money import find_money
from evaluators.grounding.claims.names import find_names, find_values
from evaluators.grounding.claims.origins import find_origins
from evaluators.grounding.claims.phrases import find_phrases
from evaluators.grounding.claims.quantities import find_measures
from evaluators.grounding.claims.sentence import Found, Sentence
from evaluators.grounding.claims.sizes import find_sizes
from evaluators.grounding.claims.words import find_words
from evaluators.grounding.index import FactIndex
from evaluators.grounding.polarity import negations
from evaluators.grounding.reading import facts_from
from evaluators.grounding.verdicts import Claim, GroundingReport, SentenceVerdict, Verdict
from retrieval.facts import Fact
from seo.language.tokens import Span, sentences

# The order decides who judges a word that several families could: the product's own name first ("Best Mug"),
# then care (a value that the text repeats may stand beside one that it must not), then what is most specific.
_FAMILIES = (
    find_names,
    find_care,
    find_values,
    find_origins,
    find_absent,
    find_money,
    find_sizes,
    find_measures,
    find_phrases,
    find_letters,
    find_counts,
)
_WORST: tuple[Verdict, ...] = ("contradicted", "unsupported", "supported")


def check_grounding(text: str, facts: Iterable[Fact | Mapping[str, object]]) -> GroundingReport:
    """Judge a plain text by the facts of its product, whoever wrote it.

    Every statement in it must rest on a fact: a sentence with none is `claimless`, one with a claim that no fact
    bears is `unsupported`, one against a fact `contradicted`. Whether a fact is live makes no
    difference here; the gate (`evaluators.checks`) rules on that. Who answers for it (`trust`) matters only to health
    claims and absolute promises, which the merchant's own prose does not prove.

    A fact may be a mapping (`id`, `name`, `value`, `unit`, `text`, see `facts_from`); raises ValueError for one that
    says nothing.
    """
    index = FactIndex(facts_from(facts))
    judged = tuple(judge_sentence(span, index) for span in sentences(text))
    with_claims = [sentence for sentence in judged if sentence.verdict != "claimless"]
    supported = sum(sentence.verdict == "supported" for sentence in with_claims)
    return GroundingReport(judged, supported / len(with_claims) if with_claims else 1.0)


def judge_sentence(span: Span, index: FactIndex, preferred: frozenset[str] = frozenset()) -> SentenceVerdict:
    """Judge one sentence. Where several facts bear a word, those in `preferred` (ids) are named first."""
    sentence = Sentence.read(span.text)
    found = list(_claims(sentence, index, preferred))
    found.sort(key=lambda claim: (claim.first, claim.last))
    claims = tuple(_claim(claim, sentence, span.start) for claim in found)
    facts = tuple(dict.fromkeys(claim.fact for claim in claims if claim.fact is not None))
    return SentenceVerdict(span.text, span.start, span.end, facts, _verdict(claims), claims)


def _claims(sentence: Sentence, index: FactIndex, preferred: frozenset[str]) -> Iterable[Found]:
    for family in _FAMILIES:
        for found in family(sentence, index):
            if sentence.is_free(found):
                sentence.mark(found)
                yield found
        if family is find_names:
            sentence.denied = negations(sentence.terms, sentence.judged)
    yield from find_words(sentence, index, preferred)


def _claim(found: Found, sentence: Sentence, offset: int) -> Claim:
    start, end = sentence.terms[found.first].start, sentence.terms[found.last].end
    fact = found.entry.fact.id if found.entry is not None else None
    return Claim(
        sentence.text[start:end], offset + start, offset + end, found.kind, found.verdict, fact, found.reason
    )


def _verdict(claims: Sequence[Claim]) -> Verdict:
    said = {claim.verdict for claim in claims}
    return next((verdict for verdict in _WORST if verdict in said), "claimless")
