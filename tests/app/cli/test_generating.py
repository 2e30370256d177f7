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


def test_the_brief_may_be_given_a_keyphrase_an_audience_and_instructions(filled):
    plain = filled("generate", "M-1", "--json").document
    for option, value in (
        ("--keyphrase", "blue mug"),
        ("--audience", "campers"),
        ("--instructions", "Be brief."),
    ):
        answer = filled("generate", "M-1", option, value, "--json").document
        assert answer["written"] == 1  # another order: it is not current
        assert answer["items"][0]["id"] != plain["items"][0]["id"]
    assert filled("generate", "M-1", "--keyphrase", " ", "--json").document["skipped"] == 1


def test_a_brief_that_is_too_long_is_bad_input(filled):
    answer = filled("generate", "M-1", "--keyphrase", "x" * 201)
    assert answer.code == 2
    assert answer.err == "shelftalker: --keyphrase: at most 200 characters, these are 201\n"


def test_what_a_guide_says_against_a_product_is_told(filled, tmp_path):
    wash = tmp_path / "wash.csv"
    wash.write_text(
        "sku,title,material,care\nT-1,Meadow Tee,cotton,machine wash at 40 °C\n", encoding="utf-8"
    )
    guide = tmp_path / "care.md"
    guide.write_text("# Care\n\nHand wash only.\n")
    assert filled("import", str(wash)).code == 0
    assert filled("documents", "add", str(guide), "--sku", "T-1").code == 0
    shown = filled("generate", "--all").out
    (line,) = [line for line in shown.splitlines() if "Hand wash only." in line]
    assert line.startswith("  T-1: ")
    assert "shelftalker facts T-1" in line
    (conflict,) = filled("generate", "--all", "--json").document["conflicts"]
    assert (conflict["sku"], conflict["id"], conflict["text"]) == ("T-1", "D1.1", "Hand wash only.")
    facts = filled("facts", "T-1")
    assert "D1.1 not used: Hand wash only." in facts.out
