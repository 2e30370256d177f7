"""`embeddings export` and `status`: which backend, why, and an export that is there is not made again."""

import shutil
from pathlib import Path

import pytest

from retrieval.embedding_models import DEFAULT_MODEL
from retrieval.file_locks import exclusive

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def cli(cli, monkeypatch):
    """With the installed model, which other tests of commands go without."""
    monkeypatch.delenv("SHELFTALKER_EMBEDDING_MODEL", raising=False)
    return cli


@pytest.fixture
def with_export(cli, exported, tmp_path):
    shutil.copytree(exported / "embeddings", tmp_path / "data" / "embeddings")
    return cli


def test_without_an_export_pytorch_embeds_and_the_next_step_is_named(cli):
    answer = cli("embeddings", "status")
    assert answer.code == 0
    assert answer.out.startswith(f"{DEFAULT_MODEL}: torch\n")
    assert "shelftalker embeddings export" in answer.out
    assert cli("embeddings", "status", "--json").document["export"] is None


def test_an_export_is_named_with_its_likeness(with_export):
    document = with_export("embeddings", "status", "--json").document
    assert document["backend"] == "onnx-int8"
    assert document["reason"] is None
    assert document["export"]["id"].startswith(f"{DEFAULT_MODEL}/onnx-int8/")
    assert document["export"]["mean_cosine"] >= 0.985
    assert 20_000_000 < document["export"]["bytes"] < 30_000_000
    words = with_export("embeddings", "status").out
    assert "onnx-int8" in words
    assert "Cosine to the original: 0.99" in words


def test_an_export_that_is_current_is_not_made_again(with_export, tmp_path):
    manifest = tmp_path / "data" / "embeddings" / DEFAULT_MODEL / "manifest.json"
    before = manifest.stat()
    answer = with_export("embeddings", "export", "--json")
    assert answer.code == 0
    assert answer.document == with_export("embeddings", "status", "--json").document["export"]
    assert manifest.stat().st_mtime_ns == before.st_mtime_ns


def test_a_damaged_export_is_told(with_export, tmp_path):
    for model in (tmp_path / "data" / "embeddings" / DEFAULT_MODEL).glob("*.onnx"):
        model.write_bytes(b"not a graph")
    answer = with_export("embeddings", "status")
    assert answer.code == 0
    assert ": torch" in answer.out
    assert "damaged" in answer.out


def test_no_model_is_no_export(cli, monkeypatch):
    monkeypatch.setenv("SHELFTALKER_EMBEDDING_MODEL", "off")
    answer = cli("embeddings", "export")
    assert answer.code == 2
    assert "SHELFTALKER_EMBEDDING_MODEL is off" in answer.err
    document = cli("embeddings", "status", "--json").document
    assert document["backend"] == "none"
    assert "off" in document["reason"]


def test_a_folder_without_a_model_is_no_export(cli, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SHELFTALKER_EMBEDDING_MODEL", str(tmp_path / "empty"))
    answer = cli("embeddings", "export", "--json")
    assert answer.code == 2
    assert "cannot be read" in answer.document["error"]["detail"]
    assert cli("embeddings", "status", "--json").document["backend"] == "none"


def test_two_do_not_export_at_once(cli, tmp_path):
    with exclusive(tmp_path / "data" / "embeddings" / DEFAULT_MODEL / "export.lock"):
        answer = cli("embeddings", "export")
    assert answer.code == 3
    assert "another process is exporting" in answer.err


def test_a_folder_that_cannot_be_written_is_one_line(cli, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "embeddings").write_text("a file where the folder should be")
    answer = cli("embeddings", "export")
    assert answer.code == 3
    assert str(Path("data") / "embeddings") in answer.err
