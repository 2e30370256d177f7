"""The shop's own words: a sentence of a care guide closes a text, as it stands there, with the statement that it is.

Quoted is only what stands on its own: it speaks of this product, needs no neighbour to be understood, promises nothing in
the first person, and tells the reader to do nothing but care for the product or use it.
"""

import re
from collections.abc import Iterator, Sequence

from app.catalog.documents.applicability import applicable
from app.catalog.documents.subjects import is_care
from app.catalog.documents.topics import instructing_words
from app.catalog.extraction.vocabulary import tokens
from app.copywriting.copy import Brief
from app.copywriting.realizer.composer import Sentence
from app.copywriting.realizer.rules import rules
from app.copywriting.realizer.words import lemmas
from evaluators import text_checks
from evaluators.grounding.check import judge_sentence
from evaluators.grounding.index import FactIndex
from evaluators.grounding.lexicons import lexicons
from prompts import load_voice
from retrieval.attributes import family_of
from retrieval.facts import Fact
from retrieval.selection import is_document, terms
from seo.language.stems import stem
from seo.language.tokens import Span

_MOST = 2
"""Quoted sentences where the angle asks for them; any other text has one."""
_SHORTEST, _LONGEST = 15, 220  # characters
_TOLD = 0.7
"""A sentence of whose words this share stands in the text already adds nothing."""
_CLOSING = frozenset({"care"})
_INSTRUCTING = frozenset({"care", "use"})
_KNOWABLE = 4  # letters of a word that a dictionary of content words may be asked for
_STRANGE = 0.3

# A sentence that begins so, or has these words in it, leans on its neighbours or on the page it stood on.
_LEANS = re.compile(
    r"^(?:it|its|this|that|these|those|they|them|their|theirs|he|she|his|her|such|both|either|neither|each|some|many|most|"
    r"others?|another|one|ones|same|then|so|thus|hence|therefore|however|but|and|or|nor|yet|also|otherwise|instead|else|"
    r"here|there|yes|no|if so|if not|as a result|for example|in this case|in that case|please|note|tip|warning|you|your|"
    r"first|second|third|next|finally|afterwards|after that|before that)\b(?!-)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:above|below|following|previous|former|latter|overleaf|see|page|section|chapter|table|figure|chart|diagram|"
    r"click|link|website|online|contact|call us|e-?mail|visit|as well|too|also|listed|mentioned|said|step)\b|https?:|www\.|@",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|WE|[Oo]urs?|[Uu]s|[Oo]urselves|I|[Mm]y|[Mm]e|[Mm]ine)\b")
_MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|USD|EUR|GBP)\b|\bprices?\b|\b(?:discount|voucher|coupon|shipping|delivery)\b", re.IGNORECASE)  # fmt: skip
_INTRODUCES = re.compile(r"[?!:;|<>{}\[\]*#…\"“”]|\.\.\.")


def with_quotes(paragraphs: Sequence[Sequence[Sentence]], brief: Brief) -> tuple[tuple[Sentence, ...], ...]:
    """The paragraphs, and a last one of sentences from the shop's documents where the brief has some that fit."""
    quotes = tuple(_quotes(paragraphs, brief))
    whole = tuple(tuple(paragraph) for paragraph in paragraphs)
    return (*whole, quotes) if quotes else whole


def _quotes(paragraphs: Sequence[Sequence[Sentence]], brief: Brief) -> Iterator[Sentence]:
    candidates = [fact for fact in brief.documents if is_document(fact)]
    if not candidates:
        return
    statements = applicable(candidates, [fact for fact in brief.facts if not is_document(fact)])
    if not statements:
        return
    asked = rules(brief.locale.partition("-")[0]).angles[brief.angle].kinds if brief.angle else frozenset()
    fitting = [fact for fact in statements if _kind(fact) in asked] + [
        fact for fact in statements if _kind(fact) in _CLOSING - asked
    ]
    said = {term for paragraph in paragraphs for sentence in paragraph for term in terms(sentence.text)}
    index_of = {fact.id: fact for fact in statements}
    count = 0
    for fact in fitting:
        if count >= (_MOST if _kind(fact) in asked else 1):
            return
        text = _finished(fact.text)
        words = terms(text)
        told = sum(word in said for word in words) >= _TOLD * len(words)
        if told or not stands_alone(fact.text, _kind(fact)) or not _passes(text, brief):
            continue
        if not _is_borne(text, (*brief.facts, index_of[fact.id])):
            continue
        count += 1
        said.update(words)
        yield Sentence(text, (fact.id,))


def stands_alone(text: str, kind: str) -> bool:
    """Whether a statement about a product can be quoted out of its document; `kind` is that of its family."""
    if not _SHORTEST <= len(text) <= _LONGEST or _LEANS.match(text) or _POINTS.search(text):
        return False
    if _FIRST_PERSON.search(text) or _MONEY.search(text) or _INTRODUCES.search(text):
        return False
    words = tokens(text)
    if len(words) < 3:
        return False
    if words[0] in instructing_words() or is_care(text):
        return kind in _INSTRUCTING
    # An order asks for what is none of the product's care.
    return words[0] not in lemmas(words[0]).get("VERB", ())


def _kind(fact: Fact) -> str:
    family = family_of(fact.name)
    return family.kind if family is not None else ""


def _finished(text: str) -> str:
    """The statement as a sentence: a list item gets its capital and its full stop, nothing else is changed."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _passes(text: str, brief: Brief) -> bool:
    """What the gate would say of the words alone."""
    texts = (("description_html", text),)
    return _is_english(text) and not (
        text_checks.forbidden(texts, load_voice(brief.voice).forbidden)
        or text_checks.leaked(texts)
        or text_checks.garbled(texts)
        or text_checks.foreign(texts, brief.locale)
        or text_checks.shouting(texts, brief.facts)
    )


def _is_english(text: str) -> bool:
    """Whether a dictionary knows most of the words; a trade name or two it need not know."""
    function = lexicons().function  # "every", "with": no dictionary of content words has them
    words = [
        word
        for word in tokens(text)
        if word.isalpha() and len(word) >= _KNOWABLE and stem(word) not in function
    ]
    strange = sum(not lemmas(word) for word in words)
    return strange < 2 or strange < _STRANGE * len(words)


def _is_borne(text: str, facts: Sequence[Fact]) -> bool:
    verdict = judge_sentence(Span(text, 0, len(text)), FactIndex(tuple(facts)))
    return verdict.verdict in {"supported", "claimless"}
