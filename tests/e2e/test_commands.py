"""Commands as processes: interrupted, on a terminal, on a full disk."""

import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.e2e.conftest import environment, shelftalker

PRODUCTS = 400


def start(data, *arguments, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "app", *arguments], env=environment(data), **options)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    feed = folder / "feed.csv"
    rows = (f"M-{i},Mug {i},stoneware,blue" for i in range(PRODUCTS))
    feed.write_text("\n".join(["sku,title,material,color", *rows]))
    assert shelftalker(folder / "data", "import", str(feed)).returncode == 0
    return folder / "data"


@pytest.fixture
def shop(imported, tmp_path):
    """A catalog that takes a while to write for."""
    return shutil.copytree(imported, tmp_path / "data")


def test_a_run_that_was_stopped_goes_on_where_it_was(shop):
    process = start(
        shop, "generate", "--all", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    with sqlite3.connect(shop / "shelftalker.db") as database:
        while time.monotonic() < deadline:
            if database.execute("SELECT count(*) FROM copies").fetchone()[0]:
                break
            time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    stopped = json.loads(out)
    assert stopped["stopped"] is True
    rest = json.loads(shelftalker(shop, "generate", "--all", "--json").stdout)
    assert rest["failed"] == []
    assert rest["written"] + rest["skipped"] == PRODUCTS
    # A batch may have been stored whose news did not arrive any more.
    assert rest["skipped"] >= stopped["written"] > 0
    again = json.loads(shelftalker(shop, "generate", "--all", "--json").stdout)
    assert (again["written"], again["skipped"]) == (0, PRODUCTS)


def test_a_bar_on_a_terminal_and_colours_that_stop_at_a_pipe(shop):
    main, side = pty.openpty()
    process = start(shop, "generate", "--all", stdout=subprocess.PIPE, stderr=side, text=True)
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    out, _ = process.communicate(timeout=60)
    os.close(main)
    assert process.returncode == 0
    assert re.search(rb"Writing.*%", shown)
    assert "\x1b" not in out
    assert f"{PRODUCTS:,} products written" in out


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's full device")  # noqa: PTH110 - a device
def test_a_full_disk_behind_standard_output_is_code_3(shop):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        process = start(shop, "copy", "list", "--json", stdout=full, stderr=subprocess.PIPE, text=True)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert err.count("\n") == 1


def test_a_killed_import_leaves_whole_products(tmp_path):
    rows = 6000
    feed = tmp_path / "feed.csv"
    feed.write_text("\n".join(["sku,title,material", *(f"K-{i},Cup {i},porcelain" for i in range(rows))]))
    data = tmp_path / "data"
    assert shelftalker(data, "db", "upgrade").returncode == 0
    process = start(data, "import", str(feed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with sqlite3.connect(data / "shelftalker.db") as database:
        while process.poll() is None and not database.execute("SELECT count(*) FROM products").fetchone()[0]:
            time.sleep(0.02)
    process.kill()
    process.wait(timeout=20)
    again = json.loads(shelftalker(data, "import", str(feed), "--json").stdout)
    assert again["status"] == "done"
    assert again["created"] + again["unchanged"] == rows
    assert again["updated"] == 0
