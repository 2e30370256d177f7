"""Exports a model to an int8 ONNX file that needs no PyTorch, and proves it against the original before it counts.

The graph ends in the vector itself: mean pooling and normalisation are inside, so that nothing beside the runtime and
the tokenizer is needed. Weights are 8-bit with a scale for each channel (one for a whole matrix loses: mean cosine
0.958 against 0.994) and use 7 of the 8 bits: on processors without VNNI the 16-bit sums of full ones saturate.
"""

import gc
import json
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.embedders import missing_packages
from retrieval.embedding_models import ModelFiles, NoEmbedder, file_digest, find_model, pools_by_mean
from retrieval.embedding_values import Vectors
from retrieval.export_manifest import MANIFEST, Export, Probe, exports_folder, manifest_bytes, read_export
from retrieval.export_sentences import PROBES, SENTENCES
from retrieval.file_locks import LockHeld, exclusive

if TYPE_CHECKING:
    from retrieval.embedding_torch import TorchEmbedder

OPSET: Final = 18
# An export counts only where its vectors are this near to PyTorch's on the check sentences. Measured: 0.993 on
# average and 0.987 at worst on 300 product texts; a whole-matrix scale, which loses ranking quality, stays below both.
LEAST_MEAN: Final = 0.985
LEAST_WORST: Final = 0.96
# What a machine must compute for a probe, as cosine to where the export was made; exact on a like processor.
LEAST_PROBE: Final = 0.97
NEEDED: Final = ("torch", "sentence_transformers", "onnx", "onnxscript", "onnxruntime", "tokenizers")
_LIBRARIES: Final = ("torch", "sentence-transformers", "transformers", "onnx", "onnxscript", "onnxruntime")
STEPS: Final = (
    "loading the model",
    "exporting the graph",
    "reducing it to 8 bits",
    "comparing it with the original",
)
OnStep = Callable[[float, str], None]
"""Called with the share done, from 0 to 1, and what is being done now."""


class ExportFailed(Exception):  # noqa: N818 - a fact, read as words at every raise
    """The export was not made; the message says why. What stood there before still stands."""


def export_model(model: str, folder: Path, *, force: bool = False, on_step: OnStep | None = None) -> Export:
    """Export `model` into a data folder and give what stands there now; with `force` even where one is current.

    Takes 20 s of processor time and 1.1 GiB of memory, for PyTorch; run it once, not in a server. Raises ExportFailed where a
    package is missing, another process exports, the disk is full, or the result is too far from the original.
    """
    files = find_model(model)
    if isinstance(files, NoEmbedder):
        raise ExportFailed(files.reason)
    if not force:
        current = read_export(folder, files.name, files.fingerprint)
        if isinstance(current, Export):
            return current
    if missing := missing_packages(*NEEDED):
        raise ExportFailed(f"not installed: {', '.join(missing)}")
    if not pools_by_mean(files):
        raise ExportFailed(
            f"the model {files.name} does not pool by the normalised mean, as this export does"
        )
    place = exports_folder(folder, files.name)
    try:
        with exclusive(place / "export.lock"):
            return _export(files, place, on_step or (lambda _share, _step: None))
    except LockHeld:
        raise ExportFailed("another process is exporting this model") from None
    except OSError as error:
        raise ExportFailed(f"{error.filename or place}: {error.strerror or error}") from error


def _export(files: ModelFiles, place: Path, on_step: OnStep) -> Export:
    from retrieval.embedding_torch import TorchEmbedder  # noqa: PLC0415 - heavy

    _clean(place)
    with _quiet(), tempfile.TemporaryDirectory(dir=place, prefix=".making-") as scratch:
        on_step(0.0, STEPS[0])
        reference = TorchEmbedder(files)
        original = reference.embed(SENTENCES)
        on_step(0.25, STEPS[1])
        graph, small = Path(scratch) / "float32.onnx", Path(scratch) / "int8.onnx"
        try:
            _write_graph(reference, graph)
            del reference
            gc.collect()
            on_step(0.75, STEPS[2])
            _quantise(graph, small)
        except OSError:
            raise
        except Exception as error:  # the exporters have no common error; ours names theirs
            raise ExportFailed(f"{type(error).__name__}: {error}") from error
        on_step(0.9, STEPS[3])
        export = _described(files, Path(scratch), small)
        export = _verified(export, original)
        _publish(export, Path(scratch), place)
    on_step(1.0, "done")
    return replace(export, folder=place)


