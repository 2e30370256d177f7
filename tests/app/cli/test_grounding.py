"""`shelftalker ground`: needs no database."""

import io
import json
import sys

import pytest

FACTS = [
    {"id": "F1", "name": "type", "value": "hoodie"},
    {"id": "F2", "name": "material", "value": "organic cotton"},
]


@pytest.fixture
def files(tmp_path):
    def write(text: str, facts: object = FACTS) -> tuple[str, str]:
        (tmp_path / "text.txt").write_text(text)
        (tmp_path / "facts.json").write_text(facts if isinstance(facts, str) else json.dumps(facts))
        return str(tmp_path / "text.txt"), str(tmp_path / "facts.json")

    return write


def test_a_supported_text(cli, files, tmp_path):
    text, facts = files("A hoodie in organic cotton.")
    answer = cli("ground", text, "--facts", facts)
    assert answer.code == 0
    assert "F2" in answer.out
    assert not (tmp_path / "data").exists()


def test_an_unsupported_text_is_code_1_and_the_words_are_named(cli, files):
    text, facts = files("A hoodie in organic cotton. It is waterproof.")
    answer = cli("ground", text, "--facts", facts)
    assert answer.code == 1
    assert "waterproof" in answer.out
    assert "unsupported" in answer.out
    answer = cli("ground", text, "--facts", facts, "--json")
    assert answer.code == 1
    assert [s["verdict"] for s in answer.document["sentences"]] == ["supported", "unsupported"]


@pytest.mark.parametrize(
    "facts",
    [
        {"facts": FACTS},
        {"items": FACTS},
        "\n".join(json.dumps(fact) for fact in FACTS) + "\n",
        [{name: value for name, value in fact.items() if name != "id"} for fact in FACTS],
    ],
    ids=["object", "items", "lines", "without ids"],
)
def test_facts_in_any_of_their_forms(cli, files, facts):
    text, file = files("A hoodie in organic cotton.", facts)
    assert cli("ground", text, "--facts", file).code == 0


def test_standard_input(cli, files, monkeypatch):
    _, facts = files("")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfA hoodie.")))
    assert cli("ground", "-", "--facts", facts).code == 0
    assert cli("ground", "-", "--facts", "-").code == 2


@pytest.mark.parametrize(
    "facts",
    [
        "",
        "no json",
        '{"a": 1}',
        "[1]",
        '[{"id": "F1"}]',
        '{"id": "F1"\n{"id": "F2"',
        json.dumps([FACTS[0]] * 2),
        "[",
    ],
)
def test_facts_that_are_none(cli, files, facts):
    text, file = files("A hoodie.", facts)
    answer = cli("ground", text, "--facts", file)
    assert answer.code == 2
    assert "facts.json" in answer.err
    assert answer.err.count("\n") == 1


def test_a_text_that_is_none(cli, files, tmp_path):
    _, facts = files("")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\0A")
    for name in (str(tmp_path / "b.txt"), "missing.txt", str(tmp_path)):
        answer = cli("ground", name, "--facts", facts)
        assert answer.code == 2
        assert answer.err.count("\n") == 1
