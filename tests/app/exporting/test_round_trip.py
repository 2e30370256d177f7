"""What goes out and comes back changes nothing: over generated catalogs in every dialect, and the real files."""

import asyncio
import csv
import gzip
import io
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.catalog.service import ProductQuery
from app.storage.database import Database
from app.storage.tables import source_rows
from tests.app.exporting.conftest import Shop, open_shop
from tests.shelving import a_copy, shelve

# More with EXPORT_EXAMPLES=500, for those who change a reader or a writer.
EXAMPLES = int(os.environ.get("EXPORT_EXAMPLES", "8"))
WORDS = ["boxy", "tee", "of", "organic cotton", "with a", "ribbed collar", "Größe", "déjà", "15\" screen", "A, B; C", "it's", "100 %", "£9", "a=b|c", "tab\tbed"]  # fmt: skip
line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
prose = st.lists(line, min_size=1, max_size=3).map("\n".join)
markup = st.lists(line, min_size=1, max_size=3).map(
    lambda parts: "".join(f"<p>{escape(p)}.</p>\n" for p in parts).strip()
)
maybe = st.one_of(st.just(""), prose)
ours = st.lists(line, min_size=1, max_size=3).map(
    lambda parts: "".join(f"<p>Ours {escape(p)}.</p>" for p in parts)
)


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    encoding: str
    delimiter: str
    newline: str
    quoting: int
    preamble: str = ""


@dataclass(frozen=True)
class Catalog:
    """A file, its products' numbers with those of their variants, and the texts that are published for them."""

    data: bytes
    variants: dict[str, list[str]]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)


dialects = st.builds(
    Dialect,
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)


