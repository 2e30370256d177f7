"""Forbidden words: found in any inflection, and replaced with case, inflection and article kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from evaluators.voice.exempting import Exemptions, Spans
from evaluators.voice.inflection import Form, forms_of, inflected_like
from evaluators.voice.rules import Edit, Finding, RuleId, VoiceRules, WordRule

_ARTICLE = re.compile(r"\b(an?)(\s+)\Z", re.IGNORECASE)
_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)?)\s+\Z")
_SOUNDS_LIKE_VOWEL = re.compile(r"(?:[aeio]|u(?!ni(?:[^nm]|\Z)|s[ae]|ti|r[aeio]|tensil)|hour|honest|hono|heir)(?!ne-|nce\b)", re.IGNORECASE)  # fmt: skip
_NO_VOWEL = re.compile(r"(?:one|once|eu|ewe)\b|eu", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Match:
    rule: WordRule
    form: Form
    base: bool


@dataclass(frozen=True, slots=True)
class _Lexer:
    """One pattern for all phrases, and what each spelling of them stands for."""

    pattern: re.Pattern[str]
    matches: dict[str, _Match]

    def find(self, text: str) -> Iterator[tuple[re.Match[str], _Match]]:
        for match in self.pattern.finditer(text):
            known = self.matches.get(_key(match.group()))
            if known is not None:
                yield match, known


def _key(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").split())


@lru_cache(maxsize=256)
def _lexer(words: tuple[WordRule, ...]) -> _Lexer | None:
    matches: dict[str, _Match] = {}
    given = {_key(rule.phrase) for rule in words}
    for rule in words:
        for form in forms_of(_key(rule.phrase)):
            base = form.words == _key(rule.phrase)
            if base or form.words not in given:  # a phrase given in so many words is its own rule
                matches.setdefault(form.words, _Match(rule, form, base))
    matches.pop("", None)
    if not matches:
        return None
    longest = sorted(matches, key=len, reverse=True)
    choices = "|".join(re.escape(w).replace(r"\ ", r"\s+").replace("'", "['’]") for w in longest)
    return _Lexer(re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE), matches)


def forbidden_words(text: str, rules: VoiceRules, exempt: Exemptions) -> Iterator[Finding]:
    """Words that the shop or the voice forbids; names are left alone, and so is what the voice allows of its base's words."""
    allowed = {_key(word) for word in rules.allowed}
    voice = tuple(rule for rule in rules.forbidden if _key(rule.phrase) not in allowed)
    groups: tuple[tuple[RuleId, tuple[WordRule, ...]], ...] = (
        ("brand_rules", rules.brand),
        ("voice_forbidden", voice),
    )
    taken = Spans(())  # what the shop forbids, the voice need not forbid again
    for rule_id, words in groups:
        lexer = _lexer(words)
        spans: list[tuple[int, int]] = []
        for match, known in lexer.find(text) if lexer else ():
            start, end = match.span()
            if exempt.is_name(start, end) or taken.touch(start, end):
                continue
            spans.append((start, end))
            said = match.group()
            why = f" ({known.rule.reason})" if known.rule.reason else ""
            detail = (
                f"says “{said}”, which {'the shop' if rule_id == 'brand_rules' else 'the voice'} forbids{why}"
            )
            edit = _edit(text, match, known, rules)
            if edit is not None and (exempt.is_value(start, end) or exempt.fixed.touch(edit.start, end)):
                edit = None
                detail += "; it stands in a fact or a quotation, so nothing replaces it"
            yield Finding(rule_id, rules.severity(rule_id), start, end, said, detail, edit)
        taken = Spans(spans)


def makes_fault(replacement: str, rules: VoiceRules) -> bool:
    """Whether what should replace a word is itself forbidden."""
    allowed = {_key(word) for word in rules.allowed}
    words = (*rules.brand, *(rule for rule in rules.forbidden if _key(rule.phrase) not in allowed))
    lexer = _lexer(words)
    return lexer is not None and next(lexer.find(replacement), None) is not None


def _edit(text: str, match: re.Match[str], known: _Match, rules: VoiceRules) -> Edit | None:
    """What stands instead; an article before it may have to change along."""
    start, end = match.span()
    replacement = known.rule.replacement
    if not replacement or makes_fault(replacement, rules):
        return None
    before = text[max(0, start - 60) : start]
    last = _LAST_WORD.search(before)
    new = inflected_like(replacement, known.form.tags, last[1] if last else "", base=known.base)
    if new is None or makes_fault(new, rules):
        return None
    new = _cased_like(new, match.group())
    article = _ARTICLE.search(before)
    wanted = "an" if _begins_with_vowel(new) else "a"
    if article is None or wanted == article[1].lower():
        return Edit(start, end, new)
    wanted = wanted.capitalize() if article[1][0].isupper() else wanted
    return Edit(start - len(article.group()), end, f"{wanted}{article[2]}{new}")


def _begins_with_vowel(words: str) -> bool:
    return bool(_SOUNDS_LIKE_VOWEL.match(words)) and not _NO_VOWEL.match(words)


def _cased_like(new: str, model: str) -> str:
    letters = [c for c in model if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return new.upper()
    if not letters or not letters[0].isupper():
        return new
    words = model.split()
    if len(words) > 1 and all(w[:1].isupper() for w in words):
        return " ".join(w[:1].upper() + w[1:] for w in new.split())
    return new[:1].upper() + new[1:]
