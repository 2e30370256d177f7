"""Attribute names as words: "has_usb_port" and "usb2PortsQuantity" to what a sentence can say."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.words import is_adjective, is_part_noun, lemmas, singular_form, unglue
from retrieval.attributes import family_of
from retrieval.facts import Fact

LabelShape = Literal["noun", "is", "has", "verb", "adjective", "for"]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d{2})")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NO_LABEL = frozenset({"", "feature", "features", "description", "short description", "bullet", "highlights"})
_UPPER = frozenset(
    {
        "usb",
        "hdmi",
        "led",
        "lcd",
        "oled",
        "vga",
        "dvi",
        "lan",
        "cpu",
        "gpu",
        "ram",
        "rom",
        "ssd",
        "hdd",
        "tv",
        "dvd",
        "cd",
        "fm",
        "am",
        "nfc",
        "gps",
        "sd",
        "sim",
        "uv",
        "spf",
        "upf",
        "ip",
        "rgb",
        "dpi",
        "bpa",
        "ac",
        "dc",
        "rj",
        "pc",
        "pci",
        "pcie",
        "sata",
        "poe",
        "hd",
        "uhd",
        "hdr",
        "voip",
        "vpn",
        "os",
        "rpm",
        "id",
        "ii",
        "iii",
    }
)
_SPELT = {
    "wi fi": "Wi-Fi",
    "wifi": "Wi-Fi",
    "bluetooth": "Bluetooth",
    "ethernet": "Ethernet",
    "android": "Android",
    "windows": "Windows",
    "intel": "Intel",
    "energy star": "Energy Star",
}
_COUNT_WORDS = re.compile(
    r"^(?:number|no|amount|quantity|count) of |^(?:number|quantity|total) | (?:quantity|count|qty|number)$"
)


@dataclass(frozen=True, slots=True)
class Label:
    """An attribute's name read as English.

    `text` is the words in mid-sentence case. `shape` tells what a yes would mean: noun ("touchscreen": it has one),
    has ("has USB port"), is ("is waterproof"), for ("is for business computing"), verb ("supports HDR"),
    adjective ("waterproof", "energy star certified"). `core` is the name without "has", "is" or "number of".
    """

    text: str
    core: str
    shape: LabelShape
    counts: bool


@lru_cache(maxsize=4096)
def label_of(name: str) -> Label:
    """Read an attribute's name, in any of the spellings that shops use."""
    words = _words(name)
    lower = [word.lower() for word in words]
    text = _spell(" ".join(words))
    if lower and lower[0] in {"has", "have", "with", "includes", "including"} and len(words) > 1:
        return Label(text, _spell(" ".join(words[1:])), "has", counts=False)
    if lower and lower[0] in {"is", "are", "for"} and len(words) > 1:
        if "for" in lower[:2]:
            return Label(text, _spell(" ".join(words[lower.index("for") + 1 :])), "for", counts=False)
        return Label(text, _spell(" ".join(words[1:])), "is", counts=False)
    if lower and len(words) > 1 and lower[0] in lexicon().verbs | {"supports", "allows"}:
        return Label(text, _spell(" ".join(words[1:])), "verb", counts=False)
    core = _COUNT_WORDS.sub("", text.lower())
    counted = core != text.lower() or _is_countable(core)
    if counted:
        return Label(text, _spell(core), "noun", counts=True)
    adjective = bool(lower) and (is_adjective(lower[-1]) or (len(words) > 1 and lower[-1].endswith("ed")))
    return Label(text, text, "adjective" if adjective else "noun", counts=False)


def label_of_fact(fact: Fact) -> Label:
    """Name a fact's attribute by its family, so that no "Farbe" and no "style_general" shows.

    The shop's own name stays where no family knows it, and where it names the part or says "is" and "has".
    """
    family = family_of(fact.name)
    own = label_of(fact.label) if fact.label.lower() not in _NO_LABEL else None
    if own is not None and (
        family is None or is_part_noun(own.core.rsplit(" ", 1)[-1]) or own.shape != "noun"
    ):
        return own
    return label_of(family.name if family else fact.name)


def _words(name: str) -> list[str]:
    plain = _BRACKETS.sub("", re.sub(r"__\w{1,5}_?$", "", name)).replace("_", " ")
    plain = re.sub(r"(?<=\d) (?=\d\b)", ".", plain)
    parts: list[str] = []
    for chunk in plain.split():
        for piece in _CAMEL.split(chunk) if not chunk.isupper() else [chunk]:
            parts.extend(unglue(piece).split())
    return [part.strip(":,.") for part in parts if part.strip(":,.")]


def _spell(text: str) -> str:
    """Mid-sentence case: lower, save abbreviations and the names that sentences keep."""
    words = [
        word.upper() if word.lower() in _UPPER else word if _is_name(word) else word.lower()
        for word in text.split()
    ]
    spelt = " ".join(words)
    for plain, right in _SPELT.items():
        spelt = re.sub(rf"\b{plain}\b", right, spelt, flags=re.IGNORECASE)
    return spelt


def _is_name(word: str) -> bool:
    """Whether a word keeps its capitals: "iPhone", "LPDDR4x", "A4"."""
    inner = any(letter.isupper() for letter in word[1:]) and not word.isupper()
    return inner or (word.isupper() and (any(letter.isdigit() for letter in word) or not lemmas(word)))


def _is_countable(core: str) -> bool:
    """Whether the name of a bare number is a thing one counts: "HDMI port", "processor cores", "drawers"."""
    words = core.split()
    known = lexicon().countables
    return bool(words) and (singular_form(words[-1]) in known or " ".join(words[-2:]) in known)
