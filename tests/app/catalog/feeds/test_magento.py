from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.feeds.magento_lists import additional_attributes, category_paths, pairs, variations
from app.catalog.product import Image
from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]

HEADER = (
    "sku,store_view_code,product_type,categories,name,description,short_description,visibility,product_online,price,"
    "special_price,special_price_from_date,special_price_to_date,url_key,base_image,base_image_label,additional_images,"
    "additional_attributes,qty,is_in_stock,configurable_variations,configurable_variation_labels,associated_skus,bundle_values"
)


def row(**cells: str) -> str:
    return ",".join('"' + cells.get(name, "").replace('"', '""') + '"' for name in HEADER.split(","))


def feed(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


HOODIE = row(
    sku="H", product_type="configurable", name="Fell Hoodie", visibility="Catalog, Search", product_online="1", price="0",
    categories="Default Category/Men/Tops/Hoodies & Sweatshirts,Default Category/Sale,Default Category",
    additional_attributes='material=Wool, recycled|Nylon,note="Wash, then dry",manufacturer=Fellmade',
    configurable_variations="sku=H-S,size=S,color=Red|sku=H-M,size=M,color=Red|sku=H-L,size=L,color=Red",
    configurable_variation_labels="size=Size,color=Colour", short_description="Warm.", description="<p>Very warm.</p>",
    base_image="/h.jpg", base_image_label="Front", additional_images="/h2.jpg,no_selection", url_key="fell-hoodie",
)  # fmt: skip
SMALL = row(
    sku="H-S",
    product_type="simple",
    name="Fell Hoodie-S",
    visibility="Not Visible Individually",
    price="50.0000",
    qty="3",
    base_image="/s.jpg",
    additional_attributes="size=S,color=Red,ean=4006381333931",
)
MEDIUM = row(
    sku="H-M",
    product_type="simple",
    name="Fell Hoodie-M",
    visibility="Not Visible Individually",
    price="45",
    qty="2.0000",
)


def test_simples_become_variants_before_or_after_their_parent(read: Read) -> None:
    for rows in ((SMALL, MEDIUM, HOODIE), (HOODIE, SMALL, MEDIUM), (MEDIUM, HOODIE, SMALL)):
        seen = read(feed(*rows))
        hoodie = seen.only
        assert seen.format == "magento"
        assert [(v.sku, dict(v.options), v.quantity, v.gtin) for v in hoodie.variants] == [
            ("H-S", {"Size": "S", "Colour": "Red"}, 3, "4006381333931"),
            ("H-M", {"Size": "M", "Colour": "Red"}, 2, None),
            ("H-L", {"Size": "L", "Colour": "Red"}, None, None),  # listed, not in the file
        ]
        assert hoodie.price is not None
        assert (hoodie.price.amount, hoodie.quantity, hoodie.brand) == (45, 5, "Fellmade")
        assert hoodie.category == ("Men", "Tops", "Hoodies & Sweatshirts")
        assert hoodie.attributes == {
            "material": ("Wool, recycled", "Nylon"),
            "note": "Wash, then dry",
            "other_category_path": "Sale",
        }
        assert hoodie.images == (Image("/h.jpg", "Front"), Image("/h2.jpg"))
        assert hoodie.description == "<p>Warm.</p>\n<p>Very warm.</p>"
        assert hoodie.url == "fell-hoodie"
        assert [r.line for r in seen.records[0].rows] == [2, 3, 4]
        assert seen.rejected == ()


def test_rows_of_a_store_view_are_localized(read: Read) -> None:
    german = row(
        sku="H",
        store_view_code="de_DE",
        name="Fell Kapuzenpulli",
        additional_attributes="material=Wolle|Nylon",
        url_key="fell-pulli",
    )
    french = row(sku="H", store_view_code="fr", description="<p>Très chaud.</p><script>x</script>")
    product = read(feed(german, HOODIE, french)).only
    assert product.title == "Fell Hoodie"
    assert product.localized["de-DE"].title == "Fell Kapuzenpulli"
    assert product.localized["de-DE"].attributes == {"material": ("Wolle", "Nylon")}
    assert product.localized["de-DE"].url == "fell-pulli"
    assert (product.localized["fr"].title, product.localized["fr"].description) == (
        None,
        "<p>Très chaud.</p>",
    )


def test_orphans_and_doubles_are_rejected(read: Read) -> None:
    orphan = row(
        sku="O", product_type="simple", name="Orphan", visibility="Not Visible Individually", price="5"
    )
    mug = row(
        sku="M",
        product_type="simple",
        name="Mug",
        visibility="Catalog, Search",
        price="5",
        product_online="2",
    )
    seen = read(feed(orphan, mug, mug))
    assert list(seen.products) == ["M"]
    assert seen.only.status == "discontinued"
    assert [(r.line, r.sku) for r in seen.rejected] == [(2, "O"), (4, "M")]
    assert "line 3" in seen.rejected[1].detail


def test_grouped_products_and_bundles_say_what_they_hold(read: Read) -> None:
    strap = row(
        sku="S6", product_type="simple", name="Strap 6 ft", visibility="Not Visible Individually", price="14"
    )
    ball = row(sku="B1", product_type="simple", name="Ball", visibility="Catalog, Search", price="20")
    group = row(
        sku="G",
        product_type="grouped",
        name="Set of Straps",
        visibility="Catalog, Search",
        associated_skus="S6=1.0000,B1=2",
    )
    bundle = row(
        sku="K",
        product_type="bundle",
        name="Kit",
        visibility="Catalog, Search",
        bundle_values="name=Ball,type=radio,required=1,sku=B1,price=0|name=Strap,type=radio,sku=S6",
    )
    seen = read(feed(strap, ball, group, bundle))
    assert list(seen.products) == ["B1", "G", "K"]
    assert seen.products["G"].attributes["included_items"] == ("Strap 6 ft", "Ball")
    assert seen.products["K"].attributes["included_items"] == ("Ball", "Strap 6 ft")
    assert seen.rejected == ()


def test_special_prices_have_their_dates(read: Read) -> None:
    product = read(
        feed(
            row(
                sku="A",
                product_type="simple",
                name="Mug",
                price="12.000000",
                special_price="9.5",
                special_price_from_date="3/1/26",
                special_price_to_date="3/31/26",
            )
        )
    ).only
    assert product.price is not None
    assert product.sale_price is not None
    assert (str(product.price.amount), str(product.sale_price.amount)) == ("12.00", "9.5")
    assert product.sale_until is not None
    assert product.sale_until.isoformat() == "2026-03-31T23:59:59+00:00"


CHILDREN = (
    row(sku="P", product_type="configurable", name="Pack", configurable_variations="sku=P-S,size=S|sku=P-M,size=M"),
    row(sku="P-S", name="Pack-S", visibility="Not Visible Individually", price="50", special_price="39.5",
        special_price_from_date="2026-03-01", special_price_to_date="2026-03-31", additional_attributes="size=S,weight=1.5,fabric=Nylon"),
    row(sku="P-M", name="Pack-M", visibility="Not Visible Individually", price="45", additional_attributes="size=M,weight=1.7,fabric=Nylon"),
)  # fmt: skip


def test_a_reduction_of_the_simples_is_the_products_where_it_has_no_price(read: Read) -> None:
    product = read(feed(*CHILDREN)).only
    assert product.price is not None
    assert product.sale_price is not None
    assert product.sale_until is not None
    assert (str(product.price.amount), str(product.sale_price.amount)) == ("50", "39.5")
    assert product.sale_until.isoformat() == "2026-03-31T23:59:59+00:00"


def test_what_all_simples_say_is_said_of_the_product_and_the_rest_noted(read: Read) -> None:
    seen = read(feed(*CHILDREN))
    assert seen.only.attributes == {"fabric": "Nylon"}
    assert "attributes.fabric" in seen.records[0].present
    assert [(n.line, n.sku, n.detail.split()[0]) for n in seen.notes] == [(2, "P", "weight")]


def test_a_simple_whose_price_is_none_is_rejected(read: Read) -> None:
    seen = read(feed(CHILDREN[0], CHILDREN[1].replace('"50"', '"abc"'), CHILDREN[2]))
    assert [v.sku for v in seen.only.variants] == ["P-M"]
    assert [(r.line, r.sku) for r in seen.rejected] == [(3, "P-S")]
    assert [r.line for r in seen.records[0].rows] == [2, 4]


def test_a_rejected_parent_names_its_simples(read: Read) -> None:
    seen = read(feed(HOODIE.replace("Fell Hoodie", ""), SMALL, MEDIUM))
    assert seen.records == ()
    assert [r.line for r in seen.rejected] == [2, 3, 4]


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ("a=1,b=2", {"a": "1", "b": "2"}),
        ("a=x, y,b=2", {"a": "x, y", "b": "2"}),
        ('"a=x, y","b=2"', {"a": "x, y", "b": "2"}),
        ('a="x, y",b=2', {"a": "x, y", "b": "2"}),
        ('a="x,y=z",b=2', {"a": "x,y=z", "b": "2"}),
        ('"a=x,y=z","b=2"', {"a": "x,y=z", "b": "2"}),
        ('a="x ""y"", z=1",b=2', {"a": 'x "y", z=1', "b": "2"}),
        ('a=15" wide,b=2"', {"a": '15" wide', "b": '2"'}),
        ("formula=E=mc2,b=", {"formula": "E=mc2", "b": ""}),
        ("", {}),
        ("junk", {}),
    ],
)
def test_pairs(cell: str, read_as: dict[str, str]) -> None:
    assert pairs(cell) == read_as


