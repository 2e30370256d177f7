"""The manifest of an exported model: what it was made from, what it holds, and vectors to prove it by.

Files of an export bear their own checksum in their name and are never changed; the manifest names them and is
replaced in one step. So a reader sees a whole export, the old one or the new one, whenever a process dies.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from retrieval.embedding_models import file_digest

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class BadExport:
    """There is an export that cannot be used, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A sentence with the vector that the exported graph gave for it where it was made."""

    text: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """An exported model, as its manifest says; `folder` is where its files lie.

    `mean` and `worst` are its vectors' cosines to PyTorch's on the check sentences, `threshold` what a probe must
    reach on any machine. `versions` are of the libraries that made it.
    """

    folder: Path
    model: str
    fingerprint: str
    dimension: int
    max_tokens: int
    opset: int
    model_file: str
    model_digest: str
    tokenizer_file: str
    tokenizer_digest: str
    mean: float
    worst: float
    threshold: float
    probes: tuple[Probe, ...]
    versions: dict[str, str]

    @property
    def embedder_id(self) -> str:
        """What vectors of this export are known by: the file's own hash, for a new export may round otherwise."""
        return f"{self.model}/onnx-int8/{self.model_digest[:16]}"


def exports_folder(folder: Path, model: str) -> Path:
    """Where the export of a model lies in a data folder."""
    return folder / "embeddings" / model


def read_export(folder: Path, model: str, fingerprint: str | None) -> Export | BadExport | None:
    """The export of `model` in a data folder; None where there is none.

    `fingerprint` is that of the installed weights: an export of others is of no use. None where they are not
    installed: then the export stands for itself. Checks the files' checksums.
    """
    place = exports_folder(folder, model)
    try:
        raw = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return BadExport(f"the export's manifest cannot be read ({error})")
    try:
        export = _parse(raw, place)
    except (KeyError, TypeError, ValueError) as error:
        return BadExport(f"the export's manifest is of another form ({type(error).__name__}: {error})")
    wrong = _misfit(export, model, fingerprint) or _damage(export)
    return BadExport(wrong) if wrong else export


def manifest_bytes(export: Export) -> bytes:
    """The manifest as it is written."""
    document: dict[str, Any] = {"format": FORMAT, **asdict(export)}
    del document["folder"]
    return json.dumps(document, indent=1).encode()


def _misfit(export: Export, model: str, fingerprint: str | None) -> str:
    if export.model != model:
        return f"the export is of another model ({export.model})"
    if fingerprint is not None and export.fingerprint != fingerprint:
        return "the export is of other weights than the installed ones; export again"
    return ""


def _damage(export: Export) -> str:
    for name, digest in (
        (export.model_file, export.model_digest),
        (export.tokenizer_file, export.tokenizer_digest),
    ):
        try:
            if file_digest(export.folder / name) != digest:
                return f"the export's file {name} is damaged"
        except OSError as error:
            return f"the export's file {name} cannot be read ({error.strerror})"
    return ""


def _parse(raw: Any, place: Path) -> Export:
    if raw["format"] != FORMAT:
        raise ValueError(f"format {raw['format']!r}, not {FORMAT}")
    for name in (raw["model_file"], raw["tokenizer_file"]):
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no plain file name")
    dimension = int(raw["dimension"])
    probes = tuple(Probe(str(p["text"]), tuple(float(x) for x in p["vector"])) for p in raw["probes"])
    if not probes or any(len(probe.vector) != dimension for probe in probes):
        raise ValueError("probes do not have the model's dimension")
    return Export(
        folder=place,
        model=str(raw["model"]),
        fingerprint=str(raw["fingerprint"]),
        dimension=dimension,
        max_tokens=int(raw["max_tokens"]),
        opset=int(raw["opset"]),
        model_file=raw["model_file"],
        model_digest=str(raw["model_digest"]),
        tokenizer_file=raw["tokenizer_file"],
        tokenizer_digest=str(raw["tokenizer_digest"]),
        mean=float(raw["mean"]),
        worst=float(raw["worst"]),
        threshold=float(raw["threshold"]),
        probes=probes,
        versions={str(k): str(v) for k, v in raw["versions"].items()},
    )
