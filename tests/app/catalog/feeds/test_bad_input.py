"""Files that cannot be read at all: one clear sentence, before anything is yielded."""

import gzip
import io
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalog.feeds import open_feed
from app.errors import Invalid
from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "sku,title\nA1,Mug\n")
    return out.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><rss><channel><item><id>1</id><title>&i;</title></item></channel></rss>"
)

CASES = {
    "nothing": (b"", "empty"),
    "white space": (b" \n\t\r\n", "white space"),
    "only a mark": (b"\xef\xbb\xbf", "white space|empty"),
    "zeros": (b"\x00" * 500, "empty|binary"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "PNG image"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(50), "JPEG image"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF document"),
    "ZIP": (zipped("products.csv"), "ZIP archive"),
    "XLSX": (zipped("xl/workbook.xml"), "Excel workbook"),
    "XLS": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Excel"),
    "ELF": (b"\x7fELF\x02\x01\x01" + bytes(100), "executable"),
    "EXE": (b"MZ\x90\x00\x03\x00" + bytes(100), "executable"),
    "SQLite": (b"SQLite format 3\x00" + bytes(100), "SQLite"),
    "noise": (bytes(range(256)) * 20, "binary"),
    "gzip in gzip": (gzip.compress(gzip.compress(b"sku,title\nA1,Mug\n")), "gzip inside gzip"),
    "cut gzip": (gzip.compress(b"sku,title\n" + b"A1,Mug\n" * 500)[:-20], "cut off"),
    "damaged gzip": (gzip.compress(b"sku,title\nA1,Mug\n" * 50)[:20] + b"\xff" * 40, "damaged|cut off"),
    "only a header": (b"sku,title,price\n", "nothing below"),
    "only a Shopify header": (b"Handle,Title,Variant SKU,Variant Price\r\n\r\n", "nothing below"),
    "no header": (b"A1,Blue mug,12.50\nA2,Red mug,13.50\n", "No line names the columns"),
    "no number": (b"title,price,color\nMug,5,red\n", "product number"),
    "prose": (b"Dear shop,\nplease find our products attached.\nRegards\n", "begins with|names the columns"),
    "source code": (b"#include <stdio.h>\nint main() { return 0; }\n", "begins with"),
    "log": (b"2026-01-02 12:00:00 INFO started\n2026-01-02 12:00:01 INFO done\n", "begins with"),
    "web page": (b"<!DOCTYPE html><html><head><title>Login</title></head></html>", "web page"),
    "other XML": (b"<?xml version='1.0'?><catalog><book/></catalog>", "<catalog>"),
    "no items": (b"<rss version='2.0'><channel><title>Shop</title></channel></rss>", "no product"),
    "cut XML": (b"<rss><channel><item><id>1</id><title>x</title></item><item><id>", "malformed on line 1"),
    "undeclared prefix": (b"<rss><channel><item><g:id>1</g:id></item></channel></rss>", "xmlns:g"),
    "undeclared entity": (
        b"<rss><channel><item><id>1</id><title>a&nbsp;b</title></item></channel></rss>",
        "malformed",
    ),
    "entity bomb": (BOMB.encode(), "entit"),
    "outside entity": (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><id>&x;</id></item></channel></rss>',
        "entit",
    ),
    "JSON object": (b'{\n"products": [{"sku": "A1", "title": "Mug"}]\n}', "JSON Lines"),
    "pretty JSON": (b'{\n  "sku": "A1",\n  "title": "Mug"\n}\n', "JSON Lines"),
    "broken JSON": (b"{sku: A1}\n{sku: A2}\n", "JSON Lines"),
    "not text": (b"sku,title\nA1,\xff\xfe\xfa\x81\x8d\n", "neither UTF-8"),
    "half UTF-16": ("sku,title\nA1,Mug\n".encode("utf-16")[:-1], "UTF-16"),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong(read: Read, name: str) -> None:
    data, words = CASES[name]
    with pytest.raises(Invalid, match=words):
        read(data)


def test_broken_xml_yields_nothing_even_where_it_begins_well(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    item = "<item><g:id>{}</g:id><title>Mug</title></item>\n"
    body = "".join(item.format(i) for i in range(500))
    path.write_text(f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n{body}<item></channel></rss>')
    with open_feed(path) as feed, pytest.raises(Invalid, match="line 502"):
        next(feed.records())


def test_an_unknown_format_lists_the_known_ones(read: Read) -> None:
    with pytest.raises(Invalid, match="shopify, magento, google, csv, jsonl"):
        read(b"sku,title\nA1,Mug\n", "exel")


@pytest.mark.parametrize(
    ("data", "asked", "words"),
    [
        (b"sku,title\nA1,Mug\n", "shopify", "handle"),
        (b"sku,title\nA1,Mug\n", "jsonl", "table"),
        (b'{"sku": "A1", "title": "Mug"}\n', "csv", "JSON Lines"),
        (b"<rss><channel><item/></channel></rss>", "magento", "XML"),
    ],
)
def test_a_format_that_the_file_is_not(read: Read, data: bytes, asked: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(data, asked)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(Invalid, match="file"), open_feed(path):
            pass


def test_a_line_of_200_mb_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"sku,title\nA1,")
        for _ in range(200):
            file.write(b"x" * 1024**2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid, match="Line 2 is longer than 8 MB"), open_feed(path):
        pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_a_gzip_bomb_stops_early(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=6) as file:
        for _ in range(200):
            file.write(b"sku,title\nA1,Mug\n" * 61_681)
    with pytest.raises(Invalid, match="unpacks to more than"), open_feed(path):
        pass


def test_an_xml_item_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "endless.xml"
    path.write_text("<rss><channel><item>" + "<a>x</a>" * 3_000_000 + "</item></channel></rss>")
    with open_feed(path) as feed, pytest.raises(Invalid, match="longer than 16 MB"):
        list(feed.records())
