"""Prices and discounts. A live fact supports them here; that they may not be frozen into text is the gate's matter."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from evaluators.grounding.claims.sentence import Found, Sentence, says
from evaluators.grounding.index import Entry, FactIndex

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_WORDS = {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "cents": "USD", "usd": "USD", "eur": "EUR", "gbp": "GBP", "bucks": "USD", "chf": "CHF", "cad": "CAD", "aud": "AUD"}  # fmt: skip
_AMOUNT = r"\d{1,3}(?:[.,\u00a0 ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<before>[$€£¥]|\b(?:USD|EUR|GBP|CHF|CAD|AUD))\s?(?P<a>{_AMOUNT})(?!\d)"
    rf"|(?<![\w.,])(?P<b>{_AMOUNT})\s?(?P<after>[$€£¥]|(?:{'|'.join(_WORDS)})\b)",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"\b(?:save|save up to|up to)?\s*(\d+)\s?(?:%|percent)\s?(?:off|discount|reduction|cheaper|less)\b", re.I
)


def find_money(sentence: Sentence, index: FactIndex) -> Iterator[Found]:
    """Yield amounts of money and percentages off."""
    if not sentence.has_digits:
        return
    for match in _MONEY.finditer(sentence.text):
        place = sentence.at(match.start(), match.end())
        if place:
            yield _price(place, match, index)
    for match in _OFF.finditer(sentence.text):
        place = sentence.at(match.start(), match.end())
        if place:
            yield _discount(place, match, index)


def _price(place: tuple[int, int], match: re.Match[str], index: FactIndex) -> Found:
    amount = _decimal(match["a"] or match["b"])
    currency = _currency(match["before"] or match["after"])
    priced = [(entry, prices) for entry in index.entries if (prices := _prices(entry))]
    for entry, prices in priced:
        for other, theirs in prices:
            if other == amount and (theirs is None or currency is None or theirs == currency):
                return Found(*place, "price", "supported", entry, f"{says(entry)}.")
    if priced:
        entry = priced[0][0]
        return Found(*place, "price", "contradicted", entry, f"“{match.group().strip()}”: {says(entry)}.")
    return Found(*place, "price", "unsupported", None, f"“{match.group().strip()}”: no fact gives a price.")


def _discount(place: tuple[int, int], match: re.Match[str], index: FactIndex) -> Found:
    for entry in index.entries:
        for segment in entry.segments:
            stems = {term.stem for term in segment} | entry.name
            if match[1] in stems and not stems.isdisjoint({"off", "discount", "reduct", "percent", "save"}):
                return Found(*place, "price", "supported", entry, f"{says(entry)}.")
    return Found(
        *place, "price", "unsupported", None, f"“{match.group().strip()}”: no fact gives a discount."
    )


def _prices(entry: Entry) -> list[tuple[Decimal, str | None]]:
    named = not entry.name.isdisjoint({"price", "cost", "msrp", "rrp"}) and entry.answer is None
    found: list[tuple[Decimal, str | None]] = []
    for value in entry.fact.values or (entry.fact.text,):
        for match in _MONEY.finditer(value):
            amount = _decimal(match["a"] or match["b"])
            if amount is not None:
                found.append((amount, _currency(match["before"] or match["after"])))
        if named and not found:
            plain = re.fullmatch(rf"\s*({_AMOUNT})\s*", value)
            amount = _decimal(plain[1]) if plain else None
            if amount is not None:
                found.append((amount, _currency(entry.fact.unit or "")))
    return found


def _currency(text: str) -> str | None:
    plain = text.strip().lower()
    return (
        _SYMBOLS.get(plain)
        or _WORDS.get(plain)
        or (plain.upper() if len(plain) == 3 and plain.isalpha() else None)
    )


def _decimal(text: str) -> Decimal | None:
    """Read "1,299.00", "1.299,00" and "12,5": the last mark before one or two digits is the decimal one."""
    digits = re.sub(r"[\u00a0 ]", "", text)
    head, tail = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", digits).groups()  # type: ignore[union-attr] # always matches
    try:
        return Decimal(re.sub(r"[.,]", "", head) + ("." + tail if tail else "")).normalize()
    except InvalidOperation:
        return None
