"""Characteristic words: log-odds ratio with an informative Dirichlet prior.

Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16(4), section 3.5: the prior is the two corpora
together, so that a word that is frequent everywhere needs more to stand out, and a rare one cannot by chance.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seo.language.tokens import sentences, words

PRIOR = 500.0
"""Words that the prior weighs (α₀): that of a short page."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What to compare with: how often each word stands in other texts."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its words."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class WordScore:
    """A word, how often it stands here and there, its log-odds ratio and how many standard errors (`z`) that is from none."""

    word: str
    count: int
    reference_count: int
    log_odds: float
    z: float


def word_counts(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in texts, in lower case; names (words with a capital inside a sentence) and numbers do not count."""
    counts: Counter[str] = Counter()
    for text in texts:
        for sentence in sentences(text):
            for at, word in enumerate(words(sentence.text)):
                if not word.text.replace("-", "").replace("'", "").replace("’", "").isalpha():
                    continue
                if at and word.text[0].isupper():
                    continue
                counts[word.text.lower().replace("’", "'")] += 1
    return counts


def log_odds(here: Mapping[str, int], there: Mapping[str, int]) -> tuple[WordScore, ...]:
    """Every word of either, the most characteristic of `here` first; of equals in the order of the alphabet.

    δ = log((yᵢ+α)/(nᵢ+α₀−yᵢ−α)) − log((yⱼ+α)/(nⱼ+α₀−yⱼ−α)); its variance is about 1/(yᵢ+α) + 1/(yⱼ+α) (equations 16 and 20).
    """
    n_here, n_there = sum(here.values()), sum(there.values())
    if not n_here or not n_there:
        return ()
    scores: list[WordScore] = []
    for word in here.keys() | there.keys():
        y, x = here.get(word, 0), there.get(word, 0)
        alpha = PRIOR * (y + x) / (n_here + n_there)
        rest_here, rest_there = n_here + PRIOR - y - alpha, n_there + PRIOR - x - alpha
        if rest_here <= 0 or rest_there <= 0:  # a corpus of one word
            continue
        delta = math.log((y + alpha) / rest_here) - math.log((x + alpha) / rest_there)
        z = delta / math.sqrt(1 / (y + alpha) + 1 / (x + alpha))
        scores.append(WordScore(word, y, x, round(delta, 4), round(z, 4)))
    return tuple(sorted(scores, key=lambda score: (-score.z, score.word)))
