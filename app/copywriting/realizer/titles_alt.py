"""Alternative texts: what a picture is known to show, and no more."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from app.copywriting.realizer.english import decase, join
from app.copywriting.realizer.messages import Message, Selection
from app.copywriting.realizer.titles import Title, shortened
from app.copywriting.realizer.titles_data import TitleData

ALT_LIMIT = 125
_ROOM_FOR_VIEW = 45
_PIECE = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def alt_texts(
    name: str, images: Sequence[tuple[str, str]], selection: Selection, data: TitleData, locale: str
) -> dict[str, Title]:
    """A distinct text for each image by its address: the name, the colour and the view that the shop's words give.

    The shop's words are its own alternative text and the file's name; only a colour that the product comes in and a
    view of `titles.yaml` are taken from them. Pictures that nothing tells apart are numbered.
    """
    named = selection.of("title")
    name_ids = named.ids if named else ()
    colours = [m for m in selection.messages if m.kind == "color"]
    short = shortened(name, ALT_LIMIT - _ROOM_FOR_VIEW)
    titles: dict[str, Title] = {}
    count: dict[str, int] = {}
    for url, own in dict(images).items():
        shop_words = f"{own} {_file_name(url)}".lower()
        colour, ids = _colour(_words(shop_words), colours, locale)
        text = data.alt["colored"].format(name=short, color=colour) if colour else short
        view = _view(shop_words, data)
        if view:
            text = data.alt["named"].format(name=text, view=view)
        count[text] = count.get(text, 0) + 1
        if count[text] > 1:
            text = data.alt["numbered"].format(text=text, number=count[text])
        titles[url] = Title(text[:ALT_LIMIT].rstrip(), tuple(dict.fromkeys([*name_ids, *ids])))
    return titles


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.replace("_", " "))) | frozenset(_PIECE.findall(text))


def _file_name(url: str) -> str:
    """The last part of an address without its ending; "" for an address that none can read."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    return re.sub(r"\.\w{2,5}$", "", path.rsplit("/", 1)[-1])


def _colour(words: frozenset[str], colours: Sequence[Message], locale: str) -> tuple[str, tuple[str, ...]]:
    """The one colour of the product that the words name, and its facts; "" where they name none, or several."""
    found = {
        decase(text): message.ids
        for message in colours
        for text in message.texts
        if _is_said(text.lower(), words)
    }
    whole = [text for text in found if not any(text != other and text in other for other in found)]
    if len(whole) != 1:
        return "", ()
    return join(whole, "and", locale), found[whole[0]]


def _is_said(colour: str, words: frozenset[str]) -> bool:
    parts = _PIECE.findall(colour)
    return bool(parts) and (colour in words or all(part in words for part in parts))


def _view(text: str, data: TitleData) -> str:
    pieces = f" {' '.join(_PIECE.findall(text))} "
    return next((said for word, said in data.views.items() if f" {word.replace('-', ' ')} " in pieces), "")
