"""`shelftalker search` and `shelftalker index` with the index in Milvus."""

import time

import pytest

from tests.milvus_server import free_port

PASSWORD = "open-sesame-7"


def test_an_index_in_milvus_is_built_searched_and_shown(filled, tmp_path, monkeypatch):
    place = tmp_path / "shop.db"
    monkeypatch.setenv("SHELFTALKER_VECTOR_STORE_URL", f"milvus://{place}")
    found = filled("search", "oak", "--json")
    assert found.code == 0, found.err
    assert [item["sku"] for item in found.document["items"]] == ["M-2"]
    built = filled("index", "build", "--json")
    assert (built.code, built.document["products"], built.document["store"]) == (0, 2, "milvus")
    stands = filled("index", "status", "--json").document
    assert (stands["products"], stands["products_in_catalog"], stands["kept_by"]) == (2, 2, None)
    assert stands["folder"] == str(place)
    shown = filled("index", "status")
    assert shown.code == 0
    assert "2 products of 2 in the catalog" in shown.out
    assert not (tmp_path / "data" / "index").exists()


@pytest.mark.parametrize("command", [("search", "oak"), ("index", "build"), ("index", "status")])
def test_milvus_away_ends_with_three_and_one_line(filled, monkeypatch, command):
    url = f"milvus://ada:{PASSWORD}@127.0.0.1:{free_port()}"
    monkeypatch.setenv("SHELFTALKER_VECTOR_STORE_URL", url)
    started = time.monotonic()
    ran = filled(*command)
    assert ran.code == 3
    assert "Milvus at http://127.0.0.1:" in ran.err
    assert PASSWORD not in ran.out + ran.err
    assert ran.err.count("\n") == 1
    assert filled(*command, "--json").document["error"]["dependency"] == "milvus"
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "url", [f"http://ada:{PASSWORD}@h", f"milvus://ada:{PASSWORD}@h:port", f"milvus://{PASSWORD}@h"]
)
def test_a_url_that_is_none_is_bad_input(filled, monkeypatch, url):
    monkeypatch.setenv("SHELFTALKER_VECTOR_STORE_URL", url)
    ran = filled("search", "oak")
    assert ran.code == 2
    assert ran.err.startswith("shelftalker: SHELFTALKER_VECTOR_STORE_URL: ")
    assert PASSWORD not in ran.err
