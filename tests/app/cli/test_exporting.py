"""`shelftalker export` and `shelftalker outside-edits`."""

import pytest

from tests.app.cli.conftest import FEED

GOOD = FEED.replace(",Nameless,wood,brown,1.00 EUR\n", "").replace("material", "description,material").replace(
    "Mug,stone", "Mug,A mug.,stone"
).replace("Board,oak", "Board,,oak")  # fmt: skip


@pytest.fixture
def shelf(cli, tmp_path):
    """A shop whose mug has a published text."""
    (tmp_path / "shop.csv").write_text(GOOD)
    cli("import", "shop.csv")
    copy = cli("generate", "M-1", "--json").document
    ids = [item["id"] for item in cli("copy", "list", "--json").document["items"]]
    assert copy
    assert cli("copy", "approve", *ids).code == 0
    assert cli("copy", "publish", *ids).code == 0
    return cli


def test_the_feed_goes_into_a_file_of_its_own_name(shelf, tmp_path):
    answer = shelf("export")
    assert answer.code == 0
    assert "2 rows" in answer.out
    assert "shop-shelftalker.csv" in answer.out
    lines = (tmp_path / "shop-shelftalker.csv").read_text()
    assert lines.startswith("sku,title,description,material,color,price\nM-1,Blue Mug,")
    assert "A mug." not in lines
    assert shelf("import", "shop-shelftalker.csv", "--json").document["unchanged"] == 2


def test_one_json_document(shelf, tmp_path):
    told = shelf("export", "out.csv", "--fields", "title", "--json").document
    assert (told["file"], told["format"], told["rows"], told["texts"]) == ("out.csv", "csv", 2, 1)
    assert (told["left_out"], told["bytes"]) == (0, (tmp_path / "out.csv").stat().st_size)


def test_standard_output_is_the_file_alone(shelf):
    answer = shelf("export", "-")
    assert answer.out.startswith("sku,title,description,")
    assert "2 rows" in answer.err
    assert shelf("export", "-", "--json").code == 2


def test_products_without_a_row_are_named(shelf, tmp_path):
    (tmp_path / "more.csv").write_text("sku,title\nX-1,Lamp\n")
    shelf("import", "more.csv")
    assert "1 product with no row in this feed: X-1" in shelf("export").out


def test_a_file_that_cannot_be_written_leaves_nothing_behind(shelf, tmp_path):
    assert shelf("export", "nowhere/out.csv").code == 2
    assert shelf("export", str(tmp_path)).code == 2
    assert shelf("export", "--format", "magento").code == 2
    assert not list(tmp_path.glob(".*.csv.*"))


def test_edits_in_the_shop_are_listed_and_settled(shelf, tmp_path):
    shelf("export", "out.csv")
    said = (tmp_path / "out.csv").read_text()
    (tmp_path / "edited.csv").write_text(said.replace("stoneware", "fine stoneware", 1))
    assert "1 text of ours changed in the shop" in shelf("import", "edited.csv").out
    (edit,) = shelf("outside-edits", "list", "--json").document["items"]
    assert edit["sku"] == "M-1"
    assert edit["id"] in shelf("outside-edits", "list").out
    done = shelf("outside-edits", "accept", edit["id"])
    assert done.code == 0
    assert "version 2" in done.out
    assert shelf("outside-edits", "dismiss", edit["id"]).code == 1
    assert shelf("outside-edits", "list", "--json").document["items"] == []
