"""What to call the product: a proper name, a shelf label or a plain description, and the noun behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.copywriting.realizer.english import decase
from app.copywriting.realizer.labels import spell_label
from app.copywriting.realizer.lexicon import lexicon
from app.copywriting.realizer.messages import Number, Selection
from app.copywriting.realizer.words import (
    is_adjective,
    is_part_noun,
    lemmas,
    number_of,
    singular_form,
    stems_in,
    tokens,
)
from seo.language.stems import stem

_WORKS = frozenset(
    {
        "book",
        "novel",
        "album",
        "film",
        "movie",
        "dvd",
        "cd",
        "blu-ray",
        "magazine",
        "game",
        "board game",
        "card game",
        "video game",
        "puzzle",
    }
)
"""Goods whose titles are names of works and take no article."""
_LABEL_MARKS = re.compile(
    r"[,;|()/\[\]\"″]|\s[-–—]\s|\b\d+(?:[.,]\d+)?\s?(?:cm|mm|m|in|inch|ml|l|kg|g|oz|gb|tb|w|v|pcs?|pack)\b",
    re.I,
)
_MODEL = re.compile(r"(?=[\w/-]*\d)(?=[\w/-]*[A-Z])(?![\w/-]*[a-z]{2})[\w/-]{3,}")
_LISTS = re.compile(r"[,;|()\[\]]|\s[-–—]\s")
_OWN_ARTICLE = re.compile(r"^(?:the|an?|my|your|our|his|her|set of|pair of|pack of)\b", re.I)
_POINTER = re.compile(r"^(?:the|this|these) ")
_MAX_NAME_WORDS = 6
_TYPE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """How a text may call the product.

    `name` and `short` stand in mid-sentence, article included ("the Joust Duffle Bag", "the Joust"); `short` equals
    `name` where nothing shorter identifies it. `noun` is the sort of thing ("duffle bag"), "" where unknown. `is_name`
    is False for titles that only describe ("Blue Mug") or list ("Mug 300 ml, blue"); `description` is then the title
    as a common noun phrase where it can stand in a sentence. `brand` is set where the name does not say it already.
    """

    name: str
    short: str
    noun: str
    number: Number
    is_name: bool
    description: str = ""
    brand: str | None = None
    name_ids: tuple[str, ...] = ()
    noun_ids: tuple[str, ...] = ()
    brand_ids: tuple[str, ...] = ()

    @property
    def common_noun(self) -> str:
        """The noun that a text may fall back on once it has said the whole: "bag" of "duffle bag"."""
        return self.noun.rsplit(" ", 1)[-1]

    @property
    def bare_name(self) -> str:
        """The name without the article or pointer before it."""
        return _POINTER.sub("", self.name)

    @property
    def says_noun(self) -> bool:
        """Whether the name tells what sort of thing it is ("Joust Duffle Bag")."""
        return stems_in(self.noun) <= stems_in(self.name)


def name_product(selection: Selection, title: str, brand: str | None = None) -> Naming:
    """Decide what the product is called, from its identity messages; `title` and `brand` serve where a fact lacks."""
    known_title, kind, maker = selection.of("title"), selection.of("type"), selection.of("brand")
    title = " ".join((known_title.texts[0] if known_title else title).split())
    brand = maker.texts[0] if maker else brand
    name_ids = known_title.ids if known_title else ()
    noun, noun_ids = _noun(title, kind.texts[0] if kind else "")
    noun_ids = noun_ids or (kind.ids if kind else name_ids)
    number = _number(noun)
    full = _uninvert(title)
    called = _called(full, noun)
    brand_ids = maker.ids if maker else ()
    if not noun and _names_no_thing(called):
        return Naming(called, called, "", "singular", True, name_ids=name_ids, brand_ids=brand_ids)
    if _is_name(called, noun, brand, _explained(selection)):
        article = "" if _OWN_ARTICLE.match(called) or noun in _WORKS else "the "
        rest = _without_noun(called, noun)
        rest = "" if brand and rest.lower() == brand.lower() else rest  # "the Fujitsu" is any of its maker's
        short = f"{article}{rest}" if rest and number == "singular" else f"{article}{called}"
        loose = brand if brand and brand.lower() not in called.lower() else None
        return Naming(
            f"{article}{called}", short, noun, number, True, "", loose, name_ids, noun_ids, brand_ids
        )
    plain = " ".join(_plain(word, noun) for word in decase(called, (brand,) if brand else ()).split())
    sayable = (
        bool(tokens(plain)) and not _LABEL_MARKS.search(called) and len(called.split()) <= _MAX_NAME_WORDS
    )
    said = plain if sayable else " ".join(filter(None, (brand, noun or "product")))
    pointer = "these" if number == "plural" else "this"
    loose = brand if brand and brand.lower() not in said.lower() else None
    noun_ids = (*noun_ids, *brand_ids) if not sayable else noun_ids
    return Naming(
        f"{pointer} {said}", f"the {noun or said}", noun, number, False, plain if sayable else "", loose,
        name_ids if sayable else noun_ids, noun_ids, brand_ids,
    )  # fmt: skip


def _names_no_thing(title: str) -> bool:
    """Whether a title, of which no sort of thing is known, ends in no noun that goods are called by ("Lonely")."""
    words = tokens(title)
    last = singular_form(words[-1]) if words else ""
    known = lexicon()
    if not last or last in known.goods or is_part_noun(last) or words[-1].lower() in known.plural_goods:
        return False
    listed = _LABEL_MARKS.search(title) or len(words) > _MAX_NAME_WORDS
    return not listed and "NOUN" not in lemmas(words[-1]) and last not in known.mass_nouns


def _called(title: str, noun: str) -> str:
    """A shelf's long title down to what the product is called.

    "Logitech MX1000 mouse RF Wireless Laser" ends with its noun, or with the model that follows it ("Maintenance Kit
    MK-880A for …"). A title without the noun, or with nothing before it, stays whole.
    """
    words = title.split()
    wanted = [stem(word) for word in tokens(noun)]
    stems = [stem(word.strip(",;:()")) for word in words]
    if not wanted:
        return title
    for end in range(len(words), len(wanted), -1):
        if stems[end - len(wanted) : end] == wanted:
            if _goes_on(words, end):
                return title
            model = end < len(words) and bool(_MODEL.fullmatch(words[end].strip(",;:")))
            return " ".join(words[: end + model]).rstrip(",;:")
    return title


def _goes_on(words: Sequence[str], end: int) -> bool:
    """Whether the last word makes the noun before it another thing: a "Cable Tester" is no cable."""
    if end != len(words) - 1 or not words[end - 1][:1].isupper():
        return False
    last = words[end]
    return last.isalpha() and last.istitle() and set(lemmas(last)) & {"NOUN", "ADJ", "PROPN"} == {"NOUN"}


def _noun(title: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """The sort of thing, in the number that the title gives it: "leggings", "track pant", "duffle bag"."""
    if not kind:
        return "", ()
    kind = spell_label(kind)
    last = kind.rsplit(" ", 1)[-1]
    for word in (token.lower() for token in tokens(title)):
        if word != last and f"{min(word, last, key=len)}s" == max(word, last, key=len):
            return f"{kind.removesuffix(last)}{word}", ()
    return kind, ()


def _number(noun: str) -> Number:
    return number_of(noun.rsplit(" ", 1)[-1]) if noun else "singular"


def _explained(selection: Selection) -> frozenset[str]:
    """Stems of all that the other facts say: words of a title that name nothing by themselves."""
    said = [stems_in(text) for m in selection.messages if m.family != "title" for text in m.texts]
    return frozenset().union(*said)


def _is_name(title: str, noun: str, brand: str | None, explained: frozenset[str]) -> bool:
    """Whether a word of the title is there to name, not to describe; shelf labels are no names."""
    marked = _LABEL_MARKS.search(title) if not _ends_with(title, noun) else _LISTS.search(title)
    if marked or title[:1].isdigit() or len(title.split()) > _MAX_NAME_WORDS + 1:
        return False
    if title.startswith("The ") or _begins_with_maker(title, brand) or _keeps_capitals(title, noun):
        return True
    known = lexicon()
    noun_stems = stems_in(noun)
    brand_words = {word.lower() for word in tokens(brand or "")}
    for index, word in enumerate(tokens(title)):
        lower = word.lower()
        plain = (
            stem(word) in noun_stems
            or stem(word) in explained
            or lower in brand_words
            or known.describes(lower)
            or lower in known.prepositions
            or lower in known.adjectives
            or singular_form(lower) in known.part_nouns
            or lower in {"and", "the", "a", "of", "&"}
        )
        if not plain and not (noun == "" and index == len(title.split()) - 1):
            return True
    return False


def _begins_with_maker(title: str, brand: str | None) -> bool:
    """Whether a title is its maker's name and more: "Sorrel Wi-Fi 6 Mesh Router" by Sorrel Networks."""
    maker, words = tokens(brand or "")[:1], tokens(title)
    return len(words) > 1 and bool(maker) and maker[0].lower() == words[0].lower()


def _keeps_capitals(title: str, noun: str) -> bool:
    """Whether lower case would leave some words of a capitalised title as they are, in the middle of a sentence.

    "This Bare Fennel hand balm" is neither a name nor a description: such a title is a name.
    """
    words = title.split()
    if len(words) < 2 or not all(word[:1].isupper() or not word[:1].isalpha() for word in words):
        return False
    plain = " ".join(_plain(word, noun) for word in decase(title).split())
    return any(word[:1].isupper() and word[1:].islower() for word in plain.split())


def _ends_with(title: str, noun: str) -> bool:
    """Whether a title ends with its noun: then a measure in it belongs to the name ("TorqueMax 18V Cordless Drill")."""
    ending = [stem(word) for word in tokens(noun)]
    return bool(ending) and [stem(word) for word in tokens(title)][-len(ending) :] == ending


def _without_noun(title: str, noun: str) -> str:
    """The name without the sort of thing at its end: "Bruno Compete Hoodie" → "Bruno Compete"; "" if none is left."""
    words = title.split()
    wanted = stems_in(noun)
    kept = list(words)
    while kept and stem(kept[-1].strip("®™")) in wanted and len(words) - len(kept) < _TYPE_WORDS:
        kept.pop()
    own = kept[:1] == ["The"] and len(kept) > 1
    if len(kept) == len(words) or (not own and all(_only_describes(word) for word in kept)):
        return ""
    if kept[-1].lower() in {"and", "&"} or kept[-1].lower() in lexicon().prepositions:
        return ""
    # One word names ("the Joust"), and so does a model ("the Slate 14"); "the Montana Wind" is another thing.
    last = kept[-1].strip("®™")
    if len(kept) > 1 and not own and ({"NOUN", "ADJ"} & lemmas(last).keys() or is_adjective(last)):
        return ""
    return " ".join(kept)


def _only_describes(word: str) -> bool:
    """Whether a word alone could name nothing: "blue", "copper-bottom", "the"."""
    known = lexicon()
    return all(
        piece in {"the", "a", "an"}
        or known.describes(piece)
        or piece in known.part_nouns
        or is_adjective(piece)
        for piece in word.lower().split("-")
        if piece
    )


def _plain(word: str, noun: str) -> str:
    """A word of a description in lower case, where it is common or the noun itself, which no dictionary need know."""
    common = word.lower() in lexicon().generic_words or word.lower() in noun.split()
    return word.lower() if common else word


def _uninvert(title: str) -> str:
    """As in "Mug, blue" → "blue mug": a shelf's order of words, where what follows the comma only describes."""
    head, comma, tail = title.partition(", ")
    words = tail.split()
    describes = words and all(
        word.lower() in lexicon().colours or is_adjective(word.lower()) for word in words
    )
    return f"{tail} {head[:1].lower()}{head[1:]}" if comma and describes and len(words) <= 2 else title