codes = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
values = st.text(
    st.characters(categories=["L", "N", "Zs"], include_characters=", .-=%"), min_size=1, max_size=20
).filter(
    lambda v: (
        ",".join(v.split(",")) == v
        and not any(part[:1].isascii() and part[:1].isalpha() and "=" in part for part in v.split(",")[1:])
    )
)


@settings(deadline=None)  # the first call imports
@given(st.dictionaries(codes, values, max_size=6))
def test_pairs_come_back_whatever_commas_their_values_hold(attributes: dict[str, str]) -> None:
    cell = ",".join(f"{k}={v}" for k, v in attributes.items())
    assert {k: v.rstrip() for k, v in pairs(cell).items()} == {k: v.rstrip() for k, v in attributes.items()}


def test_lists_in_cells() -> None:
    assert additional_attributes("climate=Cool|Indoor,new=Yes,empty=") == {
        "climate": ("Cool", "Indoor"),
        "new": "Yes",
    }
    assert [v.sku for v in variations("sku=A,size=S|sku=B,size=M")] == ["A", "B"]
    assert category_paths("Default Category/A, B and C/D,Default Category/E") == (("A, B and C", "D"), ("E",))


@pytest.mark.shared_data
def test_the_whole_of_luma(shared_data: Path, read_path: Callable[[Path], Outcome]) -> None:
    seen = read_path(shared_data / "magento_luma" / "products.csv.gz")
    assert (seen.format, len(seen.records), seen.rejected, seen.notes) == ("magento", 147, (), ())
    assert sum(len(p.variants) for p in seen.products.values()) == 1847
    lines = Counter(row.line for record in seen.records for row in record.rows)
    assert len(lines) == 1994
    assert set(lines.values()) == {1}
    bruno = seen.products["MH03"]
    assert bruno.title == "Bruno Compete Hoodie"
    assert bruno.attributes["climate"] == ("All-weather", "Cool", "Indoor", "Spring", "Windy")
    assert len(bruno.variants) == 15
    assert all(v.price and v.options.keys() >= {"size", "color"} for v in bruno.variants)


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "count"), [("bags", 14), ("watches", 9), ("fitness_equipment", 9)])
def test_the_gear_sheets_of_luma(
    shared_data: Path, read_path: Callable[[Path], Outcome], name: str, count: int
) -> None:
    seen = read_path(shared_data / "magento_luma" / f"products_gear_{name}.csv")
    assert (seen.format, len(seen.records), seen.rejected) == ("magento", count, ())
    for product in seen.products.values():
        assert product.category[0] == "Gear"
        assert "&" not in product.title
        assert isinstance(product.attributes["activity"], str | tuple)
    if name == "bags":
        joust = seen.products["24-MB01"]
        assert joust.attributes["features_bags"] == ("Waterproof", "TSA Approved", "Lockable")
        assert '<li>L 29" x W 13" x H 11".</li>' in joust.description


def test_few_columns_are_enough(read: Read) -> None:
    seen = read(
        'sku,product_type,name,price,additional_attributes\nA,simple,Mug,5,"color=Red, dark,size=S"\n'
    )
    assert (seen.format, seen.only.attributes) == ("magento", {"color": "Red, dark", "size": "S"})
