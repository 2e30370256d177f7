"""`shelftalker documents …`: a guide in, shown, replaced and removed, from the terminal."""

from pathlib import Path

import pytest

FEED = "sku,title,category,material\nT-1,Meadow Tee,Clothing > T-Shirts,organic cotton\n"
GUIDE = "# Care guide\n\nWash inside out at 30 °C with similar colours.\n\n## Wool\n\nWash wool by hand.\n"


@pytest.fixture
def guide(cli, tmp_path: Path) -> Path:
    feed = tmp_path / "feed.csv"
    feed.write_text(FEED, encoding="utf-8")
    assert cli("import", str(feed)).code == 0
    path = tmp_path / "care.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


def test_the_life_of_a_guide(cli, guide: Path) -> None:
    added = cli("documents", "add", str(guide), "--category", "Clothing")
    assert added.code == 0
    assert "Added D1: Care guide (markdown, 2 facts) for category Clothing" in added.out
    assert "D1  Care guide" in cli("documents", "list").out
    shown = cli("documents", "show", "D1")
    assert "#2  Care guide > Wool" in shown.out
    assert "D1.1 Wash inside out" in shown.out
    written = cli("generate", "T-1")
    assert "Wash inside out at 30 °C with similar colours. [D1.1]" in written.out
    guide.write_text(GUIDE.replace("30", "20"), encoding="utf-8")
    replaced = cli("documents", "add", str(guide), "--replace", "D1", "--json")
    assert replaced.document["scope"]["category"] == ["Clothing"]
    assert (replaced.document["facts_changed"], replaced.document["copy_stale"]) == (1, 1)
    widened = cli("documents", "add", str(guide), "--replace", "D1", "--all-products", "--json")
    assert widened.document["scope"]["all"]
    removed = cli("documents", "remove", "D1", "--json")
    assert removed.document == {"id": "D1", "removed": True, "copy_stale": 0}
    assert cli("documents", "list", "--json").document == {"items": [], "next_cursor": None}


def test_json_is_what_the_api_answers(cli, guide: Path) -> None:
    added = cli("documents", "add", str(guide), "--sku", "T-1", "--title", "Mine", "--json").document
    assert (added["title"], added["scope"]["skus"]) == ("Mine", ["T-1"])
    shown = cli("documents", "show", "D1", "--json").document
    assert shown == {name: added[name] for name in shown}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["add", "nofile.md"], "No such file"),
        (["add", "GUIDE", "--brand", "Nope"], "no product has the brand 'Nope'"),
        (["add", "GUIDE", "--sku", "T-2"], "no product 'T-2'"),
        (["add", "GUIDE", "--brand", "A", "--category", "B"], "give one of --brand, --category"),
        (["add", "GUIDE", "--category", " > "], "--category is empty"),
        (["add", "GUIDE", "--format", "pdf"], "broken or no PDF"),
        (["add", "GUIDE", "--replace", "D9"], "no document 'D9'"),
        (["show", "D9"], "no document 'D9'"),
        (["remove", "D9"], "no document 'D9'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(cli, guide: Path, arguments: list[str], why: str) -> None:
    ran = cli("documents", *[str(guide) if word == "GUIDE" else word for word in arguments])
    assert ran.code == 2
    assert why in ran.err
    assert ran.err.count("\n") == 1


def test_the_same_again_is_unchanged(cli, guide: Path) -> None:
    cli("documents", "add", str(guide))
    again = cli("documents", "add", str(guide), "--replace", "D1")
    assert again.out == "Unchanged D1: Care guide (markdown, 2 facts) for all products\n"
    guide.write_text(GUIDE.replace("30", "20"), encoding="utf-8")
    assert "Replaced D1" in cli("documents", "add", str(guide), "--replace", "D1").out


def test_a_long_document_is_shown_in_part(cli, guide: Path) -> None:
    guide.write_text(
        "\n\n".join(f"# Part {n}\n\nSeam {n} is sewn twice. Hem {n} is sewn once." for n in range(60)),
        encoding="utf-8",
    )
    cli("documents", "add", str(guide))
    shown = cli("documents", "show", "D1").out
    assert shown.count("D1.") == 50
    assert "… and 70 more lines: --limit 120 shows all" in shown
    assert cli("documents", "show", "D1", "--limit", "120").out.count("is sewn") == 120
    assert "more line" not in cli("documents", "show", "D1", "--limit", "120").out
    assert len(cli("documents", "show", "D1", "--json").document["facts"]) == 120
    assert cli("documents", "show", "D1", "--limit", "0").code == 2


@pytest.mark.parametrize("extra", [1, 2**20])
def test_a_file_that_is_too_large_is_named_with_its_size(cli, tmp_path: Path, extra: int) -> None:
    size = 10 * 2**20 + extra
    with (tmp_path / "big.md").open("wb") as file:
        file.truncate(size)
    ran = cli("documents", "add", "big.md")
    assert ran.code == 2
    assert ran.err == (
        f"shelftalker: big.md: a document may have 10 MB; this one has {size / 2**20:.1f} MB ({size:,} bytes)\n"
    )


@pytest.mark.parametrize("name", ["facts.json", "FACTS.JSON", "feed.jsonl"])
def test_data_is_no_document(cli, guide: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"care": "Wash at 30 degrees."}\n')
    ran = cli("documents", "add", name)
    assert ran.code == 2
    assert f"{name}: JSON" in ran.err
    assert "Markdown, HTML, text and PDF" in ran.err
    assert cli("documents", "add", name, "--format", "text").code == 0
