"""Word stems (Snowball), so that "pockets" meets "pocket" and "ribbed" meets "ribs"."""

from functools import cache, lru_cache
from typing import Protocol

_LANGUAGES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "sv": "swedish", "da": "danish", "no": "norwegian", "nb": "norwegian", "fi": "finnish",
}  # fmt: skip


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's name


@lru_cache(maxsize=65_536)
def stem(word: str, language: str = "en") -> str:
    """Return the stem of one word, lower-cased, without a possessive `'s`.

    `language` is a BCP 47 tag of which the first part counts; a language without a stemmer gets the
    lower-cased word back.
    """
    plain = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    stemmer = _stemmer(language.partition("-")[0].lower())
    return stemmer.stemWord(plain) if stemmer is not None else plain


@cache
def _stemmer(language: str) -> _Stemmer | None:
    import Stemmer  # noqa: PLC0415 - a C extension, loaded when the first word is stemmed

    name = _LANGUAGES.get(language)
    # Its own cache is off: PyStemmer's is not safe between threads, and ours stands above it.
    return Stemmer.Stemmer(name, 0) if name else None
