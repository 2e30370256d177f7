"""Prices as shops write them: `1.299,00 €`, `$12`, `12.00 USD`, `1 299,00`, `12,-`."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from app.catalog.feeds.errors import CellError, RowError
from app.catalog.product import Money

Mark = Literal[".", ","]

# ISO 4217 codes in circulation.
CURRENCIES = frozenset(  # one text, since 150 quoted codes would fill three screens
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
    LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF
    YER ZAR ZMW ZWL
    """.split()  # noqa: SIM905 - as said
)
# Signs that stand for one currency; "kr" stands for four and says nothing. "$" alone is read as USD.
SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "r$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW",
    "₪": "ILS", "₴": "UAH", "₫": "VND", "฿": "THB", "zł": "PLN", "kč": "CZK", "fr.": "CHF", "fr": "CHF", "sfr.": "CHF",
    "ft": "HUF", "lei": "RON", "лв": "BGN", "лв.": "BGN", "руб.": "RUB", "euro": "EUR", "kr": None, "kr.": None,
}  # fmt: skip
# Where a lone point before three digits groups thousands ("1.299 €").
_POINT_GROUPS = frozenset(
    "EUR DKK NOK SEK ISK PLN HUF CZK RON TRY RUB BRL ARS CLP COP IDR VND".split()  # noqa: SIM905 - as above
)
# Words that say there is no price to show: nothing, on request, yet to come, or sold out.
_NO_PRICE = re.compile(
    r"^(?:-+|–|—|\?+|n\.?/?a\.?|none|null|nil|empty|unknown|tba|tbc|tbd|poa|por|p\.o\.[ar]\.?|no price|kein preis|sans prix|"
    r"(?:(?:price|prices|pricing) )?(?:up)?on (?:request|application|demand|inquiry|enquiry)|price varies|varies|"
    r"(?:please )?(?:call|contact|ask|e-?mail|enquire|inquire)(?: us)?(?: (?:for|about) (?:(?:a |the )?(?:price|prices|pricing|quote|details)|availability))?|"
    r"(?:request|get)(?: a)? quote|to be (?:announced|confirmed|determined)|coming soon|sold out|out of stock|discontinued|not for sale|"
    r"(?:preise?|preis:)? ?(?:auf|nach) (?:anfrage|nachfrage|absprache|vereinbarung)|(?:bitte )?(?:preis )?anfragen|a\.? ?a\.?|"
    r"preis folgt|folgt|ausverkauft|vergriffen|(?:prix )?sur (?:demande|devis)|nous (?:consulter|contacter)|épuisé|"
    r"(?:prezzo )?su (?:richiesta|preventivo)|esaurito|(?:precio )?(?:a|bajo) (?:consultar|consulta|petición)|consultar|agotado|"
    r"(?:preço )?(?:sob|a) (?:consulta|consultar|pedido)|esgotado|(?:prijs )?op aanvraag|uitverkocht|"
    r"(?:pris )?på (?:förfrågan|forespørsel|forespørgsel)|slutsåld|udsolgt|utsolgt|(?:cena )?na (?:zapytanie|dotaz|vyžádání)|"
    r"(?:hinta )?pyynnöstä|#[A-Z/0]+[!?]?)[.!]?$",
    re.IGNORECASE,
)
_EATEN = re.compile(r"^\d+(?:[.,]\d+)?e[+-]?\d+$", re.IGNORECASE)
_AROUND = re.compile(
    r"^(?P<before>[^\d.,+\-]*)(?P<minus>-?)\s*(?P<before2>[^\d.,]*)(?P<number>[.,]?\d[\d.,'’ ]*)(?P<after>.*)$"
)
_SIMPLE = re.compile(r"^[1-9]\d{0,8}(?:\.\d{1,2})?$", re.ASCII)
_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2212": "-", "\t": " "}
)
_MAX_DIGITS = 15


def currency_of(text: str) -> str | None:
    """The ISO 4217 code that a sign or code stands for; None for none or an unclear one."""
    key = text.strip(" ()[]").casefold()
    return SIGNS.get(key) or (key.upper() if key.upper() in CURRENCIES else None)


