"""Text to search terms: case and accents folded, words stemmed, stop words left out."""

import re
import unicodedata

from seo.language.stems import stem

ANALYZER_ID = "shop-en-0"
"""Changes whenever the terms of any text change: an index built by another one is rebuilt."""

_TOKEN = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "has",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
        "was",
        "with",
    ]
)


def terms_of(text: str) -> list[str]:
    """Give the terms of a text, in order, with repetitions."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return [stem(word) for word in _TOKEN.findall(plain) if word not in _STOP_WORDS]
