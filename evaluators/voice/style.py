"""Person, sentence length, exclamation marks, contractions, lists and numerals: each rule finds its faults in one text."""

import re
from collections.abc import Iterator

from evaluators.voice.contracting import full_form
from evaluators.voice.exempting import Exemptions
from evaluators.voice.rules import Edit, Finding, Kind, RuleId, VoiceRules
from retrieval.units import dimension_of
from seo.language.tokens import Span, sentences, words

FEWEST_SENTENCES = 3
"""So many sentences a text needs before its person and its mean length are judged."""
SECOND_PERSON = frozenset(
    {"you", "your", "yours", "yourself", "yourselves", "you're", "you'll", "you've", "you'd"}
)
FIRST_PERSON = frozenset({"we", "our", "ours", "us", "ourselves", "we're", "we'll", "we've", "we'd", "my", "i'm", "i've", "i'll"})  # fmt: skip
_BANG = re.compile(r"(?P<marks>[!?]*![!?]*)(?P<close>[\"'”’)\]»]*)(?=\s|\Z|<)")
_CONTRACTION = re.compile(r"(?<![^\W_])[^\W\d_]{1,12}['’](?:t|re|ll|ve|d|m|s)\b", re.IGNORECASE)
_ITEM = r"[^,.;:!?()\n]{1,40}"
LIST = re.compile(rf"(?:{_ITEM},\s+){{1,12}}{_ITEM}(?P<comma>,)?\s+(?:and|or)\s+\w+", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:is|are|it|they|has|have|you|which|that|can|does)\b", re.IGNORECASE)
NUMBER_FIGURE = re.compile(r"(?<![\w.,/×:–+#°€$£\-])(?<![xX]\s)([2-9])(?= [a-z])")
NUMBER_WORD = re.compile(r"(?<![\w-])(two|three|four|five|six|seven|eight|nine)(?= [a-z])", re.IGNORECASE)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMBERED = frozenset({"size", "sizes", "class", "level", "grade", "step", "model", "type", "no", "number", "version", "gen", "series", "upf", "spf", "usb", "mark", "stage", "age", "ages", "and", "or", "to"})  # fmt: skip
_NEAR = 40  # characters around a mark that may tell what it is
_MEAN_OVER = 1.5
"""A text's mean sentence may have so many times the words that the voice aims at, or as many times fewer."""


def person(text: str, rules: VoiceRules, exempt: Exemptions, spans: tuple[Span, ...]) -> Iterator[Finding]:
    """Words of address and of the shop itself where the voice has none; a text that never speaks to "you" where it should."""
    if rules.person == "none":
        return
    unwanted = FIRST_PERSON if rules.person == "second" else FIRST_PERSON | SECOND_PERSON
    spoken = False
    for word in words(text):
        said = word.text.lower().replace("’", "'")
        spoken = spoken or said in SECOND_PERSON
        if said not in unwanted or word.text == "US" or exempt.is_fixed(word.start, word.end):
            continue
        whom = "the reader" if said in SECOND_PERSON else "the shop itself"
        yield _finding(rules, "voice_person", word, f"speaks of {whom} (“{word.text}”)")
    if rules.person == "second" and not spoken and len(spans) >= FEWEST_SENTENCES:
        yield _finding(
            rules, "voice_person", Span("", 0, 0), "never speaks to the reader: no “you”, no “your”"
        )


def sentence_length(rules: VoiceRules, spans: tuple[Span, ...]) -> Iterator[Finding]:
    """Sentences with more words than the voice allows, and a mean far from what it aims at."""
    counts = [len(words(span.text)) for span in spans]
    for span, count in zip(spans, counts, strict=True):
        if rules.max_words is not None and count > rules.max_words:
            yield _finding(
                rules,
                "voice_sentence_length",
                span,
                f"has a sentence of {count} words, {rules.max_words} at most",
            )
    if rules.target_words is None or len(spans) < FEWEST_SENTENCES:
        return
    mean = sum(counts) / len(counts)
    if not rules.target_words / _MEAN_OVER <= mean <= rules.target_words * _MEAN_OVER:
        yield _finding(
            rules,
            "voice_sentence_length",
            Span("", 0, 0),
            f"has sentences of {mean:.1f} words on average, about {rules.target_words} are wanted",
        )


