"""What a document says to those who write, and what it says of others: kept and shown, but evidence of nothing.

"Do not claim that the hammer is stainless" holds the words of a claim and states none. Whoever takes sentences for facts
by their words would prove by it that the hammer is stainless; so such sentences become no facts at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from app.catalog.extraction.vocabulary import Phrases, tokens
from retrieval.attributes import family_of
from retrieval.tables import read_table
from seo.language.tokens import sentences

Passed = Literal["guidance", "question", "others", "condition", "hearsay", "page"]
"""Why a sentence is no evidence: it tells how to write; asks; speaks of others; supposes; reports what somebody says;
belongs to a web page."""

_LABEL = re.compile(r"^\s*(?P<label>[^:.!?\n]{1,40}):(?:\s|$)")
_ANSWER = re.compile(r"^\s*(?:Q(?P<q>uestion)?|A(?:nswer)?)\s*\d{0,3}\s*[:.)]\s+(?=\S)")
_ASKS = re.compile(r"^\s*Q(?:uestion)?\s*\d{0,3}\s*[:.)]\s", re.IGNORECASE)
_YES = re.compile(r"^(?:yes|no|sure|certainly|of course|absolutely|indeed|definitely)\b\s*(?:[,;:–—!-]\s*(?=\S)|\.\s+(?=[^\W\d_]))", re.IGNORECASE)  # fmt: skip
_ONLY_YES = re.compile(r"^(?:yes|no|sure|certainly|of course|absolutely|it depends|yes and no|maybe|perhaps|definitely|indeed)\W*$", re.IGNORECASE)  # fmt: skip
_SAYS_NOTHING = re.compile(
    r"^(?:it|they|this|that|these|those|we|you|i)\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|may|has|have)(?:\s?n[o'’]t)?\W*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?[\"'”’)\]»]*\s*$")
_OTHERS = re.compile(
    r"\bcompetitors?\b|\bcompeting (?!in\b)|\brivals?\b|\bunlike\b|\bother (?:brands?|makers?|manufacturers?|compan(?:y|ies)|shops?|stores?|"
    r"retailers?|suppliers?|producers?|vendors?|labels?|sellers?)\b|\bour other\b|\bthan (?:those of |the |all |most )?others?\b|"
    r"^(?:(?:some|many|most|several|all|any|the|such)\s+)?others?\b|\b(?:counterfeits?|imitations|knock-?offs?|lookalikes)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:customers?|people|users?|buyers?|shoppers?|reviewers?|critics|experts|some|many|others|everyone|nobody|no one|they|he|she|it|rumou?rs?|"
    r"myths?|legends?|magazines?|blogs?|fans)\s+(?:\w+ly\s+|may\s+|might\s+|often\s+|sometimes\s+|is\s+(?:often\s+)?)?"
    r"(?:say|says|said|claims?|claimed|thinks?|believes?|believed|assumes?|asks?|asked|tells?|told|reports?|reported|swears?|wrongly|mistakenly)\b|"
    r"\b(?:allegedly|supposedly|reportedly|so-called|myth|rumou?red)\b|\baccording to (?:a |some |one |many )?(?:customers?|reviews?|rumou?rs?)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|whether|unless|in case|provided that|assuming(?: that)?|as if|as though|even if|were)\b(?P<clause>[^,;.]*)", re.IGNORECASE)  # fmt: skip
_TO_MACHINES = re.compile(
    r"\b(?:previous|prior|earlier|above|preceding) (?:instructions?|prompts?|rules)\b|^\s*(?:system|assistant|user|developer)\s*:|"
    r"\byou are (?:now )?(?:an?|the) (?:\w+ ){0,2}(?:ai|assistant|pirate|model|bot|chatbot|writer|copywriter|agent|expert)\b|"
    r"\bas an ai\b|[\"']role[\"']\s*:|</?(?:system|instructions?|prompt)>|\byou are now\b",
    re.IGNORECASE,
)
_SAID_OF = re.compile(
    r"\b(?:must|should|may|can|could|shall|cannot|can't|mustn't|shouldn't|never|always|not)\s+(?:(?:not|never|always|only|ever|also)\s+)?"
    r"(?:be\s+)?(?:written|spelt|spelled|capitali[sz]ed|abbreviated|called|described|referred to|advertised|marketed|promoted|mentioned|worded|"
    r"phrased|claimed|praised|translated|promised|stated|presented as|passed off)\b|\b(?:forbidden|prohibited|not allowed|allowed|wrong|misleading|permitted|tempting|important)\s+to\s+"
    r"(?:say|claim|write|call|mention|describe|state|promise|advertise)\b|\b(?:say|claim|write|state|mention|promise|pretend|imply)s?\s+that\b|"
    r"\b(?:avoid|stop|without|refrain from|instead of|rather than|against|by)\s+(?:saying|claiming|calling|writing|describing|mentioning|promising|"
    r"stating|implying|suggesting|advertising|using the words?)\b|\blet (?:\w+ ){1,3}know\b|\bno (?:circumstances|account)\W+(?:\w+\W+){0,2}"
    r"(?:say|claim|call|write|describe|mention|promise)\b|\bclaims? (?:that|of being|about)\b|\bthe (?:word|term|phrase|claim|expression)s?\s+[\"'“‘]",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:must|should|shall|may|can|could|never|always|do not|don't|does not|cannot|have to|has to|need to)\b", re.IGNORECASE)  # fmt: skip
_PAGE = re.compile(
    r"©|\(c\)\s*\d{4}|\bcopyright\b|\ball rights reserved\b|\bsubscribe\b|\bnewsletter\b|\bcookies?\b(?=.*\b(?:accept|policy|consent|settings|use|uses)\b)|"
    r"^\s*(?:home|start|shop)?\s*(?:[›»>/|→]\s*[^›»>/|→.]{1,40}){1,8}$|^\s*(?:home|start)\s*(?:[›»>/|→·•]\s*\S.*)+$|"
    r"\b(?:privacy policy|terms (?:and|&) conditions|terms of (?:use|service)|imprint|impressum|site ?map|skip to (?:main )?content|"
    r"add to (?:cart|basket|bag|wish ?list)|log ?in|sign (?:in|up)|back to top|read more|follow us|share (?:this|on)|table of contents|page \d+ of \d+)\b",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence as a fact may say it, or why it is no evidence: then `text` is the sentence as it stands there."""

    text: str
    passed: Passed | None = None


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = read_table("app.catalog.documents", "guidance.yaml")
    return found


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(_table()[key])


