"""Embeddings by sentence-transformers on PyTorch: the reference, slow to start (8 s, 450 MB) and slow to answer."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from retrieval.embedding_models import ModelFiles
from retrieval.embedding_values import Vectors, clean_texts

if TYPE_CHECKING:
    from torch.nn import Module

BATCH = 32  # texts at a time inside of one call: more brings nothing on one thread


class TorchEmbedder:
    """A loaded model. `embed` may be called from several threads; they take turns.

    Loading fetches nothing from anywhere: the files are at hand, and the loader is told so. PyTorch is held to one
    thread in the whole process: as fast as two for short texts, and far steadier beside a server's other work.
    """

    def __init__(self, files: ModelFiles) -> None:
        import torch  # noqa: PLC0415 - heavy: only where it embeds
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as above
        from transformers.utils import logging  # noqa: PLC0415 - as above

        torch.set_num_threads(1)
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(files.folder), device="cpu", local_files_only=True)
        self._model.max_seq_length = files.max_tokens
        self._turn = threading.Lock()
        self.id = files.torch_id
        self.dimension = files.dimension

    @property
    def transformer(self) -> "Module":
        """The network below the pooling: token ids to token vectors."""
        return cast("Module", self._model[0].auto_model)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, a row each, of length 1."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._turn:  # the tokenizer's settings are changed by each call: two at once are an error
            found = self._model.encode(
                clean_texts(texts),
                batch_size=BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.ascontiguousarray(found, dtype=np.float32)
