"""Whatever happens to a file on its way: products, rejections, or one clear refusal; never another error."""

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ShelftalkerError
from tests.app.catalog.feeds.conftest import Outcome

FILES = (
    'Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\ntee,Tee,"<p>a\nb</p>",Size,S,T-S,"1,299.00",https://x/1.jpg\ntee,,,,M,T-M,5,\n',
    'sku,product_type,name,price,additional_attributes,configurable_variations\nT-S,simple,Tee S,5,"size=S,note=a, b",\nT,configurable,Tee,5,,"sku=T-S,size=S"\n',
    "id\ttitle\timage_link\tprice\tcolor\titem_group_id\nA\tTee Red\tx.jpg\t5 EUR\tRed\tT\nB\tTee Blue\ty.jpg\t5 EUR\tBlue\tT\n",
    '<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>A</g:id><title>Größe &amp; Co</title><g:price>5 EUR</g:price></item></channel></rss>',
    '{"sku": "A", "title": "Größe", "price": {"amount": "5"}, "variants": [{"sku": "A-1", "options": {"size": "S"}}]}\n{"sku": "B", "title": "Cup"}\n',
    "sku;name;preis;ean;größe\nA;Größe „M“;1.299,00 €;4006381333931;12-Mar\n",
)
JUNK = (
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"<",
    b"&",
    b"\xff",
    b"\xe4",
    b"{",
    b"}",
    b"|",
    b"9" * 30,
    b"\xef\xbb\xbf",
    b"\\",
    b"-1",
)


def damaged(file: str, seed: int) -> bytes:
    dice, data = random.Random(seed), bytearray(file.encode())  # noqa: S311 - a test's dice
    for _ in range(dice.randint(1, 10)):
        at = dice.randrange(len(data) or 1)
        if dice.random() < 0.6:
            data[at:at] = dice.choice(JUNK)
        else:
            del data[at : at + dice.randint(1, 20)]
    return bytes(data)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 2**32))
def test_no_damage_is_more_than_a_refusal(read: Callable[..., Outcome], file: str, seed: int) -> None:
    try:
        seen = read(damaged(file, seed))
    except ShelftalkerError:
        return
    for record in seen.records:
        assert record.product.sku
        assert record.rows
    assert all(refused.line > 0 and refused.detail for refused in (*seen.rejected, *seen.notes))