@cache
def _titles(key: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tokens(phrase) for phrase in _table()[key])


@cache
def _phrases(key: str) -> Phrases:
    return Phrases((phrase, phrase) for phrase in _table()[key])


@lru_cache(maxsize=16384)
def heard(heading: tuple[str, ...], text: str) -> Heard:
    """Hear a statement below its headings: the answer of a FAQ loses its "Yes,"; what is no evidence says why."""
    if _ASKS.match(text) or _QUESTION.search(text):
        return Heard(text, "question")
    said = _ANSWER.sub("", text, count=1).strip()
    if _ONLY_YES.match(said):
        return Heard(text, "question")
    passed = _passed(heading, said)
    if passed is not None:
        return Heard(text, passed)
    answer = _YES.sub("", said, count=1)
    if _SAYS_NOTHING.match(answer):
        return Heard(text, "question")
    return Heard(said if answer == said else answer[:1].upper() + answer[1:])


def passed_over(heading: tuple[str, ...], text: str) -> Iterator[Heard]:
    """The sentences of a piece's text that are no evidence, in order."""
    for line in text.splitlines():
        whole = heard(heading, line)
        if whole.passed is not None and len(sentences(line)) <= 1:
            yield whole
            continue
        for span in sentences(line):
            one = heard(heading, span.text)
            if one.passed is not None and _CONTENT.search(span.text):
                yield one


