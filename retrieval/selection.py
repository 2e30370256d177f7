"""Which facts a brief is given: by relevance and coverage, within a budget, the identity always among them.

Relevance is BM25 (Robertson & Zaragoza 2009) of the brief's words over the facts, with the kinds of fact that its angle
is about. Coverage is maximal marginal relevance (Carbonell &
Goldstein 1998): a fact pays for what was said already. Pure: the same facts and brief give the same selection.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.attributes import family_of
from retrieval.facts import Fact
from seo.language.stems import stem
from seo.language.tokens import words

SELECTION_ID = "bm25-mmr@2"
"""Names this way of choosing; raised when the same facts and brief would give another selection."""
DEFAULT_BUDGET = 32_000
"""Tokens: wider than all facts of any product in the catalogs we measured, so that only documents compete."""
IDENTITY = frozenset({"title", "brand", "type"})
_K1, _B = 1.2, 0.5
_TOPIC = 0.6
"""What belonging to the brief's topic is worth beside answering its words (0.4)."""
_LAMBDA = 0.7
_ENOUGH = 0.05
"""A document's statement that answers less of the brief than this is about something else."""
_TWIN = 0.8
_POOL = 60
"""Statements of documents among which coverage is weighed."""
_SHARED = 4  # letters at the start that make two words kin: "wash", "washing", "washable"
_STOP_TEXT = """
a about an and any are as at be by can do does for from has have how i if in into is it its my no not of on or our so
that the their them then there these this those to was we what when where which who why will with you your
"""
_STOP = frozenset(_STOP_TEXT.split())


@dataclass(frozen=True, slots=True)
class SelectionBrief:
    """What the facts are wanted for.

    `query`: words that they should answer (keyphrase, audience, a question). `kinds` and `words`: the topic, as kinds of
    attribute families ("care") and as words that tell it ("washable"). `asked`: only facts that answer the query are
    wanted (a search); else the product's own facts are all of use, and the brief decides about the others, unless
    `everything` is wanted as far as the limits reach.
    """

    query: str = ""
    kinds: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    asked: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """`budget` in tokens (see `tokens_of`); at most `documents` statements of documents, and `document_share` of all."""

    budget: int = DEFAULT_BUDGET
    documents: int = 6
    document_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Selected:
    """A chosen fact and how relevant it is, from 0 to 1."""

    fact: Fact
    score: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen facts, the product's own first in their order, documents' by relevance; `dropped` are the others."""

    chosen: tuple[Selected, ...]
    dropped: tuple[Fact, ...]
    version: str = SELECTION_ID

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The chosen facts."""
        return tuple(one.fact for one in self.chosen)


_NO_LIMITS = Limits()


def is_document(fact: Fact) -> bool:
    """Whether a fact is a statement of a document."""
    return fact.trust == "document" and fact.source.startswith("document:")


