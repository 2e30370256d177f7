"""Which rules facts were drawn by, so that an import redraws facts after the rules have changed."""

import functools
import hashlib
from dataclasses import asdict
from pathlib import Path

import orjson

import retrieval
from app.catalog.facts import FactRules


def rules_version(rules: FactRules) -> str:
    """A hash of everything that decides which facts a product gives.

    Taken over the files themselves, lexicons included: a number to be raised by hand would be forgotten.
    """
    settings = orjson.dumps(asdict(rules), default=sorted)  # sets have no order of their own
    return hashlib.sha256(_code_version().encode() + settings).hexdigest()[:16]


@functools.cache
def _code_version() -> str:
    found = hashlib.sha256()
    here, library = Path(__file__).parent, Path(retrieval.__file__).parent
    files = [*here.glob("facts*"), *here.glob("extraction/**/*"), *library.glob("*")]
    for file in sorted(file for file in files if file.suffix in {".py", ".yaml"}):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()
