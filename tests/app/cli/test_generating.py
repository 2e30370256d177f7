"""`shelftalker generate`."""

import re


def test_each_sentence_is_followed_by_its_facts(filled):
    answer = filled("generate", "M-1")
    assert answer.code == 0
    assert re.search(r"stoneware.*\[(F\d+ ?)+\]", answer.out)
    assert "shelftalker copy" in answer.out


def test_current_copy_is_skipped_unless_forced(filled):
    first = filled("generate", "--all", "--json").document
    assert (first["written"], first["skipped"], first["texts"]) == (2, 0, 2)
    again = filled("generate", "--all", "--json").document
    assert (again["written"], again["skipped"]) == (0, 2)
    forced = filled("generate", "--all", "--force", "--json").document
    assert forced["written"] == 2
    assert "--force" in filled("generate", "--all").out


def test_only_what_changed_is_written_anew(filled, feed):
    filled("generate", "--all")
    feed.write_text(feed.read_text().replace("stoneware", "porcelain"))
    filled("import", str(feed))
    answer = filled("generate", "--all", "--json").document
    assert (answer["written"], answer["skipped"]) == (1, 1)


def test_an_empty_catalog_says_what_to_do(cli):
    answer = cli("generate", "--all")
    assert answer.code == 0
    assert "shelftalker import" in answer.out


def test_an_unknown_sku(filled):
    answer = filled("generate", "NOPE", "--json")
    assert answer.code == 2
    assert answer.document["failed"][0]["sku"] == "NOPE"
    mixed = filled("generate", "M-1", "NOPE", "--json")
    assert mixed.code == 1
    assert mixed.document["written"] == 1


def test_unknown_names_are_answered_with_the_known_ones(filled):
    for option, value, known in (
        ("--template", "poem", "product_description"),
        ("--voice", "shouting", "premium"),
        ("--locale", "de-DE", "en-GB"),
        ("--angle", "magic", "technical"),
    ):
        answer = filled("generate", "M-1", option, value)
        assert answer.code == 2
        assert known in answer.err


def test_json_holds_the_texts_and_nothing_else_is_printed(filled):
    answer = filled("generate", "M-1", "--variants", "2", "--voice", "warm", "--json")
    items = answer.document["items"]
    assert [item["variant"] for item in items] == list(range(len(items)))
    assert all(
        sentence["verdict"] in ("supported", "claimless") for item in items for sentence in item["sentences"]
    )
    assert answer.err == ""
