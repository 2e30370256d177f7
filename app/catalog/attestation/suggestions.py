"""From a claim that no fact bears to the fact that somebody could attest. Pure."""

import re
from typing import Protocol

from app.catalog.attestation.statements import Statement, read_statement
from app.errors import Invalid
from retrieval.quantities import find_quantities
from retrieval.units import dimension_of


class Claim(Protocol):
    """A claim of the grounding check, as far as this needs it."""

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def kind(self) -> str:
        """The family of claim."""
        ...

    @property
    def verdict(self) -> str:
        """supported, contradicted or unsupported."""
        ...


_NAMES = {
    "material": "material", "color": "color", "size": "size", "warranty": "warranty", "certification": "certification",
    "health": "health", "green": "sustainability", "feature": "feature", "name": "feature", "word": "feature",
}  # fmt: skip
_OF_DIMENSION = {
    "mass": "weight", "length": "length", "volume": "capacity", "information": "storage", "power": "power", "charge": "battery_capacity",
    "time": "duration", "frequency": "frequency", "voltage": "voltage", "temperature": "temperature", "areal mass": "fabric_weight",
    "luminous flux": "luminous_flux", "pressure": "pressure", "sound level": "noise_level", "share": "share",
}  # fmt: skip
_PROMISE = re.compile(
    r"\b(?:warrant(?:y|ies)|guarantees?d?|limited|manufacturer(?:['’]?s)?|with|an?|comes?)\b", re.IGNORECASE
)
_HYPHENS = re.compile(r"(?<=\d)[-‐‑](?=[A-Za-z])")


def suggestion(claim: Claim) -> Statement | None:
    """The fact that would bear a claim: its name by the claim's kind, its value by the words; a person decides.

    None where no attested fact helps: superlatives, prices, stock and the word of other shoppers are no facts of a
    product; a contradicted claim is put right by correcting the fact that speaks against it; a bare number says of
    nothing how many.
    """
    if claim.verdict != "unsupported":
        return None
    name = _NAMES.get(claim.kind)
    value = claim.text.strip()
    if claim.kind == "quantity":
        found = find_quantities(value)
        name = _OF_DIMENSION.get(dimension_of(found[0].unit) or "") if len(found) == 1 else None
        value = found[0].text if found else value
    elif claim.kind == "warranty":
        value = " ".join(_PROMISE.sub(" ", _HYPHENS.sub(" ", value)).split()) or "yes"
    if name is None:
        return None
    try:
        return read_statement(name, value)
    except Invalid:
        return None
