"""Alternative texts: what a picture is known to show, and no more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from app.copywriting.realizer.english import decase
from app.copywriting.realizer.messages import Selection
from app.copywriting.realizer.titles import Title, shortened
from app.copywriting.realizer.titles_data import TitleData

ALT_LIMIT = 125
_ROOM_FOR_VIEW = 45
_PIECE = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def alt_texts(
    name: str, images: Sequence[tuple[str, str]], selection: Selection, data: TitleData
) -> dict[str, Title]:
    """A distinct text for each image by its address: the name, the colour and the view that the shop's words give.

    The shop's words are its own alternative text and the file's name; only a colour that the product comes in and a
    view of `titles.yaml` are taken from them. Pictures that nothing tells apart are numbered.
    """
    named = selection.of("title")
    name_ids = named.ids if named else ()
    colours = [
        _Colour(decase(text), text.lower(), tuple(_PIECE.findall(text.lower())), message.ids)
        for message in selection.messages
        if message.kind == "color"
        for text in message.texts
    ]
    views = _views(tuple(data.views.items()))
    short = shortened(name, ALT_LIMIT - _ROOM_FOR_VIEW)
    titles: dict[str, Title] = {}
    count: dict[str, int] = {}
    for url, own in dict(images).items():
        shop_words = f"{own} {_file_name(url)}".lower()
        colour, ids = _colour(_words(shop_words), colours)
        text = data.alt["colored"].format(name=short, color=colour) if colour else short
        view = _view(shop_words, views)
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


@dataclass(frozen=True, slots=True)
class _Colour:
    """A colour as a text says it, in plain letters, in pieces, and the facts that name it."""

    said: str
    plain: str
    pieces: tuple[str, ...]
    ids: tuple[str, ...]

    def is_in(self, words: frozenset[str]) -> bool:
        return bool(self.pieces) and (self.plain in words or all(piece in words for piece in self.pieces))


def _colour(words: frozenset[str], colours: Sequence[_Colour]) -> tuple[str, tuple[str, ...]]:
    """The one colour of the product that the words name, and its facts; "" where they name none, or several."""
    found = {colour.said: colour.ids for colour in colours if colour.is_in(words)}
    whole = [text for text in found if not any(text != other and text in other for other in found)]
    return (whole[0], found[whole[0]]) if len(whole) == 1 else ("", ())


def _view(text: str, views: Sequence[tuple[str, str]]) -> str:
    pieces = f" {' '.join(_PIECE.findall(text))} "
    return next((said for word, said in views if word in pieces), "")


@cache
def _views(views: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The words for views as they stand between others, with what is said of each."""
    return tuple((f" {word.replace('-', ' ')} ", said) for word, said in views)
