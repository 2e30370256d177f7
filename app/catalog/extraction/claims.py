"""Claims that prose alone does not prove: certificates, awards, warranties, health, green."""

import re
from functools import cache, lru_cache

from app.catalog.extraction.rules import CLAIM_KINDS, ClaimKind
from app.catalog.extraction.vocabulary import Phrases, table, terms, tokens


@lru_cache(maxsize=32768)
def claims_in(text: str) -> frozenset[ClaimKind]:
    """Give the kinds of claim that a text makes."""
    found = {kind for _, _, kind in _phrases().find(tokens(text))}
    found.update(kind for kind, pattern in _patterns() if kind not in found and pattern.search(text))
    return frozenset(kind for kind in CLAIM_KINDS if kind in found) if found else _NONE


_NONE: frozenset[ClaimKind] = frozenset()


@cache
def _phrases() -> Phrases:
    lists = table("claims.yaml")
    return Phrases((phrase, kind) for kind in CLAIM_KINDS for phrase in terms(lists[kind]))


@cache
def _patterns() -> tuple[tuple[ClaimKind, re.Pattern[str]], ...]:
    """One pattern for each kind that has any."""
    patterns = table("claims.yaml")["patterns"]
    return tuple((kind, re.compile("|".join(patterns[kind]))) for kind in CLAIM_KINDS if patterns[kind])
