"""From text to vector: what every embedder promises, and which one a machine gets.

An ONNX file exported from the model's weights (`onnx_export`) is preferred: it starts and answers many times faster
and needs no PyTorch. Where there is none, PyTorch embeds. Where there is no model either, a reason is the answer, and
search works by words alone. Nothing heavy is imported before an embedder is opened.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from retrieval.embedding_models import ModelFiles, NoEmbedder, find_model, model_name
from retrieval.embedding_values import Vectors
from retrieval.export_manifest import BadExport, Export, read_export


class Embedder(Protocol):
    """Gives texts vectors whose inner product is their likeness.

    `id` names the model, the backend and a hash of the weights: vectors of different ids never belong into one index.
    `embed` gives an array (texts, dimension) of 32-bit floats, each row of length 1; the same text gives the same
    vector whatever stands beside it (PyTorch: to about 1e-6). Long texts are cut at the model's limit; any string is
    accepted, the empty one too. Safe to call from several threads.
    """

    @property
    def id(self) -> str: ...  # noqa: D102 - said above

    @property
    def dimension(self) -> int: ...  # noqa: D102 - said above

    def embed(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102 - said above


def open_embedder(model: str, folder: Path) -> Embedder | NoEmbedder:
    """The best embedder for `model` (a package's name or a model's folder); `folder` is where exports are kept.

    An export counts only where its manifest, its files' checksums and, if the model itself is installed, the hash of
    its weights fit, and where this machine computes with it what the exporting one did; otherwise PyTorch is taken.
    Takes under half a second with an export and many seconds without: for a background thread or a process of its own.
    """
    files = find_model(model)
    export = read_export(
        folder, model_name(model), files.fingerprint if isinstance(files, ModelFiles) else None
    )
    if isinstance(export, Export):
        opened = _open_onnx(export)
        if not isinstance(opened, NoEmbedder):
            return opened
        export = BadExport(opened.reason)
    if isinstance(files, NoEmbedder):
        return files if export is None else NoEmbedder(f"{files.reason}; {export.reason}")
    return _open_torch(files)


def open_exported_embedder(model: str, folder: Path) -> Embedder | NoEmbedder:
    """The embedder of `model`'s export in `folder`; the reason where there is none to be used. Never loads PyTorch."""
    files = find_model(model)
    fingerprint = files.fingerprint if isinstance(files, ModelFiles) else None
    export = read_export(folder, model_name(model), fingerprint)
    if isinstance(export, Export):
        return _open_onnx(export)
    return NoEmbedder("there is no export" if export is None else export.reason)


def open_torch_embedder(model: str) -> Embedder | NoEmbedder:
    """The reference embedder of `model`, whether or not there is an export."""
    files = find_model(model)
    return files if isinstance(files, NoEmbedder) else _open_torch(files)


def missing_packages(*modules: str) -> list[str]:
    """Those of the modules that are not installed; imports none of them."""
    return [module for module in modules if importlib.util.find_spec(module) is None]


def _open_onnx(export: Export) -> Embedder | NoEmbedder:
    if missing := missing_packages("onnxruntime", "tokenizers"):
        return NoEmbedder(f"not installed: {', '.join(missing)}")
    from retrieval.embedding_onnx import OnnxEmbedder  # noqa: PLC0415 - only where there is an export

    try:
        embedder = OnnxEmbedder(export)
        worst = embedder.likeness_to_probes()
    except Exception as error:  # noqa: BLE001 - the runtime has no common error; whatever it is, PyTorch is the way
        return NoEmbedder(f"the export cannot be used: {type(error).__name__}: {error}")
    if worst < export.threshold:
        return NoEmbedder(
            f"the export computes something else on this machine (cosine {worst:.3f} to what it was exported with)"
        )
    return embedder


def _open_torch(files: ModelFiles) -> Embedder | NoEmbedder:
    if missing := missing_packages("torch", "sentence_transformers"):
        return NoEmbedder(f"not installed: {', '.join(missing)}")
    from retrieval.embedding_torch import TorchEmbedder  # noqa: PLC0415 - heavy

    try:
        return TorchEmbedder(files)
    except Exception as error:  # noqa: BLE001 - a broken installation raises anything; search goes on by words
        return NoEmbedder(f"the model {files.name} cannot be loaded: {type(error).__name__}: {error}")
