from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]

COLUMNS = (
    "id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tavailability\tprice\tsale_price\tsale_price_effective_date\t"
    "google_product_category\tproduct_type\tbrand\tgtin\tmpn\tcolor\tsize\tmaterial\titem_group_id\tcustom_label_0\tshipping"
)
ROWS = (
    (
        "T-R-S\tMoss Tee – Red – S\tSoft\thttps://s/t\thttps://s/r.jpg\thttps://s/r2.jpg,https://s/r3.jpg\tin stock\t18.00 EUR\t12.00 EUR\t"
        "2026-02-24T11:07+0100/2026-02-28T23:07+0100\t1604\tMen > Tops > Tees\tFernly\t4006381333931\tMP1\tRed\tS\tCotton\tT\tmargin\tDE:::5 EUR"
    ),
    "MUG\tClay Mug\tGlazed\thttps://s/m\thttps://s/m.jpg\t\tout of stock\t12.00 EUR\t\t\tHome > Kitchen\t\tFernly\t\tMP2\tBlue\t\tClay\t\t\t",
    "T-R-M\tMoss Tee – Red – M\tSoft\thttps://s/t2\thttps://s/r.jpg\t\tpreorder\t19.00 EUR\t\t\t1604\tMen > Tops > Tees\tFernly\t\tMP3\tRed\tM\tCotton\tT\t\t",
    "MUG\tAgain\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
    "\tNo id\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
    "NT\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
)
TSV = "\n".join((COLUMNS, *ROWS)) + "\n"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
<channel>
<title>Fernly</title><link>https://s</link>
<item>
  <g:id>T-R-S</g:id><g:title>Moss Tee – Red – S</g:title><g:description>&lt;p&gt;Soft &amp;amp; warm&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</g:description>
  <g:link>https://s/t</g:link><g:image_link>https://s/r.jpg</g:image_link><g:additional_image_link>https://s/r2.jpg</g:additional_image_link>
  <g:additional_image_link>https://s/r3.jpg</g:additional_image_link><g:availability>in_stock</g:availability><g:price>18.00 EUR</g:price>
  <g:product_type><![CDATA[Men > Tops > Tees]]></g:product_type><g:brand>Fernly</g:brand><g:gtin>4006381333932</g:gtin>
  <g:color>Red</g:color><g:size>S</g:size><g:material>Cotton</g:material><g:item_group_id>T</g:item_group_id>
  <g:product_highlight>Ribbed collar</g:product_highlight><g:product_highlight>Boxy cut</g:product_highlight>
  <g:product_detail><g:section_name>Fabric</g:section_name><g:attribute_name>Weight</g:attribute_name><g:attribute_value>180 g/m²</g:attribute_value></g:product_detail>
  <g:shipping><g:country>DE</g:country><g:price>5 EUR</g:price></g:shipping><g:custom_label_0>margin</g:custom_label_0>
</item>
<item><g:id>T-R-M</g:id><g:title>Moss Tee – Red – M</g:title><g:price>19.00 EUR</g:price><g:color>Red</g:color><g:size>M</g:size><g:material>Cotton</g:material><g:item_group_id>T</g:item_group_id></item>
<item>
  <g:id>MUG</g:id><title>Clay &amp; Glaze Mug</title><description>Glazed</description><link>https://s/m</link><g:price>abc</g:price>
