"""`shelftalker facts`: what the API answers, for people and for programs."""

import pytest


def test_facts_with_their_ids_and_sources(filled):
    ran = filled("facts", "M-1")
    assert ran.code == 0
    assert "Material: stoneware  attribute:material" in ran.out
    assert "F1 " in ran.out


def test_the_document_is_that_of_the_api(filled):
    answer = filled("facts", "M-1", "--json").document
    assert answer.keys() == {"items", "conflicts", "set_aside"}
    assert "stoneware" in [item["value"] for item in answer["items"]]
    assert {item["score"] for item in answer["items"]} == {None}
    assert len(filled("facts", "M-1", "--limit", "1", "--json").document["items"]) == 1


def test_a_query_puts_what_answers_it_first(filled):
    items = filled("facts", "M-1", "--query", "stoneware", "--json").document["items"]
    assert items[0]["value"] == "stoneware"
    assert items[0]["score"] > 0
    for order in (["--angle", "care"], ["--template", "headline_variants"]):
        assert filled("facts", "M-1", *order, "--json").document["items"][0]["score"] is not None


def test_a_locale_asks_for_its_words(filled, tmp_path):
    feed = tmp_path / "localized.jsonl"
    feed.write_text(
        '{"sku": "P-1", "title": "Mug", "attributes": {"material": "clay"}, "locale": "en-US", '
        '"localized": {"de-DE": {"title": "Becher", "attributes": {"material": "Ton"}}}}\n'
    )
    assert filled("import", str(feed)).code == 0
    assert "Ton" in filled("facts", "P-1", "--locale", "de-DE").out
    assert "clay" in filled("facts", "P-1").out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["M-9"], "did you mean M-"),
        (["M-1", "--angle", "sideways"], "technical"),
        (["M-1", "--template", "poem"], "product_description"),
        (["M-1", "--limit", "0"], "--limit"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(filled, arguments, why):
    ran = filled("facts", *arguments)
    assert ran.code == 2
    assert why in ran.err
    assert ran.err.startswith("shelftalker: ")
    assert ran.err.count("\n") == 1
