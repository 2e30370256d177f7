"""The vocabularies of the check: YAML files beside this module, read once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from evaluators.grounding.terms import terms
from evaluators.grounding.vocabulary import load
from retrieval.units import dimension_of

ANY, NUMBER = frozenset({"*"}), frozenset({"#"})
_WILD = {"*": ANY, "#": NUMBER}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that makes a claim of a kind: for each word the forms that fit it, ANY, or NUMBER."""

    kind: str
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Words (`allows`) that mean no more than the phrase `when` does."""

    when: tuple[str, ...]
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Everything the check knows of words: stems, save where it says keys (the words themselves, see `Term.key`)."""

    claim_free: frozenset[str]
    function: frozenset[str]
    claims: frozenset[str]  # keys that say something although their stem is claim-free
    phrases: Mapping[str, tuple[Phrase, ...]]  # by a key of the first word, longest first
    needs: Mapping[str, str]  # kind → what would support it
    domains: Mapping[str, frozenset[str]]  # color, material, … → keys
    measures: Mapping[str, frozenset[str]]  # cue → measures
    dimensions: Mapping[str, frozenset[str]]  # measure → dimensions that it is counted in
    synonyms: Mapping[str, frozenset[str]]  # → stems that say the same
    opposites: Mapping[str, frozenset[str]]  # → stems whose denial says it
    definitions: Mapping[str, tuple[Definition, ...]]  # by the first word of `when`
    parts: Mapping[str, frozenset[str]]  # type → parts it has by definition
    broader: Mapping[str, frozenset[str]]  # type → what it also is
    kinds: Mapping[str, frozenset[str]]  # material → what kind it is of: oak → wood
    things: frozenset[str]  # keys that are claims only of what comes with the product
    given: frozenset[str]  # "supplied" with it
    merely_fits: frozenset[str]  # names of facts about other things that fit it
    optional: frozenset[str]  # said of what may be had besides


@cache
def lexicons() -> Lexicons:
    """Read the vocabularies; the first call costs some 50 ms."""
    free, phrases, measures = load("claim_free"), load("phrases"), load("measures")
    claims = free.pop("claims")
    synonyms, definitions, inclusion = load("synonyms"), load("definitions"), load("inclusion")
    return Lexicons(
        claim_free=frozenset(s for words in free.values() for s in _stems(words)),
        function=frozenset(_stems(free["function"])),
        claims=frozenset(_keys(claims)),
        phrases=_phrases({kind: entry["phrases"] for kind, entry in phrases.items()}),
        needs={kind: entry["needs"] for kind, entry in phrases.items()},
        domains={kind: frozenset(_keys(words)) for kind, words in load("domains").items()},
        measures=_cues(measures),
        dimensions={
            measure: frozenset(str(dimension_of(unit)) for unit in entry["units"].split())
            for measure, entry in measures.items()
        },
        synonyms=_synonyms(synonyms["groups"]),
        opposites=_opposites(synonyms["opposites"]),
        definitions=_definitions(definitions["definitions"]),
        parts={_stems(kind)[0]: frozenset(_stems(parts)) for kind, parts in definitions["parts"].items()},
        broader={_stems(kind)[0]: frozenset(_stems(words)) for kind, words in definitions["broader"].items()},
        kinds=_kinds(definitions["kinds"]),
        things=frozenset(_keys(inclusion["things"])),
        given=frozenset(_stems(inclusion["given"])),
        merely_fits=frozenset(_stems(inclusion["merely_fits"])),
        optional=frozenset(_stems(inclusion["optional"])),
    )


@lru_cache(maxsize=16_384)
def domains_of(key: str) -> frozenset[str]:
    """The closed vocabularies that a word (or its singular) belongs to."""
    forms = {key, key.removesuffix("s"), key.removesuffix("es")}
    return frozenset(kind for kind, members in lexicons().domains.items() if not members.isdisjoint(forms))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(term.stem for term in terms(text))


def _keys(text: str) -> tuple[str, ...]:
    return tuple(term.key for term in terms(text))


def _forms(word: str) -> frozenset[str]:
    """The word with the endings of plurals and verbs; "sustain" is not one of "sustainable"."""
    bare = word.removesuffix("e")
    changed = {word[:-1] + "ies", word[:-1] + "ied"} if word.endswith("y") else set()
    return frozenset(
        {word, word + "s", word + "es", word + "ed", word + "ing", bare + "ed", bare + "ing"} | changed
    )


def _phrases(data: Mapping[str, str]) -> dict[str, tuple[Phrase, ...]]:
    found: defaultdict[str, list[Phrase]] = defaultdict(list)
    for kind, text in data.items():
        for written in text.split("|"):
            words = tuple(
                _WILD.get(piece) or _forms(key)
                for piece in written.split()
                for key in ([""] if piece in _WILD else _keys(piece))
            )
            for key in words[0]:
                found[key].append(Phrase(kind, words))
    return {first: tuple(sorted(members, key=lambda p: -len(p.words))) for first, members in found.items()}


def _cues(data: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for measure, entry in data.items():
        for cue in _stems(entry["cues"]):
            found[cue].add(measure)
    return {cue: frozenset(measures) for cue, measures in found.items()}


def _synonyms(groups: Iterable[str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups:
        members = {_stems(word.replace("-", ""))[0] for word in group.split()}
        for member in members:
            found[member] |= members - {member}
    return {member: frozenset(others) for member, others in found.items()}


def _opposites(pairs: Iterable[Mapping[str, str]]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for denied, said in pair.items():
            for word in _stems(said):
                found[word].add(_stems(denied)[0])
    return {word: frozenset(denied) for word, denied in found.items()}


def _kinds(data: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, members in data.items():
        for member in _stems(members):
            found[member].update(_stems(kind))
    return {member: frozenset(kinds) for member, kinds in found.items()}


def _definitions(entries: Iterable[Mapping[str, str]]) -> dict[str, tuple[Definition, ...]]:
    found: defaultdict[str, list[Definition]] = defaultdict(list)
    for entry in entries:
        when = _stems(entry["when"])
        found[when[0]].append(Definition(when, _stems(entry["allows"])))
    return {first: tuple(definitions) for first, definitions in found.items()}
