"""Text as it is compared and searched."""

import unicodedata


def fold(text: str) -> str:
    """Text for comparison: one case, one form of every letter, single blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
    if "\0" in text:
        text = without_nul(text)
    return " ".join(text.lower().split())


def without_nul(text: str) -> str:
    """Text that PostgreSQL keeps: it has no place for NUL."""
    return text.replace("\0", "") if "\0" in text else text
