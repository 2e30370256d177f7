"""Feedback summed up: what is rated how, what is edited away, and which phrases editors keep striking out. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.copywriting.review.values import Story
from app.storage.phrases import folded, words_of
from retrieval.analyzer import STOP_WORDS

LONGEST = 5  # words of a phrase
FEWEST_PRODUCTS = 3
MAX_PHRASES, MAX_SENTENCES, MAX_FACTS = 50, 10, 10
_SHORTEST = 4  # letters of a phrase of one word


@dataclass(frozen=True, slots=True)
class Struck:
    """A phrase that stood in sentences which editors removed, and not in the texts that they left.

    `products`: in how many products; `kept`: in how many of the edited ones it stayed; `example`: a removed sentence.
    """

    phrase: str
    products: int
    kept: int
    example: str


@dataclass(frozen=True, slots=True)
class EditedAway:
    """A sentence that editors took out or changed: how often, and of how many products."""

    text: str
    times: int
    products: int


@dataclass(frozen=True, slots=True)
class Group:
    """Feedback on the texts of one template, category or writer. `facts`: (name, how often attested), most first."""

    name: str
    good: int
    bad: int
    edits: int
    edited_copies: int
    edited_away: tuple[EditedAway, ...]
    facts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All groups, largest first. `complete`: whether every rating and edit was counted, or the newest alone."""

    ratings: int
    edits: int
    complete: bool
    templates: tuple[Group, ...]
    categories: tuple[Group, ...]
    writers: tuple[Group, ...]
    struck: tuple[Struck, ...]


@dataclass(slots=True)
class _Counts:
    good: int = 0
    bad: int = 0
    edits: int = 0
    copies: set[str] = field(default_factory=set)
    sentences: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    facts: Counter[str] = field(default_factory=Counter)


def summed(
    stories: Sequence[Story],
    categories: Mapping[str, str],
    attested: Iterable[tuple[str, str]],
    *,
    complete: bool,
) -> Summary:
    """The summary of stories. `categories`: by SKU; `attested`: (SKU, name) of each fact that somebody attested."""
    by: dict[str, dict[str, _Counts]] = {
        "template": defaultdict(_Counts),
        "category": defaultdict(_Counts),
        "writer": defaultdict(_Counts),
    }
    told_of: dict[str, set[tuple[str, str]]] = defaultdict(set)  # SKU → its template and writer
    for story in stories:
        told_of[story.sku].add((story.template, story.writer))
        category = categories.get(story.sku, "")
        for kind, name in (
            ("template", story.template),
            ("category", category),
            ("writer", story.writer),
        ):
            _count(by[kind][name], story)
    for sku, fact in attested:
        by["category"][categories.get(sku, "")].facts[fact] += 1
        for template in {template for template, _ in told_of[sku]}:
            by["template"][template].facts[fact] += 1
        for writer in {writer for _, writer in told_of[sku]}:
            by["writer"][writer].facts[fact] += 1
    return Summary(
        ratings=sum(story.kind == "rating" for story in stories),
        edits=sum(story.kind == "edit" for story in stories),
        complete=complete,
        templates=_groups(by["template"]),
        categories=_groups(by["category"]),
        writers=_groups(by["writer"]),
        struck=struck_out(story for story in stories if story.kind == "edit"),
    )


def _count(counts: _Counts, story: Story) -> None:
    if story.kind == "rating":
        counts.good += story.rating == 1
        counts.bad += story.rating == -1
        return
    counts.edits += 1
    counts.copies.add(story.copy_id)
    for sentence in story.removed:
        counts.sentences[" ".join(words_of(sentence))].append((story.sku, sentence))


def _groups(counts: Mapping[str, _Counts]) -> tuple[Group, ...]:
    groups = [
        Group(
            name=name,
            good=its.good,
            bad=its.bad,
            edits=its.edits,
            edited_copies=len(its.copies),
            edited_away=_edited_away(its.sentences),
            facts=tuple(its.facts.most_common(MAX_FACTS)),
        )
        for name, its in counts.items()
    ]
    return tuple(sorted(groups, key=lambda g: (-(g.good + g.bad + g.edits), g.name)))


def _edited_away(sentences: Mapping[str, list[tuple[str, str]]]) -> tuple[EditedAway, ...]:
    found = [EditedAway(said[0][1], len(said), len({sku for sku, _ in said})) for said in sentences.values()]
    return tuple(sorted(found, key=lambda s: (-s.times, -s.products, s.text))[:MAX_SENTENCES])


def struck_out(edits: Iterable[Story], fewest: int = FEWEST_PRODUCTS) -> tuple[Struck, ...]:
    """Phrases that editors keep striking out: of at least `fewest` products, most first.

    Of a phrase within a longer one that was struck out of the same products the longer one is told.
    """
    struck: dict[tuple[str, ...], set[str]] = defaultdict(set)
    kept: dict[tuple[str, ...], set[str]] = defaultdict(set)
    example: dict[tuple[str, ...], str] = {}
    for edit in edits:
        final = folded(list(_texts(edit.final)))
        for sentence in edit.removed:
            for phrase in _phrases(words_of(sentence)):
                if f" {' '.join(phrase)} " in final:
                    kept[phrase].add(edit.sku)
                else:
                    struck[phrase].add(edit.sku)
                    example.setdefault(phrase, sentence)
    often = {phrase: skus for phrase, skus in struck.items() if len(skus) >= fewest}
    found = [
        Struck(" ".join(phrase), len(skus), len(kept[phrase] - skus), example[phrase])
        for phrase, skus in often.items()
        if not any(
            len(longer) > len(phrase) and _within(phrase, longer) and often[longer] == skus
            for longer in often
        )
    ]
    return tuple(sorted(found, key=lambda s: (-s.products, s.kept, s.phrase))[:MAX_PHRASES])


def _phrases(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Rows of words that begin and end with one that tells something."""
    for start, first in enumerate(words):
        if first in STOP_WORDS or first.isdecimal():
            continue
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            last = words[end - 1]
            if (
                last not in STOP_WORDS
                and not last.isdecimal()
                and (end - start > 1 or len(first) >= _SHORTEST)
            ):
                yield tuple(words[start:end])


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
