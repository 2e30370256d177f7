"""Generic tables: columns by their usual names, dirt of every kind, good rows in and bad rows named."""

import csv
import gzip
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]


def test_usual_spellings_in_several_languages_name_the_same_fields(read: Read) -> None:
    english = read("Article Number,Name,Price,Brand,Colour\nA1,Mug,12.50,Acme,Blue\n").only
    german = read("Artikel-Nr.;Bezeichnung;Preis (EUR);Hersteller;Farbe\nA1;Becher;12,50;Acme;Blau\n").only
    french = read(
        "Référence\tNom du produit\tPrix TTC\tMarque\tCouleur\nA1\tTasse\t12,50 €\tAcme\tBleu\n"
    ).only
    assert (english.sku, english.title, english.brand) == ("A1", "Mug", "Acme")
    assert english.price is not None
    assert english.price.amount == Decimal("12.50")
    for product in (german, french):
        assert product.price is not None
        assert (product.sku, product.brand, str(product.price.amount), product.price.currency) == (
            "A1",
            "Acme",
            "12.50",
            "EUR",
        )
    assert german.attributes == {"Farbe": "Blau"}


def test_no_column_is_dropped(read: Read) -> None:
    seen = read("sku,id,title,name,price,Zorb factor,,Zorb factor\nA1,77,Mug,Mug B,5,9,x,10\n")
    assert seen.only.attributes == {
        "id": "77",
        "name": "Mug B",
        "Zorb factor": "9",
        "column 7": "x",
        "Zorb factor 2": "10",
    }


