"""The index on disk: read at start, written now and then, and never trusted further than its checksums go."""

import time
from dataclasses import dataclass
from pathlib import Path

from app.catalog.search.folder import ABOUT, About, FolderLock, read_about, write_about
from app.catalog.search.shelves import FolderShelves, load_shelves, new_shelves

SHELVES = "shelves"


@dataclass(frozen=True, slots=True)
class Opened:
    """Shelves to work with. `rebuild`: why what was saved could not be used; None where it could, or nothing was."""

    shelves: FolderShelves
    rebuild: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saved index says about itself. `trouble`: why it says nothing, though there is something."""

    products: int
    vectors: int
    model: str | None
    at: float | None  # seconds since 1970
    trouble: str | None = None


class Vault:
    """The folder of one index. Methods take their time: they belong in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.lock = FolderLock(folder)
        self._model: str | None = None  # whose vectors are on the shelves

    def open(self, model: str | None) -> Opened:
        """Read what was saved with the vectors of this model (None: whichever); empty shelves where it cannot be."""
        # numpy: time that only a process which searches should spend.
        from retrieval.index import Index  # noqa: PLC0415

        self._model = model
        fresh = new_shelves(Index)
        if not (self._folder / ABOUT).exists() and not (self._folder / SHELVES).exists():
            return Opened(fresh, None)
        saved = self.about()
        # Without it nobody knows whose vectors these are; vectors of two models never mix.
        if saved.trouble and (model is not None or (self._folder / ABOUT).exists()):
            return Opened(fresh, saved.trouble)
        if model is not None and saved.model not in (None, model):
            return Opened(fresh, f"its vectors are of {saved.model}, searches are now read by {model}")
        try:
            shelves = load_shelves(self._folder / SHELVES, Index.load)
        except OSError as error:
            return Opened(fresh, f"{error.filename}: {error.strerror}")
        except (ValueError, KeyError, TypeError) as error:  # IndexUnusable is the first of them
            return Opened(fresh, str(error))
        self._model = saved.model or model
        return Opened(shelves, None)

    def save(self, shelves: FolderShelves) -> None:
        """Write the shelves; a reader, and whoever comes after a kill, sees the old ones or the new ones.

        Raises OSError where the disk refuses.
        """
        products = len(shelves)
        saved = About(products, products - shelves.pending_count(), self._model, time.time())
        shelves.save(self._folder / SHELVES)
        write_about(self._folder, saved)

    def about(self) -> Saved:
        """What the saved index says about itself; nothing where there is none."""
        if (about := read_about(self._folder)) is not None:
            return Saved(about.products, about.vectors, about.model, about.at)
        there = (self._folder / ABOUT).exists()
        if not there and not (self._folder / SHELVES).exists():
            return Saved(0, 0, None, None)
        return Saved(0, 0, None, None, f"{ABOUT} is {'damaged' if there else 'missing'}")
