"""The texts of the catalog as one index: of each place (product, template, channel, locale, angle, variant) the newest.

Plain computing on values, safe between threads; who reads the database is `app.copywriting.twins`.
"""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from app.copywriting.copy import Copy
from app.copywriting.prose import Quotes, names_of, prose_of, quotes_in
from app.copywriting.repository import StoredText
from retrieval.selection import is_document

if TYPE_CHECKING:
    from retrieval.duplicates import TextIndex


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text in its place, without what it quotes.

    `age` orders the versions that compete for one place; the greatest stands there.
    """

    place: str
    copy_id: str
    version: int
    sku: str
    template: str
    locale: str
    age: tuple[datetime, str, int]
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearText:
    """A text of the catalog that shares word runs with another text."""

    sku: str
    copy_id: str
    version: int
    template: str
    locale: str
    overlap: float
    similarity: float | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is kept of a placed text beside the index: all but its words."""

    copy_id: str
    version: int
    sku: str
    template: str
    locale: str
    age: tuple[datetime, str, int]


def placed(copy: Copy) -> PlacedText:
    """A copy as it is compared."""
    return PlacedText(
        _place(copy.sku, copy.template, copy.channel, copy.locale, copy.angle, copy.variant),
        copy.id,
        copy.version,
        copy.sku,
        copy.template,
        copy.locale,
        (copy.created_at, copy.id, copy.version),
        prose_of(copy.fields, quotes_of(copy)),
        names_of((fact.name, fact.value) for fact in copy.facts),
    )


def quotes_of(copy: Copy) -> Quotes:
    """The sentences of a copy that are none of its own."""
    stated = [fact.text for fact in copy.facts if is_document(fact)]
    return quotes_in((sentence.text for sentence in copy.sentences), stated)


def placed_row(row: StoredText) -> PlacedText:
    """A stored copy as it is compared."""
    data = orjson.loads(row.data)
    stated = [fact["text"] for fact in data["facts"] if fact.get("trust") == "document"]
    quotes = quotes_in((sentence["text"] for sentence in data["sentences"]), stated)
    return PlacedText(
        _place(row.sku, row.template, row.channel, row.locale, row.angle, row.variant),
        row.copy_id,
        row.version,
        row.sku,
        row.template,
        row.locale,
        (row.created_at, row.copy_id, row.version),
        prose_of(data["fields"], quotes),
        names_of((fact["name"], fact["value"]) for fact in data["facts"]),
    )


def shown_row(row: StoredText) -> str:
    """The words of a stored copy as a reader sees them, with what it quotes."""
    return prose_of(orjson.loads(row.data)["fields"])


class PlacedTexts:
    """The newest text of every place, and the nearest ones of any text."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # held for moments: the event loop waits for it
        self._loading = threading.Lock()  # whoever changes the index; taken before the other
        self._index: TextIndex | None = None
        self._standing: dict[str, _Standing] = {}
        self._places: dict[str, set[str]] = {}  # SKU → its places
        # What the index is to learn, None for a place to forget. Sketching takes milliseconds a text, and datasketch
        # half a second to import.
        self._waiting: dict[str, PlacedText | None] = {}

    def __len__(self) -> int:
        return len(self._standing)

    def others_than(self, skus: Collection[str]) -> int:
        """How many texts there are of products that are none of these."""
        with self._lock:
            return len(self._standing) - sum(len(self._places.get(sku, ())) for sku in set(skus))

    def stands(self, copy_id: str, version: int, sku: str) -> bool:
        """Whether this version is the text of its place."""
        with self._lock:
            return any(
                (standing.copy_id, standing.version) == (copy_id, version)
                for place in self._places.get(sku, ())
                if (standing := self._standing.get(place))
            )

    def put(self, texts: Iterable[PlacedText]) -> None:
        """Take in texts, each where no newer one has its place."""
        for text in texts:
            with self._lock:
                standing = self._standing.get(text.place)
                if standing is not None and standing.age >= text.age:
                    continue
                self._standing[text.place] = _Standing(
                    text.copy_id, text.version, text.sku, text.template, text.locale, text.age
                )
                self._places.setdefault(text.sku, set()).add(text.place)
                self._waiting[text.place] = text

    def set_product(self, sku: str, texts: Collection[PlacedText]) -> None:
        """The texts of a product, all of them: what it has beside these is gone."""
        with self._lock:
            newest: dict[str, PlacedText] = {}
            for text in texts:
                if text.place not in newest or newest[text.place].age < text.age:
                    newest[text.place] = text
            for place in list(self._places.get(sku, ())):
                standing, now = self._standing[place], newest.get(place)
                if now is None or (standing.copy_id, standing.version) != (now.copy_id, now.version):
                    self._drop(place)
            self.put(newest.values())

    def nearest(
        self, text: str, names: tuple[str, ...], limit: int, *, leave_out: Collection[str] = ()
    ) -> tuple[NearText, ...]:
        """The nearest texts, best first, without those of the products `leave_out`."""
        if not self.others_than(leave_out):
            return ()
        index = self.load()
        with self._lock:
            own = [place for sku in leave_out for place in self._places.get(sku, ())]
        near = index.nearest(text, limit, own, names=names)
        with self._lock:
            return tuple(
                NearText(s.sku, s.copy_id, s.version, s.template, s.locale, n.overlap, n.similarity)
                for n in near
                if (s := self._standing.get(n.key))
            )

    def load(self) -> "TextIndex":
        """Bring what waits into the index. One thread at a time; others may put in and take out meanwhile."""
        with self._loading:
            if self._index is None:
                from retrieval.duplicates import TextIndex  # noqa: PLC0415 - numpy, and datasketch behind it

                self._index = TextIndex()
            with self._lock:
                waiting, self._waiting = self._waiting, {}
            for place, text in waiting.items():
                if text is None:
                    self._index.remove(place)
                else:
                    self._index.upsert(place, text.text, names=text.names)
            return self._index

    def _drop(self, place: str) -> None:
        standing = self._standing.pop(place)
        places = self._places[standing.sku]
        places.discard(place)
        if not places:
            del self._places[standing.sku]
        self._waiting[place] = None


def _place(sku: str, template: str, channel: str, locale: str, angle: str | None, variant: int) -> str:
    return "\0".join((sku, template, channel, locale, angle or "", str(variant)))
