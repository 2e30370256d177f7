"""Checks that read the fields alone. Each returns its faults as sentences for a merchandiser; () is none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from evaluators.fields import FieldRule, field_texts, plain_text, sentences_of
from retrieval.facts import Fact

Texts = Sequence[tuple[str, str]]
ALLOWED_TAGS = frozenset({"p", "ul", "ol", "li", "strong", "em", "br", "h2", "h3"})

# What language models and unfinished templates leave behind.
_LEAKS = (
    (r"\bas an? (?:ai|artificial intelligence|language model|large language model|assistant)\b", "a model speaking of itself"),
    (r"\bi(?:'m| am) (?:sorry|unable|not able|afraid)\b|\bi (?:cannot|can't|can not|won't) (?:help|assist|provide|create|write|fulfil|generate|comply)\b", "a refusal"),
    (r"\b(?:sure|certainly|of course|absolutely)[,!:] here(?:'s| is| are)\b|\bhere(?:'s| is) (?:the|your|a) (?:product|rewritten|revised|description|copy|text|draft)\b", "a model's preamble"),
    (r"\b(?:system prompt|my instructions|the instructions|the user (?:asked|wants)|previous instructions|knowledge cutoff|training data)\b", "prompt text"),
    (r"\b(?:based on|according to|from) the (?:facts|information|data|attributes|context) (?:provided|given|above|below)\b", "prompt text"),
    (r"\{\{|\}\}|\{%|%\}|\$\{|<%|%>|\{[a-z_][a-z0-9_.]*\}", "an unfilled placeholder"),
    (r"\[(?:F\d+|facts?|insert[^\]]*|your [^\]]*|product[^\]]*|brand[^\]]*|name|x{2,}|todo|tbd)\]", "an unfilled placeholder"),
    (r"<\|[a-z_]+\|>|</?(?:s|inst|sys|think|thinking|answer)>|\[/?INST\]|```|^#{1,6} |\*\*[^*]+\*\*", "a model's markup"),
    (r"\blorem ipsum\b|\bdolor sit amet\b", "filler text"),
    (r"\b(?:todo|fixme|tbd|tbc)\b\s*[:!]|\bn/a\b|\bundefined\b|\bNaN\b|\[object Object\]|\bnull\b", "a value that is not there"),
)  # fmt: skip
_LEAK = tuple((re.compile(pattern, re.IGNORECASE | re.MULTILINE), what) for pattern, what in _LEAKS)
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][\w-]*)[^>]*>")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufeff\u200b\u2028\u2029\ue000-\uf8ff]")
_MOJIBAKE = re.compile(
    r"Ã[\x80-\xbf¡-¿©¼¶¤]|â€[\x99\x9c\x9d™œ“”¦¢]|Â[£°®©»«·½¼ ]|ï»¿|\\u[0-9a-f]{4}|&(?:amp;)?#?\w{2,8};"
)
_LETTER_WORD = re.compile(r"[^\W\d_]{2,}")
_SCREAM = re.compile(r"!{2,}|\?{2,}|(?:!\?)+")
_SHOUT_RUN = 3
"""So many words in capitals in a row are shouting; two may be a brand or a standard ("OEKO-TEX STANDARD")."""
# The most frequent words of the languages that shops' feeds mix; sharing one with English bars a word from the list.
_FOREIGN = {
    "de": frozenset({"und", "der", "die", "das", "mit", "für", "ist", "nicht", "auf", "ein", "eine", "aus", "sich", "auch", "wird", "zum", "zur", "bei", "oder", "sie"}),
    "fr": frozenset({"et", "le", "la", "les", "des", "une", "est", "pour", "avec", "dans", "sur", "vous", "votre", "ce", "cette", "qui", "aux", "du", "en"}),
    "es": frozenset({"el", "los", "las", "una", "con", "para", "por", "del", "es", "su", "más", "como", "este", "esta", "y", "que"}),
    "it": frozenset({"il", "gli", "della", "con", "una", "per", "di", "che", "è", "sono", "nel", "questo", "dal", "e"}),
    "nl": frozenset({"het", "een", "van", "voor", "met", "zijn", "niet", "ook", "deze", "naar", "bij", "wordt"}),
    "pl": frozenset({"jest", "oraz", "dla", "nie", "się", "przez", "który", "tego", "lub", "ze"}),
}  # fmt: skip
_ENGLISH = frozenset(
    {"the", "and", "with", "for", "is", "in", "of", "to", "a", "it", "on", "by", "are", "this", "from"}
)
_MIN_FOREIGN = 3
"""So many function words of another language, and more than English ones, make a text foreign."""


def missing(fields: Mapping[str, Any], rules: Sequence[FieldRule]) -> list[str]:
    """Required fields that are absent or hold no visible text."""
    return [
        f"{rule.name} is required and has no text."
        for rule in rules
        if rule.required
        and not any(plain_text(text).strip() for _, text in field_texts({"x": fields.get(rule.name)}))
    ]


def lengths(fields: Mapping[str, Any], rules: Sequence[FieldRule]) -> list[str]:
    """Fields over or under their limits, counted in visible characters; in lists and maps each member counts."""
    faults: list[str] = []
    for rule in rules:
        for path, text in field_texts({rule.name: fields.get(rule.name)}):
            size = len(plain_text(text)) if rule.kind == "html" else len(text)
            if rule.max_chars is not None and size > rule.max_chars:
                faults.append(
                    f"{path} has {size} characters, {size - rule.max_chars} over its limit of {rule.max_chars}."
                )
            if rule.min_chars is not None and 0 < size < rule.min_chars:
                faults.append(f"{path} has {size} characters; it needs at least {rule.min_chars}.")
    return faults


def names_in(facts: Sequence[Fact]) -> tuple[str, ...]:
    """What the product, its maker and its model are called: a shop cannot write about "Ultimate" without the word."""
    return tuple(value for fact in facts if fact.name in {"title", "brand", "model"} for value in fact.values)


def _is_name(match: re.Match[str], path: str, names: Sequence[str]) -> bool:
    """Whether the words found are a name's, written as the name writes them (an address has no capitals)."""
    words = match.group().strip()
    return any(words in name or (path == "slug" and words in name.lower()) for name in names)


