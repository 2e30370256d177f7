"""A text whose facts changed: what still holds stays to the letter, the rest is said anew or left out. Pure."""

import html
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.copywriting.copy import Copy, CopySentence, Fields
from app.copywriting.placing import Change, Placed, changed, placed, rebuilt
from app.copywriting.regeneration.locks import Locked, keep_locked
from evaluators.checks import JudgedSentence
from evaluators.fields import FieldRule, escape, field_texts, sentences_of
from evaluators.text_checks import lengths, missing

_WRONG = frozenset({"unsupported", "contradicted"})


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a writer makes of the facts of today: a text, and its sentences, which other ways to put it may follow."""

    fields: Fields = field(default_factory=dict)
    sentences: tuple[CopySentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A sentence that no longer held; `new` None: it was left out."""

    field: str
    old: str
    new: str | None

    def __str__(self) -> str:
        if self.new is None:
            return f"left out: {self.field}: “{self.old}”"
        return f"written anew: {self.field}: “{self.old}” → “{self.new}”"


@dataclass(frozen=True, slots=True)
class Mended:
    """The fields of the next version, what in them is new, and what is locked though it no longer holds."""

    fields: dict[str, Any]
    rewritten: tuple[Rewritten, ...]
    untrue: tuple[str, ...]


def mend(copy: Copy, judged: Sequence[JudgedSentence], fresh: Fresh, rules: Sequence[FieldRule]) -> Mended:
    """The fields of a copy, its sentences judged by today's facts, without those that no longer hold.

    In the place of each comes the fresh sentence of the same field that says what became of the same facts, where there
    is one that the text does not hold yet. Titles and other texts of one sentence are taken whole, addresses stay. A
    field that does not fit any more, or is empty, is taken from the fresh text. What is locked is never touched.
    """
    wrong = wrong_sentences(copy, judged)
    work = _Mending(copy, wrong, fresh)
    fields: dict[str, Any] = {}
    for name, value in copy.fields.items():
        if name in copy.locked or name == "slug":
            fields[name] = value
            continue
        new = work.field(name, value)
        own = [rule for rule in rules if rule.name == name]
        if new != value and (_is_bad({name: new}, own) or not new) and name in fresh.fields:
            new = keep_locked(value, fresh.fields[name], locked_in(copy, fresh))
            work.done = [one for one in work.done if one.field.partition("/")[0] != name]
            work.done.append(Rewritten(name, "the whole field", "the whole field"))
        if new or not value:
            fields[name] = new
    untrue = tuple(
        f"locked, though it holds no more: {path}: “{text}”"
        for path, text in sorted(wrong)
        if path.partition("/")[0] in copy.locked or text in copy.locked_sentences
    )
    return Mended(fields, tuple(work.done), untrue)


def wrong_sentences(copy: Copy, judged: Sequence[JudgedSentence]) -> frozenset[tuple[str, str]]:
    """The sentences that no longer hold: against the facts, without one, or claimless now that their fact is gone."""
    stale = {(sentence.field, sentence.text) for sentence in copy.stale}
    return frozenset(
        (s.field, s.text)
        for s in judged
        if s.verdict in _WRONG or (s.verdict == "claimless" and (s.field, s.text) in stale)
    )


def locked_in(copy: Copy, fresh: Fresh) -> Locked:
    """What is locked of a copy, beside what its sentences and the fresh ones rest on."""
    facts = {s.text: frozenset(s.facts) for s in (*fresh.sentences, *copy.sentences)}
    return Locked(frozenset(copy.locked_sentences), facts)


def _is_bad(fields: Mapping[str, Any], rules: Sequence[FieldRule]) -> bool:
    return bool(missing(fields, rules) or lengths(fields, rules))


class _Mending:
    def __init__(self, copy: Copy, wrong: Collection[tuple[str, str]], fresh: Fresh) -> None:
        self._copy = copy
        self._wrong = wrong
        self._fresh = fresh
        self._texts = dict(field_texts(fresh.fields))
        self._said = {sentence.text for sentence in sentences_of(copy.fields)}
        self._told: set[str] = set()  # what the sentences that stay in the field at hand rest on
        self.done: list[Rewritten] = []

    def field(self, name: str, value: object) -> object:
        """A field's value without what no longer holds."""
        self._told = {
            fact
            for s in self._copy.sentences
            if s.field.partition("/")[0] == name and ((s.field, s.text) not in self._wrong)
            for fact in s.facts
        }
        new: dict[str, str] = {}
        for path, text in field_texts({name: value}):
            there = placed(text)
            if there is None:
                continue
            bad = [s for s in there if (path, s.text) in self._wrong and self._free(s.text)]
            if bad:
                new[path] = self._text(path, text, there, bad)
        return rebuilt(value, new, escape(name)) if new else value

    def _free(self, text: str) -> bool:
        return text not in self._copy.locked_sentences

    def _text(self, path: str, text: str, there: Sequence[Placed], bad: Sequence[Placed]) -> str:
        whole = self._texts.get(path)
        listed = isinstance(self._copy.fields.get(path.partition("/")[0]), list | tuple)
        if len(bad) == len(there) == 1 and not listed and "<" not in text:
            self.done.append(Rewritten(path, bad[0].text, whole))
            return whole or ""
        root = path.partition("/")[0] if listed else path
        changes: list[Change] = []
        for sentence in bad:
            found = self._instead(path, root, sentence.text)
            self.done.append(Rewritten(path, sentence.text, found))
            escaped = html.escape(found, quote=False) if found and root.endswith("_html") else found
            changes.append(Change(sentence.start, sentence.end, escaped))
        return changed(text, changes)

    def _instead(self, path: str, root: str, old: str) -> str | None:
        """The fresh sentence that says what became of the facts of an old one."""
        wanted = self._facts_of(path, old)
        best: tuple[float, str] | None = None
        for sentence in self._fresh.sentences:
            if sentence.field.partition("/")[0] != root and sentence.field != root:
                continue
            facts = set(sentence.facts)
            if sentence.text in self._said or not facts & wanted:
                continue
            again = (facts & self._told) - wanted  # nobody wants to read it twice
            alike = len(facts & wanted) / (len(facts | wanted) + 2 * len(again))
            if best is None or alike > best[0]:
                best = alike, sentence.text
        if best is None:
            return None
        self._said.add(best[1])
        self._told |= wanted
        return best[1]

    def _facts_of(self, path: str, old: str) -> set[str]:
        """The ids of the facts that a sentence rested on, and of those that bear the same names today."""
        ids = {fact for s in self._copy.sentences if (s.field, s.text) == (path, old) for fact in s.facts}
        return ids | {s.fact for s in self._copy.stale if (s.field, s.text) == (path, old)}