def _passed(heading: tuple[str, ...], text: str) -> Passed | None:
    words = tokens(text)
    labels = [found["label"] for part in text.split("; ") if (found := _LABEL.match(part))]
    if _is_for_writers(heading) or any(_is_for_writers((*heading, label)) for label in labels):
        return "guidance"
    if _HEARSAY.search(text):
        return "hearsay"
    if _is_about_writing(text, words):
        return "guidance"
    if _PAGE.search(text):
        return "page"
    if _OTHERS.search(text):
        return "others"
    return "condition" if _supposes(text) else None


def _is_for_writers(headings: Sequence[str]) -> bool:
    for level, heading in enumerate(headings):
        title = tokens(heading.replace("/", " ").replace("&", " and "))
        if title in _titles("headings") or title in _titles("dont"):
            return True
        if title in _titles("do") and not any(map(_is_of_goods, headings[:level])):
            return True
    return False


def _is_of_goods(heading: str) -> bool:
    """Whether a heading tells what is done with goods ("Care guide"), not with words."""
    return any(
        (family := family_of(word)) is not None and family.kind in {"care", "use"} for word in tokens(heading)
    )


def _is_about_writing(text: str, words: tuple[str, ...]) -> bool:
    if _TO_MACHINES.search(text) or _SAID_OF.search(text) or _phrases("style").find(words):
        return True
    saying, before = _words("saying"), _words("before_order")
    head = next((index for index, word in enumerate(words) if word not in before), len(words))
    if head < len(words) and words[head] in saying and _is_order(words, head):
        return True
    strict = saying - _words("only_orders")
    if any(
        _MODAL.fullmatch(" ".join(words[at - 1 : at])) and words[at] in strict for at in range(1, len(words))
    ):
        return True
    ordered = head < len(words) and words[head] in {"use", "avoid", "prefer", "choose", "keep", "replace", "omit", "drop", "limit", "begin", "start", "end", "put", "make", "leave", "check"}  # fmt: skip
    return (ordered or _MODAL.search(text) is not None or words[:1] == ("no",)) and bool(
        _phrases("with_order").find(words)
    )


def _is_order(words: tuple[str, ...], head: int) -> bool:
    """Whether the verb of saying at the head is one: "Label printers print fast" begins with a noun."""
    ordered = bool(head) and words[head - 1] not in {"only", "and"}
    return (
        ordered
        or words[head] not in _words("nouns_too")
        or words[head + 1 : head + 2] == ()
        or words[head + 1] in _words("objects")
    )


def _supposes(text: str) -> bool:
    """Whether a condition supposes a property of a thing: "if the jacket is waterproof" says not that it is."""
    for found in _CONDITION.finditer(text):
        words = tokens(found["clause"])
        if (
            words[:1]
            and words[0] not in {"you", "it", "they", "there", "in", "necessary", "possible", "needed", "not"}
            and _claims(words)
        ):
            return True
        if len(words) > 1 and words[0] in {"it", "they"} and _claims(words[1:]):
            return True
    return False


@cache
def _properties() -> Phrases:
    lists = {
        **read_table("app.catalog.extraction", "features.yaml"),
        **read_table("app.catalog.extraction", "claims.yaml"),
    }
    kinds = read_table("app.catalog.extraction", "materials.yaml")["kinds"]
    phrases = [
        part.strip(" !\n")
        for value in lists.values()
        if isinstance(value, str)
        for entry in value.split(",")
        for part in entry.split("=")
    ]
    phrases += [name for kind, names in kinds.items() for name in (kind, *names)]
    return Phrases((phrase, phrase) for phrase in phrases if phrase)


def _claims(words: tuple[str, ...]) -> bool:
    copula = next(
        (
            at
            for at, word in enumerate(words)
            if word in {"is", "are", "was", "were", "has", "have", "says", "carries", "bears"}
        ),
        None,
    )
    return copula is not None and bool(_properties().find(words[copula + 1 :]))
