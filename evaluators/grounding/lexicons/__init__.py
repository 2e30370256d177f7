"""The vocabularies of the check: YAML files beside this module, read once and compared by stem."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from seo.language.stems import stem

_HERE = Path(__file__).parent
NUMBER_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that makes a claim of a kind; `stems` holds "*" for any one word."""

    kind: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Words (`allows`) that mean no more than the phrase `when` does."""

    when: tuple[str, ...]
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Everything the check knows of words. Keys and members are stems, save in `spelling`."""

    spelling: Mapping[str, str]
    claim_free: frozenset[str]
    function: frozenset[str]
    phrases: Mapping[str, tuple[Phrase, ...]]  # by first stem, longest first
    needs: Mapping[str, str]  # kind → what would support it
    domains: Mapping[str, frozenset[str]]  # color, material, … → stems
    domains_of: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, frozenset[str]]  # cue stem → measures
    synonyms: Mapping[str, frozenset[str]]  # stem → stems that say the same
    opposites: Mapping[str, frozenset[str]]  # stem → stems whose denial says it
    definitions: Mapping[str, tuple[Definition, ...]]  # by first stem
    parts: Mapping[str, frozenset[str]]  # type stem → parts it has by definition


@cache
def lexicons() -> Lexicons:
    """Read the vocabularies; the first call costs some 30 ms."""
    spelling = _spelling(_load("spelling"))

    def stems(text: str) -> tuple[str, ...]:
        return tuple(_stem(word, spelling) for word in text.replace("-", " ").split())

    free = _load("claim_free")
    domains = {kind: frozenset(stems(words)) for kind, words in _load("domains").items()}
    return Lexicons(
        spelling=spelling,
        claim_free=frozenset(s for words in free.values() for s in stems(words)),
        function=frozenset(stems(free["function"])),
        phrases=_phrases(_load("phrases"), stems),
        needs={kind: entry["needs"] for kind, entry in _load("phrases").items()},
        domains=domains,
        domains_of=_inverted(domains),
        measures=_cues(_load("measures"), stems),
        synonyms=_synonyms(_load("synonyms")["groups"], spelling),
        opposites=_opposites(_load("synonyms")["opposites"], stems),
        definitions=_definitions(_load("definitions")["definitions"], stems),
        parts={
            stems(kind)[0]: frozenset(stems(parts)) for kind, parts in _load("definitions")["parts"].items()
        },
    )


def _load(name: str) -> Any:
    with (_HERE / f"{name}.yaml").open(encoding="utf-8") as file:
        # The safe loader, in C where it is there: the vocabularies are read at the first check.
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _stem(word: str, spelling: Mapping[str, str]) -> str:
    if word == "*":
        return word
    plain = word.lower().removesuffix("'s")
    plain = spelling.get(plain, plain)
    plain = spelling.get(plain, plain)
    return NUMBER_WORDS.get(plain) or stem(plain)


def _spelling(data: Mapping[str, str]) -> dict[str, str]:
    return dict(pair.split(":") for text in data.values() for pair in text.split())


def _inverted(domains: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for kind, members in domains.items():
        for member in members:
            found[member] += (kind,)
    return dict(found)


def _phrases(data: Mapping[str, Mapping[str, str]], stems: Any) -> dict[str, tuple[Phrase, ...]]:
    found: defaultdict[str, list[Phrase]] = defaultdict(list)
    for kind, entry in data.items():
        for phrase in entry["phrases"].split("|"):
            sequence = stems(phrase)
            found[sequence[0]].append(Phrase(kind, sequence))
    return {first: tuple(sorted(ps, key=lambda p: -len(p.stems))) for first, ps in found.items()}


def _cues(data: Mapping[str, Mapping[str, str]], stems: Any) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for measure, entry in data.items():
        for cue in stems(entry["cues"]):
            found[cue].add(measure)
    return {cue: frozenset(measures) for cue, measures in found.items()}


def _synonyms(groups: Iterable[str], spelling: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups:
        members = {_stem(word.replace("-", ""), spelling) for word in group.split()}
        for member in members:
            found[member] |= members - {member}
    return {member: frozenset(others) for member, others in found.items()}


def _opposites(pairs: Iterable[Mapping[str, str]], stems: Any) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for denied, said in pair.items():
            for word in stems(said):
                found[word].add(stems(denied)[0])
    return {word: frozenset(denied) for word, denied in found.items()}


def _definitions(entries: Iterable[Mapping[str, str]], stems: Any) -> dict[str, tuple[Definition, ...]]:
    found: defaultdict[str, list[Definition]] = defaultdict(list)
    for entry in entries:
        when = stems(entry["when"])
        found[when[0]].append(Definition(when, stems(entry["allows"])))
    return {first: tuple(definitions) for first, definitions in found.items()}
