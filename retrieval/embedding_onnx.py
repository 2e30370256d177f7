"""Embeddings by an exported ONNX graph: onnxruntime and tokenizers alone, no PyTorch."""

from collections.abc import Sequence

import numpy as np
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from retrieval.embedding_values import Vectors, clean_texts
from retrieval.export_manifest import Export


class OnnxEmbedder:
    """A loaded export. `embed` may be called from several threads at once.

    Texts are run one at a time. Dynamic quantisation scales the activations of a whole batch together, so in a batch
    a text's vector depends on its neighbours (cosine down to 0.984 between alone and among 32); alone it does not,
    and on one thread a batch is hardly faster: measured 196 texts/s alone, 217 by eight, 175 by 32.
    """

    def __init__(self, export: Export) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors: a warning about a graph is not for whoever searches
        self._session = InferenceSession(
            str(export.folder / export.model_file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(export.folder / export.tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(export.max_tokens)
        self._probes = export.probes
        self.id = export.embedder_id
        self.dimension = export.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, a row each, of length 1."""
        found = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(clean_texts(texts)):
            ids = np.array([self._tokenizer.encode(text).ids], np.int64)
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            found[row] = self._session.run(None, inputs)[0][0]
        return found

    def likeness_to_probes(self) -> float:
        """The smallest cosine between a probe's vector here and where the export was made.

        1 on a like processor. Kernels for 8-bit numbers differ between processors; a broken one shows here.
        """
        here = self.embed([probe.text for probe in self._probes])
        there = np.array([probe.vector for probe in self._probes], np.float32)
        return float(np.min(np.sum(here * there, axis=1)))
