"""`shelftalker duplicates`: a text or a product's copy against the catalog's texts."""

TEXT = "<p>The Blue Mug is made of stoneware, glazed by hand, and holds half a litre of tea or coffee at any hour.</p>"


def test_a_text_and_a_product(filled, tmp_path):
    assert filled("generate", "M-1").code == 0
    copy_id = filled("copy", "list", "--json").document["items"][0]["id"]
    assert filled("copy", "edit", copy_id, "--set", f"description_html={TEXT}").code in (0, 1)
    (tmp_path / "text.html").write_text(TEXT.replace("Blue Mug", "Red Mug"))
    twin = filled("duplicates", "text.html", "--json")
    assert twin.code == 1
    (item,) = twin.document["items"]
    assert item["sku"] == "M-1"
    assert item["overlap"] > 0.6
    shown = filled("duplicates", "text.html")
    assert shown.code == 1
    assert "M-1" in shown.out
    assert "compared with 1 text" in shown.out
    own = filled("duplicates", "M-1")
    assert own.code == 0
    assert "Nothing like it: compared with 0 texts" in own.out
    assert filled("duplicates", "text.html", "--sku", "M-1").code == 0


def test_bad_input(filled, tmp_path):
    assert filled("duplicates", "NOPE").code == 2
    assert "has no copy" in filled("duplicates", "M-1").err
    assert filled("duplicates", "M-1", "--sku", "M-2").code == 2
    (tmp_path / "empty.txt").write_text(" ")
    answer = filled("duplicates", "empty.txt")
    assert answer.code == 2
    assert "no word" in answer.err
