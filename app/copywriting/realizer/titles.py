"""Titles: the page's, the result page's, and one that tells each variant from the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from app.copywriting.realizer.english import decase, title_case
from app.copywriting.realizer.english_data import english
from app.copywriting.realizer.messages import Selection
from app.copywriting.realizer.naming import Naming
from app.copywriting.realizer.short_fields_patterns import Shape
from app.copywriting.realizer.short_fields_slots import Line, Scene, lines, stems_of
from app.copywriting.realizer.titles_data import TitleData
from app.copywriting.realizer.words import lemmas
from retrieval.attributes import family_of
from retrieval.facts import Fact

NAME = "Ꙩ"
"""Stands for the product's name while the rest of a title is put into title case."""
_LONGEST_TITLE = 70
_LONGEST_NAME_THAT_TAKES_MORE = 48
_PER_SHAPE = 3
_OPTIONS = 4
"""So many titles are made before one is chosen: enough to differ, few enough to be quick."""
_RICH = 3
"""Facts in a meta title, the name among them, that are enough."""
META_TITLE_LIMIT = 60
TITLE_LIMIT = 150
VARIANT_TITLE_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Title:
    """A title and the facts it rests on."""

    text: str
    ids: tuple[str, ...]


def clean_name(title: str, sku: str, data: TitleData) -> str:
    """The product's name as a title: whole, without what a catalog appends, without shouting.

    The SKU stands for a name without letters and digits.
    """
    printable = "".join(sign if sign.isprintable() else " " for sign in title)
    plain = " ".join(data.dust.sub(" ", printable).split()).strip(" ,;|–—-") or " ".join(printable.split())
    words = [word for word in plain.split() if word.isalpha()]
    few = 2
    if plain.islower() or (len(words) > few and plain.isupper()):
        plain = title_case(decase(plain))
    return plain if any(sign.isalnum() for sign in plain) else sku


def page_title(name: str, scene: Scene, data: TitleData, turn: int) -> Title:
    """The name, and one or two facts that set it apart and that it does not say itself.

    A name that is long or has a list in it stays alone. `turn` picks among equally good additions.
    """
    says_noun = _says_noun(name, scene.naming, data)
    alone = Title(shortened(name, TITLE_LIMIT), scene.naming.name_ids)
    if len(name) > _LONGEST_NAME_THAT_TAKES_MORE or any(mark in name for mark in ",|/–(") or " - " in name:
        return alone
    shapes = data.title if says_noun else data.title_without_noun
    options = list(islice(_titles(name, turned(shapes, turn), scene, data, _LONGEST_TITLE), _OPTIONS))
    return options[turn // 2 % len(options)] if options else alone


def meta_title(name: str, scene: Scene, data: TitleData, turn: int) -> Title:
    """A title of at most 60 characters: the name, then facts while they fit; a long name is cut at a part of it."""
    shapes = data.meta_title if _says_noun(name, scene.naming, data) else data.meta_title_without_noun
    short = shortened(name, META_TITLE_LIMIT)
    best = Title(short, scene.naming.name_ids)
    for title in _titles(short, turned(shapes, turn), scene, data, META_TITLE_LIMIT):
        if len(title.ids) >= _RICH:
            return title
        best = title if len(title.ids) > len(best.ids) else best
    return best


def turned(shapes: Sequence[Shape], turn: int) -> tuple[Shape, ...]:
    """The shapes in their order, from another one each turn."""
    start = turn % len(shapes)
    return (*shapes[start:], *shapes[:start])


def _titles(name: str, shapes: Sequence[Shape], scene: Scene, data: TitleData, limit: int) -> Iterator[Title]:
    for line in lines(shapes, data.slots, scene, per_shape=_PER_SHAPE):
        if _repeats(line, scene):
            continue
        text = title_case(line.text).replace(NAME, name, 1)
        if len(text) <= limit:
            yield Title(text, tuple(dict.fromkeys([*scene.naming.name_ids, *line.ids])))


def _repeats(line: Line, scene: Scene) -> bool:
    """Whether what is added says a word of the name again."""
    named = stems_of(scene.naming.name)
    return any(not named.isdisjoint(stems_of(v.text)) for message in line.messages for v in message.values)


def _says_noun(name: str, naming: Naming, data: TitleData) -> bool:
    """Whether the name says what sort of thing the product is, or nobody knows it.

    A name that ends in an ordinary noun says it in its own way ("Taurus Elements Shell" is a jacket); names of works
    never do ("The Salt Road").
    """
    if (
        not naming.noun
        or naming.noun in name.lower()
        or stems_of(naming.noun.rsplit(" ", 1)[-1]) & stems_of(name)
    ):
        return True
    last = name.rsplit(" ", 1)[-1].lower()
    return naming.noun not in data.works and len(last) > 2 and "NOUN" in lemmas(last)


def shortened(name: str, limit: int) -> str:
    """A name within `limit`: cut at its last comma, dash or bracket that leaves most of it, else between words."""
    if len(name) <= limit:
        return name
    shortest = limit // 2
    cuts = [
        place
        for mark in (",", " – ", " - ", " | ", " (", " / ", ";")
        if (place := name.rfind(mark, shortest, limit + 1)) > 0
    ]
    cut = max(cuts, default=-1)
    if cut < 0:
        cut = name.rfind(" ", 1, limit + 1)
    kept = name[:cut] if cut > 0 else name[:limit]
    words = kept.split()
    while len(words) > 1 and (words[-1].lower() in english().small or words[-1] in "&+–-|/"):
        words.pop()
    return _balanced(" ".join(words).rstrip(" ,;|–-/&+"))


def _balanced(text: str) -> str:
    """Without a bracket or quotation mark that is opened and not closed."""
    for opening, closing in ("()", "[]", "{}", "“”"):
        if text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)].rstrip(" ,;–-") or text.replace(opening, "")
    return text


