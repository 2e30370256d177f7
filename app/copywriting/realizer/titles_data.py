"""`titles.yaml` as values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.copywriting.realizer.lexicon import read
from app.copywriting.realizer.rules import overlay
from app.copywriting.realizer.short_fields_patterns import Shape, SlotRule, shapes_of, slot_rules


@dataclass(frozen=True, slots=True)
class TitleData:
    """All of `titles.yaml`; each part is described there."""

    slots: Mapping[str, SlotRule]
    title: tuple[Shape, ...]
    title_without_noun: tuple[Shape, ...]
    meta_title: tuple[Shape, ...]
    meta_title_without_noun: tuple[Shape, ...]
    meta_lead: tuple[Shape, ...]
    meta_more: tuple[Shape, ...]
    meta_choice: tuple[Shape, ...]
    meta_last: tuple[Shape, ...]
    alt: Mapping[str, str]
    views: Mapping[str, str]
    no_options: frozenset[str]
    works: frozenset[str]
    dust: re.Pattern[str]
    transliteration: Mapping[str, str]


@cache
def title_data(language: str = "en") -> TitleData:
    """The title patterns of a language, with a shop's own `titles.d/` laid over them."""
    raw: dict[str, Any] = {}
    for data in read(language, "titles"):
        raw = overlay(raw, data)
    meta, alt = raw["meta_description"], dict(raw["alt"])
    return TitleData(
        slots=slot_rules(raw["slots"]),
        title=shapes_of(raw["title"]),
        title_without_noun=shapes_of(raw["title_without_noun"]),
        meta_title=shapes_of(raw["meta_title"]),
        meta_title_without_noun=shapes_of(raw["meta_title_without_noun"]),
        meta_lead=shapes_of(meta["lead"]),
        meta_more=shapes_of(meta["more"]),
        meta_choice=shapes_of(meta["choice"]),
        meta_last=shapes_of(meta["last"]),
        views=alt.pop("views"),
        alt=alt,
        no_options=frozenset(raw["no_options"]),
        works=frozenset(raw["works"]),
        dust=re.compile("|".join(raw["dust"]), re.IGNORECASE),
        transliteration=raw["transliteration"],
    )
