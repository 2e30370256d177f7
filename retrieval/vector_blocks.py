"""The form of vectors on disk: a head that says whose they are, then blocks, each with a checksum of its own.

    head   magic 8 · length 4 · JSON {"embedder", "dimension"} · BLAKE2b 16
    block  magic 8 · rows 4 · bytes of the keys 4 · keys, NUL after each · rows × dimension floats · BLAKE2b 16

Numbers are little-endian, floats 32 bits wide. A checksum covers all of its block before it, and is keyed by the
embedder: a block of another one is no block. Where bytes are wrong, the next block is found by its magic, so that
damage costs the vectors that it hit and no others, be it the head that is hit.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from retrieval.embedding_values import Vectors

HEAD_MAGIC: Final = b"\x93STVEC1\n"
BLOCK_MAGIC: Final = b"\x93STBLK1\n"
DIGEST: Final = 16
STEP: Final = 1 << 20  # bytes looked at together for the next block
MOST_ROWS: Final = 65_536  # of one block; larger numbers are damage
LONGEST_KEYS: Final = 64 * MOST_ROWS
_HEAD: Final = struct.Struct("<8sI")
_BLOCK: Final = struct.Struct("<8sII")


class Data(Protocol):
    """Bytes, or a file that is read like bytes. A slice beyond the end is shorter, as it is with bytes."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose vectors a file holds."""

    embedder: str
    dimension: int

    def digest(self, data: bytes) -> bytes:
        """The checksum of a block of this owner's."""
        key = hashlib.blake2b(f"{self.embedder}\n{self.dimension}".encode(), digest_size=DIGEST).digest()
        return hashlib.blake2b(data, digest_size=DIGEST, key=key).digest()


@dataclass(frozen=True, slots=True)
class Block:
    """A whole block: `vectors` is where its floats begin, `end` where the next block does."""

    keys: tuple[str, ...]
    vectors: int
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole block, with whole ones behind them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of the last whole block. What stands behind it is a block that was being written, or cut off."""

    end: int


def head_bytes(owner: Owner) -> bytes:
    """The head of a new file."""
    about = json.dumps({"embedder": owner.embedder, "dimension": owner.dimension}).encode()
    whole = _HEAD.pack(HEAD_MAGIC, len(about)) + about
    return whole + owner.digest(whole)


def block_bytes(owner: Owner, keys: Sequence[str], vectors: Vectors) -> bytes:
    """A block of these rows. Raises ValueError for a key with NUL in it, and for more than MOST_ROWS of them."""
    if not 0 < len(keys) <= MOST_ROWS:
        raise ValueError(f"{len(keys)} rows in a block")
    if any("\0" in key or not key for key in keys):
        raise ValueError("a key is empty or contains NUL")
    names = b"".join(key.encode() + b"\0" for key in keys)
    if len(names) > LONGEST_KEYS:
        raise ValueError("keys are too long")
    floats = np.ascontiguousarray(vectors, "<f4").tobytes()
    whole = _BLOCK.pack(BLOCK_MAGIC, len(keys), len(names)) + names + floats
    return whole + owner.digest(whole)


def head_end(owner: Owner, data: Data) -> int:
    """Where the owner's head ends; 0 where there is no such head, or a damaged one."""
    expected = head_bytes(owner)
    return len(expected) if data[0 : len(expected)] == expected else 0


def scan(owner: Owner, data: Data, start: int) -> Iterator[Block | Damage | Tail]:
    """The blocks from `start` on, damage between them, and at last the tail."""
    at = whole = start
    while True:
        block = _block_at(owner, data, at)
        if block is not None:
            if at > whole:
                yield Damage(whole, at)
            yield block
            at = whole = block.end
            continue
        at = _find(data, at + 1)
        if at < 0:
            yield Tail(whole)
            return


def _block_at(owner: Owner, data: Data, at: int) -> Block | None:
    opening = data[at : at + _BLOCK.size]
    if len(opening) < _BLOCK.size:
        return None
    magic, rows, names_size = _BLOCK.unpack(opening)
    if magic != BLOCK_MAGIC or not 0 < rows <= MOST_ROWS or names_size > LONGEST_KEYS:
        return None
    vectors = at + _BLOCK.size + names_size
    end = vectors + 4 * rows * owner.dimension
    if len(data) < end + DIGEST:
        return None
    body, digest = data[at:end], data[end : end + DIGEST]
    if digest != owner.digest(body):
        return None
    names = body[_BLOCK.size : vectors - at].decode().split("\0")
    return Block(tuple(names[:-1]), vectors, end + DIGEST)


def _find(data: Data, start: int) -> int:
    """Where the next block's magic stands; -1 where there is none."""
    overlap = len(BLOCK_MAGIC) - 1
    for at in range(start, len(data), STEP):
        found = data[at : at + STEP + overlap].find(BLOCK_MAGIC)
        if found >= 0:
            return at + found
    return -1
