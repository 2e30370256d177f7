"""`shelftalker embeddings …`: the model that reads meaning, and its export that does without PyTorch."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from app.api.outcomes import DONE
from app.cli import output
from app.cli.progress import progress
from app.cli.session import load_settings
from app.errors import Invalid, Unavailable
from retrieval.embedders import missing_packages
from retrieval.embedding_models import ModelFiles, NoEmbedder, find_model, model_name
from retrieval.export_manifest import BadExport, Export, read_export
from retrieval.onnx_export import ExportFailed, export_model


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as it is told: `mean_cosine` and `worst_cosine` are to PyTorch's vectors."""

    id: str
    model: str
    folder: str
    bytes: int
    opset: int
    mean_cosine: float
    worst_cosine: float
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Status:
    """Which backend embeds here, and why not another."""

    model: str
    backend: Literal["onnx-int8", "torch", "none"]
    export: Exported | None
    reason: str | None


def export(*, force: bool, as_json: bool) -> int:
    """Export the model into the data folder. Raises Invalid where there is none to export, Unavailable."""
    settings = load_settings()
    model = _chosen(settings.embedding_model)
    if isinstance(files := find_model(model), NoEmbedder):
        raise Invalid(files.reason, pointer="/embedding_model")
    with progress("Exporting", quiet=as_json) as advance:
        try:
            done = export_model(model, settings.data_dir, force=force, on_step=advance)
        except ExportFailed as failed:
            raise Unavailable(str(failed), dependency="embeddings") from failed
    told = _told(done)
    if as_json:
        output.document(asdict(told))
    else:
        _show(told)
        print("Next: shelftalker index build, or restart the server; vectors of PyTorch are made anew.")
    return DONE


def status(*, as_json: bool) -> int:
    """Say which backend embeds; loads no model."""
    settings = load_settings()
    now = _status(settings.embedding_model, settings.data_dir)
    if as_json:
        output.document(asdict(now))
        return DONE
    print(output.plain(f"{now.model}: {now.backend}"))
    if now.export is not None:
        _show(now.export)
    if now.reason:
        print(output.plain(now.reason))
    if now.backend == "torch":
        print("Next: shelftalker embeddings export, which makes a smaller and faster copy of the model")
    return DONE


def _chosen(model: str) -> str:
    if model == "off":
        raise Invalid(
            "SHELFTALKER_EMBEDDING_MODEL is off: there is no model to export", pointer="/embedding_model"
        )
    return model


def _status(model: str, folder: Path) -> Status:
    if model == "off":
        return Status(model, "none", None, "SHELFTALKER_EMBEDDING_MODEL is off: search goes by words alone")
    files = find_model(model)
    fingerprint = files.fingerprint if isinstance(files, ModelFiles) else None
    found = read_export(folder, model_name(model), fingerprint)
    reasons = [one.reason for one in (files, found) if isinstance(one, NoEmbedder | BadExport)]
    if isinstance(found, Export):
        told = _told(found)
        if not (missing := missing_packages("onnxruntime", "tokenizers")):
            return Status(model, "onnx-int8", told, None)
        reasons.append(f"not installed: {', '.join(missing)}")
    else:
        told = None
    if isinstance(files, ModelFiles) and (missing := missing_packages("torch", "sentence_transformers")):
        reasons.append(f"not installed: {', '.join(missing)}")
    elif isinstance(files, ModelFiles):
        return Status(model, "torch", told, "; ".join(reasons) or None)
    return Status(model, "none", told, "; ".join(reasons))


def _told(done: Export) -> Exported:
    place = done.folder
    return Exported(
        id=done.embedder_id,
        model=done.model,
        folder=str(place),
        bytes=(place / done.model_file).stat().st_size,
        opset=done.opset,
        mean_cosine=done.mean,
        worst_cosine=done.worst,
        versions=done.versions,
    )


def _show(told: Exported) -> None:
    print(output.plain(f"{told.id}, {told.bytes / 1_000_000:.0f} MB in {told.folder}"))
    print(f"Cosine to the original: {told.mean_cosine:.3f} on average, {told.worst_cosine:.3f} at worst")
