"""Templates by name and version: which fields a text has, their limits, and a hash of all that shapes them."""

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

ROOT = Path(__file__).parent
FieldKind = Literal["text", "html", "list", "map", "slug"]


class UnknownTemplateError(LookupError):
    """No template of that name, or no such version; `known` lists what there is."""

    def __init__(self, ref: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown template {ref!r}; known: {', '.join(known)}")
        self.known = known


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of a text. Limits are in characters, per element for `list` and `map`."""

    name: str
    kind: FieldKind
    required: bool
    min_chars: int | None
    max_chars: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Template:
    """One released version of a template.

    `per_angle` says that one text is written for each angle the facts can carry. `hash` (SHA-256, hex) covers
    the template file and every data file of the template writer and its voices, so that a text's seed and its
    provenance change exactly when what shaped it does.
    """

    name: str
    version: int
    description: str
    per_angle: bool
    fields: tuple[FieldSpec, ...]
    hash: str
    labels: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


def load(ref: str) -> Template:
    """The template named by `name` (its production version) or `name@version`.

    Raises UnknownTemplateError, which lists the known names or versions.
    """
    name, _, version = ref.partition("@")
    found = [template for template in templates() if template.name == name]
    if not found:
        raise UnknownTemplateError(ref, tuple(dict.fromkeys(template.name for template in templates())))
    wanted = [t for t in found if (str(t.version) == version if version else "production" in t.labels)]
    if not wanted:
        raise UnknownTemplateError(ref, tuple(template.ref for template in found))
    return wanted[0]


@functools.cache
def templates() -> tuple[Template, ...]:
    """Every version of every template, in order of name and version."""
    labels: dict[str, dict[str, int]] = yaml.safe_load(
        (ROOT / "templates" / "labels.yaml").read_text("utf-8")
    )
    shared = _hash_of(sorted([*(ROOT / "writing").rglob("*.yaml"), *(ROOT / "voices").glob("*.yaml")]))
    files = sorted((ROOT / "templates").glob("*/*.yaml"), key=lambda f: (f.parent.name, int(f.stem)))
    return tuple(_read(file, shared, labels.get(file.parent.name, {})) for file in files)


def _read(file: Path, shared: str, labels: dict[str, int]) -> Template:
    raw: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    version = int(file.stem)
    return Template(
        name=file.parent.name,
        version=version,
        description=raw["description"].strip(),
        per_angle=raw.get("per_angle", False),
        fields=tuple(
            FieldSpec(
                name=name,
                kind=spec["kind"],
                required=spec.get("required", False),
                min_chars=spec.get("min_chars"),
                max_chars=spec.get("max_chars"),
                description=spec["description"].strip(),
            )
            for name, spec in raw["fields"].items()
        ),
        hash=hashlib.sha256(shared.encode() + file.read_bytes()).hexdigest(),
        labels=tuple(sorted(label for label, of in labels.items() if of == version)),
    )


def _hash_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