def exclamation(text: str, rules: VoiceRules, exempt: Exemptions, kind: Kind) -> Iterator[Finding]:
    """Exclamation marks at the end of sentences; those of names ("Yahoo! mail") are none."""
    if rules.exclamation:
        return
    for match in _BANG.finditer(text):
        start, end = match.span("marks")
        if exempt.is_fixed(start, end) or _goes_on(text, match):
            continue
        new = "?" if "?" in match["marks"] else "." if kind == "prose" or match["close"] else ""
        if not new and text[match.end() : match.end() + _NEAR].strip():
            new = ":" if kind == "heading" else "."
        mark = Span(match["marks"], start, end)
        yield _finding(rules, "voice_exclamation", mark, "has an exclamation mark", Edit(start, end, new))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the mark belongs to a name inside a sentence: a capital before, lower case behind."""
    before = re.search(r"([^\W\d_][\w’']*)\Z", text[max(0, match.start() - _NEAR) : match.start()])
    after = text[match.end() : match.end() + _NEAR].lstrip()[:1]
    return before is not None and before[1][0].isupper() and after.islower()


def contractions(text: str, rules: VoiceRules, exempt: Exemptions) -> Iterator[Finding]:
    """Contractions where the voice has none; a possessive ("the hood's drawstring") is none."""
    if rules.contractions:
        return
    for match in _CONTRACTION.finditer(text):
        full = full_form(text, match)
        if full is None or exempt.is_fixed(*match.span()):
            continue
        word = Span(match.group(), *match.span())
        edit = Edit(word.start, word.end, full) if full else None
        yield _finding(rules, "voice_contractions", word, f"contracts “{word.text}”", edit)


def oxford_comma(text: str, rules: VoiceRules, exempt: Exemptions) -> Iterator[Finding]:
    """Lists of three and more whose last comma is not as the voice has it. A comma between clauses is another thing."""
    if rules.oxford_comma is None:
        return
    for match in LIST.finditer(text):
        has = match["comma"] is not None
        if has == rules.oxford_comma or not is_plain_list(match) or exempt.fixed.touch(*match.span()):
            continue
        what = "has a comma before the last item" if has else "lacks the comma before the last item"
        yield _finding(
            rules,
            "voice_oxford_comma",
            Span(match.group(), *match.span()),
            f"{what} of a list (“{match.group()}”)",
        )


def is_plain_list(match: re.Match[str]) -> bool:
    """Whether what LIST found is a list of things: short items, no clause among them."""
    items = re.split(r",\s+", match.group())
    return all(len(item.split()) <= 4 for item in items[1:]) and not _CLAUSE.search(match.group())


def numerals(text: str, rules: VoiceRules, exempt: Exemptions) -> Iterator[Finding]:
    """Counts from two to nine in figures or in words; sizes, measures and model numbers are always figures."""
    if rules.numerals is None:
        return
    pattern = NUMBER_FIGURE if rules.numerals == "words" else NUMBER_WORD
    for match in pattern.finditer(text):
        if not is_count(text, match, exempt):
            continue
        said = match.group(1)
        wanted = _NUMBERS[int(said)] if rules.numerals == "words" else str(_NUMBERS.index(said.lower()))
        yield _finding(
            rules, "voice_numerals", Span(said, *match.span()), f"writes “{said}”, where “{wanted}” is wanted"
        )


def is_count(text: str, match: re.Match[str], exempt: Exemptions) -> bool:
    """Whether a number counts things, and is no size, measure or version."""
    before = text[max(0, match.start() - _NEAR) : match.start()].split()[-1:]
    after = text[match.end() : match.end() + _NEAR].split()[:1]
    if exempt.is_fixed(*match.span()) or (after and dimension_of(after[0].strip(".,;")) is not None):
        return False
    return not before or (before[0].lower().strip("(:") not in _NUMBERED and not before[0][-1:].isdigit())


def prose_sentences(text: str, kind: Kind) -> tuple[Span, ...]:
    """The sentences that person and length are judged by: those of prose."""
    return sentences(text) if kind == "prose" else ()


def _finding(rules: VoiceRules, rule: RuleId, span: Span, detail: str, edit: Edit | None = None) -> Finding:
    return Finding(rule, rules.severity(rule), span.start, span.end, span.text, detail, edit)
