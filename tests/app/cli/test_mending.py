"""`shelftalker generate --stale`."""

import pytest


@pytest.fixture
def stale(filled, feed):
    """A shop whose mug has copy that rests on a changed fact."""
    filled("generate", "--all")
    feed.write_text(feed.read_text().replace("stoneware", "porcelain"))
    filled("import", str(feed))
    return filled


def test_stale_copies_are_mended_once(stale):
    answer = stale("generate", "--stale", "--json")
    assert answer.code == 0, answer.err
    assert (answer.document["written"], answer.document["texts"], answer.document["stopped"]) == (1, 1, False)
    (copy,) = stale("copy", "list", "--sku", "M-1", "--json").document["items"]
    assert (copy["version"], copy["status"]) == (2, "needs_review")
    assert "porcelain" in copy["fields"]["title"].lower()
    again = stale("generate", "--stale")
    assert (again.code, "no copy is stale" in again.out) == (0, True)
    assert stale("generate", "--all", "--json").document["skipped"] == 2


def test_those_of_some_products_are_shown(stale):
    assert stale("generate", "--stale", "M-2", "--json").document["items"] == []
    answer = stale("generate", "--stale", "M-1")
    assert answer.code == 0
    assert "1 stale copy mended" in answer.out
    assert "porcelain" in answer.out


def test_what_does_not_go_with_it(stale):
    for options in (["--force"], ["--variants", "2"], ["--angle", "care"], ["M-1", "--all"]):
        answer = stale("generate", "--stale", *options)
        assert answer.code == 2
        assert "--stale" in answer.err
