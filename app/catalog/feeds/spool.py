"""A temporary SQLite file that groups rows and finds duplicates without holding the feed in memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import orjson

from app.catalog.feeds.records import Rejected, SourceRow
from app.errors import Unavailable

_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16000;
CREATE TABLE groups(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE rows(grp INTEGER, seq INTEGER, line INTEGER, tag TEXT, data BLOB, PRIMARY KEY (grp, seq)) WITHOUT ROWID;
CREATE TABLE taken(name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;
CREATE TABLE notes(kind TEXT, name TEXT, owner TEXT, line INTEGER, PRIMARY KEY (kind, name)) WITHOUT ROWID;
"""


# Names that are held in memory before they go to the file, some 15 MB: asking a dictionary costs a hundredth of asking
# SQLite, and few files have more rows than that.
_HELD_NAMES = 100_000


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that share a key, in file order, each with the tag it was given; and what was rejected among them."""

    key: str
    rows: tuple[tuple[str, SourceRow], ...]
    rejected: tuple[Rejected, ...]


class Spool:
    """Rows by group, groups in the order of their first rows; names that are taken, with the line that took them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"spool-{uuid4().hex}.sqlite"
        self._db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._last: tuple[str, int] = ("", 0)
        self._orphans = 0
        self._held: dict[str, int] = {}  # names taken lately, with their lines
        self._spilt = False
        self.rows = 0

    def close(self) -> None:
        """Closes and removes the file."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def add(self, key: str, row: SourceRow, tag: str = "") -> None:
        """Puts a row into the group `key`."""
        self._put(key, row.line, tag, orjson.dumps(row.cells))

    def reject(self, rejected: Rejected) -> None:
        """Keeps a rejection in its place among the groups."""
        self._orphans += 1
        data = orjson.dumps([rejected.sku, rejected.detail, rejected.kept])
        self._put(f"\x00{self._orphans}", rejected.line, "\x00", data)

    def claim(self, name: str, line: int) -> int | None:
        """Takes a name for a line; the line that has it already, or None where it was free."""
        found = self._held.get(name)
        if found is None and self._spilt:
            row = self._db.execute("SELECT line FROM taken WHERE name = ?", (name,)).fetchone()
            found = row[0] if row else None
        if found is None:
            self._held[name] = line
            if len(self._held) == _HELD_NAMES:
                self._db.executemany("INSERT INTO taken VALUES (?, ?)", self._held.items())
                self._held, self._spilt = {}, True
        return found

    def note(self, kind: str, name: str, owner: str, line: int = 0) -> None:
        """Remembers `owner` under a name; the first one stays."""
        self._db.execute("INSERT OR IGNORE INTO notes VALUES (?, ?, ?, ?)", (kind, name, owner, line))

    def noted(self, kind: str, name: str) -> str | None:
        """What `note` remembered, or None."""
        found = self._db.execute(
            "SELECT owner FROM notes WHERE kind = ? AND name = ?", (kind, name)
        ).fetchone()
        return found[0] if found else None

    def group(self, key: str) -> Group | None:
        """One group by its key, or None."""
        rows = self._db.execute(
            "SELECT g.key, r.line, r.tag, r.data FROM groups g JOIN rows r ON r.grp = g.id WHERE g.key = ? ORDER BY r.seq",
            (key,),
        ).fetchall()
        return _group(key, rows) if rows else None

    def groups(self) -> Iterator[Group]:
        """All groups, in the order in which their first rows came."""
        cursor = self._db.execute(
            "SELECT g.key, r.line, r.tag, r.data FROM groups g JOIN rows r ON r.grp = g.id ORDER BY r.grp, r.seq"
        )
        for key, rows in groupby(cursor, key=lambda r: r[0]):
            yield _group(key, list(rows))

    def _put(self, key: str, line: int, tag: str, data: bytes) -> None:
        if key != self._last[0]:
            self._db.execute("INSERT OR IGNORE INTO groups(key) VALUES (?)", (key,))
            found = self._db.execute("SELECT id FROM groups WHERE key = ?", (key,)).fetchone()
            self._last = (key, found[0])
        self.rows += 1
        self._db.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?)", (self._last[1], self.rows, line, tag, data)
        )


def _group(key: str, rows: list[tuple[str, int, str, bytes]]) -> Group:
    kept = tuple(
        (tag, SourceRow(line, tuple(orjson.loads(data)))) for _, line, tag, data in rows if tag != "\x00"
    )
    refused = tuple(Rejected(line, *orjson.loads(data)) for _, line, tag, data in rows if tag == "\x00")
    return Group(key, kept, refused)


@contextmanager
def spool_in(folder: Path) -> Iterator[Spool]:
    """A spool for the time of one reading. A full disk is `Unavailable`."""
    spool = Spool(folder)
    try:
        yield spool
    except sqlite3.OperationalError as error:
        raise Unavailable(f"No room to sort the file: {error}.", dependency="disk") from error
    finally:
        spool.close()