def _write_graph(reference: "TorchEmbedder", path: Path) -> None:
    import torch  # noqa: PLC0415 - heavy

    class MeanPooled(torch.nn.Module):
        """Token ids to the vector that sentence-transformers makes of them: masked mean, then length 1."""

        def __init__(self, transformer: torch.nn.Module) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2.0, dim=1)

    # The example must not be of length 1 in any direction, or the tracer takes that length for fixed.
    ids = torch.tensor([[101, 2000, 2001, 102], [101, 2003, 102, 0], [101, 102, 0, 0]])
    free = {0: torch.export.Dim("batch", min=1), 1: torch.export.Dim("sequence", min=2, max=512)}
    program = torch.onnx.export(
        MeanPooled(reference.transformer).eval(),
        (ids, (ids > 0).long()),
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=[
            "sentence_embedding"
        ],  # "embedding" is taken by a node of the graph, and then it does not load
        dynamic_shapes=(free, free),
        opset_version=OPSET,
        verbose=False,
    )
    if program is None:
        raise RuntimeError("the exporter gave no program")
    program.save(str(path))


def _quantise(graph: Path, small: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]  # noqa: PLC0415

    quantize_dynamic(str(graph), str(small), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def _described(files: ModelFiles, scratch: Path, small: Path) -> Export:
    """The export as it will stand, in the scratch folder still; its measures are filled in by `_verified`."""
    model_digest = file_digest(small)
    model_file = f"model-{model_digest[:16]}.onnx"
    small.rename(scratch / model_file)
    tokenizer = (files.folder / "tokenizer.json").read_bytes()
    json.loads(tokenizer)
    (scratch / "tokenizer.json").write_bytes(tokenizer)
    tokenizer_digest = file_digest(scratch / "tokenizer.json")
    tokenizer_file = f"tokenizer-{tokenizer_digest[:16]}.json"
    (scratch / "tokenizer.json").rename(scratch / tokenizer_file)
    return Export(
        folder=scratch,
        model=files.name,
        fingerprint=files.fingerprint,
        dimension=files.dimension,
        max_tokens=files.max_tokens,
        opset=OPSET,
        model_file=model_file,
        model_digest=model_digest,
        tokenizer_file=tokenizer_file,
        tokenizer_digest=tokenizer_digest,
        mean=0.0,
        worst=0.0,
        threshold=LEAST_PROBE,
        probes=(),
        versions={name: version(name) for name in _LIBRARIES},
    )


def _verified(export: Export, original: Vectors) -> Export:
    """The export with its measures and probes. Raises ExportFailed where it is too far from the original."""
    from retrieval.embedding_onnx import OnnxEmbedder  # noqa: PLC0415 - onnxruntime

    embedder = OnnxEmbedder(export)
    cosines = np.sum(embedder.embed(SENTENCES) * original, axis=1)
    mean, worst = float(cosines.mean()), float(cosines.min())
    if not (mean >= LEAST_MEAN and worst >= LEAST_WORST):  # written so that NaN fails too
        raise ExportFailed(
            f"the exported model is too far from the original: cosine {mean:.4f} on average (at least {LEAST_MEAN}), "
            f"{worst:.4f} at worst (at least {LEAST_WORST}) over {len(SENTENCES)} sentences"
        )
    vectors = embedder.embed(PROBES)
    probes = tuple(
        Probe(text, tuple(round(float(x), 6) for x in vector))
        for text, vector in zip(PROBES, vectors, strict=True)
    )
    return replace(export, mean=round(mean, 5), worst=round(worst, 5), probes=probes)


def _publish(export: Export, scratch: Path, place: Path) -> None:
    """Bring the files to their place, the manifest last and in one step; then take away what no manifest names."""
    for name in (export.model_file, export.tokenizer_file):
        _settle(scratch / name)
        (scratch / name).replace(place / name)
    manifest = scratch / MANIFEST
    manifest.write_bytes(manifest_bytes(export))
    _settle(manifest)
    manifest.replace(place / MANIFEST)
    for old in place.iterdir():
        named = old.name in {export.model_file, export.tokenizer_file}
        if not named and old.name.startswith(("model-", "tokenizer-")):
            with suppress(
                OSError
            ):  # a process on Windows may still have it open; the next export tries again
                old.unlink()


def _settle(path: Path) -> None:
    """On the disk itself before a manifest names it."""
    with path.open("rb+") as data:
        os.fsync(data.fileno())


def _clean(place: Path) -> None:
    """Take away what a killed export left; the caller holds the lock."""
    for left in place.glob(".making-*"):
        for file in left.iterdir():
            file.unlink(missing_ok=True)
        left.rmdir()


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporters speak of their own inner matters through warnings and logs; errors still come through."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