def forbidden(texts: Texts, words: Sequence[str], names: Sequence[str] = ()) -> list[str]:
    """Words and phrases that the voice or the shop forbids, in any case, as whole words; names are left alone."""
    wanted = [word.strip() for word in words if word.strip()]
    if not wanted:
        return []
    choices = "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(wanted, key=len, reverse=True)
    )
    pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
    return [
        f"{path} says “{match.group()}”, which is forbidden."
        for path, text in texts
        for match in pattern.finditer(plain_text(text))
        if not _is_name(match, path, names)
    ]


def leaked(texts: Texts, names: Sequence[str] = ()) -> list[str]:
    """Refusals, scraps of prompts, unfilled placeholders, filler; a "Null Modem Cable" is none."""
    return [
        f"{path} holds {what}: “{match.group().strip()}”."
        for path, text in texts
        for pattern, what in _LEAK
        for match in [pattern.search(plain_text(text))]
        if match is not None and not _is_name(match, path, names)
    ]


def unsafe_html(fields: Mapping[str, Any], rules: Sequence[FieldRule]) -> list[str]:
    """HTML fields may hold a few plain tags without attributes; all other fields hold none."""
    import nh3  # noqa: PLC0415 - a compiled extension, only for texts with markup

    html = {rule.name for rule in rules if rule.kind == "html"}
    faults: list[str] = []
    for path, text in field_texts(fields):
        if "<" not in text:
            continue
        is_html = path in html or (path.endswith("_html") and path not in {r.name for r in rules})
        allowed = ALLOWED_TAGS if is_html else frozenset[str]()
        if not is_html and not _TAG.search(text):
            continue
        cleaned = nh3.clean(text, tags=set(allowed), attributes={}, clean_content_tags=set())
        if _tags(cleaned) != _tags(text):
            tags = sorted({m[1].lower() for m in _TAG.finditer(text)} - allowed)
            what = ", ".join(f"<{tag}>" for tag in tags) or "attributes or unclosed tags"
            faults.append(f"{path} holds {what}; allowed here: {', '.join(sorted(allowed)) or 'no markup'}.")
    return faults


