"""A fact before it has its id: what is stated, and the key by which it is known again at the next import."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.catalog.codec import fact_without_id
from retrieval.attributes import family_of, read_name
from retrieval.facts import Fact, Trust
from retrieval.quick_values import quick


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A statement and its identity: `key` stays the same while the value changes; `fact.id` is still empty.

    `plain` is what it says, without regard to case, `mark` what counts for the hash of a product's facts. `compared`
    is the name under which prose is compared with it ("outer_material" is the material too), None where it is not;
    `tells`: it may tell a feature. Columns are read once and their facts shared by products, so all of it is made
    here; one is another only if it is the same object.
    """

    key: str
    fact: Fact
    plain: str
    mark: str
    compared: str | None
    tells: bool
    row: str = field(default="", init=False)

    def as_row(self) -> str:
        """The fact as JSON, all but its id (`row`, made when it is first asked for)."""
        if not self.row:
            object.__setattr__(self, "row", fact_without_id(self.fact))
        return self.row

    def called(self, name: str) -> "Found":
        """The same statement under another name."""
        fact = self.fact
        return _made(self.key, replace(fact, name=name, text=statement(name, fact.value, fact.unit)))

    def measured(self, unit: str) -> "Found":
        """The same number with its unit."""
        fact = self.fact
        return _made(self.key, replace(fact, unit=unit, text=statement(fact.name, fact.value, unit)))


def _made(key: str, fact: Fact) -> Found:
    compared, tells = _bearing(fact.name)
    return Found(key, fact, fact.text.casefold(), mark_of(fact), compared, tells)


_COMPARED = frozenset({"title", "type", "category", "color", "printing_colors", "size", "material"})
_TELLING = frozenset({"feature", "part", "closure", "fit", "style", "care", "display", "connectivity", "performance", "power"})  # fmt: skip


@lru_cache(maxsize=16384)
def _bearing(name: str) -> tuple[str | None, bool]:
    """Under which name prose is compared with facts of this name, and whether they tell features."""
    called = name if name in _COMPARED else read_name(name).name
    family = family_of(name)
    tells = name == "feature" or (name != "description" and (family is None or family.kind in _TELLING))
    return called if called in _COMPARED else None, tells


def mark_of(fact: Fact) -> str:
    """What a fact states, as one string: name, value, unit and who answers for it; "" for a live one."""
    if fact.live:
        return ""
    value = fact.value if isinstance(fact.value, str) else "\x1f".join(fact.value)
    return "\x1e".join((fact.name, value, fact.unit or "", fact.trust))


def with_id(one: Found, number: str) -> Fact:
    """The fact under its id."""
    f = one.fact
    return Fact(number, f.name, f.value, f.text, f.source, f.trust, f.unit, f.live, f.label, f.original)


def found(  # noqa: PLR0913 - these are the members of the value that it makes
    key: str,
    name: str,
    value: str | tuple[str, ...],
    source: str,
    *,
    unit: str | None = None,
    trust: Trust = "data",
    live: bool = False,
    label: str = "",
    original: str = "",
    text: str = "",
) -> Found:
    """Make a fact without an id. Its text is "Name: value unit" unless given."""
    said = text or statement(name, value, unit)
    return _made(key, Fact("", name, value, said, source, trust, unit, live, label or name, original))


def statement(name: str, value: str | tuple[str, ...], unit: str | None) -> str:
    """Phrase a fact for people and checkers: ("color", ("black", "blue")) → "Color: black, blue"."""
    listed = value if isinstance(value, str) else ", ".join(value)
    return f"{human(name)}: {listed}" if unit is None else f"{human(name)}: {listed}{_joint(unit)}"


@lru_cache(maxsize=1024)
def _joint(unit: str) -> str:
    spoken = unit.replace("_", " ")
    return spoken if unit in {"%", "°"} else f" {spoken}"


_ACRONYMS = {
    "usb": "USB", "hdmi": "HDMI", "led": "LED", "lcd": "LCD", "vga": "VGA", "dvi": "DVI", "nfc": "NFC", "gps": "GPS", "ssd": "SSD", "hdd": "HDD",
    "cpu": "CPU", "gpu": "GPU", "ram": "RAM", "spf": "SPF", "uv": "UV", "ph": "pH", "bpa": "BPA", "pci": "PCI", "ip": "IP", "lan": "LAN", "ac": "AC",
    "dc": "DC", "sim": "SIM", "wifi": "Wi-Fi", "dvd": "DVD", "cd": "CD", "tv": "TV", "os": "OS", "rgb": "RGB", "sd": "SD", "tsa": "TSA", "eco": "eco",
}  # fmt: skip


@lru_cache(maxsize=8192)
def human(name: str) -> str:
    """Turn a snake_case name into words: "has_usb_port" → "Has USB port"."""
    words = " ".join(_ACRONYMS.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]
