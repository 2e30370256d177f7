"""The short fields of a product page: titles, meta texts, address, alternative texts, variant titles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from app.copywriting.copy import Brief, DraftSentence
from app.copywriting.realizer.chance import Chance
from app.copywriting.realizer.choices import size_range
from app.copywriting.realizer.english import decase, join, number_word, title_case
from app.copywriting.realizer.lexicalisation import Lexicaliser
from app.copywriting.realizer.listing import texts
from app.copywriting.realizer.messages import Message, Selection
from app.copywriting.realizer.naming import Naming, name_product
from app.copywriting.realizer.patterns import Parts
from app.copywriting.realizer.phrasebook import phrasebook
from app.copywriting.realizer.short_fields_meta import meta_description
from app.copywriting.realizer.short_fields_slots import Fixed, Scene
from app.copywriting.realizer.titles import NAME, Title, clean_name, meta_title, page_title, variant_titles
from app.copywriting.realizer.titles_alt import alt_texts
from app.copywriting.realizer.titles_data import title_data
from app.copywriting.realizer.titles_slug import slug

_MOST_LISTED = 5


class ShortFields(NamedTuple):
    """The fields, and every text in them with its facts."""

    fields: Mapping[str, Any]
    sentences: tuple[DraftSentence, ...]


def short_fields(
    selection: Selection, brief: Brief, words: Lexicaliser | None = None, naming: Naming | None = None
) -> ShortFields:
    """Write title, meta_title, meta_description, slug, alt and variant_titles. Pure; the brief's seed decides between equals.

    `words` and `naming` are those of the text, where one is written too. Limits always hold: 60 characters for the meta title, 156 for the meta description, 100 for the address, 125 for
    an alternative text. The address is no sentence and rests on no fact.
    """
    subject = brief.subject
    data = title_data(brief.locale.partition("-")[0])
    name = clean_name(subject.title, subject.sku, data)
    if naming is None or (name != subject.title and selection.of("title") is None):
        naming = name_product(selection, name, subject.brand)
    if "," in name and _same_words(naming.description, name):  # a shelf's order of words: "Mug, blue"
        name = title_case(naming.description)
    chance = Chance.of(subject.sku, brief.template_hash, brief.variant)
    scene = scene_of(selection, naming, brief, chance, words)
    page = page_title(name, scene, data, chance.turn("title", 1 << 16))
    meta = meta_title(name, scene, data, chance.turn("meta_title", 1 << 16))
    description = meta_description(scene, data, chance)
    alts = alt_texts(name, subject.images, selection, data)
    variants = variant_titles(name, subject.variants, selection, brief.facts, data)
    fields = {
        "title": page.text,
        "meta_title": meta.text,
        "meta_description": " ".join(line.text for line in description) or f"{meta.text}.",
        "slug": slug(name, subject.sku, data),
        "alt": {url: title.text for url, title in alts.items()},
        "variant_titles": {sku: title.text for sku, title in variants.items()},
    }
    sentences = [
        DraftSentence("title", page.text, page.ids),
        DraftSentence("meta_title", meta.text, meta.ids),
        *(DraftSentence("meta_description", line.text, line.ids) for line in description),
        *_mapped("alt", alts),
        *_mapped("variant_titles", variants),
    ]
    if not description:
        sentences.append(DraftSentence("meta_description", f"{meta.text}.", meta.ids))
    return ShortFields(fields, tuple(sentences))


def _same_words(one: str, other: str) -> bool:
    return sorted(one.lower().split()) == sorted(other.lower().replace(",", " ").split())


def _mapped(field: str, titles: Mapping[str, Title]) -> Iterator[DraftSentence]:
    for key, title in titles.items():
        yield DraftSentence(f"{field}/{key.replace('~', '~0').replace('/', '~1')}", title.text, title.ids)


def scene_of(
    selection: Selection, naming: Naming, brief: Brief, chance: Chance, words: Lexicaliser | None = None
) -> Scene:
    """What the short texts of a brief are made from: its messages by weight, its words, its fixed slots."""
    words = words or Lexicaliser(
        phrasebook(brief.locale.partition("-")[0]), brief.voice, brief.locale, chance
    )
    messages = tuple(m for m in selection.messages if m.role not in {"identity", "choice"})
    fixed = {"title": Fixed((NAME,), naming.name_ids), **_naming_slots(naming)}
    for message in selection.with_role("choice"):
        fixed |= {name: slot for name, slot in _choice_slots(message, words).items() if name not in fixed}
    own = (naming.name.removeprefix("the "), naming.short.removeprefix("the ")) if naming.is_name else ()
    names = (brief.subject.title, *own, brief.subject.brand or "")
    protected = tuple(dict.fromkeys(name for name in names if name.strip()))
    return Scene(naming, messages, words, fixed, protected)


def _naming_slots(naming: Naming) -> dict[str, Fixed]:
    slots: dict[str, Fixed] = {}
    if naming.noun:
        slots["noun"] = Fixed((naming.noun,), naming.noun_ids)
        if naming.number == "singular":
            slots["one_noun"] = Fixed((f"one {naming.noun}",), naming.noun_ids)
    if naming.brand:
        slots["brand"] = Fixed((naming.brand,), naming.brand_ids)
    if naming.is_name:
        slots["short"] = Fixed((naming.short.removeprefix("the "),), naming.name_ids)
    return slots


def _choice_slots(message: Message, words: Lexicaliser) -> dict[str, Fixed]:
    """What the variants differ in, as slots; lists too long to read are counted only."""
    said = list(texts(message, words.wording(message).entry, words.locale))
    name = {"color": "colors", "size": "sizes"}.get(message.kind, "options")
    counted: Parts = (number_word(len(said), words.locale),)
    slots: dict[str, Parts] = {"option": (message.label,)} if name == "options" else {}
    if len(said) > 1:
        slots[f"n_{name}"] = counted
    if name == "sizes":
        listed = size_range(said, words.locale)
        if len(said) <= _MOST_LISTED or " to " in listed:
            slots["sizes"] = (listed,)
            if " to " in listed:
                slots["sizes_run"] = (listed,)
            slots["sizes_or"] = (listed if " to " in listed else join(said, "or", words.locale),)
    elif len(said) <= _MOST_LISTED:
        plain: Sequence[str] = [decase(text) if name == "colors" else text for text in said]
        slots[f"{name}_or"] = (join(list(plain), "or", words.locale),)
        slots[name] = (join(list(plain), "and", words.locale),)
    return {slot: Fixed(parts, message.ids) for slot, parts in slots.items()}
