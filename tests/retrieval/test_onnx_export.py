"""The export of a model: what it refuses, what a kill leaves, and that it is the same each time.

A tiny model of random weights stands for the real one, whose export the other tests use.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)

MAKE = """
import json, sys
from pathlib import Path

import torch
from transformers import BertConfig, BertModel
from retrieval.embedding_models import DEFAULT_MODEL, find_model
from retrieval.embedders import open_embedder
from retrieval.onnx_export import ExportFailed, export_model

base = Path(sys.argv[1])


def model(name, pooling="mean", wild=False):
    folder = base / name
    (folder / "1_Pooling").mkdir(parents=True)
    torch.manual_seed(1)
    config = BertConfig(vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=64, max_position_embeddings=64)
    network = BertModel(config)
    if wild:  # a few weights so large that eight bits say nothing of the others
        with torch.no_grad():
            for layer in network.encoder.layer:
                layer.intermediate.dense.weight[:, 0] *= 3_000
                layer.output.dense.weight[:, 0] *= 3_000
    network.save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((find_model(DEFAULT_MODEL).folder / "tokenizer.json").read_bytes())
    for part in ("tokenizer_config.json", "modules.json", "vocab.txt"):
        (folder / part).write_bytes((find_model(DEFAULT_MODEL).folder / part).read_bytes())
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 48}')
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": pooling == "mean",
         "pooling_mode_cls_token": pooling == "cls"}))
    return str(folder)


def attempt(name, data):
    try:
        return export_model(name, base / data).embedder_id
    except ExportFailed as failed:
        return f"failed: {failed}"


tame = model("tame")
place = base / "data" / "embeddings" / "tame"
(place / ".making-left").mkdir(parents=True)  # what a killed export leaves
(place / ".making-left" / "half.onnx").write_bytes(b"half")
(place / "model-0000.onnx").write_bytes(b"old")
steps = []
first = export_model(tame, base / "data", on_step=lambda share, step: steps.append((share, step)))
answer = {
    "first": first.embedder_id, "mean": first.mean, "steps": steps,
    "files": sorted(file.name for file in place.iterdir()),
    "opened": open_embedder(tame, base / "data").id, "dimension": open_embedder(tame, base / "data").dimension,
    "again": export_model(tame, base / "data", force=True).embedder_id,
    "pooling": attempt(model("by-cls", pooling="cls"), "data"),
    "wild": attempt(model("wild", wild=True), "data"),
    "wild_files": sorted(file.name for file in (base / "data" / "embeddings" / "wild").iterdir()),
    "wild_opened": open_embedder(str(base / "wild"), base / "data").id,
}
network = BertModel.from_pretrained(tame)
with torch.no_grad():
    network.encoder.layer[0].output.dense.weight += 0.1
network.save_pretrained(tame)  # other weights under the same name
answer["stale"] = open_embedder(tame, base / "data").id
print(json.dumps(answer))
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """All attempts, in one process of their own: PyTorch is loaded once, and not here."""
    folder = tmp_path_factory.mktemp("models")
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", MAKE, str(folder)], capture_output=True, text=True, check=False, cwd=root
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_any_model_that_pools_by_the_mean_can_be_exported(answer):
    assert answer["first"].startswith("tame/onnx-int8/")
    assert answer["mean"] > 0.985
    assert answer["opened"] == answer["first"]
    assert answer["dimension"] == 32


def test_the_steps_are_told_in_order(answer):
    shares = [share for share, _ in answer["steps"]]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_nothing_is_left_beside_it(answer):
    kinds = [name.partition("-")[0] for name in answer["files"]]
    assert kinds == ["export.lock", "manifest.json", "model", "tokenizer"]


def test_the_same_weights_give_the_same_export(answer):
    assert answer["again"] == answer["first"]


def test_another_pooling_is_refused(answer):
    assert "does not pool by the normalised mean" in answer["pooling"]


def test_what_is_too_far_from_the_original_is_refused_and_not_used(answer):
    assert "too far from the original: cosine" in answer["wild"]
    assert answer["wild_files"] == ["export.lock"]
    assert answer["wild_opened"].startswith("wild/torch/")


def test_an_export_of_other_weights_is_not_used(answer):
    assert answer["stale"].startswith("tame/torch/")
