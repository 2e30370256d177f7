"""What contractions stand for, where that can be told."""

import re

_SAFE = {
    "don't": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not", "aren't": "are not",
    "wasn't": "was not", "weren't": "were not", "can't": "cannot", "couldn't": "could not", "won't": "will not",
    "wouldn't": "would not", "shouldn't": "should not", "hasn't": "has not", "haven't": "have not",
    "hadn't": "had not", "needn't": "need not", "mustn't": "must not", "you're": "you are", "we're": "we are",
    "they're": "they are", "you'll": "you will", "we'll": "we will", "they'll": "they will", "it'll": "it will",
    "you've": "you have", "we've": "we have", "they've": "they have", "i'm": "I am", "i've": "I have", "i'll": "I will",
}  # fmt: skip
# "'s" behind these is "is", or "has" before a participle; behind any other word it is mostly a possessive.
_IS = frozenset({"it", "that", "there", "here", "what", "who", "where", "how", "he", "she"})
_HAS_BEFORE = re.compile(r"\s+(?:been|got|had|made|become|\w+ed)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\s+(?:you|we|they|it|he|she|i)\b", re.IGNORECASE)


def full_form(text: str, match: re.Match[str]) -> str | None:
    """The words that a contraction stands for, with its capitals; "" where it is one and they cannot be told; None where it is none."""
    word = match.group()
    lower = word.lower().replace("’", "'")
    full = _SAFE.get(lower)
    if full is None:
        stem, _, ending = lower.partition("'")
        if ending == "d" and stem in {"you", "we", "they", "it", "he", "she", "i"}:
            return ""  # had or would
        if ending != "s" or stem not in _IS:
            return None
        if _HAS_BEFORE.match(text, match.end()):
            return ""
        full = f"{stem} is"
    elif lower.endswith("n't") and _PRONOUN.match(text, match.end()):
        return ""  # "Don't you": the words would have to change places
    if word.isupper() and len(word) > 3:
        return full.upper()
    return full[:1].upper() + full[1:] if word[0].isupper() else full
