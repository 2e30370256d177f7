"""`shelftalker facts …`: what the API does, from the terminal."""

import json

import pytest


def test_attest_list_and_undo(filled):
    ran = filled("facts", "attest", "M-1", "Material", "porcelain", "--evidence", "mark on the base")
    assert ran.code == 0, ran.err
    assert "attested: material porcelain" in ran.out
    assert "set aside: Material: stoneware" in ran.out
    fact_id = ran.out.split()[0]
    shown = filled("facts", "M-1").out
    assert f"{fact_id} Material: porcelain  attested:local, attested" in shown
    assert "set aside: Material: stoneware" in shown
    assert f"local attests {fact_id}: mark on the base" in shown
    listed = filled("facts", "list", "--attested", "--json").document
    assert [(item["sku"], item["id"], item["evidence"]) for item in listed["items"]] == [
        ("M-1", fact_id, "mark on the base")
    ]
    assert "porcelain" in filled("facts", "list").out
    assert "no longer attested" in filled("facts", "undo", "M-1", fact_id).out
    assert "stoneware" in filled("facts", "M-1").out
    assert "Nobody has" in filled("facts", "list").out
    assert "undone" in filled("facts", "list", "--ended").out
    (line,) = filled("facts", "export").out.splitlines()
    assert json.loads(line)["ended_why"] == "undone"


def test_suppress_and_let_in_again(filled):
    color = next(
        item for item in filled("facts", "M-1", "--json").document["items"] if item["name"] == "color"
    )
    ran = filled("facts", "suppress", "M-1", color["id"], "--reason", "it is grey", "--json")
    assert (ran.code, ran.document["kind"], ran.document["reason"]) == (0, "suppress", "it is grey")
    names = {item["name"] for item in filled("facts", "M-1", "--json").document["items"]}
    assert "color" not in names
    assert "no longer suppressed" in filled("facts", "undo", "M-1", color["id"]).out
    assert filled("facts", "show", "M-1", "--json").document["set_aside"] == []


def test_an_import_tells_what_it_says_otherwise(filled, tmp_path):
    assert filled("facts", "attest", "M-1", "material", "porcelain").code == 0
    feed = tmp_path / "next.csv"
    feed.write_text("sku,title,material,color,price\nM-1,Blue Mug,glass,blue,12.00 EUR\n")
    ran = filled("import", str(feed), "--json")
    assert ran.document["facts_overridden"] == 1
    assert "attests material porcelain" in ran.document["notes"][0]["detail"]
    assert "the supplier says: Material: glass" in filled("facts", "list", "--differs").out


def test_a_day_is_the_end_of_an_attestation(filled):
    ran = filled(
        "facts", "attest", "M-1", "warranty", "2", "--unit", "years", "--expires", "2099-01-31", "--json"
    )
    assert ran.document["expires_at"] == "2099-01-31T00:00:00Z"
    assert (ran.document["value"], ran.document["unit"]) == ("2", "y")
    moment = "2099-01-31T12:00:00+0200"
    ran = filled("facts", "attest", "M-1", "warranty", "2 years", "--expires", moment, "--json")
    assert ran.document["expires_at"] == "2099-01-31T10:00:00Z"


def test_gaps(filled, tmp_path):
    feed = tmp_path / "mugs.csv"
    rows = [f"X-{n},Mug {n},{'clay' if n else ''},Home" for n in range(8)]
    feed.write_text("\n".join(["sku,title,material,category", *rows]) + "\n")
    assert filled("import", str(feed)).code == 0
    assert "material  Home · mug: 1 of 8 lack it (12%)  X-0" in filled("facts", "gaps").out
    assert filled("facts", "gaps", "--json").document["items"][0]["examples"] == ["X-0"]
    assert "No gap" in filled("facts", "gaps", "--category", "Garden").out


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["attest", "M-9", "warranty", "2 years"], 2, "did you mean M-"),
        (["attest", "M-1", "weight", "12", "--unit", "bananas"], 2, "not known"),
        (["attest", "M-1", "warranty", "2 years", "--expires", "2001-01-01"], 2, "past"),
        (["attest", "M-1", "warranty", "2 years", "--expires", "soon"], 2, "--expires"),
        (["attest", "M-1", "price", "2"], 2, "by the hour"),
        (["attest", "M-1"], 2, "NAME"),
        (["suppress", "M-1", "F99", "--reason", "x"], 2, "F99"),
        (["suppress", "M-1", "F1"], 2, "--reason"),
        (["undo", "M-1", "F1"], 1, "supplier's"),
        ([], 2, "SKU"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(filled, arguments, code, why):
    ran = filled("facts", *arguments)
    assert ran.code == code, ran.err
    assert why in ran.err
    assert ran.err.count("\n") == 1