</item>
<item><g:id>CUP</g:id><title>&lt;b&gt;Clay&lt;/b&gt; Cup</title><g:price>7 EUR</g:price></item>
</channel>
</rss>
"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<title>Fernly</title><link rel="self" href="https://s"/><updated>2026-01-01T00:00:00Z</updated>
<entry><id>tag:s,2026:mug</id><g:id>MUG</g:id><title>Clay Mug</title><link href="https://s/m"/><summary>Glazed</summary><g:price>12 EUR</g:price><g:availability>in stock</g:availability></entry>
</feed>
"""


def test_a_table_groups_its_items(read: Read) -> None:
    seen = read(TSV)
    assert seen.format == "google"
    assert list(seen.products) == ["T", "MUG"]
    tee, mug = seen.products["T"], seen.products["MUG"]
    assert tee.title == "Moss Tee – Red"
    assert [(v.sku, dict(v.options), v.gtin, v.image) for v in tee.variants] == [
        ("T-R-S", {"size": "S"}, "4006381333931", "https://s/r.jpg"),
        ("T-R-M", {"size": "M"}, None, "https://s/r.jpg"),
    ]
    assert tee.category == ("Men", "Tops", "Tees")
    assert tee.price is not None
    assert tee.sale_price is not None
    assert (tee.price.amount, tee.price.currency, tee.sale_price.amount) == (Decimal("18.00"), "EUR", 12)
    assert tee.sale_from is not None
    assert [i.url for i in tee.images] == ["https://s/r.jpg", "https://s/r2.jpg", "https://s/r3.jpg"]
    assert tee.availability == "in_stock"
    assert tee.attributes["color"] == "Red"
    assert tee.attributes["mpn"] == ("MP1", "MP3")
    assert not {"custom_label_0", "shipping"} & tee.attributes.keys()
    assert (mug.category, mug.availability, mug.attributes["color"]) == (
        ("Home", "Kitchen"),
        "out_of_stock",
        "Blue",
    )
    assert [(r.line, r.sku) for r in seen.rejected] == [(5, "MUG"), (6, None), (7, "NT")]


def test_the_same_as_csv_or_with_spaces_in_its_names(read: Read) -> None:
    header = COLUMNS.replace("_", " ")
    assert list(read("\n".join((header, *ROWS)) + "\n").products) == ["T", "MUG"]
    assert (
        read('id,title,image link,price,availability\nA,"Mug, blue",https://s/a.jpg,5 EUR,in stock\n').format
        == "google"
    )


def test_rss(read: Read) -> None:
    seen = read(RSS)
    assert (seen.format, seen.dialect["flavour"]) == ("google", "rss")
    assert list(seen.products) == ["T", "CUP"]
    tee = seen.products["T"]
    assert tee.description == "<p>Soft &amp; warm</p>"
    assert (tee.attributes["material"], tee.attributes["color"]) == ("Cotton", "Red")
    assert tee.attributes["product_highlight"] == ("Ribbed collar", "Boxy cut")
    # What one item alone says is said of that variant, not of the product.
    assert [dict(v.options) for v in tee.variants] == [{"size": "S", "Weight": "180 g/m²"}, {"size": "M"}]
    assert seen.products["CUP"].title == "Clay Cup"
    assert [(r.line, r.sku) for r in seen.rejected] == [(16, "MUG")]
    assert [(n.line, n.sku) for n in seen.notes] == [(5, "T-R-S"), (1, None)]


@pytest.mark.parametrize("feed", [TSV, RSS])
def test_what_stays_in_the_rows_is_said_once(read: Read, feed: str) -> None:
    said = [n.detail for n in read(feed).notes if n.sku is None]
    assert len(said) == 1
    assert "shipping" in said[0]
    assert "custom_label_0" in said[0]


def test_rss_rows_keep_their_text_and_lines(read: Read) -> None:
    seen = read(RSS)
    row = seen.records[0].rows[0]
    assert row.line == 5
    assert row.cells[0].startswith("<item")
    assert "custom_label_0" in row.cells[0]
    assert seen.dialect["head"].endswith("<link>https://s</link>\n")


def test_atom(read: Read) -> None:
    seen = read(ATOM)
    assert (seen.format, seen.dialect["flavour"]) == ("google", "atom")
    mug = seen.only
    assert (mug.sku, mug.title, mug.description, mug.url, mug.availability) == (
        "MUG",
        "Clay Mug",
        "Glazed",
        "https://s/m",
        "in_stock",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "cp1252"])
def test_xml_in_other_encodings(read: Read, encoding: str) -> None:
    declared = {"cp1252": "UTF-8"}.get(encoding, encoding.upper())  # cp1252 that says it is UTF-8
    xml = ATOM.replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1).replace(
        "Clay Mug", "Tasse café crème"
    )
    assert read(xml.encode(encoding)).only.title == "Tasse café crème"


def test_a_feed_on_one_line(read: Read) -> None:
    assert list(read(RSS.replace("\n", " ")).products) == ["T", "CUP"]


def test_an_item_that_is_its_own_group_stays_a_variant(read: Read) -> None:
    seen = read(
        "id,title,image_link,color,item_group_id\nA1,Tee Red,x.jpg,Red,A1\nA2,Tee Blue,y.jpg,Blue,A1\n"
    )
    assert [(v.sku, v.options["color"]) for v in seen.only.variants] == [("A1", "Red"), ("A2", "Blue")]
    assert (seen.only.sku, seen.only.title) == ("A1", "Tee")


@pytest.mark.parametrize(
    ("cell", "attributes"),
    [
        ("General:Weight:180 g,General:Fit:Boxy", {"Weight": "180 g", "Fit": "Boxy"}),
        (":Weight:4,5 kg,:Fit:Boxy", {"Weight": "4,5 kg", "Fit": "Boxy"}),
        ("Weight:180 g,Fit:Boxy", {"Weight": "180 g", "Fit": "Boxy"}),
        ("Care:Wash:Cold, by hand,Care:Note:dry: flat", {"Wash": "Cold, by hand", "Note": "dry: flat"}),
        ("Care:Wash:Cold, note: by hand", {"Wash": "Cold, note: by hand"}),
        ('Care:Wash:"Cold, Dry:Iron:no",Care:Fit:Boxy', {"Wash": "Cold, Dry:Iron:no", "Fit": "Boxy"}),
        ('"Care:Wash:Cold, by hand","Care:Fit:Boxy"', {"Wash": "Cold, by hand", "Fit": "Boxy"}),
        ('Display:Size:15.6",Display:Ratio:16:9', {"Size": '15.6"', "Ratio": "16:9"}),
        ("Front:Camera:12 MP,Back:Camera:8 MP", {"Camera": ("12 MP", "8 MP")}),
    ],
)
def test_details_of_a_table_are_attributes(read: Read, cell: str, attributes: dict[str, str]) -> None:
    seen = read(f"id\ttitle\timage_link\tprice\tproduct_detail\nA\tTee\tx.jpg\t5 EUR\t{cell}\n")
    assert (seen.format, seen.only.attributes, seen.notes) == ("google", attributes, ())
    assert seen.records[0].present >= {f"attributes.{name}" for name in attributes}


def test_a_detail_that_cannot_be_parted_stays_whole_and_is_noted(read: Read) -> None:
    seen = read("id\ttitle\timage_link\tproduct_detail\nA\tTee\tx.jpg\tsoft and warm, boxy\n")
    assert seen.only.attributes == {"product_detail": "soft and warm, boxy"}
    assert [(n.line, n.sku) for n in seen.notes] == [(2, "A")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Ribbed collar,Boxy cut", ("Ribbed collar", "Boxy cut")),
        ("Ribbed collar, Boxy cut", ("Ribbed collar", "Boxy cut")),
        ("Soft, warm and dry,Boxy cut", ("Soft, warm and dry", "Boxy cut")),
        ("Soft, warm and dry", "Soft, warm and dry"),
        ('"Soft, Warm",Holds 1,5 l', ("Soft, Warm", "Holds 1,5 l")),
    ],
)
def test_highlights_of_a_table_are_a_list(read: Read, cell: str, value: object) -> None:
    seen = read(f"id\ttitle\timage_link\tproduct_highlight\nA\tTee\tx.jpg\t{cell}\n")
    assert seen.only.attributes == {"product_highlight": value}