def _tags(text: str) -> list[str]:
    return [re.sub(r"\s+|/(?=>)", "", tag.group().lower()) for tag in _TAG.finditer(text)]


def bad_slugs(fields: Mapping[str, Any], rules: Sequence[FieldRule]) -> list[str]:
    """A slug is lower-case ASCII words joined by single hyphens."""
    names = {rule.name for rule in rules if rule.kind == "slug"} | {"slug"}
    return [
        f"{name} is “{value}”; it must be lower-case letters and digits joined by single hyphens."
        for name in sorted(names)
        if isinstance(value := fields.get(name), str) and value and not _SLUG.fullmatch(value)
    ]


def garbled(texts: Texts) -> list[str]:
    """Control characters, replacement marks, mojibake, and entities that were escaped twice."""
    faults: list[str] = []
    for path, text in texts:
        plain = plain_text(text)
        found = _CONTROL.search(plain) or _MOJIBAKE.search(plain)
        if found is not None:
            faults.append(
                f"{path} holds garbled text near “{plain[max(0, found.start() - 8) : found.end() + 8]}”."
            )
    return faults


def foreign(texts: Texts, locale: str) -> list[str]:
    """Texts in another language than English, for English locales; other locales are not judged yet."""
    if not locale.lower().startswith("en"):
        return []
    faults: list[str] = []
    for path, text in texts:
        words = [word.lower() for word in _LETTER_WORD.findall(plain_text(text))]
        english = sum(map(_ENGLISH.__contains__, words))
        counts = {language: sum(map(common.__contains__, words)) for language, common in _FOREIGN.items()}
        language, count = max(counts.items(), key=lambda item: item[1])
        if count >= _MIN_FOREIGN and count > english:
            faults.append(f"{path} seems to be written in “{language}”, not in {locale}.")
        elif words and not any(character.isascii() for word in words for character in word):
            faults.append(f"{path} is not written in the Latin alphabet.")
    return faults


def duplicates(fields: Mapping[str, Any]) -> list[str]:
    """Sentences that stand twice in one field. Titles, metas and bullets may say again what the text says."""
    faults: list[str] = []
    by_field = groupby(sorted(sentences_of(fields), key=lambda s: s.field.partition("/")[0]), key=_root)
    for name, members in by_field:
        if name in {"alt", "variant_titles"}:  # the same picture may stand at two addresses
            continue
        seen: set[str] = set()
        for sentence in members:
            key = " ".join(_LETTER_WORD.findall(sentence.text.lower()))
            if key and key in seen:
                faults.append(f"{sentence.field} says “{sentence.text}” twice.")
            seen.add(key)
    return faults


def _root(sentence: Any) -> str:
    return str(sentence.field).partition("/")[0]


def shouting(texts: Texts, facts: Sequence[Fact]) -> list[str]:
    """Runs of words in capitals that are no name in the facts, and rows of exclamation marks."""
    names = {
        word for fact in facts for value in (*fact.values, fact.text) for word in _LETTER_WORD.findall(value)
    }
    faults: list[str] = []
    for path, text in texts:
        plain = plain_text(text)
        if _SCREAM.search(plain):
            faults.append(f"{path} shouts with “{_SCREAM.findall(plain)[0]}”.")
        runs = (run for run in _capital_runs(plain) if not all(word in names for word in run))
        faults.extend(f"{path} shouts “{' '.join(run)}”." for run in runs)
    return faults


def _capital_runs(text: str) -> Iterator[list[str]]:
    words = _LETTER_WORD.findall(text)
    for is_capital, run in groupby(words, key=lambda word: word.isupper() and len(word) > 1):
        found = list(run)
        if is_capital and len(found) >= _SHOUT_RUN:
            yield found
