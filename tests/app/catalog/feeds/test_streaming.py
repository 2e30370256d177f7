"""Large files: constant memory, progress that never goes back, nothing left behind."""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalog.feeds import ProductRecord, open_feed

ROWS = 12_000


def generic(path: Path) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["sku", "title", "description", "price", "color", "gtin"])
        out.writerows(
            [f"S{i}", f"Mug {i}", "<p>Soft and warm.</p>" * 4, f"{i % 90}.50", "Blue", "4006381333931"]
            for i in range(ROWS)
        )


def grouped(path: Path) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, delimiter="\t")
        out.writerow(["id", "title", "image_link", "price", "color", "item_group_id"])
        # The variants of a product stand far apart.
        out.writerows(
            [f"S{i}", f"Mug {i % (ROWS // 2)}", "x.jpg", "5 EUR", f"C{i}", f"G{i % (ROWS // 2)}"]
            for i in range(ROWS)
        )


def xml(path: Path) -> None:
    item = "<item><g:id>S{0}</g:id><title>Mug {0}</title><description>{1}</description></item>\n"
    with path.open("w") as file:
        file.write('<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n')
        file.writelines(item.format(i, "soft and warm " * 8) for i in range(ROWS))
        file.write("</channel></rss>\n")


@pytest.mark.parametrize(("write", "products"), [(generic, ROWS), (grouped, ROWS // 2), (xml, ROWS)])
def test_progress_never_goes_back_and_ends_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], products: int
) -> None:
    path = tmp_path / "feed"
    write(path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    seen, marks = 0, []
    with open_feed(path) as feed:
        assert feed.total_bytes == path.stat().st_size
        assert feed.bytes_read == 0
        for item in feed.records():
            seen += isinstance(item, ProductRecord)
            marks.append(feed.bytes_read)
        assert feed.bytes_read == feed.total_bytes
    assert seen == products
    assert marks == sorted(marks)
    assert len(set(marks)) > 10
    assert list(scratch.iterdir()) == []


MEASURE = """
import resource, sys
from pathlib import Path
from app.catalog.feeds import open_feed
peaks = []
for path in sys.argv[1:]:
    with open_feed(Path(path)) as feed:
        for item in feed.records():
            pass
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(peaks[1] - peaks[0])
"""


@pytest.mark.parametrize("write", [generic, grouped, xml])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, write: Callable[[Path], None]) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    write(large)
    lines = large.read_text().splitlines(keepends=True)
    small.write_text("".join(lines[: ROWS // 10]) + ("</channel></rss>" if write is xml else ""))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(small), str(large)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 40 * 1024  # KB: the spool's page cache, not the rows


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, app.catalog.feeds; print([m for m in ('lxml', 'nh3', 'ftfy', 'charset_normalizer', 'yaml') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_records_may_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("sku,title\nA1,Mug\n")
    with open_feed(path) as feed:
        assert list(feed.records()) == list(feed.records())
