"""The rules of content selection as values, read from `selection.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from app.copywriting.copy import Angle
from app.copywriting.realizer.lexicon import read
from app.copywriting.realizer.messages import Role
from seo.language.stems import stem


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of fact tells a buyer, and how much it matters (0–100)."""

    role: Role
    salience: float


@dataclass(frozen=True, slots=True)
class AngleRule:
    """What an angle puts in front."""

    kinds: frozenset[str]
    roles: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """`selection.yaml`; each part is described there."""

    kinds: Mapping[str, KindRule]
    never: frozenset[str]
    hidden_words: frozenset[str]
    hidden_phrases: frozenset[str]
    negatives_in_rich_text: int
    rich_text: int
    caps: Mapping[str, int]
    family_order: tuple[str, ...]
    keep_capitals: frozenset[str]
    angles: Mapping[Angle, AngleRule]
    angle_boost: float

    def kind(self, name: str) -> KindRule:
        """The rule of a kind; of "other" for one that the file does not list."""
        return self.kinds.get(name) or self.kinds["other"]


@cache
def rules(language: str = "en") -> Rules:
    """The rules of a language's folder, with a shop's own files laid over them."""
    raw: dict[str, Any] = {}
    for data in read(language, "selection"):
        raw = overlay(raw, data)
    hidden = raw["not_for_buyers"]
    return Rules(
        kinds={name: KindRule(rule["role"], float(rule["salience"])) for name, rule in raw["kinds"].items()},
        never=frozenset(raw["never"]),
        hidden_words=frozenset(hidden["words"]),
        hidden_phrases=frozenset(hidden["phrases"]),
        negatives_in_rich_text=int(raw["negatives_in_rich_text"]),
        rich_text=int(raw["rich_text"]),
        caps={name: int(cap) for name, cap in raw["caps"].items()},
        family_order=tuple(raw["family_order"]),
        keep_capitals=frozenset(raw["keep_capitals"]),
        angles={cast("Angle", name): _angle(rule) for name, rule in raw["angles"].items()},
        angle_boost=float(raw["angle_boost"]),
    )


def _angle(rule: Mapping[str, Any]) -> AngleRule:
    words = rule.get("words", ())
    return AngleRule(
        frozenset(rule.get("kinds", ())), frozenset(rule.get("roles", ())), frozenset(map(stem, words))
    )


def overlay(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """`top` over `base`: maps merge, lists grow, texts replace."""
    merged = dict(base)
    for key, value in top.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = overlay(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = [*old, *value]
        else:
            merged[key] = value
    return merged
