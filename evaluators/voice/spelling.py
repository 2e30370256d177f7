"""American and British spelling: words of the other one, by the pairs in `prompts/writing/`."""

import re
from collections.abc import Iterator

from evaluators.voice.exempting import Exemptions
from evaluators.voice.rules import Edit, Finding, Kind, VoiceRules
from prompts.spelling import spellings

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_BEFORE = re.compile(r"\d[\s\u00a0\u202f-]?\Z")
_NEXT_WORD = re.compile(r"[ \u00a0]+(?:&\s+)?([^\W\d_])")
_SENTENCE_START = re.compile(r"(?:\A|[.!?…:;•\n(\[“\"‘>–—]|(?<!\S)[-*])\s*\Z")


def foreign_spellings(
    text: str, rules: VoiceRules, exempt: Exemptions, kind: Kind, locale: str
) -> Iterator[Finding]:
    """Words spelt as on the other side of the Atlantic.

    Names that no fact gives are known in prose by their capitals ("Colour Co. prints it"): they are left alone too.
    """
    if not locale.lower().startswith("en"):
        return
    british = rules.british(locale)
    words = spellings().to_british if british else spellings().to_american
    after_numbers = spellings().after_numbers if british else {}
    allowed = {word.lower() for phrase in rules.allowed for word in _WORD.findall(phrase)}
    for match in _WORD.finditer(text):
        word = match.group()
        lower = word.lower()
        other = words.get(lower)
        if (
            other is None
            and lower in after_numbers
            and _NUMBER_BEFORE.search(text[max(0, match.start() - 3) : match.start()])
        ):
            other = after_numbers[lower]
        if other is None or lower in allowed or exempt.is_fixed(*match.span()):
            continue
        if kind == "prose" and word[0].isupper() and is_proper(text, match):
            continue
        if not (word.islower() or word.isupper() or word.istitle()):
            continue  # "ColourLab": a name of its own
        side = "British" if british else "American"
        new = cased_like(other, word)
        start, end = match.span()
        yield Finding(
            "voice_spelling",
            rules.severity("voice_spelling"),
            start,
            end,
            word,
            f"spells “{word}”, in {side} spelling “{new}”",
            Edit(start, end, new),
        )


def is_proper(text: str, match: re.Match[str]) -> bool:
    """Whether a capitalised word of prose is (part of) a name: inside a sentence, or with another capital behind it."""
    if match.group().isupper() and len(match.group()) > 1:
        return False
    if not _SENTENCE_START.search(text[max(0, match.start() - 40) : match.start()]):
        return True
    follows = _NEXT_WORD.match(text, match.end())
    return follows is not None and follows[1].isupper()


def cased_like(word: str, model: str) -> str:
    """A word with the capitals of another."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if model[0].isupper() else word
