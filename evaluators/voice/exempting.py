"""Which stretches of a text the rules leave alone: names, values that are quoted, quotations, markup."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from evaluators.voice.rules import Exempt

# A straight quote behind a figure or a letter is an inch mark or closes; one that opens has neither before it.
_QUOTATION = re.compile(
    r"“[^“”\n]{1,500}”|«[^«»\n]{1,500}»|(?<![\w\"”])\"[^\"\n]{1,500}\"(?!\w)|(?<!\w)‘[^‘\n]{1,300}?’(?!\w)"
)
_MARKUP = re.compile(r"<[^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});")
_SPACE = re.compile(r"[\s\-]")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


class Spans:
    """Stretches of a text, merged and in order."""

    def __init__(self, found: Iterable[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self._starts = [start for start, _ in merged]
        self.all = tuple(merged)

    def touch(self, start: int, end: int) -> bool:
        """Whether any of them shares a character with `start`–`end`."""
        at = bisect_right(self._starts, max(start, end - 1)) - 1
        return at >= 0 and self.all[at][1] > start


class Exemptions:
    """What is exempt in one text, for each sort of rule."""

    def __init__(self, text: str, exempt: Exempt) -> None:
        self._text = text
        self._name_words = {word for name in exempt.names for word in _WORD.findall(name)}
        # "amazing" is not the brand "Amazing"; a name of several words is one however it is capitalised.
        single = [name for name in exempt.names if not _SPACE.search(name.strip())]
        several = [name for name in exempt.names if _SPACE.search(name.strip())]
        self._names = Spans(
            [*_occurrences(text, single, fold=False), *_occurrences(text, several, fold=True)]
        )
        markup = [match.span() for match in _MARKUP.finditer(text)]
        self.markup = Spans(markup)
        quotations = (match.span() for match in _QUOTATION.finditer(text))
        quoted = _occurrences(text, exempt.quotable, fold=False)
        # Nothing is changed in these, and neither spelling nor style is judged.
        self.fixed = Spans([*self._names.all, *markup, *quotations, *quoted])
        self._values = exempt.values
        self._value_spans: Spans | None = None

    def is_name(self, start: int, end: int) -> bool:
        """Whether the words stand in a name, or are words of a name and written as it writes them."""
        if self._names.touch(start, end):
            return True
        words = _WORD.findall(self._text[start:end])
        return bool(words) and words[0][:1].isupper() and all(word in self._name_words for word in words)

    def is_fixed(self, start: int, end: int) -> bool:
        """Whether the words are not the writer's to choose."""
        return self.fixed.touch(start, end) or self.is_name(start, end)

    def is_value(self, start: int, end: int) -> bool:
        """Whether the words stand in a fact's value: another word there would be another fact."""
        if self._value_spans is None:
            self._value_spans = Spans(_occurrences(self._text, self._values, fold=True))
        return self._value_spans.touch(start, end)


def _occurrences(text: str, phrases: Iterable[str], *, fold: bool) -> Iterator[tuple[int, int]]:
    # `lower` may change a text's length; offsets must be those of the text itself.
    place = text.lower() if fold else text
    if len(place) != len(text):
        place, fold = text, False
    for given in phrases:
        phrase = given.strip()
        wanted = phrase.lower() if fold else phrase
        start = place.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            if _is_edge(place, start) and _is_edge(place, end):
                yield start, end
            start = place.find(wanted, start + 1)


def _is_edge(text: str, at: int) -> bool:
    """Whether a word may begin or end between `at - 1` and `at`."""
    return at in {0, len(text)} or not (text[at - 1].isalnum() and text[at].isalnum())
