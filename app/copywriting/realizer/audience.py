"""Whom a text is for: the words of an audience, by which facts that speak of it are found. No word of it is written."""

from functools import lru_cache

from app.copywriting.realizer.words import lemmas, tokens
from seo.language.stems import stem

_SHORTEST = 3
_DOERS = ("ers", "er", "ists", "ist", "ors", "or")
_NOBODY = frozenset({
    "a", "all", "an", "and", "any", "are", "as", "at", "by", "do", "for", "from", "have", "her", "his", "how", "in", "into", "is",
    "it", "like", "love", "my", "need", "of", "on", "one", "or", "our", "out", "over", "that", "the", "their", "them", "they",
    "this", "to", "use", "want", "we", "what", "when", "where", "who", "with", "you", "your", "people", "person", "persons",
    "everyone", "everybody", "anyone", "somebody", "someone", "buyer", "buyers", "customer", "customers", "shopper",
    "shoppers", "user", "users",
})  # fmt: skip
"""Words that tell no audience from another."""


@lru_cache(maxsize=1024)
def audience_stems(audience: str) -> frozenset[str]:
    """The stems of an audience's words, of who does something also the stem of what is done: "runners" → run, runner."""
    pieces = (piece for word in tokens(audience.lower()) for piece in word.replace("/", "-").split("-"))
    telling = [piece for piece in pieces if len(piece) >= _SHORTEST and piece not in _NOBODY]
    return frozenset(stem(form) for word in telling for form in (word, *_done_by(word)))


def _done_by(word: str) -> tuple[str, ...]:
    """The verbs that a doer may come from: "runner" → "run", "hiker" → "hike", "cyclist" → "cycle"; no noun has one."""
    ending = next((ending for ending in _DOERS if word.endswith(ending)), None)
    if ending is None or len(word) - len(ending) < _SHORTEST:
        return ()
    root = word.removesuffix(ending)
    undoubled = root[:-1] if root[-1] == root[-2] else root
    return tuple(form for form in dict.fromkeys((root, f"{root}e", undoubled)) if "VERB" in lemmas(form))
