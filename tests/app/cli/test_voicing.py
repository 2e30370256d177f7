"""`voices` and `rules` on the command line."""

import json


def test_a_voice_is_learnt_edited_saved_used_and_deleted(filled, tmp_path):
    sample = tmp_path / "sample.txt"
    sample.write_text("You'll love it. Pop it in your favourite bag! It doesn't crease. " * 12)
    learnt = filled("voices", "learn", str(sample), "--json").document
    assert learnt["voice"]["spelling"] == "GB"
    voice = tmp_path / "voice.json"
    voice.write_text(json.dumps(learnt["voice"] | {"extends": "premium", "forbidden": ["stoneware"]}))
    saved = filled("voices", "put", "acme", str(voice))
    assert saved.code == 0
    assert "version 1, which extends premium" in saved.out
    assert filled("voices", "show", "acme", "--json").document["person"] == "second"
    assert "stoneware" in filled("voices", "show", "acme").out
    (copy,) = filled("generate", "M-1", "--voice", "acme", "--json").document["items"]
    assert "stoneware" not in str(copy["fields"]).lower()
    assert "acme" in filled("voices", "list").out
    assert filled("voices", "delete", "acme").code == 0
    assert filled("voices", "show", "acme").code == 2


def test_what_samples_show_is_said_in_words_and_saved_by_name(cli, tmp_path):
    sample = tmp_path / "sample.md"
    sample.write_text("# A\n\nIt folds.")
    answer = cli("voices", "learn", str(sample), "--save", "short")
    assert answer.code == 0
    assert "cannot be told" in answer.out
    assert "20 would tell" in answer.out
    assert "Saved short, version 1" in answer.out


def test_a_text_is_judged_and_put_right(cli, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("Amazing! It's grey.")
    judged = cli("voices", "check", str(text))
    assert judged.code == 1
    assert "says “Amazing”" in judged.out
    fixed = cli("voices", "check", str(text), "--fix", "--json").document
    assert fixed["fixed"]["text"] == "Amazing. It is gray."


def test_rules(filled):
    rule = filled("rules", "add", "stoneware", "--reason", "trademark", "--json").document
    assert "stoneware" in filled("rules", "list").out
    (copy,) = filled("generate", "M-1", "--json").document["items"]
    assert "stoneware" not in str(copy["fields"]).lower()
    assert filled("rules", "remove", rule["id"]).code == 0
    assert filled("rules", "remove", rule["id"]).code == 2
    assert filled("rules", "list", "--json").document["items"] == []


def test_wrong_input_is_one_line(cli, tmp_path):
    file = tmp_path / "voice.json"
    file.write_text('{"spelling": "AU"}')
    for arguments in (
        ["voices", "put", "acme", str(file)],
        ["voices", "put", "acme", "missing.json"],
        ["voices", "learn", "missing.txt"],
        ["voices", "delete", "plain"],
        ["rules", "add", "x", "--reason", " "],
    ):
        answer = cli(*arguments)
        assert answer.code in {1, 2}, arguments
        assert answer.err.count("\n") == 1
