"""`shelftalker search` and `shelftalker index`: without a server."""


def test_a_product_is_found_by_its_words(filled):
    ran = filled("search", "stoneware mug")
    assert ran.code == 0
    assert "M-1" in ran.out
    assert "Blue Mug" in ran.out
    assert "M-2" not in ran.out
    assert ran.err == "shelftalker: SHELFTALKER_EMBEDDING_MODEL is off: search goes by words alone\n"
    assert filled("search", "mug", "--words-only").err == "shelftalker: by words alone: --words-only\n"


def test_the_product_whose_code_the_query_is_is_marked(filled):
    assert "exact" in filled("search", "m-1").out
    assert "exact" not in filled("search", "mug").out
    assert [item["exact"] for item in filled("search", "m-1", "--json").document["items"]][:1] == [True]


def test_the_document_is_that_of_the_api(filled):
    answer = filled("search", "oak", "--json").document
    assert answer.keys() == {"items", "dense", "complete"}
    assert [(item["sku"], item["title"]) for item in answer["items"]] == [("M-2", "Oak Board")]
    assert filled("search", "m-1", "--json").document["items"][0]["sku"] == "M-1"


def test_filters(filled, tmp_path):
    more = tmp_path / "more.csv"
    more.write_text(
        "sku,title,brand,category\nL-1,Oak Lamp,Lumen,Home > Lamps\nL-2,Oak Desk,Other,Home > Desks\n"
    )
    assert filled("import", str(more)).code == 0

    def skus(*options):
        return {item["sku"] for item in filled("search", "oak", *options, "--json").document["items"]}

    assert skus() == {"M-2", "L-1", "L-2"}
    assert skus("--brand", "lumen") == {"L-1"}
    assert skus("--category", "Home") == {"L-1", "L-2"}
    assert skus("--category", "Home > Desks") == {"L-2"}
    assert skus("--status", "discontinued") == set()
    assert len(skus("--limit", "1")) == 1
    assert skus("--category", "desks") == {"L-2"}
    wrong = filled("search", "oak", "--category", "Lamp", "--brand", "Lumne")
    assert wrong.code == 2
    assert wrong.err == (
        "shelftalker: brand: no product has the brand 'Lumne'; did you mean 'Lumen'?; "
        "category: no product is in the category 'Lamp'; did you mean 'Home > Lamps'?\n"
    )


def test_what_cannot_be_searched_for_is_bad_input(filled):
    for arguments in (("",), ("   ",), ("x" * 501,), ("oak", "--status", "gone"), ("oak", "--limit", "0")):
        ran = filled("search", *arguments)
        assert ran.code == 2
        assert ran.err.startswith("shelftalker: ")
    assert filled("search", "", "--json").document["error"]["errors"][0]["pointer"] == "query/q"


def test_nothing_found_is_no_failure(filled):
    ran = filled("search", "zeppelin")
    assert (ran.code, ran.out) == (0, "Nothing was found.\n")
    assert filled("search", "zeppelin", "--json").document == {
        "items": [],
        "dense": False,
        "complete": True,
    }


def test_an_index_is_built_and_says_how_it_stands(filled, tmp_path):
    before = filled("index", "status", "--json").document
    assert (before["saved_at"], before["products"], before["products_in_catalog"]) == (None, 0, 2)
    built = filled("index", "build", "--json").document
    assert (built["ready"], built["products"], built["vectors"]) == (True, 2, 0)
    after = filled("index", "status", "--json").document
    assert (after["products"], after["kept_by"]) == (2, None)
    assert after["saved_at"] is not None
    assert "2 products of 2" in filled("index", "status").out


def test_a_damaged_index_is_built_anew(filled, tmp_path):
    filled("index", "build")
    shelf = tmp_path / "data" / "index" / "shelves" / "active"
    for file in shelf.iterdir():
        file.write_bytes(file.read_bytes()[:10])
    ran = filled("search", "oak", "--json")
    assert [item["sku"] for item in ran.document["items"]] == ["M-2"]
    assert "built anew" in ran.err
    assert all(line.startswith("shelftalker: ") for line in ran.err.splitlines())
    assert "built anew" not in filled("search", "oak").err


def test_what_is_saved_and_cannot_be_told_is_not_nothing(filled, tmp_path):
    assert "No index is saved" in filled("index", "status").out
    filled("index", "build")
    about = tmp_path / "data" / "index" / "about.json"
    whole = about.read_text()
    for damaged in ("{", "[]", "null", '{"products": 2}', whole.replace("2", '"many"', 1), whole[:-5]):
        about.write_text(damaged)
        told = filled("index", "status")
        assert told.code == 0
        assert "An index is saved, but" in told.out
        assert filled("index", "status", "--json").document["trouble"] == "about.json is damaged"
    about.unlink()
    assert "about.json is missing" in filled("index", "status").out
    about.write_text("{")
    ran = filled("search", "oak", "--json")
    assert [item["sku"] for item in ran.document["items"]] == ["M-2"]
    assert ran.err == "shelftalker: index is built anew: about.json is damaged\n"
    assert filled("index", "status", "--json").document["trouble"] is None
