"""Titles and headlines in title case ("Tee in Organic Cotton") or sentence case ("Tee in organic cotton")."""

import re
from collections.abc import Iterator

from evaluators.voice.exempting import Exemptions
from evaluators.voice.rules import Edit, Finding, VoiceRules
from prompts.spelling import proper_words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SMALL = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "off",
        "on",
        "onto",
        "or",
        "over",
        "per",
        "the",
        "to",
        "up",
        "via",
        "with",
        "without",
        "vs",
        "yet",
    }
)
_FIRST = re.compile(r"(?:\A|[:.!?|–—]\s*|\s-\s)[\"“‘(]*\Z")


def headline_case(text: str, rules: VoiceRules, exempt: Exemptions) -> Iterator[Finding]:
    """Words of a heading whose capitals are not the voice's. Names and what a dictionary does not know keep theirs."""
    if rules.headline_case is None:
        return
    found = list(_WORD.finditer(text))
    for at, match in enumerate(found):
        word = match.group()
        first = bool(_FIRST.search(text[max(0, match.start() - 8) : match.start()]))
        wanted = (
            _titled(word, first=first, last=at == len(found) - 1)
            if rules.headline_case == "title"
            else _sentence(word, first=first)
        )
        if wanted == word or exempt.is_fixed(*match.span()) or _joined(text, match):
            continue
        yield Finding(
            "voice_headline_case",
            rules.severity("voice_headline_case"),
            match.start(),
            match.end(),
            word,
            f"has “{word}” in a heading, in {rules.headline_case} case “{wanted}”",
            Edit(match.start(), match.end(), wanted),
        )


def _joined(text: str, match: re.Match[str]) -> bool:
    """Whether it is a part of something longer: "iPad-case", "4K", "e.g."."""
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return any(c.isdigit() or c in "-‑_&@/.+™®" for c in around.strip(" ")) and not around.endswith(".")


def _titled(word: str, *, first: bool, last: bool) -> str:
    if not word.islower() or (word in _SMALL and not (first or last)):
        return word
    return word[0].upper() + word[1:]


def _sentence(word: str, *, first: bool) -> str:
    if first:
        return word[0].upper() + word[1:] if word.islower() else word
    return word.lower() if word.istitle() and _is_common(word) else word


def _is_common(word: str) -> bool:
    """Whether a dictionary has the word in lower case, so that its capital is the heading's and not its own."""
    from lemminflect import getAllLemmas  # noqa: PLC0415 - loads a dictionary

    lower = word.lower()
    return lower in _SMALL or (word not in proper_words() and bool(getAllLemmas(lower)))
