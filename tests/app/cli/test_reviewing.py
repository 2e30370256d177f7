"""`shelftalker copy …`: list, show, edit, approve, reject, publish."""

import json

import openpyxl
import pytest


@pytest.fixture
def copy_id(filled) -> str:
    return filled("generate", "M-1", "--json").document["items"][0]["id"]


def test_the_way_to_the_shelf(filled, copy_id):
    assert copy_id in filled("copy", "list").out
    assert filled("copy", "publish", copy_id).code == 1
    assert filled("copy", "approve", copy_id).code == 0
    answer = filled("copy", "publish", copy_id, "--json")
    assert answer.code == 0
    assert answer.document["items"][0]["status"] == "published"
    assert filled("copy", "list", "--status", "published", "--json").document["items"][0]["id"] == copy_id
    assert "No copy fits" in filled("copy", "list", "--status", "rejected").out


def test_an_unsupported_edit_is_refused_with_the_sentence(filled, copy_id):
    edited = filled("copy", "edit", copy_id, "--set", "description_html=<p>It is waterproof.</p>", "--json")
    assert edited.code == 0
    assert edited.document["version"] == 2
    answer = filled("copy", "approve", copy_id)
    assert answer.code == 1
    assert "waterproof" in answer.err
    refused = filled("copy", "approve", copy_id, "--json")
    assert refused.code == 1
    assert refused.document["refused"][0]["sentences"][0]["text"] == "It is waterproof."
    assert "unsupported" in filled("copy", "show", copy_id).out


def test_several_at_once_and_the_worst_code(filled, copy_id):
    other = filled("generate", "M-2", "--json").document["items"][0]["id"]
    answer = filled("copy", "approve", copy_id, "cp_nope", other, "--json")
    assert answer.code == 2
    assert [item["id"] for item in answer.document["items"]] == [copy_id, other]
    assert [item["id"] for item in answer.document["refused"]] == ["cp_nope"]
    assert filled("copy", "reject", copy_id).code == 0


def test_an_edit_from_a_file(filled, copy_id, tmp_path):
    (tmp_path / "edit.json").write_text(json.dumps({"bullets": ["Stoneware"]}))
    answer = filled("copy", "edit", copy_id, "--file", str(tmp_path / "edit.json"), "--json")
    assert answer.document["fields"]["bullets"] == ["Stoneware"]


@pytest.mark.parametrize("change", ["poem=A", "bullets=A", "title", "=A"])
def test_an_edit_that_is_none(filled, copy_id, change):
    answer = filled("copy", "edit", copy_id, "--set", change)
    assert answer.code == 2
    assert answer.err.count("\n") == 1


def test_an_unknown_copy(cli):
    for words in (["show"], ["edit", "--set", "title=A"], ["approve"]):
        answer = cli("copy", words[0], "cp_nope", *words[1:])
        assert answer.code == 2
        assert "cp_nope" in answer.err


def test_nothing_there_says_what_to_do(cli):
    assert "shelftalker generate" in cli("copy", "list").out


def test_a_review_by_sheet(filled, copy_id, tmp_path):
    other = filled("generate", "M-2", "--json").document["items"][0]["id"]
    waiting = filled("review", "queue", "--json").document["items"]
    assert {one["copy"]["id"] for one in waiting} == {copy_id, other}
    assert copy_id in filled("review", "queue").out
    sheet = tmp_path / "review.xlsx"
    assert "2 copies" in filled("review", "export", str(sheet)).out
    book = openpyxl.load_workbook(sheet)
    rows = [row for row in book.active.iter_rows(min_row=2) if row[0].value == copy_id]
    names = [cell.value for cell in book.active[1]]
    rows[0][names.index("decision")].value = "approve"
    book.save(sheet)
    answer = filled("review", "import", str(sheet), "--json")
    assert (answer.code, answer.document["copies"]) == (0, {"approved": 1, "none": 1})
    rows[0][names.index("decision")].value = "burn"
    book.save(sheet)
    answer = filled("review", "import", str(sheet))
    assert answer.code == 1
    assert "burn" in answer.out
    assert filled("review", "import", str(tmp_path / "none.xlsx")).code == 2
    assert filled("review", "queue", "--status", "lost").code == 2