def variant_titles(
    name: str,
    variants: Sequence[tuple[str, Mapping[str, str]]],
    selection: Selection,
    facts: Sequence[Fact],
    data: TitleData,
) -> dict[str, Title]:
    """A distinct title for each variant by its SKU: the name and what it alone has ("Bruno Compete Hoodie – Black, XS").

    Options in which all variants agree are left out, unless the product has one variant only. Where two variants
    agree in everything, the SKU tells them apart.
    """
    real = [(sku, _real_options(options, data)) for sku, options in variants]
    varying = _varying([options for _, options in real])
    named = selection.of("title")
    name_ids = named.ids if named else ()
    known = _option_ids(facts)
    titles: dict[str, Title] = {}
    taken: set[str] = set()
    for sku, options in real:
        kept = [(option, value) for option, value in options.items() if option in varying]
        kept.sort(key=lambda pair: _place(pair[0]))
        ids = [id_ for option, value in kept for id_ in known.get((_plain(option), value.casefold()), ())]
        suffix = ", ".join([_option_text(option, value) for option, value in kept])
        text = _with_suffix(name, suffix)
        if text in taken:
            text = _with_suffix(name, ", ".join(filter(None, (suffix, sku))))
        taken.add(text)
        titles[sku] = Title(text, tuple(dict.fromkeys([*name_ids, *ids])))
    return titles


def _varying(variants: Sequence[Mapping[str, str]]) -> frozenset[str]:
    """The options in which the variants differ; all of them where there is one variant only."""
    names = dict.fromkeys(option for options in variants for option in options)
    return frozenset(
        [o for o in names if len(variants) == 1 or len({options.get(o) for options in variants}) > 1]
    )


def _with_suffix(name: str, suffix: str) -> str:
    if not suffix:
        return name[:VARIANT_TITLE_LIMIT]
    suffix = suffix[: VARIANT_TITLE_LIMIT - 10]
    return f"{shortened(name, VARIANT_TITLE_LIMIT - len(suffix) - 3)} – {suffix}"


def _real_options(options: Mapping[str, str], data: TitleData) -> dict[str, str]:
    real: dict[str, str] = {}
    for option, value in options.items():
        cleaned = " ".join(value.split())
        if cleaned and cleaned.lower() not in data.no_options:
            real[option] = cleaned
    return real


@lru_cache(maxsize=1024)
def _place(option: str) -> int:
    """Colours first, sizes last, the rest in the shop's order between them."""
    lower = option.lower()
    return 0 if "colo" in lower else 2 if "size" in lower else 1


_SPEAK_FOR_THEMSELVES = frozenset(
    {
        "color",
        "size",
        "material",
        "pattern",
        "scent",
        "capacity",
        "weight",
        "dimension",
        "memory",
        "count",
        "identity",
    }
)
"""Kinds of options whose values need no name before them ("Black", "64 GB"); others do ("Lens: Clear")."""


@lru_cache(maxsize=1024)
def _option_label(option: str) -> str:
    family = family_of(option)
    return (
        ""
        if family is not None and family.kind in _SPEAK_FOR_THEMSELVES
        else title_case(option.replace("_", " ").strip())
    )


@lru_cache(maxsize=4096)
def _option_text(option: str, value: str) -> str:
    """The option's value as the shop spells it, with the option's name where the value alone would not be understood."""
    label = _option_label(option)
    shown = value[:1].upper() + value[1:]
    bare = value.replace(".", "").replace(",", "").replace("/", "").isdigit()
    if bare:
        return f"{label or title_case(option.replace('_', ' ').strip())} {value}"
    return f"{label}: {shown}" if label else shown


def _option_ids(facts: Sequence[Fact]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Option and value → the facts that list the value among those of the variants, by every name of the option."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for fact in facts:
        if fact.source.startswith("variant"):
            names = {_plain(name) for name in (fact.source.partition(":")[2], fact.name, fact.label) if name}
            for key in ((name, value.casefold()) for name in names for value in fact.values):
                found[key] = (*found.get(key, ()), fact.id)
    return found


@lru_cache(maxsize=1024)
def _plain(option: str) -> str:
    return option.replace("_", " ").casefold()
