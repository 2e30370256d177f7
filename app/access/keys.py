"""Keys as text: made, taken apart, compared. `st_<id>_<secret>`, both parts random."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_FORM = re.compile(r"st_([0-9a-z]{12})_([A-Za-z0-9_-]{43})")
KEY_CHARS = 59
"""How long a key is."""
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Secret:
    """A key's two parts. `id` may be shown and logged; `secret` is known to its holder alone."""

    id: str
    secret: str

    def __str__(self) -> str:
        return f"st_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"Secret(id={self.id!r})"

    @property
    def hash(self) -> bytes:
        """SHA-256 of the secret: what is stored.

        A plain hash is enough, unlike for passwords: 256 random bits cannot be guessed, however fast one tries.
        """
        return hashlib.sha256(self.secret.encode()).digest()

    def matches(self, stored: bytes) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.hash, stored)


def new_secret() -> Secret:
    """A fresh key: 62 bits of id, 256 bits of secret."""
    return Secret("".join(secrets.choice(_ALPHABET) for _ in range(12)), secrets.token_urlsafe(32))


def parse(text: str) -> Secret | None:
    """The parts of a key; None for what is none."""
    found = _FORM.fullmatch(text)
    return Secret(found[1], found[2]) if found else None


def holds_key(text: str) -> bool:
    """Whether a key stands somewhere in a text, valid or not."""
    return _FORM.search(text) is not None
