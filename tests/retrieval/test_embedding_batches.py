"""Long work in batches: every text once, watched, stopped between two batches, and resumed from what was kept."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.embedders import open_embedder
from retrieval.embedding_batches import Progress, embed_all
from retrieval.embedding_models import DEFAULT_MODEL, NoEmbedder
from retrieval.vector_files import VectorWriter


class ByHash:
    """A real embedder of no meaning: a text's vector is drawn from its hash."""

    id = "by-hash/none/0"
    dimension = 8

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def embed(self, texts):
        self.sizes.append(len(texts))
        rows = [
            np.random.default_rng(list(hashlib.blake2b(t.encode()).digest())).standard_normal(8)
            for t in texts
        ]
        return np.array(rows, np.float32).reshape(len(texts), 8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30)), st.integers(1, 7))
def test_each_text_gets_its_vector_once(texts, batch):
    embedder, progress = ByHash(), []
    found = np.full((len(texts), 8), np.nan, np.float32)
    for part in embed_all(embedder, texts, batch, progress.append):
        assert np.isnan(found[list(part.positions)]).all()
        found[list(part.positions)] = part.vectors
    assert np.array_equal(found, ByHash().embed(texts))
    assert all(size <= batch for size in embedder.sizes)
    assert [p.done for p in progress] == sorted(p.done for p in progress)
    assert not texts or progress[-1] == Progress(len(texts), len(texts))


def test_texts_of_one_length_come_together():
    texts = [("long " * 50, "short")[i % 2] for i in range(64)]
    for part in embed_all(ByHash(), texts, 8):
        assert len({texts[position] for position in part.positions}) == 1


def test_it_stops_between_two_batches():
    embedder, progress = ByHash(), []
    parts = embed_all(embedder, ["a"] * 100, 10, progress.append, lambda: len(progress) >= 3)
    assert len(list(parts)) == 3
    assert embedder.sizes == [10, 10, 10]


def test_a_batch_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="batch"):
        list(embed_all(ByHash(), ["a"], 0))


def test_stopped_work_goes_on_where_it_was(tmp_path):
    """With the file of vectors: what is there is not embedded again."""
    texts = [f"product {i}" for i in range(100)]
    hashes = [hashlib.blake2b(text.encode()).hexdigest() for text in texts]
    embedded = 0
    for _ in range(4):
        embedder = ByHash()
        with VectorWriter(tmp_path, embedder.id, embedder.dimension) as kept:
            left = [texts[hashes.index(one)] for one in kept.missing(hashes)]
            for turns, part in enumerate(embed_all(embedder, left, 10)):
                kept.add([hashes[texts.index(left[p])] for p in part.positions], part.vectors)
                if turns == 2:
                    break
        embedded += sum(embedder.sizes)
    with VectorWriter(tmp_path, ByHash.id, ByHash.dimension) as kept:
        assert np.array_equal(kept.vectors(hashes), ByHash().embed(texts))
    assert embedded == 100


def test_a_real_model_gives_the_same_in_batches(exported):
    embedder = open_embedder(DEFAULT_MODEL, exported)
    assert not isinstance(embedder, NoEmbedder)
    texts = ["red shoes", "a jacket against the rain", "mug", "", "lamp with a switch"]
    for part in embed_all(embedder, texts, 2):
        assert np.array_equal(part.vectors, embedder.embed([texts[p] for p in part.positions]))