@lru_cache(maxsize=4096)
def parse_price(text: str, currency: str | None = None, mark: Mark | None = None) -> Money | None:
    """The money in a price cell; None where it is empty.

    `currency` is taken where the cell names none. `mark` is the decimal mark that the file uses, for the one
    case that a cell leaves open: three digits after a lone mark (`1.299`). Without it a comma there groups
    thousands, and so does a point beside a currency whose countries write it so.
    Raises `RowError` for what is no price or below zero, `CellError` for "on request" and for a number in
    scientific notation, whose digits are lost.
    """
    if _SIMPLE.match(text):
        return Money(Decimal(text), currency)
    text = text.translate(_SPACES).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if not text:
        return None
    if _NO_PRICE.match(text):
        raise CellError(f"price {text!r} is no amount; the product has no price")
    if _EATEN.match(text):
        raise CellError(f"price {text!r} was shortened by a spreadsheet; the product has no price")
    match = _AROUND.match(text)
    if match is None or len(text) > 40:
        raise RowError(f"price {text[:40]!r} is not a price")
    after = re.sub(r"^\s*[-–—]+(?=\s|$)", "", match["after"])  # 12,- and 12.–
    words = [word.strip() for word in (match["before"], match["before2"], after) if word.strip()]
    named = _currency(words, text) or currency
    amount = _amount(match["number"].strip(), named, mark, text)
    if match["minus"] and amount:
        raise RowError(f"price {text!r} is below zero")
    return Money(amount, named)


def _currency(words: list[str], text: str) -> str | None:
    """The currency that the words around an amount name; "$12 CAD" is Canadian."""
    named: set[str] = set()
    for word in words:
        code = currency_of(word)
        if code is None and word.casefold() not in SIGNS:
            raise RowError(f"price {text!r} is not a price")
        named |= {code} if code else set()
    if len(named) > 1 and "$" in words:
        named.discard("USD")
    if len(named) > 1:
        raise RowError(f"price {text!r} names two currencies")
    return next(iter(named), None)


def _amount(number: str, currency: str | None, mark: Mark | None, text: str) -> Decimal:
    digits = re.sub(r"[ '’](?=\d{3}(?:\D|$))", "", number).rstrip(".,")
    marks = [c for c in digits if c in ".,"]
    whole, fraction = digits, ""
    if len(set(marks)) == 2:
        at = max(digits.rfind("."), digits.rfind(","))
        if marks.count(digits[at]) > 1:
            raise RowError(f"price {text!r} is not a price")
        whole, fraction = digits[:at], digits[at + 1 :]
    elif len(marks) == 1:
        at = digits.index(marks[0])
        if not _groups(digits, at, currency, mark):
            whole, fraction = digits[:at], digits[at + 1 :]
    grouped = re.split(r"[.,]", whole)
    # Groups are of three; Indian ones of two before the last ("1,29,999").
    if len(grouped) > 1 and (
        len(grouped[-1]) != 3 or not all(1 < len(g) < 4 for g in grouped[1:]) or not grouped[0]
    ):
        raise RowError(f"price {text!r} is not a price")
    joined = "".join(grouped) or "0"
    if not joined.isdecimal() or (fraction and not fraction.isdecimal()) or len(joined) > _MAX_DIGITS:
        raise RowError(f"price {text!r} is not a price")
    fraction = fraction[:2] + fraction[2:].rstrip("0")  # a database's 52.000000 is 52.00
    return Decimal(f"{joined}.{fraction}" if fraction else joined)


def _groups(digits: str, at: int, currency: str | None, mark: Mark | None) -> bool:
    """Whether the only mark in `digits`, at `at`, groups thousands rather than marks the decimals."""
    if len(digits) - at - 1 != 3 or digits[:at] in {"", "0"} or at > 3:
        return False
    if mark is not None:
        return digits[at] != mark
    return digits[at] == "," or currency in _POINT_GROUPS


def currency_in(text: str, mark: Mark | None = None) -> str | None:
    """The currency that a price cell names itself; None where it names none or is no price."""
    try:
        money = parse_price(text, None, mark)
    except (RowError, CellError):
        return None
    return money.currency if money else None


def decimal_mark(samples: list[str]) -> Mark | None:
    """The decimal mark that these price cells use, from those that leave no doubt; None where none does."""
    points = sum(bool(re.search(r"(?:\.\d{1,2}|,\d{3}\.\d+)\D*$", s)) for s in samples)
    commas = sum(bool(re.search(r"(?:,\d{1,2}|\.\d{3},\d+)\D*$", s)) for s in samples)
    if points == commas:
        return None
    return "." if points > commas else ","