def tokens_of(fact: Fact) -> int:
    """What a fact takes of a prompt: a token for four characters of its statement, and six for its id and line."""
    return -(-len(fact.text) // 4) + 6


def select(
    facts: Sequence[Fact],
    brief: SelectionBrief,
    limits: Limits = _NO_LIMITS,
) -> Selection:
    """Choose facts for a brief.

    Title, brand and type are always chosen, whatever the budget. Facts of the product come before statements of
    documents.
    """
    scores = _scores(facts, brief)
    room = _Room(limits.budget)
    for index, fact in enumerate(facts):
        if fact.name in IDENTITY and not is_document(fact) and not brief.asked:
            room.take(index, fact)
    own = [i for i, fact in enumerate(facts) if not is_document(fact) and i not in room.taken]
    if brief.asked:
        own = [i for i in own if scores[i] > 0]
    if room.fits([facts[i] for i in own]):
        for index in own:
            room.take(index, facts[index])
    else:
        _fill(room, own, facts, scores, len(own))
    told = len(room.taken)
    # n documents among told + n facts: n / (told + n) ≤ share
    share = limits.document_share
    cap = (
        limits.documents
        if share >= 1 or brief.asked
        else min(limits.documents, max(1, int(told * share / (1 - share))))
    )
    floor = 0.0 if brief.asked else -1.0 if brief.everything else _ENOUGH
    documents = [i for i, fact in enumerate(facts) if is_document(fact) and scores[i] > floor]
    # Coverage is weighed among the most relevant only: a guide of thousands of sentences costs no more than its best.
    documents = sorted(sorted(documents, key=lambda i: -scores[i])[: max(_POOL, 2 * cap)])
    _fill(room, documents, facts, scores, cap)
    return _selection(room, facts, scores, asked=brief.asked)


def answering(facts: Sequence[Fact], query: str) -> tuple[float, ...]:
    """How well each fact answers the words of a query, from 0 to 1, weighed among these facts."""
    return tuple(round(score, 4) for score in _scores(facts, SelectionBrief(query, asked=True)))


class _Room:
    """What was taken, in order, and how much of the budget is left."""

    def __init__(self, budget: int) -> None:
        self.taken: dict[int, None] = {}
        self.left = budget

    def fits(self, facts: Sequence[Fact]) -> bool:
        return sum(map(tokens_of, facts)) <= self.left

    def take(self, index: int, fact: Fact) -> None:
        self.taken[index] = None
        self.left -= tokens_of(fact)


def _fill(
    room: _Room, options: Sequence[int], facts: Sequence[Fact], scores: Sequence[float], most: int
) -> None:
    """Take facts one by one, each time the one that adds most, until nothing fits or `most` are in."""
    nearest = {i: max((_overlap(facts[i], facts[j]) for j in room.taken), default=0.0) for i in options}
    left = [i for i in options if nearest[i] < _TWIN or not is_document(facts[i])]
    taken = 0
    while left and taken < most:
        best = max(left, key=lambda i: (_LAMBDA * scores[i] - (1 - _LAMBDA) * nearest[i], -i))
        left.remove(best)
        if not room.fits([facts[best]]):
            continue
        room.take(best, facts[best])
        taken += 1
        for i in left:
            nearest[i] = max(nearest[i], _overlap(facts[i], facts[best]))
        left = [i for i in left if nearest[i] < _TWIN or not is_document(facts[i])]


def _selection(room: _Room, facts: Sequence[Fact], scores: Sequence[float], *, asked: bool) -> Selection:
    if asked:
        order = sorted(room.taken, key=lambda i: (-scores[i], i))
    else:
        own = sorted(i for i in room.taken if not is_document(facts[i]))
        order = [*own, *(i for i in room.taken if is_document(facts[i]))]
    chosen = tuple(Selected(facts[i], round(scores[i], 4)) for i in order)
    dropped = tuple(fact for i, fact in enumerate(facts) if i not in room.taken)
    return Selection(chosen, dropped)


def _scores(facts: Sequence[Fact], brief: SelectionBrief) -> list[float]:
    wanted = terms(brief.query)
    answers = _bm25([_terms_of(fact) for fact in facts], wanted) if wanted else [0.0] * len(facts)
    if brief.asked:
        return answers
    topic = frozenset(stem(word) for word in brief.words)
    return [
        _TOPIC * _about(fact, brief.kinds, topic) + (1 - _TOPIC) * answer
        for fact, answer in zip(facts, answers, strict=True)
    ]


def _about(fact: Fact, kinds: frozenset[str], topic: frozenset[str]) -> float:
    """1 where the fact is of the topic's kinds, a half where it only uses its words."""
    family = family_of(fact.name)
    if family is not None and family.kind in kinds:
        return 1.0
    return 0.5 if topic and not topic.isdisjoint(_terms_of(fact)) else 0.0


def _bm25(texts: Sequence[tuple[str, ...]], wanted: Sequence[str]) -> list[float]:
    """BM25 as a share of what an endless repetition of every wanted word would score: from 0 to below 1."""
    count = len(texts)
    mean = sum(map(len, texts)) / count if count else 1.0
    kin = _kin_of(wanted, frozenset(term for text in texts for term in text))
    hits = [Counter(word for term in text if term in kin for word in kin[term]) for text in texts]
    spread = {word: sum(word in hit for hit in hits) for word in wanted}
    weight = {word: math.log(1 + (count - spread[word] + 0.5) / (spread[word] + 0.5)) for word in wanted}
    total = sum(weight.values()) * (_K1 + 1)
    scores = []
    for hit, text in zip(hits, texts, strict=True):
        norm = _K1 * (1 - _B + _B * len(text) / (mean or 1.0))
        scores.append(
            sum(weight[w] * n * (_K1 + 1) / (n + norm) for w, n in hit.items()) / total if hit else 0.0
        )
    return scores


def _kin_of(wanted: Sequence[str], known: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Term → the wanted words that it answers, for the terms that answer any."""
    starts = {word[:_SHARED] for word in wanted}
    near = (term for term in known if term[:_SHARED] in starts)
    return {term: words for term in near if (words := tuple(w for w in wanted if w == term or _kin(w, term)))}


@lru_cache(maxsize=65536)
def _kin(a: str, b: str) -> bool:
    """One stem begins with the other but for two letters of its ending ("wash", "washabl")."""
    if a[:_SHARED] != b[:_SHARED] or min(len(a), len(b)) < _SHARED:
        return False
    short, long = sorted((a, b), key=len)
    return long.startswith(short[: max(_SHARED, len(short) - 2)]) and len(long) - len(short) <= 4


@lru_cache(maxsize=16384)
def terms(text: str) -> tuple[str, ...]:
    """The stems of a text's words, each once, without stop words."""
    return tuple(dict.fromkeys(_stems(text)))


@lru_cache(maxsize=65536)
def _stems(text: str) -> tuple[str, ...]:
    plain = text.replace("_", " ").replace("/", " ")
    parts = (part for span in words(plain) for part in span.text.lower().split("-"))
    return tuple(stem(part) for part in parts if part and part not in _STOP)


def _terms_of(fact: Fact) -> tuple[str, ...]:
    # A document's fact is known by a family ("care"), else by the headings that are its label.
    name = "" if is_document(fact) and family_of(fact.name) is None else fact.name
    return _stems(f"{name} {fact.label} {fact.text}")


def _overlap(fact: Fact, told: Fact) -> float:
    """How much of a statement another one says already: the share of its words."""
    mine = _stem_set(fact.text)
    return len(mine & _stem_set(told.text)) / len(mine) if mine else 0.0


@lru_cache(maxsize=65536)
def _stem_set(text: str) -> frozenset[str]:
    return frozenset(_stems(text))
