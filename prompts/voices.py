"""Voices: how a shop sounds, and the words it never uses."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent / "voices"
RULES = Path(__file__).parent / "voice_rules.yaml"
Person = Literal["second", "third", "none"]
VoiceSpelling = Literal["US", "GB", "locale"]


class UnknownVoiceError(LookupError):
    """No voice of that name; `known` lists what there is."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown voice {name!r}; known: {', '.join(known)}")
        self.known = known


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice. `forbidden` are words and phrases that no text in it may contain (case-insensitive, whole words).

    `person` is whom a text speaks of or to, `spelling` whose spelling it has ("locale": that of the text's locale);
    `exclamation` and `contractions` say whether it may have them.
    """

    name: str
    description: str
    forbidden: tuple[str, ...]
    person: Person = "none"
    spelling: VoiceSpelling = "locale"
    exclamation: bool = True
    contractions: bool = True


def load_voice(name: str) -> Voice:
    """The voice of that name. Raises UnknownVoiceError, which lists the known ones."""
    for voice in all_voices():
        if voice.name == name:
            return voice
    raise UnknownVoiceError(name, tuple(voice.name for voice in all_voices()))


@functools.cache
def all_voices() -> tuple[Voice, ...]:
    """All voices: each of its own words and those that no voice uses (`common.yaml`)."""
    common: list[str] = _read(FOLDER / "common.yaml")["forbidden"]
    rules = _read(RULES)
    return tuple(
        Voice(
            file.stem,
            raw["description"].strip(),
            tuple(dict.fromkeys([*common, *raw.get("forbidden", [])])),
            **{name: _flag(value) for name, value in rules.get(file.stem, {}).items()},
        )
        for file in sorted(FOLDER.glob("*.yaml"))
        if file.stem != "common"
        for raw in [_read(file)]
    )


def _flag(value: str) -> Any:
    return {"yes": True, "no": False}.get(value, value)


def _read(file: Path) -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return raw
