from collections.abc import Callable

from app.catalog.product import Image
from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]

OLD = """Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,SEO Title,Google Shopping / Gender,Fabric (product.metafields.custom.fabric),Variant Image,Cost per item,Status
moss-tee,Moss Tee,"<p>Soft.</p>
<ul><li>Ribbed collar</li></ul>",Fernly,Apparel & Accessories > Clothing > Tops,T-Shirt,"summer, organic",TRUE,Size,S,Color,Moss,MT-S-M,180,4,deny,18.00,24.00,4006381333931,https://x/2.jpg,2,Back,Seo,unisex,Cotton; Linen,https://x/s.jpg,7.5,active
moss-tee,,,,,,,,,M,,Moss,MT-M-M,180,0,deny,19.00,,,https://x/1.jpg,1,Front,,,,,7.5,
moss-tee,,,,,,,,,,,,,,,,,,,https://x/3.jpg,3,,,,,,,
moss-tee,,,,,,,,,M,,Moss,MT-M-M2,180,0,deny,19.00,,,,,,,,,,,
clay-mug,Clay Mug,Plain text,Fernly,,Mug,,TRUE,Title,Default Title,,,CM-1,350,0,continue,12.00,,,,,,,,,,,archived
late-bag,,,,,,,,,Blue,,,LB-B,,3,deny,30,,,,,,,,,,,
late-bag,Late Bag,,Fernly,,Bag,,TRUE,Color,Red,,,,,2,deny,30,,,,,,,,,,,draft
no-title,,,,,,,,Size,S,,,NT-S,,1,deny,5,,,,,,,,,,,
clay-mug-2,Other Mug,,,,,,,Title,Default Title,,,CM-1,,1,deny,9,,,,,,,,,,,
,Nameless,,,,,,,Title,Default Title,,,ZZ-1,,1,deny,9,,,,,,,,,,,
"""
NEW = """Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option2 name,Option2 value,Price,Compare-at price,Cost per item,Inventory quantity,Continue selling when out of stock,Weight value (grams),Product image URL,Image position,Image alt text,Variant image URL,SEO title
Moss Tee,moss-tee,<p>Soft.</p>,Fernly,Apparel & Accessories > Clothing > Tops,T-Shirt,summer,TRUE,Active,MT-S-M,4006381333931,Size,S,Color,Moss,18.00,24.00,7,4,FALSE,180,https://x/1.jpg,1,Front,,
,moss-tee,,,,,,,,MT-M-M,,,M,,Moss,19.00,,7,0,FALSE,180,https://x/2.jpg,2,,,
,moss-tee,,,,,,,,,,,,,,,,,,,,https://x/3.jpg,3,,,
Clay Mug,clay-mug,Plain,Fernly,,Mug,,TRUE,Active,CM-1,,Title,Default Title,,,12.00,,3,9,FALSE,350,,,,,
"""


def test_old_columns(read: Read) -> None:
    seen = read(OLD)
    assert seen.format == "shopify"
    tee = seen.products["moss-tee"]
    assert (tee.title, tee.brand, tee.category) == (
        "Moss Tee",
        "Fernly",
        ("Apparel & Accessories", "Clothing", "Tops"),
    )
    assert tee.description == "<p>Soft.</p>\n<ul><li>Ribbed collar</li></ul>"
    assert [(v.sku, dict(v.options), v.quantity) for v in tee.variants] == [
        ("MT-S-M", {"Size": "S", "Color": "Moss"}, 4),
        ("MT-M-M", {"Size": "M", "Color": "Moss"}, 0),
    ]
    assert tee.variants[0].gtin == "4006381333931"
    assert tee.variants[0].image == "https://x/s.jpg"
    assert tee.images == (
        Image("https://x/1.jpg", "Front"),
        Image("https://x/2.jpg", "Back"),
        Image("https://x/3.jpg"),
    )
    assert tee.price is not None
    assert tee.sale_price is not None
    assert (str(tee.price.amount), str(tee.sale_price.amount), tee.quantity, tee.availability) == (
        "24.00",
        "18.00",
        4,
        "in_stock",
    )
    assert tee.attributes == {
        "Type": "T-Shirt", "Tags": ("summer", "organic"), "Weight": "180 g", "Gender": "unisex", "Fabric": ("Cotton", "Linen"),
    }  # fmt: skip
    assert tee.url == "/products/moss-tee"


def test_what_is_confidential_or_the_platforms_stays_in_the_row(read: Read) -> None:
    record = read(OLD).records[0]
    assert "7.5" in record.rows[0].cells
    assert not any("7.5" in str(value) or "Seo" in str(value) for value in record.product.attributes.values())


def test_one_variant_without_options_is_known_by_its_sku(read: Read) -> None:
    mug = read(OLD).products["CM-1"]
    assert (mug.title, mug.variants, mug.status, mug.availability) == (
        "Clay Mug",
        (),
        "discontinued",
        "backorder",
    )


def test_rows_of_a_handle_belong_together_wherever_they_stand(read: Read) -> None:
    seen = read(OLD)
    bag = seen.products["late-bag"]
    assert [(v.sku, dict(v.options)) for v in bag.variants] == [
        ("LB-B", {"Color": "Blue"}),
        ("late-bag-red", {"Color": "Red"}),
    ]
    assert [row.line for row in seen.records[0].rows] == [2, 4, 5]


def test_bad_rows_are_named_and_the_good_go_in(read: Read) -> None:
    seen = read(OLD)
    assert list(seen.products) == ["moss-tee", "CM-1", "late-bag"]
    assert [(r.line, r.sku) for r in seen.rejected] == [
        (6, "MT-M-M2"),
        (10, "no-title"),
        (11, "CM-1"),
        (12, None),
    ]
    details = [r.detail for r in seen.rejected]
    assert "line 4" in details[0]
    assert "title is empty" in details[1]
    assert "line 7" in details[2]
    assert "handle is empty" in details[3]


def test_new_columns_mean_the_same(read: Read) -> None:
    seen = read(NEW)
    assert seen.format == "shopify"
    tee = seen.products["moss-tee"]
    old = read(OLD).products["moss-tee"]
    assert (tee.title, tee.brand, tee.category, tee.price, tee.sale_price) == (
        old.title,
        old.brand,
        old.category,
        old.price,
        old.sale_price,
    )
    assert [(v.sku, v.options, v.price) for v in tee.variants] == [
        (v.sku, v.options, v.price) for v in old.variants
    ]
    assert tee.images[0].alt == "Front"
    assert len(tee.images) == 3
    assert list(seen.products) == ["moss-tee", "CM-1"]


def test_the_same_handle_with_another_title_is_another_product(read: Read) -> None:
    seen = read(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\nmug,Mug,Title,Default Title,M1,5\nmug,Cup,Title,Default Title,M2,6\n"
    )
    assert seen.only.title == "Mug"
    assert [(r.line, "line 2" in r.detail) for r in seen.rejected] == [(3, True)]


def test_a_format_may_be_asked_for(read: Read) -> None:
    assert read(NEW, "shopify").format == "shopify"
    assert read(NEW, "csv").format == "csv"