def test_present_says_what_the_feed_speaks_about(read: Read) -> None:
    present = read("sku,title,price,material\nA1,Mug,,\n").records[0].present
    assert present == {"sku", "title", "price", "attributes", "attributes.material"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(
    read: Read, encoding: str, delimiter: str, newline: str
) -> None:
    rows = [
        ["sku", "title", "description"],
        ["A1", "Größe „M“ – 5 €", 'a "b"\nc'],
        ["A2", "Café", "x"],
        ["A3", "Ñandú naïve", "y"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    seen = read(out.getvalue().encode(encoding))
    assert [r.rows[0].cells for r in seen.records] == [tuple(row) for row in rows[1:]]
    assert seen.products["A1"].title == "Größe „M“ – 5 €"
    assert (seen.dialect["delimiter"], seen.dialect["newline"]) == (delimiter, newline)


def test_other_legacy_encodings_are_found(read: Read) -> None:
    polish = "sku;nazwa;opis\n" + "".join(
        f"A{i};Źdźbło łąki;Miękka bawełna, żółty kubek, święto\n" for i in range(30)
    )
    assert read(polish.encode("cp1250")).products["A3"].title == "Źdźbło łąki"
    russian = "sku;name;description\n" + "".join(
        f"A{i};Кружка синяя;Мягкий хлопок, большая кружка для чая\n" for i in range(30)
    )
    assert read(russian.encode("cp1251")).products["A3"].title == "Кружка синяя"


def test_a_few_broken_bytes_reject_their_rows_only(read: Read) -> None:
    data = "sku,title\nA1,Café\nA2,Größe\nA3,".encode() + b"br\xe4ken\n" + "A4,Señor\n".encode()
    seen = read(data)
    assert list(seen.products) == ["A1", "A2", "A4"]
    assert [(r.line, "not valid" in r.detail) for r in seen.rejected] == [(4, True)]


def test_lines_are_physical_lines(read: Read) -> None:
    data = (
        'sku,title,description\nA1,Mug,"one\ntwo\n\nthree"\n\n,No number,\nA2,,x\nA3,Cup,"y\nz"\nA3,Again,\n'
    )
    seen = read(data)
    assert [r.rows[0].line for r in seen.records] == [2, 9]
    assert [(r.line, r.sku) for r in seen.rejected] == [(7, None), (8, "A2"), (11, "A3")]
    assert "line 9" in seen.rejected[2].detail
    assert "line 11" in seen.rejected[2].detail
    assert "title is empty" in seen.rejected[1].detail


def test_a_quote_that_never_closes_costs_one_row(read: Read) -> None:
    seen = read('sku,title,price\nA1,Mug,1\nA2,"Cup,2\nA3,"Nice, jar",3\nA4,Pot,4\nA5,"Pan,5\n')
    assert list(seen.products) == ["A1", "A3", "A4"]
    assert [r.line for r in seen.rejected] == [3, 6]


def test_inch_marks_inside_quotes_are_text(read: Read) -> None:
    assert read('sku,title,size\nA1,"15" screen",15"\nA2,Mug,"8"""\n').products["A2"].attributes == {
        "size": '8"'
    }


def test_rows_with_too_many_cells_are_rejected_and_short_ones_read(read: Read) -> None:
    seen = read("sku,title,price,color\nA1,Mug,1,red,,\nA2,Mug, blue,2,red\nA3,Cup\n")
    assert list(seen.products) == ["A1", "A3"]
    assert "5 cells where the header names 4" in seen.rejected[0].detail


def test_what_a_spreadsheet_ate_is_named(read: Read) -> None:
    seen = read(
        "sku;name;ean;size;price\n"
        "A1;Mug;4.00E+12;12-Mar;5\n"
        "A2;Cup;36000291452;M;5\n"
        "1,23E+11;Jar;;;5\n"
        "A3;Pot;4006381333932;#N/A;5\n"
        'A4;Pan;"=""4006381333931""";Mai 08;5\n'
    )
    assert seen.products["A1"].gtin is None
    assert seen.products["A1"].attributes["size"] == "12-Mar"
    assert seen.products["A2"].gtin == "036000291452"
    assert seen.products["A3"].gtin is None
    assert "size" not in seen.products["A3"].attributes
    assert seen.products["A4"].gtin == "4006381333931"
    assert [(n.line, n.sku) for n in seen.notes] == [(2, "A1"), (2, "A1"), (5, "A3")]
    assert [r.line for r in seen.rejected] == [4]
    assert "spreadsheet" in seen.rejected[0].detail


def test_a_price_that_is_none_rejects_and_a_price_on_request_does_not(read: Read) -> None:
    seen = read("sku,title,price\nA1,Mug,abc\nA2,Cup,call us\nA3,Jar,\n")
    assert list(seen.products) == ["A2", "A3"]
    assert (seen.rejected[0].line, seen.rejected[0].sku) == (2, "A1")
    assert "abc" in seen.rejected[0].detail
    assert (seen.notes[0].line, seen.notes[0].kept) == (3, True)


def test_sale_prices_with_their_dates(read: Read) -> None:
    both = read(
        "sku,title,price,sale price,sale_price_effective_date\nA1,Mug,12,9,2026-02-24T11:07+0100/2026-02-28T23:07+0100\n"
    ).only
    assert both.sale_price is not None
    assert both.sale_price.amount == 9
    assert both.sale_from is not None
    assert both.sale_from.isoformat() == "2026-02-24T11:07:00+01:00"
    apart = read(
        "sku;name;preis;aktionspreis;aktion von;aktion bis\nA1;M;12,00;9,00;24.02.2026;28.02.2026\n"
    ).only
    assert apart.sale_until is not None
    assert apart.sale_until.isoformat() == "2026-02-28T23:59:59+00:00"


def test_a_point_before_three_digits_is_read_by_the_other_prices(read: Read) -> None:
    assert str(read("sku;name;preis\nA1;M;1.299\nA2;N;12,50\n").products["A1"].price).startswith(
        "Money(amount=Decimal('1299')"
    )
    assert str(read("sku,name,price\nA1,M,1.299\nA2,N,12.50\n").products["A1"].price).startswith(
        "Money(amount=Decimal('1.299')"
    )


def test_variants_find_their_parent_wherever_it_stands(read: Read) -> None:
    seen = read(
        "sku,parent_sku,title,size,color,material,price,gtin\n"
        "T-S,T,Tee S,S,Red,Cotton,10,\n"
        "M,,Mug,,,Clay,5,4006381333931\n"
        "T,,The Tee,,,Cotton,,\n"
        "T-M,T,Tee M,M,Red,Cotton,9,\n"
        "X-1,X,Bag - Red,,Red,Canvas,20,\n"
        "X-2,X,Bag - Blue,,Blue,Canvas,20,\n"
    )
    assert list(seen.products) == ["T", "M", "X"]
    tee, bag = seen.products["T"], seen.products["X"]
    assert tee.title == "The Tee"
    assert [(v.sku, v.options) for v in tee.variants] == [("T-S", {"size": "S"}), ("T-M", {"size": "M"})]
    assert tee.attributes == {"color": "Red", "material": "Cotton"}
    assert tee.price is not None
    assert tee.price.amount == 9
    assert bag.title == "Bag"
    assert [v.options for v in bag.variants] == [{"color": "Red"}, {"color": "Blue"}]
    assert [row.line for row in seen.records[0].rows] == [2, 4, 5]


def test_columns_in_other_languages_are_localized(read: Read) -> None:
    product = read(
        "sku,title,title_de,description_fr,title (en-GB)\nA1,Color mug,Farbbecher,<b>Tasse</b>,Colour mug\n"
    ).only
    assert product.localized["de"].title == "Farbbecher"
    assert product.localized["fr"].description == "<b>Tasse</b>"
    assert product.localized["en-GB"].title == "Colour mug"


def test_a_preamble_and_a_declared_delimiter_are_stepped_over(read: Read) -> None:
    seen = read("sep=;\r\nsku;title\r\nA1;Mug, blue\r\n")
    assert seen.only.title == "Mug, blue"
    assert seen.dialect["preamble"] == "sep=;\r\n"
    report = read("Product export of 2026-01-02\n\nsku,title,price\nA1,Mug,5\n,x,\n")
    assert report.only.sku == "A1"
    assert report.rejected[0].line == 5


def test_quotes_escaped_with_backslashes(read: Read) -> None:
    assert read('"sku","title","x"\n"A1","The \\"big\\" one","y"\n').only.title == 'The "big" one'


def test_category_and_images(read: Read) -> None:
    product = read(
        'sku,title,category,image 1,image 2,gallery\nA1,Mug,Home &gt; Kitchen > Mugs,https://x/a.jpg,https://x/b.jpg,"https://x/c.jpg,https://x/a.jpg"\n'
    ).only
    assert product.category == ("Home", "Kitchen", "Mugs")
    assert [image.url for image in product.images] == [
        "https://x/a.jpg",
        "https://x/b.jpg",
        "https://x/c.jpg",
    ]


def test_both_descriptions_are_kept_as_prose(read: Read) -> None:
    product = read(
        "sku,title,short description,description\nA1,Mug,In short.,<p>At length.</p>\nA2,Cup,Same,Same and more\n"
    ).products
    assert product["A1"].description == "<p>In short.</p>\n<p>At length.</p>"
    assert product["A2"].description == "Same and more"


def test_stock_in_words_or_numbers(read: Read) -> None:
    products = read("sku,title,availability,stock\nA1,M,In Stock,5\nA2,N,,out of stock\nA3,O,no idea,many\n")
    assert (products.products["A1"].availability, products.products["A1"].quantity) == ("in_stock", 5)
    assert (products.products["A2"].availability, products.products["A2"].quantity) == ("out_of_stock", None)
    assert products.products["A3"].attributes["availability"] == "no idea"
    assert "many" in products.notes[0].detail


def test_gzip_is_read_as_the_file_in_it(read: Read) -> None:
    assert read(gzip.compress(b"sku,title\nA1,Mug\n")).only.title == "Mug"


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cc", "Cs"])
    | st.just("\n"),
    max_size=12,
)
names = ["sku", "title", "Zeta", "Eta"]


@settings(max_examples=60, deadline=None)  # opening a file takes what the disk takes
@given(
    rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_cells_in_any_dialect_come_back(
    read: Read, rows: list[tuple[str, str]], delimiter: str, newline: str, encoding: str, quoting: int
) -> None:
    written = [(f"S{i}", f"Title {i}", *row) for i, row in enumerate(rows)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows([names, *written])
    seen = read(out.getvalue().encode(encoding))
    assert seen.dialect["delimiter"] == delimiter
    assert seen.rejected == ()
    assert [record.rows[0].cells for record in seen.records] == written


def test_a_file_without_titles_updates_what_it_names(read: Read) -> None:
    seen = read("sku,price,qty\nA1,5.50,3\nA2,,x y\n")
    assert [r.product.title for r in seen.records] == ["", ""]
    assert seen.records[0].present == {"sku", "price", "quantity"}


def test_attributes_in_pairs_of_columns(read: Read) -> None:
    seen = read(
        "ID,Type,SKU,Name,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n"
        '1,variable,TEE,Tee,,"Clothing > Tees, Clothing > Sale","https://x/a.jpg, https://x/b.jpg",,Size,"S, M",Fabric,Cotton\n'
        "2,variation,TEE-S,Tee - S,18,,,TEE,Size,S,,\n"
        "3,variation,TEE-M,Tee - M,19,,,TEE,Size,M,,\n"
    )
    tee = seen.only
    assert [(v.sku, dict(v.options)) for v in tee.variants] == [
        ("TEE-S", {"Size": "S"}),
        ("TEE-M", {"Size": "M"}),
    ]
    assert tee.attributes["Fabric"] == "Cotton"
    assert tee.category == ("Clothing", "Tees")
    assert tee.attributes["other_category_path"] == "Clothing > Sale"
    assert len(tee.images) == 2


def test_titles_that_are_only_there_in_languages(read: Read) -> None:
    product = read("sku,name-de_DE,name-en_US,description-de_DE\nA1,Becher,Mug,Aus Ton\n").only
    assert (product.title, product.description, product.locale) == ("Becher", "Aus Ton", "de-DE")
    assert product.localized["en-US"].title == "Mug"


def test_a_cell_without_measure_costs_its_row(read: Read) -> None:
    long, endless = "x" * 900_000, "y" * 1_200_000
    seen = read(f'sku,title,description\nA1,Mug,"{long}"\nA2,Cup,"{endless}"\nA3,Jar,{endless}\nA4,Pot,z\n')
    assert list(seen.products) == ["A1", "A4"]
    assert [(r.line, "longer than 1 MB" in r.detail) for r in seen.rejected] == [(3, True), (4, True)]


def test_many_stray_quotes_are_read_in_linear_time(read: Read) -> None:
    body = "".join(f'A{i},"Mug {i}\n' for i in range(3001))
    seen = read(f"sku,title\n{body}")
    assert len(seen.records) + len(seen.rejected) >= 1500


def test_a_number_and_one_column_of_the_shops_own_are_enough(read: Read) -> None:
    assert read("sku,Zorb\nA1,9\n").only.attributes == {"Zorb": "9"}


def test_a_bare_price_has_the_currency_of_its_column(read: Read) -> None:
    seen = read("sku;name;preis;aktionspreis\nA;Topf;39,00 €;29,00\nB;Tee;89;\nC;Tasse;5 €;\n")
    assert [(p.price.currency, str(p.price.amount)) for p in seen.products.values() if p.price] == [
        ("EUR", "39.00"),
        ("EUR", "89"),
        ("EUR", "5"),
    ]
    sale = seen.products["A"].sale_price
    assert sale is not None
    assert sale.currency == "EUR"
    assert seen.notes == ()


def test_a_bare_price_among_several_currencies_is_noted(read: Read) -> None:
    seen = read("sku;name;preis\nA;Topf;39,00 €\nB;Tee;89\nC;Tasse;£5\n")
    bare = seen.products["B"].price
    assert bare is not None
    assert bare.currency is None
    assert [(n.line, n.sku) for n in seen.notes] == [(3, "B")]


def test_prices_without_any_currency_are_not_noted(read: Read) -> None:
    seen = read("sku,name,price\nA,Pot,39\nB,Tea,89\n")
    assert seen.notes == ()
