"""What a voice and a brand rule must be, with a pointer to each thing that is wrong."""

import re
from collections.abc import Iterator, Sequence

from app.copywriting.voices.values import VoiceSettings, resolved, shipped_voices
from app.errors import Invalid, Problem
from evaluators.voice.finding import find_faults
from evaluators.voice.rules import Exempt, VoiceRules, WordRule
from evaluators.voice.wording import makes_fault

NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
MAX_WORDS = 500
MAX_PHRASE = 100
MAX_REASON = 500
MAX_DESCRIPTION = 2000
LONGEST_SENTENCE = 100
SHORTEST_SENTENCE = 3


def check_voice(name: str, settings: VoiceSettings) -> None:
    """Raises Invalid with a problem for each wrong member."""
    problems = list(_problems(name, settings))
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)


def check_rule(phrase: str, replacement: str | None, reason: str, brand: Sequence[WordRule] = ()) -> None:
    """Raises Invalid with a problem for each wrong member of a brand rule; `brand` are those that hold already."""
    problems = [
        *_word_problems("", phrase, replacement),
        *_too_long("/reason", reason, MAX_REASON),
    ]
    if not reason.strip():
        problems.append(Problem("/reason", "say why: whoever is refused reads it"))
    rules = VoiceRules(brand=(*brand, WordRule(phrase, replacement)))
    if replacement and not problems and makes_fault(replacement, rules):
        problems.append(Problem("/replacement", f"“{replacement}” is itself forbidden"))
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)


def _problems(name: str, settings: VoiceSettings) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        yield Problem(
            "path/name",
            f"name: lower-case letters, digits, - and _, at most 64, not {name[:80]!r}",
        )
    if name in shipped_voices():
        yield Problem("path/name", f"{name} is shipped and read only: take another name, and extend it")
    if settings.extends not in shipped_voices():
        known = ", ".join(shipped_voices())
        yield Problem("/extends", f"extends: no shipped voice {settings.extends!r}; there are: {known}")
    yield from _too_long("/description", settings.description, MAX_DESCRIPTION)
    for member in ("allowed", "forbidden"):
        if len(getattr(settings, member)) > MAX_WORDS:
            yield Problem(f"/{member}", f"{member}: {MAX_WORDS} at most")
    yield from _allowed(settings)
    yield from _forbidden(settings)
    yield from _lengths(settings)


def _allowed(settings: VoiceSettings) -> Iterator[Problem]:
    forbidden = {rule.phrase.casefold().strip() for rule in settings.forbidden}
    for at, word in enumerate(settings.allowed):
        yield from _phrase(f"/allowed/{at}", word)
        if word.casefold().strip() in forbidden:
            yield Problem(f"/allowed/{at}", f"“{word}” is both allowed and forbidden")


def _forbidden(settings: VoiceSettings) -> Iterator[Problem]:
    seen: set[str] = set()
    known = settings.extends in shipped_voices()
    for at, rule in enumerate(settings.forbidden):
        pointer = f"/forbidden/{at}"
        found = list(_word_problems(pointer, rule.phrase, rule.replacement))
        key = " ".join(rule.phrase.casefold().split())
        if key in seen:
            found.append(Problem(f"{pointer}/phrase", f"“{rule.phrase}” stands twice"))
        seen.add(key)
        yield from found
        if not found and known and rule.replacement:
            yield from _replacement(f"{pointer}/replacement", rule.replacement, resolved(settings))


def _replacement(pointer: str, replacement: str, rules: VoiceRules) -> Iterator[Problem]:
    """What stands instead must itself be said in this voice."""
    if makes_fault(replacement, rules):
        yield Problem(pointer, f"“{replacement}” is itself forbidden")
        return
    if rules.spelling == "locale":
        return
    for fault in find_faults(replacement, rules, Exempt(), kind="line"):
        if fault.rule == "voice_spelling":
            yield Problem(pointer, f"“{replacement}” {fault.detail}")


def _lengths(settings: VoiceSettings) -> Iterator[Problem]:
    for member, value in (("target", settings.target_words), ("max", settings.max_words)):
        if value is not None and not SHORTEST_SENTENCE <= value <= LONGEST_SENTENCE:
            yield Problem(
                f"/sentence_length/{member}",
                f"sentence_length.{member}: {SHORTEST_SENTENCE} to {LONGEST_SENTENCE} words, not {value}",
            )
    if settings.target_words and settings.max_words and settings.target_words > settings.max_words:
        yield Problem(
            "/sentence_length/target",
            f"sentence_length: a target of {settings.target_words} words is over the maximum of {settings.max_words}",
        )


def _word_problems(pointer: str, phrase: str, replacement: str | None) -> Iterator[Problem]:
    yield from _phrase(f"{pointer}/phrase", phrase)
    if replacement is None:
        return
    yield from _phrase(f"{pointer}/replacement", replacement)
    if " ".join(replacement.casefold().split()) == " ".join(phrase.casefold().split()):
        yield Problem(f"{pointer}/replacement", f"“{phrase}” cannot replace itself")


def _phrase(pointer: str, phrase: str) -> Iterator[Problem]:
    if not any(map(str.isalnum, phrase)):
        yield Problem(pointer, "a word or phrase, with at least one letter or digit")
    elif any(ord(c) < 32 or c in "<>" for c in phrase):
        yield Problem(pointer, "a word or phrase in one line, without markup")
    else:
        yield from _too_long(pointer, phrase, MAX_PHRASE)


def _too_long(pointer: str, text: str, limit: int) -> Iterator[Problem]:
    if len(text) > limit:
        yield Problem(pointer, f"{len(text)} characters, {limit} at most")
