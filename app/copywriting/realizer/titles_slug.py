"""Addresses: a name in plain letters, the same for ever."""

import re
import unicodedata

from app.copywriting.realizer.titles_data import TitleData

SLUG_LIMIT = 100
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_MARKS = re.compile(r"[®™©'’`´]")
_DECIMAL_MARK = re.compile(r"(?<=\d)[.,](?=\d)")


def slug(name: str, sku: str, data: TitleData) -> str:
    """The last part of the page's address: ASCII letters, digits and hyphens, at most 100, cut between words.

    It follows from the name alone, so that it does not change with voice, variant or facts. Where nothing of the name
    has plain letters the SKU serves, and last "product".
    """
    return _plain(name, data) or _plain(sku, data) or "product"


def _plain(text: str, data: TitleData) -> str:
    changed = data.transliteration
    spelled = "".join([changed.get(sign, sign) for sign in _MARKS.sub("", text).lower()])
    decomposed = unicodedata.normalize("NFKD", spelled).lower()
    letters = "".join([changed.get(sign, sign) for sign in decomposed if not unicodedata.combining(sign)])
    joined = _NOT_PLAIN.sub("-", _DECIMAL_MARK.sub("-", letters)).strip("-")
    if len(joined) <= SLUG_LIMIT:
        return joined
    cut = joined.rfind("-", 0, SLUG_LIMIT + 1)
    return joined[: cut if cut > 0 else SLUG_LIMIT]