def table(rows: Sequence[dict[str, str]], dialect: Dialect) -> bytes:
    out = io.StringIO(newline="")
    out.write(dialect.preamble)
    writer = csv.DictWriter(
        out,
        list(rows[0]),
        delimiter=dialect.delimiter,
        lineterminator=dialect.newline,
        quoting=dialect.quoting,  # type: ignore[arg-type]  # one of csv's constants
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(dialect.encoding)


@st.composite
def texts(
    draw: st.DrawFn, variants: dict[str, list[str]], images: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Published fields for some of the products."""
    found: dict[str, dict[str, Any]] = {}
    for sku, members in variants.items():
        if draw(st.booleans()):
            said: dict[str, Any] = {
                "title": f"Ours {sku} {draw(line)}",
                "description_html": draw(ours),
                "bullets": draw(st.lists(line, min_size=1, max_size=3)),
                "meta_title": f"Ours {draw(line)}",
                "meta_description": f"Ours {draw(line)} ″→",
                "alt": {url: f"Ours {draw(line)}" for url in images},
                "variant_titles": {member: f"Ours {member} {draw(line)}" for member in members},
            }
            kept = draw(st.sets(st.sampled_from(sorted(said)), min_size=1))
            found[sku] = {name: value for name, value in said.items() if name in kept}
    return found


@st.composite
def shopify(draw: st.DrawFn) -> Catalog:
    new = draw(st.booleans())
    rows, variants, images = [], {}, []
    for number in range(draw(st.integers(1, 4))):
        handle, url = f"h-{number}", f"https://x.example/{number}.jpg"
        members = [f"S{number}-{i}" for i in range(draw(st.integers(1, 3)))]
        lone = len(members) == 1
        variants[members[0] if lone else handle] = [] if lone else members
        images.append(url)
        body = draw(st.one_of(markup, prose, st.just("")))
        for i, member in enumerate(members):
            first = i == 0
            row = {
                "URL handle" if new else "Handle": handle,
                "Title": f"Title {number} {draw(line)}" if first else "",
                "Description" if new else "Body (HTML)": body if first else "",
                "Vendor": "Fernweh" if first else "",
                "Option1 name" if new else "Option1 Name": ("Title" if lone else "Size") if first else "",
                "Option1 value" if new else "Option1 Value": "Default Title" if lone else f"Size {i}",
                "SKU" if new else "Variant SKU": member,
                "Price" if new else "Variant Price": "9.00",
                "Product image URL" if new else "Image Src": url if first else "",
                "Image alt text" if new else "Image Alt Text": draw(maybe) if first else "",
                "SEO title" if new else "SEO Title": draw(maybe) if first else "",
                "SEO description" if new else "SEO Description": draw(maybe) if first else "",
                "Cost per item": draw(st.sampled_from(["", "4.10"])),
                "My own column": draw(maybe) if first else "",
            }
            rows.append(row)
    return Catalog(table(rows, draw(dialects)), variants, draw(texts(variants, images)))


@st.composite
def magento(draw: st.DrawFn) -> Catalog:
    rows, variants, images = [], {}, []
    for number in range(draw(st.integers(1, 4))):
        sku, url = f"M{number}", f"/m/{number}.jpg"
        members = [f"M{number}-{i}" for i in range(draw(st.sampled_from([0, 2])))]
        variants[sku] = members
        images.append(url)

        def row(own: str, store: str, kind: str, visible: str, listed: str, url: str = url) -> dict[str, str]:
            return {
                "sku": own,
                "store_view_code": store,
                "attribute_set_code": "Default",
                "product_type": kind,
                "name": f"{own} {draw(line)}",
                "description": draw(st.one_of(markup, prose, st.just(""))),
                "short_description": draw(st.one_of(markup, st.just(""))),
                "price": "9.00" if not store else "",
                "visibility": visible,
                "product_online": "1" if not store else "",
                "meta_title": draw(maybe),
                "meta_description": draw(maybe),
                "base_image": url if not store else "",
                "base_image_label": draw(maybe) if not store else "",
                "additional_attributes": "material=cotton,fit=boxy" if not store else "",
                "configurable_variations": listed,
                "my_own": draw(maybe),
            }

        listed = "|".join(f"sku={member},size={i}" for i, member in enumerate(members))
        own = [row(m, "", "simple", "Not Visible Individually", "") for m in members]
        own.append(row(sku, "", "configurable" if members else "simple", "Catalog, Search", listed))
        if draw(st.booleans()):
            own.append(row(sku, draw(st.sampled_from(["en_us", "de", "shop_b"])), "", "", ""))
        rows += own
    return Catalog(table(rows, draw(dialects)), variants, draw(texts(variants, images)))


@st.composite
def items(draw: st.DrawFn) -> tuple[list[dict[str, str]], dict[str, list[str]]]:
    rows, variants = [], {}
    for number in range(draw(st.integers(1, 4))):
        members = [f"G{number}-{i}" for i in range(draw(st.integers(1, 3)))]
        grouped = len(members) > 1
        variants[f"G{number}" if grouped else members[0]] = members if grouped else []
        for i, member in enumerate(members):
            rows.append(
                {
                    "id": member,
                    "item_group_id": f"G{number}" if grouped else "",
                    "title": f"Tee {number} size {i} {draw(line)}".replace("\t", " "),
                    "description": draw(st.one_of(prose, markup)),
                    "link": "https://x.example/",
                    "image_link": f"https://x.example/{number}.jpg",
                    "price": "9.00 EUR",
                    "availability": "in stock",
                    "size": f"{i}",
                    "material": "cotton",
                    "custom_label_0": draw(line),
                }
            )
    return rows, variants


@st.composite
def google_table(draw: st.DrawFn) -> Catalog:
    rows, variants = draw(items())
    return Catalog(table(rows, draw(dialects)), variants, draw(texts(variants)))


@st.composite
def google_xml(draw: st.DrawFn) -> Catalog:
    rows, variants = draw(items())
    atom, cdata, plain = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "iso-8859-1"]))
    declared = encoding.removesuffix("-sig").upper()

    def element(name: str, value: str) -> str:
        prefix = "" if plain and name in {"title", "description"} else "g:"
        said = f"<![CDATA[{value}]]>" if cdata and name == "description" else escape(value)
        return f"<{prefix}{name}>{said}</{prefix}{name}>"

    tag = "entry" if atom else "item"
    body = "\n".join(
        f"<{tag}>" + "".join(element(n, v) for n, v in row.items() if v) + f"</{tag}>" for row in rows
    )
    ns = 'xmlns:g="http://base.google.com/ns/1.0"'
    head = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {ns}><title>Shop</title>'
        if atom
        else f'<rss version="2.0" {ns}><channel><title>Shop</title>'
    )
    tail = "</feed>" if atom else "</channel></rss>"
    data = f'<?xml version="1.0" encoding="{declared}"?>\n{head}\n{body}\n{tail}\n'
    return Catalog(data.encode(encoding), variants, draw(texts(variants)))


@st.composite
def generic(draw: st.DrawFn) -> Catalog:
    rows, variants = [], {}
    for number in range(draw(st.integers(1, 5))):
        sku = f"C{number}"
        variants[sku] = []
        rows.append(
            {
                "Artikel-Nr.": sku,
                "Bezeichnung": f"Ding {number} {draw(line)}",
                "Beschreibung": draw(st.one_of(markup, prose, st.just(""))),
                "title_fr": draw(st.one_of(line, st.just(""))),
                "description_fr": draw(st.one_of(markup, st.just(""))),
                "Preis (EUR)": "9,00",
                "Material": "Baumwolle",
                "Eigenes": draw(maybe),
            }
        )
    return Catalog(table(rows, draw(dialects)), variants, draw(texts(variants)))


@st.composite
def json_lines(draw: st.DrawFn) -> Catalog:
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        row: dict[str, Any] = {
            "sku": f"J{number}",
            "title": f"Ding {number} {draw(line)}",
            "description": draw(st.one_of(markup, prose, st.none())),
            "price": {"amount": "9.00", "currency": "EUR"},
            "attributes": {"material": "cotton"},
            "extra": {"depth": 1.50, "list": [1, 2]},
        }
        if draw(st.booleans()):
            row["localized"] = {"fr-FR": {"title": draw(line), "description": draw(markup)}}
        rows.append(row)
    dumped = [json.dumps(row, ensure_ascii=draw(st.booleans())) for row in rows]
    data = "[\n" + ",\n".join(dumped) + "\n]\n" if draw(st.booleans()) else "".join(f"{d}\n" for d in dumped)
    variants: dict[str, list[str]] = {row["sku"]: [] for row in rows}
    return Catalog(data.encode(), variants, draw(texts(variants)))


async def state(shop: Shop) -> object:
    page = await shop.catalog.list_products(ProductQuery(), 200)
    async with shop.database.session() as session:
        cells = await session.execute(
            select(
                source_rows.c.sku, source_rows.c.layout, source_rows.c.ordinal, source_rows.c.cells
            ).order_by(source_rows.c.sku, source_rows.c.layout, source_rows.c.ordinal)
        )
        return [(p.product, p.facts, p.facts_hash, p.import_id) for p in page.items], cells.all()


async def round_trip(template: Path, catalog: Catalog, authorship: str, *, to_the_byte: bool) -> None:
    folder = Path(tempfile.mkdtemp(prefix="round-trip-"))
    try:
        shutil.copy(template, folder / "shop.db")
        async with (
            Database(f"sqlite:///{folder / 'shop.db'}") as database,
            open_shop(database, folder) as shop,
        ):
            first = await shop.take(catalog.data)
            assert first.counts.created == len(catalog.variants), first.rejected
            assert first.counts.rejected_rows == 0
            if to_the_byte:
                assert await shop.give() == catalog.data
            before = await state(shop)
            copies = [a_copy(sku, said, authorship=authorship) for sku, said in catalog.texts.items()]
            await shelve(database, copies)
            every = ("title", "description_html", "bullets", "meta_title", "meta_description", "alt")
            for fields in ((), every):
                given_back = await shop.give(fields=fields)
                again = await shop.take(given_back, "again")
                assert (again.format, again.counts.unchanged) == (first.format, len(catalog.variants)), again
                counts = again.counts
                assert (counts.created, counts.updated, counts.facts_changed, counts.copy_stale) == (
                    0,
                    0,
                    0,
                    0,
                )
                assert (counts.edited_outside, counts.rejected_rows) == (0, 0), again.rejected
                assert await state(shop) == before
                assert await shop.give(fields=fields) == given_back
    finally:
        shutil.rmtree(folder)


authorships = st.sampled_from(["template", "llm", "human"])


@pytest.mark.parametrize(
    ("catalogs", "to_the_byte"),
    [
        pytest.param(shopify(), True, id="shopify"),
        pytest.param(magento(), True, id="magento"),
        pytest.param(google_table(), True, id="google_table"),
        pytest.param(google_xml(), False, id="google_xml"),
        pytest.param(generic(), True, id="generic"),
        pytest.param(json_lines(), False, id="json_lines"),
    ],
)
def test_what_comes_back_changes_nothing(
    sqlite_template: Path, catalogs: st.SearchStrategy[Catalog], to_the_byte: bool
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(
            Phase.generate,
        ),  # a smaller example of a failure costs minutes; ask for it when there is one
    )
    @given(catalogs, authorships)
    def check(catalog: Catalog, authorship: str) -> None:
        asyncio.run(round_trip(sqlite_template, catalog, authorship, to_the_byte=to_the_byte))

    check()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "products.csv.gz",
        "products_gear_bags.csv",
        "products_gear_watches.csv",
        "products_gear_fitness_equipment.csv",
    ],
)
async def test_real_shops_come_back_as_they_were(shared_data: Path, small_shop: Shop, name: str) -> None:
    packed = (shared_data / "magento_luma" / name).read_bytes()
    data = gzip.decompress(packed) if name.endswith(".gz") else packed
    first = await small_shop.take(data)
    before = await state(small_shop)
    page = await small_shop.catalog.list_products(ProductQuery(), 200)
    await shelve(
        small_shop.database,
        [
            a_copy(
                p.product.sku,
                {
                    "title": f"Ours {p.product.sku}",
                    "description_html": "<p>Ours.</p>",
                    "bullets": ["ours"],
                    "meta_title": "Ours",
                },
            )
            for p in page.items
        ],
    )
    given_back = await small_shop.give(fields=("title", "description_html", "bullets", "meta_title"))
    was, now = (
        list(csv.DictReader(io.StringIO(d.decode("utf-8-sig"), newline=""))) for d in (data, given_back)
    )
    copy_columns = {"name", "description", "short_description", "meta_title"}
    assert [{k: v for k, v in row.items() if k not in copy_columns} for row in now] == [
        {k: v for k, v in row.items() if k not in copy_columns} for row in was
    ]
    again = await small_shop.take(given_back, "again.csv", mode="full")
    assert (again.counts.unchanged, again.counts.edited_outside) == (first.counts.created, 0)
    assert await state(small_shop) == before
